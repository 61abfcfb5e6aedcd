package import Ingest

/// Every file that was offered: where it is, what it is called in the ledger, which version was offered.
///
/// Some 95 bytes a file with a name of 17: rows of fixed size, all names in one array of bytes, each directory's path
/// once with a list of its files, and two indexes of row numbers, by path and by inode. So a directory is renamed at the
/// cost of what is in it. Growing takes a sixteenth more room at a time.
package struct KnownFiles: Sendable {
    /// What is known of one file.
    package struct File: Equatable, Sendable {
        package var id: FileID
        package var fingerprint: FileFingerprint
        /// Whether it must be offered even if its fingerprint is unchanged, because it moved or may have been written.
        package var isStale: Bool
        /// Whether reading it failed for want of permission when it was last offered.
        package var isUnreadable: Bool
        /// Whether it is gone and its document kept, and how far a person's decision is; nil for a file that is there.
        package var hold: HeldDeletion.State?

        package init(
            id: FileID,
            fingerprint: FileFingerprint,
            isStale: Bool = false,
            isUnreadable: Bool = false,
            hold: HeldDeletion.State? = nil
        ) {
            self.id = id
            self.fingerprint = fingerprint
            self.isStale = isStale
            self.isUnreadable = isUnreadable
            self.hold = hold
        }
    }

    /// A row's neighbours among the files of its directory; `UInt32.max` where there is none.
    struct Link: Sendable {
        var next = UInt32.max
        var previous = UInt32.max
    }

    /// The longest name of a file that is kept, in bytes: the kernel's `NAME_MAX`.
    static let longestName = 255

    var rows: [KnownFileRow] = []
    /// `FileFingerprint.changed` of each row; in the rows it would take twice the room.
    var changes: [UInt32] = []
    /// The place of each row among the files of its directory.
    var links: [Link] = []
    var free: [UInt32] = []
    /// How many files are known to be gone.
    var heldCount = 0
    /// How many may not be read.
    var unreadableCount = 0
    var names: [UInt8] = []
    var garbage = 0
    /// The directories that have files, each with the row of the first one.
    var directories = PathTree<UInt32>()
    /// The file systems that files are on; rows have their places in it.
    var devices: [UInt64] = [0]
    var byPath = SlotIndex()
    var byInode = SlotIndex()

    package init() {}

    package var count: Int { self.rows.count - self.free.count }

    package subscript(path: RelativePath) -> File? { self.row(of: path).map { self.file(of: $0) } }

    /// Adds a file or replaces what is known of it; either way it counts as seen.
    ///
    /// - Parameters:
    ///   - file: What is known from now on.
    ///   - path: Its last component has 1 to 255 bytes; a longer one is no name for the kernel either and is not kept.
    package mutating func set(_ file: File, at path: RelativePath) {
        guard let row = self.row(of: path) else { return self.insert(file, at: path, isSeen: true) }
        self.unindexInode(of: row)
        self.fill(row, with: file, isSeen: true)
        self.indexInode(of: row)
    }

    package mutating func remove(_ path: RelativePath) -> File? {
        guard let row = self.row(of: path) else { return nil }
        let file = self.file(of: row)
        self.remove(row)
        return file
    }

    /// Where else a file of this inode, size and time of modification is known to be; hard links have several such paths.
    package func paths(with fingerprint: FileFingerprint, limit: Int) -> [RelativePath] {
        var paths: [RelativePath] = []
        _ = self.byInode.first(hash: Self.hash(inode: fingerprint.inode)) { row in
            if self.file(of: row).fingerprint.isSameVersion(as: fingerprint) { paths.append(self.path(of: row)) }
            return paths.count >= limit
        }
        return paths
    }

    /// The files at or below a path.
    package func paths(within directory: RelativePath) -> [RelativePath] {
        var paths = self.directories.numbers(within: directory).flatMap { self.rows(in: $0).map(self.path(of:)) }
        if self.row(of: directory) != nil { paths.append(directory) }
        return paths
    }

    /// Renames everything at or below a path; what moved is stale.
    ///
    /// A file that is already known at its new path keeps its own id there.
    ///
    /// - Returns: The ids that have lost their place that way.
    package mutating func move(_ source: RelativePath, to target: RelativePath) -> [FileID] {
        var orphans: [FileID] = []
        for path in self.paths(within: source) {
            guard let row = self.row(of: path) else { continue }
            var file = self.file(of: row)
            let isSeen = self.rows[Int(row)].isSeen
            self.remove(row)
            let moved = path.moved(from: source, to: target)
            if let other = self.row(of: moved) {
                self.rows[Int(other)].isStale = true
                orphans.append(file.id)
            } else {
                file.isStale = true
                self.insert(file, at: moved, isSeen: isSeen)
            }
        }
        return orphans
    }
}
