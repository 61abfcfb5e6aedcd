/// Which directories are watched by which inotify watch, and what an event means for the paths below the folder.
///
/// Reads nothing itself: an event is a hint where to look, and whoever looks finds the truth.
package struct WatchTree: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct Directory {
        var watch: Int32?
        /// The file system that it was on when it was first read.
        var device: UInt64
        /// Whether its watch ended, or turned out to belong to another path; events will say what became of it.
        var isLost = false
        var isSeen = true
        /// Whether it must be read again and again, as nobody says what happens in it.
        var isPolled = false
        /// Whether the same goes for all below it.
        var isTreePolled = false
        /// Whether it has no watch although it should have.
        var lacksWatch = false
    }

    private struct Departure {
        var path: RelativePath
        var isDirectory: Bool
        var deadline: Instant
        /// Those of the directory and of all below it, which mean nothing until it has arrived somewhere.
        var watches: [Int32] = []
    }

    /// How long the second half of a rename may follow the first.
    private static let moveDelay = Duration.milliseconds(50)
    /// Renames out of the folder that are remembered at once; more are taken for deletions.
    private static let departureLimit = 1_024

    /// What is left alone; reading directories adds the rules that are in them.
    package var filter: FileFilter
    private var directories = PathTree<Directory>()
    private var paths: [Int32: RelativePath] = [:]
    private var departures: [UInt32: Departure] = [:]
    private var ancestor: (watch: Int32, name: [UInt8])?
    /// On which file systems directories were when their files were last offered, until they are read.
    private var expectedDevices: [RelativePath: UInt64]

    /// - Parameters:
    ///   - filter: What is left alone.
    ///   - expectedDevices: The file systems of directories, as far as they are known from earlier.
    package init(filter: FileFilter, expectedDevices: [RelativePath: UInt64] = [:]) {
        self.filter = filter
        self.expectedDevices = expectedDevices
    }

    /// When `expire` next has something to do.
    package var nextDeadline: Instant? { self.departures.values.map(\.deadline).min() }

    /// How many directories have a watch.
    package var watchCount: Int { self.paths.count }

    package func isWatched(_ directory: RelativePath) -> Bool { self.directories[directory]?.watch != nil }

    /// Whether what happens in a directory goes unnoticed until an event says that it must be read.
    ///
    /// Not so for a directory that could not be watched when it was read: that is a matter for checks.
    package func isLost(_ directory: RelativePath) -> Bool { self.directories[directory]?.isLost ?? true }

    /// The file system that a directory was on when it was first read.
    package func device(of directory: RelativePath) -> UInt64? {
        self.directories[directory]?.device ?? self.expectedDevices[directory]
    }

    /// The file system that a directory was on, by the nearest one of which it is known.
    func formerDevice(of directory: RelativePath) -> UInt64? {
        directory.withAncestors.lazy.compactMap { self.device(of: $0) }.first
    }

    /// Whether a directory was read and is not known to be gone.
    package func contains(_ directory: RelativePath) -> Bool { self.directories[directory] != nil }

    /// Whether a directory must be read again and again.
    package func isPolled(_ directory: RelativePath) -> Bool { self.directories[directory]?.isPolled ?? false }

    /// The directories that must be read again and again; most have none of them.
    package var polled: [RelativePath] { self.directories.paths { $1.isPolled } }

    /// How many directories there are, and how many of them could not be watched.
    package var census: (directories: Int, unwatched: Int) {
        (self.directories.count, self.directories.count { $0.lacksWatch })
    }

    /// What one event means.
    package mutating func apply(_ event: InotifyEvent, now: Instant) -> [Action] {
        if event.mask.contains(.overflowed) {
            self.departures = [:]
            return [.overflowed]
        }
        if let ancestor = self.ancestor, ancestor.watch == event.watch {
            return event.name == ancestor.name ? [.rootChanged] : []
        }
        guard let directory = self.paths[event.watch] else { return [] }
        if event.mask.contains(.watchRemoved) {
            self.paths[event.watch] = nil
            self.lose(directory)
            return directory.isRoot ? [.rootChanged] : []
        }
        guard !event.name.isEmpty else {
            if event.mask.contains(.unmounted), !directory.isRoot { return [.unmounted] }
            if event.mask.contains(.attributes), directory.isRoot { return [.attributesChanged(directory)] }
            let isLost = !event.mask.isDisjoint(with: [.selfDeleted, .selfMoved, .unmounted])
            return isLost && directory.isRoot ? [.rootChanged] : []
        }
        let path = directory.appending(event.name)
        return event.mask.contains(.isDirectory)
            ? self.applyDirectory(event, path, now: now) : self.applyFile(event, path, now: now)
    }

    /// Takes renames whose second half did not come for what they are: gone.
    package mutating func expire(now: Instant) -> [Action] {
        guard !self.departures.isEmpty else { return [] }
        var actions: [Action] = []
        for (cookie, departure) in self.departures where departure.deadline <= now {
            self.departures[cookie] = nil
            actions += self.gone(departure)
        }
        return actions
    }
}

