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

    func status() throws(Errno) -> stat {
        var status = stat()
        guard fstat(self.raw, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }
}

extension FileFingerprint {
    init(_ status: stat) {
        self.init(
            size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino),
            device: UInt64(status.st_dev)
        )
    }
}

extension stat {
    /// The `S_IFMT` part of the mode.
    var type: mode_t { self.st_mode & mode_t(S_IFMT) }
}
