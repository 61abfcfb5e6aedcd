package import SystemPackage

/// What reading one directory found.
package struct DirectoryListing: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case directory
        case file(FileFingerprint)
        /// A symbolic link, a socket, a device: nothing that is a document.
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

    /// The file system that the directory is on.
    package var device: UInt64
    /// Under which watch the directory's events come from before it was read; nil when it is not watched.
    package var watch: Int32?
    /// By name.
    package var entries: [Entry]

    package init(device: UInt64, watch: Int32?, entries: [Entry]) {
        self.device = device
        self.watch = watch
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

    /// Whether the directory is simply not there, as when it was deleted a moment ago.
    var isAbsence: Bool {
        switch self {
        case .folder: false
        case .directory(let code): [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(code)
        }
    }
}