extension WatchTree {
    private mutating func applyFile(_ event: InotifyEvent, _ path: RelativePath, now: Instant) -> [Action] {
        if path.name == IgnoreFile.name[...] {
            // A file of rules that is still being written is read when it is closed.
            return event.mask.isDisjoint(with: [.closedAfterWriting, .movedFrom, .movedTo, .deleted, .attributes])
                ? [] : [.rulesChanged]
        }
        let isAdmitted = self.filter.admits(file: path)
        if event.mask.contains(.movedFrom) {
            return isAdmitted ? self.depart(event, path, isDirectory: false, now: now) : []
        }
        if event.mask.contains(.movedTo) {
            guard let departure = self.departures.removeValue(forKey: event.cookie) else {
                return isAdmitted ? [.changed(path, .completed)] : []
            }
            return isAdmitted ? [.moved(from: departure.path, to: path)] : self.gone(departure)
        }
        guard isAdmitted else { return [] }
        if event.mask.contains(.deleted) { return [.changed(path, .gone)] }
        if event.mask.contains(.closedAfterWriting) { return [.changed(path, .completed)] }
        if !event.mask.isDisjoint(with: [.created, .modified]) { return [.changed(path, .written)] }
        return event.mask.contains(.attributes) ? [.changed(path, .touched)] : []
    }

    private mutating func applyDirectory(_ event: InotifyEvent, _ path: RelativePath, now: Instant) -> [Action] {
        let isAdmitted = self.filter.admits(directory: path)
        if event.mask.contains(.movedFrom) {
            return isAdmitted ? self.depart(event, path, isDirectory: true, now: now) : []
        }
        if event.mask.contains(.movedTo) {
            guard let departure = self.departures.removeValue(forKey: event.cookie) else {
                return isAdmitted ? [.appeared(path)] : []
            }
            guard isAdmitted else { return self.gone(departure) }
            return self.unwatch(departure) + [.movedDirectory(from: departure.path, to: path)]
        }
        guard isAdmitted else { return [] }
        // Its watch ends by itself. What is bound to the path now may be a successor, whose watch must stay.
        if event.mask.contains(.deleted) { return [.vanished(path)] }
        if event.mask.contains(.created) { return [.appeared(path)] }
        guard event.mask.contains(.attributes) else { return [] }
        return [self.directories[path] == nil ? .appeared(path) : .attributesChanged(path)]
    }

    private mutating func depart(
        _ event: InotifyEvent,
        _ path: RelativePath,
        isDirectory: Bool,
        now: Instant
    ) -> [Action] {
        var departure = Departure(path: path, isDirectory: isDirectory, deadline: now + Self.moveDelay)
        if isDirectory { departure.watches = self.detach(path) }
        guard self.departures.count < Self.departureLimit else { return self.gone(departure) }
        self.departures[event.cookie] = departure
        return []
    }

    private func gone(_ departure: Departure) -> [Action] {
        guard departure.isDirectory else { return [.changed(departure.path, .gone)] }
        return self.unwatch(departure) + [.vanished(departure.path)]
    }

