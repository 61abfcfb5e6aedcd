import Glibc
import Ingest
package import SystemPackage

/// Why a file of a folder cannot be processed.
package enum LocalFileError: DocumentError, Equatable {
    case vanished(path: String)
    case notFile(path: String)
    case unreadable(path: String, user: String)
    /// `size` and `limit` in bytes.
    case tooLarge(path: String, size: Int, limit: Int)
    case stillWritten(path: String)
    case failing(path: String, code: Errno)
    case folder(FolderProblem)
    /// The copy that a name which is no text needs could not be written.
    case noCopy(path: String, directory: String, code: Errno)
    /// The ledger names no place below the folder.
    case badPath(path: String)

    /// What `tooLarge` is called in the ledger.
    static let tooLargeType = "FileTooLarge"
    /// What `unreadable` is called there.
    static let unreadableType = "FileUnreadable"

    package var typeName: String {
        switch self {
        case .vanished: "FileVanished"
        case .notFile: "NotAFile"
        case .unreadable: Self.unreadableType
        case .tooLarge: Self.tooLargeType
        case .stillWritten: "FileStillWritten"
        case .failing: "FileReadFailed"
        case .folder: "FolderUnavailable"
        case .noCopy: "TemporaryCopyFailed"
        case .badPath: "BadPath"
        }
    }

    package var isTransient: Bool {
        switch self {
        case .unreadable, .stillWritten, .failing, .folder, .noCopy, .vanished: true
        case .notFile, .tooLarge, .badPath: false
        }
    }

    /// No room for a copy says nothing about the document.
    package var concernsDocument: Bool { if case .noCopy = self { false } else { true } }

    /// A file that is not there may have been deleted, of which the source tells, or its disk is away for a while; of one
    /// that may not be read, the source notices when it may.
    package var waitsForSource: Bool {
        switch self {
        case .vanished, .folder, .unreadable: true
        case .failing(_, let code): Self.disconnected.contains(code.rawValue)
        default: false
        }
    }

    /// A file that is kept from the service may be so for ever.
    package var isReportedOnce: Bool { if case .unreadable = self { true } else { false } }

    /// What the system says where a disk or another machine went away under a file system.
    private static let disconnected = [EIO, ENXIO, ENODEV, ESTALE, ENOTCONN, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT]

    package var description: String {
        switch self {
        case .vanished(let path):
            "cannot read '\(path)': it was there a moment ago and is gone; nothing to do if it was meant to go, it is tried "
                + "again otherwise"
        case .notFile(let path):
            "cannot read '\(path)': it is not a regular file; replace it by one or exclude it"
        case .unreadable(let path, let user):
            "cannot read '\(path)': user '\(user)' may not; allow it with 'chmod' or 'setfacl -m u:\(user):r'"
        case .tooLarge(let path, let size, let limit):
            "cannot read '\(path)': it has \(size) bytes and the limit is \(limit); raise 'max_file_size' or exclude it"
        case .stillWritten(let path):
            "cannot read '\(path)': it is still being written; it is tried again"
        case .failing(let path, let code):
            "cannot read '\(path)': \(code.description.lowercased()); check the disk and the system log"
        case .folder(let problem):
            problem.description
        case .noCopy(let path, let directory, let code):
            "cannot copy '\(path)', whose name is not UTF-8, into '\(directory)': \(code.description.lowercased()); "
                + "make room there or rename the file"
        case .badPath(let path):
            "cannot find '\(path)': it is no path below the folder; the next check offers the file anew"
        }
    }
}
