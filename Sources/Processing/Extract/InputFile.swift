import Glibc
import SystemPackage

/// A regular file opened for reading; closed when it goes away.
///
/// Opening never waits, whatever the path names. All calls block for the disk.
struct InputFile: ~Copyable {
    private static let chunkBytes = 1 << 16

    private let descriptor: FileDescriptor
    /// Bytes, when it was opened.
    let size: Int

    /// - Parameter path: Its path, or `ExtractionRequest.input` for standard input.
    /// - Throws: `.unreadable` or `.notAFile`.
    init(_ path: String) throws(ExtractionError) {
        do {
            let descriptor =
                path == ExtractionRequest.input
                ? .standardInput
                : try FileDescriptor.open(FilePath(path), .readOnly, options: [.nonBlocking, .closeOnExec])
            self.size = try descriptor.closeAfterFailing { try Self.regularFileSize(descriptor) }
            self.descriptor = descriptor
        } catch let error as ExtractionError {
            throw error
        } catch {
            throw .unreadable(error as? Errno ?? .ioError)
        }
    }

    deinit { try? self.descriptor.close() }

    /// The first bytes, fewer only where the file has fewer.
    func head(_ count: Int) throws(ExtractionError) -> [UInt8] {
        var head: [UInt8] = []
        while head.count < count {
            let chunk = try self.read(upTo: count - head.count)
            if chunk.isEmpty { break }
            head += chunk
        }
        return head
    }

    /// The next bytes, empty at the end of the file.
    func nextChunk() throws(ExtractionError) -> [UInt8] { try self.read(upTo: Self.chunkBytes) }

    private func read(upTo count: Int) throws(ExtractionError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                initialized = try self.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw .unreadable(error as? Errno ?? .ioError)
        }
    }

    private static func regularFileSize(_ descriptor: FileDescriptor) throws -> Int {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ExtractionError.notAFile }
        return Int(status.st_size)
    }
}

extension FileDescriptor {
    /// Closes the descriptor if `body` throws.
    fileprivate func closeAfterFailing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            try? self.close()
            throw error
        }
    }
}
