/// How files are kept in rows, and found.
extension KnownFiles {
    var liveRows: some Sequence<UInt32> {
        self.rows.indices.lazy.filter { self.rows[$0].isLive }.map { UInt32($0) }
    }

    func file(of row: UInt32) -> File {
        let changed = self.changes[Int(row)]
        let row = self.rows[Int(row)]
        return File(
            id: row.id,
            fingerprint: FileFingerprint(
                size: row.size, modified: row.modified, inode: row.inode, device: self.devices[row.device],
                changed: changed),
            isStale: row.isStale,
            isUnreadable: row.isUnreadable,
            hold: row.hold
        )
    }

    mutating func fill(_ row: UInt32, with file: File, isSeen: Bool) {
        let device = self.place(of: file.fingerprint.device)
        self.count(self.rows[Int(row)], -1)
        self.rows[Int(row)].fill(with: file, device: device, isSeen: isSeen)
        self.count(self.rows[Int(row)], 1)
        self.changes[Int(row)] = file.fingerprint.changed
    }

    /// Counts a row in, or out.
    private mutating func count(_ row: KnownFileRow, _ step: Int) {
        if row.hold != nil { self.heldCount += step }
        if row.isUnreadable { self.unreadableCount += step }
    }

    /// The place of a file system in `devices`; more than fit, which no machine has, count as none.
    private mutating func place(of device: UInt64) -> Int {
        if let place = self.devices.lastIndex(of: device) { return place }
        guard self.devices.count <= KnownFileRow.largestDevice else { return 0 }
        self.devices.append(device)
        return self.devices.count - 1
    }

    func path(of row: UInt32) -> RelativePath {
        self.directories.path(of: self.rows[Int(row)].directory).appending(self.rows[Int(row)].name(in: self.names))
    }

    func row(of path: RelativePath) -> UInt32? {
        let name = path.name
        return self.byPath.first(hash: Self.hash(path.bytes, [])) { row in
            let row = self.rows[Int(row)]
            return row.name(in: self.names) == name && self.directories.path(of: row.directory).isParent(of: path)
        }
    }

    func inodeHash(of row: UInt32) -> Int { Self.hash(inode: self.rows[Int(row)].inode) }

    static func hash(inode: UInt64) -> Int {
        var hasher = Hasher()
        hasher.combine(inode)
        return hasher.finalize()
    }

    private static func hash(_ row: KnownFileRow, _ names: [UInt8], _ directories: PathTree<UInt32>) -> Int {
        Self.hash(directories.path(of: row.directory).bytes, row.name(in: names))
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

    mutating func insert(_ file: File, at path: RelativePath, isSeen: Bool) {
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
            self.links.makeRoom(for: 1)
            self.links.append(Link())
        }
        self.rows[Int(number)].nameStart = start
        self.link(number, in: self.directories.add(parent))
        self.fill(number, with: file, isSeen: isSeen)
        let (rows, names, directories) = (self.rows, self.names, self.directories)
        self.byPath.insert(number, hash: Self.hash(path.bytes, [])) { Self.hash(rows[Int($0)], names, directories) }
        self.indexInode(of: number)
    }

    private mutating func unindexPath(of row: UInt32) {
        let (rows, names, directories) = (self.rows, self.names, self.directories)
        let hash = Self.hash(rows[Int(row)], names, directories)
        self.byPath.remove(row, hash: hash) { Self.hash(rows[Int($0)], names, directories) }
    }

    mutating func unindexInode(of row: UInt32) {
        let rows = self.rows
        self.byInode.remove(row, hash: self.inodeHash(of: row)) { Self.hash(inode: rows[Int($0)].inode) }
    }

    mutating func indexInode(of row: UInt32) {
        let rows = self.rows
        self.byInode.insert(row, hash: self.inodeHash(of: row)) { Self.hash(inode: rows[Int($0)].inode) }
    }

    mutating func remove(_ row: UInt32) {
        self.unindexPath(of: row)
        self.unindexInode(of: row)
        self.garbage += self.rows[Int(row)].name(in: self.names).count + 1
        self.unlink(row)
        self.count(self.rows[Int(row)], -1)
        self.rows[Int(row)] = KnownFileRow()
        self.free.append(row)
    }

    /// The rows of the files that lie directly in a directory.
    func rows(in directory: UInt32) -> [UInt32] {
        var rows: [UInt32] = []
        var next = self.directories[directory] ?? .max
        while next != .max {
            rows.append(next)
            next = self.links[Int(next)].next
        }
        return rows
    }

    /// Puts a row before the other files of its directory.
    private mutating func link(_ row: UInt32, in directory: UInt32) {
        let first = self.directories[directory]
        if let first { self.links[Int(first)].previous = row }
        self.links[Int(row)] = Link(next: first ?? .max)
        self.rows[Int(row)].directory = directory
        self.directories[directory] = row
    }

    private mutating func unlink(_ row: UInt32) {
        let link = self.links[Int(row)]
        if link.next != .max { self.links[Int(link.next)].previous = link.previous }
        if link.previous != .max {
            self.links[Int(link.previous)].next = link.next
        } else {
            // The last file takes its directory along.
            self.directories[self.rows[Int(row)].directory] = link.next == .max ? nil : link.next
        }
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
    /// Makes room for a few more, and for a sixteenth more than there is: doubling would leave half of it empty.
    fileprivate mutating func makeRoom(for more: Int) {
        guard self.count + more > self.capacity else { return }
        self.reserveCapacity(self.count + more + Swift.max(128, self.count / 16))
    }
}
