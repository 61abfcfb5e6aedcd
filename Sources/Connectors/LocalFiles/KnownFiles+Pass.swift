package import Ingest

/// What a pass over the folder sees, and what is on hold.
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
    package var presentCount: Int { self.count - self.heldCount }

    /// Where the files with these ids are.
    package func paths(of ids: Set<FileID>) -> [RelativePath] {
        self.liveRows.filter { ids.contains(self.rows[Int($0)].id) }.map { self.path(of: $0) }
    }

    /// Puts a file on hold, changes how far its decision is, or takes it off.
    package mutating func setHold(_ hold: HeldDeletion.State?, at path: RelativePath) {
        guard let row = self.row(of: path) else { return }
        self.heldCount += (hold == nil ? 0 : 1) - (self.rows[Int(row)].hold == nil ? 0 : 1)
        self.rows[Int(row)].hold = hold
    }

    /// Makes sure that a file is offered when it is next seen.
    package mutating func markStale(_ path: RelativePath) {
        if let row = self.row(of: path) { self.rows[Int(row)].isStale = true }
    }

    /// Notes that a file may not be read.
    package mutating func markUnreadable(_ path: RelativePath) {
        guard let row = self.row(of: path), !self.rows[Int(row)].isUnreadable else { return }
        self.rows[Int(row)].isUnreadable = true
        self.unreadableCount += 1
    }

    /// The files at or below a path that may not be read.
    package func unreadablePaths(within directory: RelativePath) -> [RelativePath] {
        guard self.unreadableCount > 0 else { return [] }
        return self.directories.numbers(within: directory).flatMap { number in
            self.rows(in: number).filter { self.rows[Int($0)].isUnreadable }.map(self.path(of:))
        }
    }

    /// The file systems of directories, by what is known of the files in them, and of those below them.
    ///
    /// A directory without files of its own is taken to be on the one that all files below it are on: it may be the one
    /// where that is mounted.
    package var devicesByDirectory: [RelativePath: UInt64] {
        var devices: [RelativePath: UInt64] = [:]
        for row in self.liveRows where self.rows[Int(row)].device != 0 {
            devices[self.directories.path(of: self.rows[Int(row)].directory)] = self.devices[self.rows[Int(row)].device]
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
