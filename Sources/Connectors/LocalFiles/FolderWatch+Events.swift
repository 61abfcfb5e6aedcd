import OrderedCollections

extension FolderWatch {
    /// Takes what inotify told.
    package mutating func apply(_ events: [InotifyEvent], now: Instant) {
        for event in events {
            let actions = self.tree.apply(event, now: now)
            for action in actions { self.handle(action, now: now) }
            // Anything that stirs in a folder that was not to be trusted is a reason to look again.
            if self.suspension != nil, !actions.isEmpty { self.requestCheck() }
        }
    }

    /// Reads the whole folder again as soon as the last check is a little while ago.
    package mutating func requestCheck() { self.isCheckRequested = true }

    /// Says what came of `.awaitFolder`.
    ///
    /// - Parameters:
    ///   - watch: The watch of the nearest directory above that exists; nil when it could not be watched.
    ///   - name: The entry of that directory which is, or leads to, the folder.
    ///   - isBack: Whether the folder could be opened after the watch had been added.
    package mutating func didAwaitFolder(watch: Int32?, name: [UInt8], isBack: Bool) {
        if let watch { self.tree.bindAncestor(watch: watch, name: name) }
        if isBack, case .missing = self.suspension { self.requestCheck() }
    }

    mutating func handle(_ action: WatchTree.Action, now: Instant) {
        switch action {
        case .changed(let path, let activity):
            // A clock that ticks coarsely, or a program that sets times back, may hide that it was written.
            if activity == .written || activity == .completed { self.known.markStale(path) }
            if activity == .touched, self.known[path]?.isUnreadable == true { self.probing.append(path) }
            self.note(path, activity, now: now)
        case .moved(let source, let target):
            self.remove(self.known.move(source, to: target))
            self.note(target, .completed, now: now)
        case .movedDirectory(let source, let target):
            self.remove(self.known.move(source, to: target))
            self.debouncer.move(source, to: target)
            for path in self.unread.filter({ $0.isWithin(source) }) {
                self.unread.remove(path)
                self.unread.append(path.moved(from: source, to: target))
            }
            if let reading = self.reading, reading.directory.isWithin(source) {
                self.reading?.directory = reading.directory.moved(from: source, to: target)
            }
            self.unread.append(target)
            self.doubtful = self.doubtful.filter { !$0.isWithin(source) }.union(self.known.paths(within: target))
        case .appeared(let directory):
            self.unread.append(directory)
        case .attributesChanged(let directory):
            // What can be read depends on every directory above it.
            for path in self.unreadable where path.isWithin(directory) { self.unread.append(path) }
            self.probing.formUnion(self.known.unreadablePaths(within: directory))
        case .vanished(let directory):
            for path in self.known.paths(within: directory) { self.note(path, .gone, now: now) }
        case .unwatch(let watches):
            self.outbox.append(.unwatch(watches))
        case .rulesChanged:
            self.isFilterSettled = false
            self.requestCheck()
        case .rootChanged, .unmounted, .overflowed:
            self.requestCheck()
        }
    }

    private mutating func note(_ path: RelativePath, _ activity: Debouncer.Activity, now: Instant) {
        if !self.debouncer.offer(path, activity, now: now) { self.requestCheck() }
    }
}
