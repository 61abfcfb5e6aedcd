import Glibc

/// The database's file and directory, before SQLite sees them: made with the right mode, refused with the right words.
///
/// SQLite answers nearly everything with "unable to open database file"; the system calls say which of the many
/// reasons it is.
package enum StoreFile {
    /// The database holds the text of private documents: the group may read, nobody else.
    static let mode: mode_t = 0o640
    static let directoryMode: mode_t = 0o750

    /// Makes the directories above the database that are missing, and the file.
    static func prepareForWriting(_ path: String) throws(StoreError) {
        try Self.makeDirectories(above: path)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, Self.mode)
        guard descriptor >= 0 else { throw Self.error(errno, path: path, doing: "write to it") }
        defer { close(descriptor) }
        try Self.requireFile(descriptor, path: path)
    }

    /// Sees that there is a file that can be read.
    static func requireReadable(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : Self.error(errno, path: path, doing: "read it")
        }
        defer { close(descriptor) }
        try Self.requireFile(descriptor, path: path)
    }

    /// Whether there is anything at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// What a system call's error means for opening a database.
    package static func error(_ code: Int32, path: String, doing what: String) -> StoreError {
        switch code {
        case EACCES, EPERM: .notPermitted(path: path, what: what, userID: geteuid())
        case EROFS: .readOnlyFileSystem(path: path)
        case EISDIR: .isDirectory(path: path)
        case ENOSPC, EDQUOT: .diskFull(path: path)
        default: .cannotOpen(path: path, reason: Self.reason(code))
        }
    }

    private static func requireFile(_ descriptor: Int32, path: String) throws(StoreError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error(errno, path: path, doing: "read it") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw .isDirectory(path: path)
        default: throw .cannotOpen(path: path, reason: "it is not a regular file")
        }
    }

    /// Makes the folders that a path needs and that are not there, open to the user and its group alone.
    package static func makeDirectories(above path: String) throws(StoreError) {
        var missing: [Substring] = []
        var directory = path[...]
        while let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
            directory = directory[..<slash]
            if Self.exists(String(directory)) { break }
            missing.append(directory)
        }
        for directory in missing.reversed() where mkdir(String(directory), Self.directoryMode) != 0 {
            // Another process may have made it in between.
            guard errno == EEXIST else { throw Self.error(errno, path: path, doing: "create '\(directory)'") }
        }
    }

    private static func reason(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "system error \(code)" }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
