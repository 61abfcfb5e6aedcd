import DequeModule
import OrderedCollections

extension FolderWatch {
    /// The next step of reading directories, whether for a pass over the folder or for a directory that appeared.
    mutating func scan(now: Instant) -> Step? {
        while self.outbox.isEmpty {
            if self.ready.count >= Self.batch || self.reading == nil, !self.ready.isEmpty { return self.examineReady() }
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
        self.check = FolderCheck(scope: .everything, began: now)
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
    private mutating func judgeMounts() {
        guard let check = self.check, !check.remounted.isEmpty else { return }
        for root in check.remountedRoots {
            let presence = self.known.presence(within: root)
            let strangers = check.strangers.count { $0.isWithin(root) }
            if presence.isMissed, presence.found <= strangers {
                self.check?.lost.append(root)
            } else {
                for (directory, device) in check.remounted where directory.isWithin(root) {
                    self.tree.accept(device: device, of: directory)
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
