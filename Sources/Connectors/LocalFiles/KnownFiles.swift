/// Every file that was offered: where it is, what it is called in the ledger, which version was offered.
///
/// About 130 bytes a file: rows of fixed size, all paths in one array of bytes, and two indexes of row numbers, by
/// path and by inode.
package struct KnownFiles: Sendable {
    /// What is known of one file.
    package struct File: Equatable, Sendable {
        package var id: FileID
        package var fingerprint: FileFingerprint
        /// Whether it must be offered even if its fingerprint is unchanged, because it moved.
        package var isStale: Bool

        package init(id: FileID, fingerprint: FileFingerprint, isStale: Bool = false) {
            self.id = id
            self.fingerprint = fingerprint
            self.isStale = isStale
        }
    }

    private struct Row {
        var file: File
        var start: UInt32
        /// Of the path, in bytes; 0 marks a row that is free.
        var length: UInt16
        var isSeen: Bool

        func path(in text: [UInt8]) -> ArraySlice<UInt8> {
            text[Int(self.start)..<(Int(self.start) + Int(self.length))]
        }
    }

    private var rows: [Row] = []
    private var free: [UInt32] = []
    private var text: [UInt8] = []
    private var garbage = 0
    private var byPath = SlotIndex()
    private var byInode = SlotIndex()

    package init() {}

    package var count: Int { self.rows.count - self.free.count }

    package subscript(path: RelativePath) -> File? { self.row(of: path).map { self.rows[Int($0)].file } }

    /// Adds a file or replaces what is known of it; either way it counts as seen.
    ///
    /// - Parameters:
    ///   - file: What is known from now on.
    ///   - path: 1 to 65,535 bytes; a longer one is no path for the kernel either and is not kept.
    package mutating func set(_ file: File, at path: RelativePath) {
        if let row = self.row(of: path) {
            self.byInode.remove(row, hash: Self.hash(self.rows[Int(row)].file.fingerprint))
            self.rows[Int(row)].file = file
            self.rows[Int(row)].isSeen = true
            self.indexInode(of: row)
        } else {
            self.insert(file, at: path, isSeen: true)
        }
    }

    package mutating func remove(_ path: RelativePath) -> File? {
        guard let row = self.row(of: path) else { return nil }
        let file = self.rows[Int(row)].file
        self.remove(row)
        return file
    }

    /// Where else a file of this inode, size and time is known to be; hard links have several such paths.
    package func paths(with fingerprint: FileFingerprint, limit: Int) -> [RelativePath] {
        var paths: [RelativePath] = []
        _ = self.byInode.first(hash: Self.hash(fingerprint)) { row in
            if self.rows[Int(row)].file.fingerprint == fingerprint { paths.append(self.path(of: row)) }
            return paths.count >= limit
        }
        return paths
    }

    /// The files at or below a path.
    package func paths(within directory: RelativePath) -> [RelativePath] {
        self.liveRows.compactMap { RelativePath.isWithin(self.bytes(of: $0), directory) ? self.path(of: $0) : nil }
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
            var file = self.rows[Int(row)].file
            let isSeen = self.rows[Int(row)].isSeen
            self.remove(row)
            let moved = path.moved(from: source, to: target)
            if let other = self.row(of: moved) {
                self.rows[Int(other)].file.isStale = true
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

    /// The files that this pass has not seen.
    package func unseen() -> [RelativePath] {
        self.liveRows.compactMap { self.rows[Int($0)].isSeen ? nil : self.path(of: $0) }
    }
}

extension KnownFiles {
    private var liveRows: some Sequence<UInt32> {
        self.rows.indices.lazy.filter { self.rows[$0].length > 0 }.map { UInt32($0) }
    }

    private func bytes(of row: UInt32) -> ArraySlice<UInt8> {
        self.rows[Int(row)].path(in: self.text)
    }

    private func path(of row: UInt32) -> RelativePath { RelativePath(bytes: Array(self.bytes(of: row))) }

    private func row(of path: RelativePath) -> UInt32? {
        self.byPath.first(hash: Self.hash(path.bytes[...])) { self.bytes(of: $0) == path.bytes[...] }
    }

    private static func hash(_ fingerprint: FileFingerprint) -> Int {
        var hasher = Hasher()
        hasher.combine(fingerprint.inode)
        hasher.combine(fingerprint.device)
        return hasher.finalize()
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private mutating func insert(_ file: File, at path: RelativePath, isSeen: Bool) {
        guard !path.isRoot, let length = UInt16(exactly: path.bytes.count) else { return }
        self.compact()
        guard let start = UInt32(exactly: self.text.count) else { return }
        self.text += path.bytes
        let row = Row(file: file, start: start, length: length, isSeen: isSeen)
        let number = self.free.popLast() ?? UInt32(self.rows.count)
        if Int(number) < self.rows.count { self.rows[Int(number)] = row } else { self.rows.append(row) }
        let (rows, text) = (self.rows, self.text)
        self.byPath.insert(number, hash: Self.hash(path.bytes[...])) { Self.hash(rows[Int($0)].path(in: text)) }
        self.indexInode(of: number)
    }

    private mutating func indexInode(of row: UInt32) {
        let rows = self.rows
        self.byInode.insert(row, hash: Self.hash(rows[Int(row)].file.fingerprint)) {
            Self.hash(rows[Int($0)].file.fingerprint)
        }
    }

    private mutating func remove(_ row: UInt32) {
        self.byPath.remove(row, hash: Self.hash(self.bytes(of: row)))
        self.byInode.remove(row, hash: Self.hash(self.rows[Int(row)].file.fingerprint))
        self.garbage += Int(self.rows[Int(row)].length)
        self.rows[Int(row)].length = 0
        self.free.append(row)
    }

    /// Drops the paths of removed files when they take more than half of the bytes.
    private mutating func compact() {
        guard self.garbage > 4_096, self.garbage * 2 > self.text.count else { return }
        var text: [UInt8] = []
        text.reserveCapacity(self.text.count - self.garbage)
        for row in self.rows.indices where self.rows[row].length > 0 {
            let start = text.count
            text += self.bytes(of: UInt32(row))
            self.rows[row].start = UInt32(start)
        }
        self.text = text
        self.garbage = 0
    }
}
