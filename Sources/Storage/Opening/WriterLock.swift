import Glibc

/// The right to write to a database, for one process at a time: an advisory lock on a file beside it.
///
/// The kernel gives it up with the last descriptor, so a killed process leaves no stale lock; the file itself stays.
final class WriterLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock without waiting.
    ///
    /// - Parameters:
    ///   - path: The database; the lock is at `<path>.lock`.
    ///   - processID: Written into the file, for whoever is refused.
    /// - Throws: `.inUse` when another holds it, or why the file cannot be opened.
    init(database path: String, processID: Int32 = getpid()) throws(StoreError) {
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, StoreFile.mode)
        guard descriptor >= 0 else {
            throw StoreFile.error(errno, path: path, doing: "write to '\(path).lock'")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.readProcessID(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw StoreFile.error(reason, path: path, doing: "lock '\(path).lock'")
            }
            throw .inUse(path: path, process: holder)
        }
        let line = Array("\(processID)\n".utf8)
        // What the file says is only for people: the lock holds also when it could not be written.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, line, line.count, 0) }
        self.descriptor = descriptor
    }

    deinit {
        // A child that is being started still has a copy of the descriptor until it becomes another program; the lock
        // would stay for as long, so it is given up and not just let go.
        flock(self.descriptor, LOCK_UN)
        close(self.descriptor)
    }

    private static func readProcessID(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}
