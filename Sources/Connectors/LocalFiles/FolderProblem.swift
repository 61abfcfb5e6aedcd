import Ingest
package import SystemPackage

/// Why a folder, or a part of it, cannot be read; shown to people until a check succeeds.
///
/// Nothing that a problem hides is ever taken for deleted.
package enum FolderProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case missing(path: String)
    case notDirectory(path: String)
    case unreadable(path: String, user: String)
    /// Nobody may read the rules of what to leave alone.
    case unreadableRules(path: String, code: Errno)
    /// The folder is empty although documents of it are known.
    case emptied(path: String, known: Int)
    /// Another file system than before is at this path, and documents that are known are not on it.
    case otherFileSystem(path: String)
    case tooDeep(path: String)
    case failing(path: String, code: Errno)
    /// One problem stands for several.
    indirect case several(first: FolderProblem, others: Int)

    package init(_ code: Errno, path: String, user: String) {
        switch code {
        case .noSuchFileOrDirectory: self = .missing(path: path)
        case .notDirectory: self = .notDirectory(path: path)
        case .permissionDenied, .notPermitted: self = .unreadable(path: path, user: user)
        case .fileNameTooLong: self = .tooDeep(path: path)
        default: self = .failing(path: path, code: code)
        }
    }

    package var description: String {
        switch self {
        case .missing(let path):
            "cannot watch '\(path)': no such directory; create it, mount it, or correct 'path'"
        case .notDirectory(let path):
            "cannot watch '\(path)': it is not a directory; correct 'path'"
        case .unreadable(let path, let user):
            "cannot read '\(path)': user '\(user)' may not; run 'setfacl -R -m u:\(user):rX \(Self.quoted(path))'"
        case .emptied(let path, let known):
            "cannot trust '\(path)': it is empty and had \(known.counted("document")) before; mount it if its disk is "
                + "missing, or put any file into it, even a hidden one, if it was emptied on purpose"
        case .otherFileSystem(let path):
            "cannot trust '\(path)': another directory or file system is there than before and it has none of its documents; "
                + "mount the right one, or run 'corpusd deletions confirm' if the documents are meant to go"
        case .unreadableRules(let path, let code):
            "cannot read '\(path)': \(code.description.lowercased()); make it a file of at most "
                + "\(IgnoreFile.sizeLimit) bytes that the service's user may read; until then nothing beside it is taken"
        case .tooDeep(let path):
            "cannot read '\(path.prefix(80))…': its path is longer than other programs can open; "
                + "move it up or shorten the names of its directories"
        case .failing(let path, let code):
            "cannot read '\(path)': \(code.description.lowercased()); check the disk and the system log"
        case .several(let first, let others):
            "\(first) (and \(others.counted("more directory", plural: "more directories")))"
        }
    }

    /// The path as one word for a shell.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isPlain ? path : "\"\(path)\""
    }
}
