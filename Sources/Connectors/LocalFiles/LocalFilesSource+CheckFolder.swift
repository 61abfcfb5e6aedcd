import Glibc
import SystemPackage

extension LocalFilesSource {
    /// Tries to open a folder, so that a daemon whose folder is missing says so at once and does not start.
    ///
    /// - Parameter path: An absolute path.
    /// - Throws: Why it cannot be watched, and what to do.
    package static func checkFolder(_ path: String) throws(FolderProblem) {
        do {
            let folder = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
            try folder.close()
        } catch let code as Errno {
            throw FolderProblem(code, path: path, user: Self.currentUser)
        } catch {
            throw FolderProblem(.ioError, path: path, user: Self.currentUser)
        }
    }
}
