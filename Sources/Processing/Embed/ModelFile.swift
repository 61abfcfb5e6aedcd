import SystemPackage

/// One file of a model, opened for reading parts of it.
///
/// A regular file whose size is taken once, when it is opened; a file that shrinks later is an error of `read`.
struct ModelFile: ~Copyable {
    let path: String
    let size: Int
    private let descriptor: FileDescriptor

    /// Opens a file.
    ///
    /// - Throws: `ModelError.unreadable`.
    init(path: String) throws(ModelError) {
        (self.descriptor, self.size) = try Self.open(path)
        self.path = path
    }

    deinit { try? self.descriptor.close() }

    /// Fills a buffer with the bytes from an offset on.
    ///
    /// - Throws: `ModelError.damaged` when the file ends first, `.unreadable` when it cannot be read.
    func read(from offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ModelError) {
        var done = 0
        while done < buffer.count {
            let count: Int
            do {
                count = try self.descriptor.read(
                    fromAbsoluteOffset: Int64(offset + done),
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                )
            } catch {
                throw .unreadable(path: self.path, reason: Self.reason(error))
            }
            guard count > 0 else {
                throw .damaged(path: self.path, reason: "it ends after \(offset + done) bytes")
            }
            done += count
        }
    }

    /// The bytes of a range.
    ///
    /// - Throws: As `read(from:into:)`.
    func bytes(from offset: Int, count: Int) throws(ModelError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: ModelError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(ModelError) { try self.read(from: offset, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func open(_ path: String) throws(ModelError) -> (FileDescriptor, size: Int) {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            do {
                return (descriptor, Int(try descriptor.seek(offset: 0, from: .end)))
            } catch {
                try? descriptor.close()
                throw error
            }
        } catch {
            throw .unreadable(path: path, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? Errno {
        case .noSuchFileOrDirectory?, .notDirectory?: "no such file"
        case .permissionDenied?: "no permission"
        case .isDirectory?: "it is a directory"
        case let errno?: "\(errno)".lowercased()
        case nil: "\(type(of: error))"
        }
    }
}
