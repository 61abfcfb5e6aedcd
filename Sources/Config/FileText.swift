import Glibc

/// Reads a small file with bounded memory.
enum FileText {
    /// Reads a file to its end, or to the limit if that comes first.
    static func read(_ path: String, limit: Int) throws(FileTextError) -> [UInt8] {
        guard !path.unicodeScalars.contains("\0") else { throw .cannotRead(ENOENT) }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotRead(errno) }
        defer { close(file) }

        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = Glibc.read(file, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(errno) }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }

    /// The absolute path of the directory that a file is in, symbolic links left as they are.
    static func directory(of path: String) throws(FileTextError) -> String {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        guard !parent.hasPrefix("/") else { return parent }
        guard let working = getcwd(nil, 0) else { throw .noWorkingDirectory(errno) }
        defer { free(working) }
        return "\(String(cString: working))/\(parent)"
    }
}
