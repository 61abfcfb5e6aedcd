import Glibc
import SystemPackage

/// A file descriptor that is closed when its owner lets go of it.
struct OwnedDescriptor: ~Copyable {
    /// Linux's `O_PATH`, which Glibc's module leaves out: opens a directory that may be passed but not read.
    static let passThrough: CInt = 0o10_000_000

    let raw: CInt

    /// Takes over what a system call returned.
    ///
    /// - Throws: `errno`, when the call failed.
    init(_ result: CInt) throws(Errno) {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        self.raw = result
    }

    deinit { close(self.raw) }

    /// Hands the descriptor over to someone else, who closes it.
    consuming func release() -> CInt {
        let raw = self.raw
        discard self
        return raw
    }

    /// Opens an entry of a directory without following a symbolic link.
    static func open(
        _ name: some Collection<UInt8>,
        in directory: CInt,
        flags: CInt
    ) throws(Errno) -> OwnedDescriptor {
        let path = name.map { CChar(bitPattern: $0) } + [0]
        while true {
            do {
                return try OwnedDescriptor(openat(directory, path, flags | O_NOFOLLOW | O_CLOEXEC))
            } catch .interrupted {
                continue
            }
        }
    }

    func status() throws(Errno) -> stat { try Self.status(of: self.raw) }

    static func status(of descriptor: CInt) throws(Errno) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }

    /// What an entry of a directory is itself, be it a symbolic link.
    static func status(of name: some Collection<UInt8>, in directory: CInt) throws(Errno) -> stat {
        var status = stat()
        let path = name.map { CChar(bitPattern: $0) } + [0]
        guard fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw Errno(rawValue: errno) }
        return status
    }

    /// Where it is now: its absolute path without symbolic links, as the kernel knows it; needs `/proc`.
    func path() throws(Errno) -> [UInt8] {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(self.raw)", &bytes, bytes.count)
        guard count >= 0 else { throw Errno(rawValue: errno) }
        return bytes[..<count].map { UInt8(bitPattern: $0) }
    }

    /// The bytes of a file.
    ///
    /// - Throws: `.fileTooLarge` for more than `limit` of them.
    func contents(limit: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var total = 0
        while total <= limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(self.raw, buffer.baseAddress.map { $0 + total }, buffer.count - total)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Errno(rawValue: errno) }
            if count == 0 { return Array(bytes[..<total]) }
            total += count
        }
        throw .fileTooLarge
    }
}

extension FileFingerprint {
    init(_ status: stat) {
        self.init(
            size: Int64(status.st_size),
            modified: Self.nanoseconds(status.st_mtim),
            inode: UInt64(status.st_ino),
            device: UInt64(status.st_dev),
            changed: Self.digest(Self.nanoseconds(status.st_ctim))
        )
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension stat {
    /// The `S_IFMT` part of the mode.
    var type: mode_t { self.st_mode & mode_t(S_IFMT) }
}
