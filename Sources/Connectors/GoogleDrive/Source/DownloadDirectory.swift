import Glibc
import SystemPackage

/// Where a pipeline's downloads lie while they are read: a directory of its own, empty at every start.
struct DownloadDirectory: Sendable {
    let path: String

    /// Makes the directory, and deletes what a process that was killed has left in it; blocks.
    func prepare() throws(DriveError) {
        if mkdir(self.path, 0o700) != 0, errno != EEXIST {
            throw .noTemporaryFile(directory: self.path, code: Errno(rawValue: errno))
        }
        guard let stream = opendir(self.path) else {
            throw .noTemporaryFile(directory: self.path, code: Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if FileID(name) != nil { unlink("\(self.path)/\(name)") }
        }
    }
}
