package import Ingest

/// Every file that was offered: where it is, what it is called in the ledger, which version was offered.
///
/// Some 85 bytes a file with a name of 17: rows of fixed size, all names in one array of bytes, each directory's path
/// once, and two indexes of row numbers, by path and by inode. Growing takes an eighth more room at a time.
package struct KnownFiles: Sendable {
    /// What is known of one file.
    package struct File: Equatable, Sendable {
        package var id: FileID
        package var fingerprint: FileFingerprint
        /// Whether it must be offered even if its fingerprint is unchanged, because it moved or may have been written.
        package var isStale: Bool
        /// Whether it is gone and its document kept, and how far a person's decision is; nil for a file that is there.
        package var hold: HeldDeletion.State?

        package init(
            id: FileID,
            fingerprint: FileFingerprint,
            isStale: Bool = false,
            hold: HeldDeletion.State? = nil
        ) {
            self.id = id
            self.fingerprint = fingerprint
            self.isStale = isStale
            self.hold = hold
        }
    }

    /// The longest name of a file that is kept, in bytes: the kernel's `NAME_MAX`.
    static let longestName = 255

    private var rows: [KnownFileRow] = []
    /// `FileFingerprint.changed` of each row; in the rows it would take twice the room.
    private var changes: [UInt32] = []
    private var free: [UInt32] = []
    private var names: [UInt8] = []
    private var garbage = 0
    private var directories = DirectoryTable()
    /// The file systems that files are on; rows have their places in it.
    private var devices: [UInt64] = [0]
    private var byPath = SlotIndex()
    private var byInode = SlotIndex()

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
        self.byInode.remove(row, hash: self.inodeHash(of: row))
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
        let isWithin = self.directories.map { $0.isWithin(directory) }
        var paths = self.liveRows.filter { isWithin[Int(self.rows[Int($0)].directory)] }.map { self.path(of: $0) }
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

extension KnownFiles {
    /// Begins a pass over the folder: from now on no file counts as seen.
    package mutating func beginPass() {
        for row in self.rows.indices { self.rows[row].isSeen = false }
    }

    package mutating func markSeen(_ path: RelativePath) {
        if let row = self.row(of: path) { self.rows[Int(row)].isSeen = true }
    }

    /// Whether this pass has seen a file.
    package func isSeen(_ path: RelativePath) -> Bool { self.row(of: path).map { self.rows[Int($0)].isSeen } ?? false }

    /// The files that this pass has not seen, and that are not known to be gone.
    package func unseen() -> [RelativePath] {
        self.liveRows.compactMap { row in
            self.rows[Int(row)].isSeen || self.rows[Int(row)].hold != nil ? nil : self.path(of: row)
        }
    }

    /// How many files this pass has seen in some directories, and whether one that nobody has let go is missing there.
    package func presence(in isMeant: (RelativePath) -> Bool) -> (found: Int, isMissed: Bool) {
        let isMeant = self.directories.map(isMeant)
        var presence = (found: 0, isMissed: false)
        for row in self.liveRows where isMeant[Int(self.rows[Int(row)].directory)] {
            let row = self.rows[Int(row)]
            if row.isSeen { presence.found += 1 } else if row.hold != .kept { presence.isMissed = true }
        }
        return presence
    }

    /// How many files are not known to be gone.
    package var presentCount: Int { self.liveRows.count { self.rows[Int($0)].hold == nil } }

    /// Where the files with these ids are.
    package func paths(of ids: Set<FileID>) -> [RelativePath] {
        self.liveRows.filter { ids.contains(self.rows[Int($0)].id) }.map { self.path(of: $0) }
    }

    /// Puts a file on hold, changes how far its decision is, or takes it off.
    package mutating func setHold(_ hold: HeldDeletion.State?, at path: RelativePath) {
        if let row = self.row(of: path) { self.rows[Int(row)].hold = hold }
    }

    /// Makes sure that a file is offered when it is next seen.
    package mutating func markStale(_ path: RelativePath) {
        if let row = self.row(of: path) { self.rows[Int(row)].isStale = true }
    }

    /// The file systems of directories, by what is known of the files in them, and of those below them.
    ///
    /// A directory without files of its own is taken to be on the one that all files below it are on: it may be the one
    /// where that is mounted.
    package var devicesByDirectory: [RelativePath: UInt64] {
        var devices: [RelativePath: UInt64] = [:]
        for row in self.liveRows where self.rows[Int(row)].device != 0 {
            devices[self.directories[self.rows[Int(row)].directory]] = self.devices[self.rows[Int(row)].device]
        }
        // Nil where there are several.
        var above: [RelativePath: UInt64?] = [:]
        for (directory, device) in devices {
            for path in directory.withAncestors where devices[path] == nil {
                above[path] = .some(above[path, default: device] == device ? device : nil)
            }
        }
        return devices.merging(above.compactMapValues { $0 }) { own, _ in own }
    }
}

extension KnownFiles {
    private var liveRows: some Sequence<UInt32> {
        self.rows.indices.lazy.filter { self.rows[$0].isLive }.map { UInt32($0) }
    }

    private func file(of row: UInt32) -> File {
        let changed = self.changes[Int(row)]
        let row = self.rows[Int(row)]
        return File(
            id: row.id,
            fingerprint: FileFingerprint(
                size: row.size, modified: row.modified, inode: row.inode, device: self.devices[row.device],
                changed: changed),
            isStale: row.isStale,
            hold: row.hold
        )
    }

    private mutating func fill(_ row: UInt32, with file: File, isSeen: Bool) {
        let device = self.place(of: file.fingerprint.device)
        self.rows[Int(row)].fill(with: file, device: device, isSeen: isSeen)
        self.changes[Int(row)] = file.fingerprint.changed
    }

    /// The place of a file system in `devices`; more than fit, which no machine has, count as none.
    private mutating func place(of device: UInt64) -> Int {
        if let place = self.devices.lastIndex(of: device) { return place }
        guard self.devices.count <= KnownFileRow.largestDevice else { return 0 }
        self.devices.append(device)
        return self.devices.count - 1
    }

    private func path(of row: UInt32) -> RelativePath {
        self.directories[self.rows[Int(row)].directory].appending(self.rows[Int(row)].name(in: self.names))
    }

    private func row(of path: RelativePath) -> UInt32? {
        let name = path.name
        return self.byPath.first(hash: Self.hash(path.bytes, [])) { row in
            let row = self.rows[Int(row)]
            return row.name(in: self.names) == name && self.directories[row.directory].isParent(of: path)
        }
    }

    private func inodeHash(of row: UInt32) -> Int { Self.hash(inode: self.rows[Int(row)].inode) }

    private static func hash(inode: UInt64) -> Int {
        var hasher = Hasher()
        hasher.combine(inode)
        return hasher.finalize()
    }

    /// The hash of a path, given whole or as a directory with a name in it.
    private static func hash(_ path: [UInt8], _ name: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        path.withUnsafeBytes { hasher.combine(bytes: $0) }
        if !name.isEmpty {
            if !path.isEmpty { withUnsafeBytes(of: UInt8(ascii: "/")) { hasher.combine(bytes: $0) } }
            name.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
        return hasher.finalize()
    }

    private mutating func insert(_ file: File, at path: RelativePath, isSeen: Bool) {
        let name = path.name
        guard let parent = path.parent, (1...Self.longestName).contains(name.count) else { return }
        self.compact()
        guard let start = UInt32(exactly: self.names.count) else { return }
        self.names.makeRoom(for: name.count + 1)
        self.names.append(UInt8(name.count))
        self.names += name
        let number = self.free.popLast() ?? UInt32(self.rows.count)
        if Int(number) == self.rows.count {
            self.rows.makeRoom(for: 1)
            self.rows.append(KnownFileRow())
            self.changes.makeRoom(for: 1)
            self.changes.append(0)
        }
        self.rows[Int(number)].nameStart = start
        self.rows[Int(number)].directory = self.directories.retain(parent)
        self.fill(number, with: file, isSeen: isSeen)
        let (rows, names, directories) = (self.rows, self.names, self.directories)
        self.byPath.insert(number, hash: Self.hash(path.bytes, [])) { other in
            let row = rows[Int(other)]
            return Self.hash(directories[row.directory].bytes, row.name(in: names))
        }
        self.indexInode(of: number)
    }

    private mutating func indexInode(of row: UInt32) {
        let rows = self.rows
        self.byInode.insert(row, hash: self.inodeHash(of: row)) { Self.hash(inode: rows[Int($0)].inode) }
    }

    private mutating func remove(_ row: UInt32) {
        let directory = self.rows[Int(row)].directory
        let name = self.rows[Int(row)].name(in: self.names)
        self.byPath.remove(row, hash: Self.hash(self.directories[directory].bytes, name))
        self.byInode.remove(row, hash: self.inodeHash(of: row))
        self.garbage += name.count + 1
        self.directories.release(directory)
        self.rows[Int(row)] = KnownFileRow()
        self.free.append(row)
    }

    /// Drops the names of removed files when they take more than half of the bytes.
    private mutating func compact() {
        guard self.garbage > 4_096, self.garbage * 2 > self.names.count else { return }
        var names: [UInt8] = []
        names.reserveCapacity(self.names.count - self.garbage)
        for row in self.rows.indices where self.rows[row].isLive {
            let start = names.count
            let name = self.rows[row].name(in: self.names)
            names.append(UInt8(name.count))
            names += name
            self.rows[row].nameStart = UInt32(start)
        }
        self.names = names
        self.garbage = 0
    }
}

extension Array {
    /// Makes room for a few more, and for an eighth more than there is: doubling would leave half of it empty.
    fileprivate mutating func makeRoom(for more: Int) {
        guard self.count + more > self.capacity else { return }
        self.reserveCapacity(self.count + more + Swift.max(256, self.count / 8))
    }
}
