import DequeModule
import OrderedCollections

extension FolderWatch {
    /// The next step of reading directories, whether for a pass over the folder or for a directory that appeared.
    mutating func scan(now: Instant) -> Step? {
        while self.outbox.isEmpty {
            if self.ready.count >= Self.batch || self.reading == nil, !self.ready.isEmpty { return self.examineReady() }
            if self.probing.count >= Self.batch || self.reading == nil, !self.probing.isEmpty { return self.probe() }
            if self.reading != nil {
                self.readOn(now: now)
            } else if !self.unread.isEmpty {
                return .read(self.unread.removeLast())
            } else if self.hasRead {
                self.hasRead = false
                self.ready += self.doubtful
                self.doubtful = []
            } else if let check = self.check {
                if check.isSweeping { self.finish(check, now: now) } else { self.sweep(check) }
            } else if self.checkDue <= now {
                self.beginCheck(now: now)
            } else if let nextPoll, nextPoll <= now {
                self.beginPoll(now: now)
            } else {
                return nil
            }
        }
        return nil
    }

    /// Gives up until the next check: nothing is known about what is in the folder, so nothing is concluded.
    mutating func suspend(_ problem: FolderProblem, now: Instant) {
        self.check = nil
        self.unread = []
        self.reading = nil
        self.ready = []
        self.probing = []
        self.undecided = []
        self.doubtful = []
        self.forgetMissing()
        self.debouncer.removeAll()
        self.unreadable = []
        self.isConfirmed = false
        self.suspension = problem
        self.isCheckRequested = false
        self.lastCheckEnd = now
        self.nextCheck = now + self.settings.checkInterval
        self.nextPoll = nil
        self.outbox.append(.reportProblem(problem))
        if case .emptied = problem { return }
        for action in self.tree.unwatchAll() { self.handle(action, now: now) }
        self.outbox.append(.awaitFolder)
    }
}

extension FolderWatch {
    private mutating func beginCheck(now: Instant) {
        self.check = FolderCheck(scope: .everything, began: now, strangers: self.strangers)
        self.isCheckRequested = false
        self.unreadable = []
        self.known.beginPass()
        self.tree.beginPass()
        self.unread = [.root]
        self.outbox.append(.reportCheckStarted)
    }

    /// Begins to read again the directories of which inotify says too little.
    private mutating func beginPoll(now: Instant) {
        self.check = FolderCheck(scope: .polled, began: now)
        self.known.beginPass()
        self.unread = OrderedSet(self.tree.polled)
    }

    /// Examines the known files that the pass has not seen, but for those it could not have seen.
    private mutating func sweep(_ check: FolderCheck) {
        self.check?.isSweeping = true
        self.ready += check.replaced
        self.check?.replaced = []
        if check.scope == .everything { self.judgeMounts() }
        for path in self.known.unseen() where !self.debouncer.contains(path) && self.couldHaveSeen(path) {
            self.ready.append(path)
        }
    }

    /// Tells file systems that are where they belong from those that are not: by any known file that is there.
    ///
    /// Each has to show one in a directory of its own: what is found of a disk says nothing of another one that was
    /// mounted in it, whatever number it has now.
    private mutating func judgeMounts() {
        guard let check = self.check, !check.remounted.isEmpty else { return }
        let tree = self.tree
        for root in check.remountedRoots {
            let places = check.remounted.filter { $0.key.isWithin(root) }
            for former in Set(places.keys.map { tree.formerDevice(of: $0) }) {
                let isMeant = { (path: RelativePath) in path.isWithin(root) && tree.formerDevice(of: path) == former }
                let presence = self.known.presence(in: isMeant)
                let strangers = check.strangers.count { path in
                    self.known.isSeen(path) && path.parent.map(isMeant) ?? false
                }
                let mine = places.filter { isMeant($0.key) }
                if presence.isMissed, presence.found <= strangers {
                    let isBelowMine = { (path: RelativePath) in path.parent?.isBelow { mine[$0] != nil } ?? false }
                    self.check?.lost += mine.keys.filter { !isBelowMine($0) }
                } else {
                    for (directory, device) in mine { self.tree.accept(device: device, of: directory) }
                }
            }
        }
    }

    private func couldHaveSeen(_ path: RelativePath) -> Bool {
        guard let check = self.check, let directory = path.parent else { return false }
        guard !check.isUnreadable(directory) else { return false }
        switch check.scope {
        case .everything: return !check.isLost(directory)
        case .polled:
            return self.tree.isPolled(directory) && !directory.isBelow { check.remounted[$0] != nil }
        }
    }

    private mutating func finish(_ check: FolderCheck, now: Instant) {
        // What was looked at between the sweep and now may be gone as well.
        self.decideOnMissing(now: now)
        self.check = nil
        switch check.scope {
        case .everything: self.finishCheck(check, now: now)
        case .polled: self.finishPoll(check, now: now)
        }
    }

    private mutating func finishCheck(_ check: FolderCheck, now: Instant) {
        // What lies where a disk was does not become part of it by staying there.
        self.strangers = check.lost.isEmpty ? [] : check.strangers
        if !check.lost.isEmpty { self.hold(self.known.unseen().filter { check.isLost($0) }) }
        let actions = self.tree.endPass { check.isUnreadable($0) }
        for action in actions { self.handle(action, now: now) }
        self.isConfirmed = true
        self.isFilterSettled = true
        self.lastCheckEnd = now
        self.nextCheck = now + self.settings.checkInterval
        if self.nextPoll == nil { self.nextPoll = self.pollDue(after: check, now: now) }
        let census = self.tree.census
        self.outbox.append(
            .reportCheckFinished(
                check.problem(in: self.settings.folder),
                Unwatched(count: census.unwatched, directories: census.directories)
            )
        )
    }

    private mutating func finishPoll(_ check: FolderCheck, now: Instant) {
        for directory in check.absent {
            for action in self.tree.forget(directory) { self.handle(action, now: now) }
        }
        self.nextPoll = self.pollDue(after: check, now: now)
    }

    /// When the polled directories are read next: not before many times the time that it takes.
    private func pollDue(after check: FolderCheck, now: Instant) -> Instant? {
        guard !self.tree.polled.isEmpty else { return nil }
        guard check.scope == .polled else { return now + self.settings.pollInterval }
        return now + max(self.settings.pollInterval, (now - check.began) * Self.pollRest)
    }
}
