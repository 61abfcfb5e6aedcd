import Crypto
import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import SystemPackage

/// A download on disk, hashed while it is written; readable by this user only.
///
/// Writing happens on threads that may block, in blocks that make the way there worth it.
final class DownloadFile: Sendable {
    private static let blockSize = 256 << 10

    private struct State: ~Copyable {
        var descriptor: OwnedDescriptor
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
        var block = ByteBuffer()
        var count = 0
    }

    let path: String
    private let directory: String
    private let state: Mutex<State>

    /// Makes an empty file.
    ///
    /// - Parameter directory: Where; must be there.
    /// - Throws: `.noTemporaryFile`.
    init(in directory: String) throws(DriveError) {
        var generator = SystemRandomNumberGenerator()
        let path = "\(directory)/\(FileID.random(using: &generator))"
        do {
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            self.state = Mutex(State(descriptor: try OwnedDescriptor(open(path, flags, 0o600))))
        } catch {
            throw .noTemporaryFile(directory: directory, code: error)
        }
        self.path = path
        self.directory = directory
    }

    /// Bytes so far.
    var count: Int { self.state.withLock { $0.count } }

    func append(_ bytes: ByteBuffer) async throws {
        let isFull = self.state.withLock { state in
            state.count += bytes.readableBytes
            state.block.writeImmutableBuffer(bytes)
            return state.block.readableBytes >= Self.blockSize
        }
        if isFull { try await self.flush() }
    }

    /// Forgets what was written.
    func restart() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            try self.state.withLock { state in
                state.sha256 = SHA256()
                state.md5 = Insecure.MD5()
                state.block.clear()
                state.count = 0
                guard ftruncate(state.descriptor.raw, 0) == 0, lseek(state.descriptor.raw, 0, SEEK_SET) == 0 else {
                    throw DriveError.noTemporaryFile(directory: self.directory, code: Errno(rawValue: errno))
                }
            }
        }
    }

    /// Writes what is left.
    ///
    /// - Returns: The hashes of everything, in lower-case hexadecimal digits.
    func finish() async throws -> (sha256: String, md5: String) {
        try await self.flush()
        return self.state.withLock { state in (Self.hex(state.sha256.finalize()), Self.hex(state.md5.finalize())) }
    }

    func remove() { Self.remove(self.path) }

    static func remove(_ path: String) { unlink(path) }

    private func flush() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            try self.state.withLock { state in
                let bytes = Array(state.block.readableBytesView)
                state.block.clear()
                state.sha256.update(data: bytes)
                state.md5.update(data: bytes)
                try self.write(bytes[...], to: state.descriptor.raw)
            }
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw DriveError.noTemporaryFile(directory: self.directory, code: Errno(rawValue: code))
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.reduce(into: "") { text, byte in
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
    }
}
