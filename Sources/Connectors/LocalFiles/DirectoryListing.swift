package import SystemPackage

/// What reading one directory found.
package struct DirectoryListing: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case directory
        case file(FileFingerprint)
        /// A socket, a device, a symbolic link that is not followed: nothing that is a document.
        case other
    }

    package struct Entry: Equatable, Sendable {
        package var name: [UInt8]
        package var kind: Kind

        package init(name: [UInt8], kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// What inotify cannot tell, so that the directory must be read again and again.
    package enum Blindness: Equatable, Sendable {
        case none
        /// Files in it are symbolic links; what happens to their targets goes unnoticed.
        case linkedFiles
        /// It was reached through a symbolic link, or is on a file system that others can change: all below it too.
        case tree
    }

    /// The file system that the directory is on, and which of its directories it is.
    package var device: UInt64
    package var inode: UInt64
    /// Under which watch the directory's events come from before it was read; nil when it is not watched.
    package var watch: Int32?
    package var blindness: Blindness
    /// The rules of the `.corpusignore` in it.
    package var ignoreFile: IgnoreFile?
    /// By name.
    package var entries: [Entry]

    package init(
        device: UInt64,
        inode: UInt64,
        watch: Int32?,
        blindness: Blindness = .none,
        ignoreFile: IgnoreFile? = nil,
        entries: [Entry]
    ) {
        self.device = device
        self.inode = inode
        self.watch = watch
        self.blindness = blindness
        self.ignoreFile = ignoreFile
        self.entries = entries
    }
}

/// What looking at one path found.
package enum FileState: Equatable, Sendable {
    case file(FileFingerprint)
    /// Something that is no document has the path.
    case other
    /// Nothing has the path; the nearest directory above it that exists is `ancestor`, on the file system `device`.
    case absent(ancestor: RelativePath, device: UInt64)
    /// There is no telling.
    case unknown(Errno)
}

/// Why looking failed.
package enum LookError: Error, Equatable, Sendable {
    /// The watched folder itself could not be opened: nothing is known about what is in it.
    case folder(Errno)
    /// The directory could not be opened or not read to its end.
    case directory(Errno)
    /// The `.corpusignore` in the directory could not be read, so there is no telling what is to be left alone.
    case ignoreFile(Errno)

    /// Whether the directory is simply not there, as when it was deleted a moment ago.
    var isAbsence: Bool {
        switch self {
        case .folder, .ignoreFile: false
        case .directory(let code): [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(code)
        }
    }
}
