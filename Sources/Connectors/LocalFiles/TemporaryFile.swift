import Glibc
import SystemPackage

/// A copy of a file under a name that other programs can be given; readable by this user only.
final class TemporaryFile {
    let path: String
    private let original: String
    private let directory: String
    private let descriptor: CInt

    /// - Parameters:
    ///   - directory: Where to make it.
    ///   - original: The name of what is copied, for errors.
    /// - Throws: `.noCopy`.
    init(in directory: String, for original: String) throws(LocalFileError) {
        var generator = SystemRandomNumberGenerator()
        let path = "\(directory)/corpusd-\(FileID.random(using: &generator))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .noCopy(path: original, directory: directory, code: Errno(rawValue: errno))
        }
        self.path = path
        self.original = original
        self.directory = directory
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    func append(_ bytes: ArraySlice<UInt8>) throws(LocalFileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(self.descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .noCopy(path: self.original, directory: self.directory, code: Errno(rawValue: code))
            }
            rest = rest.dropFirst(count)
        }
    }

    func remove() { unlink(self.path) }
}