    /// Ends the watches of a directory that went; one that has turned up elsewhere meanwhile stays.
    private func unwatch(_ departure: Departure) -> [Action] {
        let watches = departure.watches.filter { self.paths[$0] == nil }
        return watches.isEmpty ? [] : [.unwatch(watches)]
    }

    private mutating func lose(_ directory: RelativePath) {
        self.directories[directory]?.watch = nil
        self.directories[directory]?.isLost = true
    }

    /// Drops what is known of a directory and all below it.
    ///
    /// - Returns: The watches that were theirs.
    private mutating func detach(_ directory: RelativePath) -> [Int32] {
        self.remove(self.directories.numbers(within: directory).map(self.directories.path(of:)))
    }

    private mutating func remove(_ directories: [RelativePath]) -> [Int32] {
        let watches = directories.compactMap { self.directories[$0]?.watch }
        for path in directories { self.directories[path] = nil }
        if !self.filter.ignoreFiles.isEmpty { for path in directories { self.filter.ignoreFiles[path] = nil } }
        for watch in watches { self.paths[watch] = nil }
        return watches
    }
}

extension WatchTree {
    /// Notes that a directory was read, and under which watch its later events come.
    ///
    /// - Parameters:
    ///   - directory: Its path.
    ///   - watch: Nil when it could not be watched.
    ///   - device: The file system it is on; the first one is remembered.
    ///   - blindness: What its watch does not tell.
    /// - Returns: `.unwatch` for the watch that it had before.
    package mutating func bind(
        _ directory: RelativePath,
        watch: Int32?,
        device: UInt64,
        blindness: DirectoryListing.Blindness = .none
    ) -> [Action] {
        let old = self.directories[directory]
        let isBelowPolled = directory.parent.flatMap { self.directories[$0]?.isTreePolled } ?? false
        let isTreePolled = blindness == .tree || watch == nil || isBelowPolled
        self.directories[directory] = Directory(
            watch: watch,
            device: self.device(of: directory) ?? device,
            isPolled: isTreePolled || blindness == .linkedFiles,
            isTreePolled: isTreePolled,
            lacksWatch: watch == nil && blindness != .tree
        )
        self.expectedDevices[directory] = nil
        if let watch {
            // The kernel has one watch for a directory; under its former path there is another one now, or none.
            if let former = self.paths.updateValue(directory, forKey: watch), former != directory {
                self.lose(former)
            }
        }
        guard let stale = old?.watch, stale != watch else { return [] }
        self.paths[stale] = nil
        return [.unwatch([stale])]
    }

    /// Takes another file system for the right one.
    package mutating func accept(device: UInt64, of directory: RelativePath) {
        self.directories[directory]?.device = device
    }

    /// Drops a directory that is gone with all below it.
    package mutating func forget(_ directory: RelativePath) -> [Action] {
        let watches = self.detach(directory)
        return watches.isEmpty ? [] : [.unwatch(watches)]
    }

    /// Notes that an entry of this name in another directory would be, or lead to, the folder.
    package mutating func bindAncestor(watch: Int32, name: [UInt8]) { self.ancestor = (watch, name) }

    /// Begins a pass over the folder: from now on no directory counts as seen.
    package mutating func beginPass() {
        self.directories.update { $0.isSeen = false }
    }

    /// Drops the directories that this pass has not read.
    package mutating func endPass(keeping isKept: (RelativePath) -> Bool) -> [Action] {
        let watches = self.remove(self.directories.paths { !$1.isSeen && !isKept($0) })
        return watches.isEmpty ? [] : [.unwatch(watches)]
    }

    /// Drops all watches, and keeps which file systems the directories are on.
    package mutating func unwatchAll() -> [Action] {
        var watches = Array(self.paths.keys)
        if let ancestor = self.ancestor { watches.append(ancestor.watch) }
        self.ancestor = nil
        self.paths = [:]
        self.departures = [:]
        self.directories.update { $0.watch = nil }
        return watches.isEmpty ? [] : [.unwatch(watches)]
    }

    /// Drops the watch of the directory above.
    package mutating func unbindAncestor() -> [Action] {
        guard let ancestor = self.ancestor else { return [] }
        self.ancestor = nil
        return [.unwatch([ancestor.watch])]
    }
}
