import DequeModule
import OrderedCollections

extension FolderWatch {
    /// The next step of reading directories, whether for a full check or for a directory that appeared.
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
                if check.isSweeping { self.finishCheck(now: now) } else { self.sweep() }
            } else if self.checkDue <= now {
                self.beginCheck()
            } else {
                return nil
            }
        }
        return nil
    }

    /// Says what came of `.read`.
    ///
    /// - Parameters:
    ///   - directory: Which was to be read.
    ///   - result: What was found.
    ///   - now: The present.
    ///   - time: The present in nanoseconds since 1970, to be compared with the files' times.
    package mutating func didRead(
        _ directory: RelativePath,
        _ result: Result<DirectoryListing, LookError>,
        now: Instant,
        time: Int64
    ) {
        switch result {
        case .success(let listing):
            self.bind(directory, listing)
            if directory.isRoot, listing.entries.isEmpty, !self.isConfirmed {
                let missed = self.known.count - self.debouncer.count
                guard missed <= Self.emptyLimit else {
                    return self.suspend(.emptied(path: self.settings.folder.text, known: missed), now: now)
                }
            }
            self.reading = Reading(directory: directory, entries: listing.entries[...], time: time)
        case .failure(.folder(let code)),
            .failure(.directory(let code)) where directory.isRoot:
            self.suspend(FolderProblem(code, path: self.settings.folder.text, user: self.settings.user), now: now)
        case .failure(let error) where error.isAbsence:
            self.hasRead = true
        case .failure(.directory(let code)):
            self.unreadable.insert(directory)
            let path = self.settings.folder.text(of: directory)
            let problem = FolderProblem(code, path: path, user: self.settings.user)
            self.check?.unreadable[directory] = problem
        }
    }

    /// Gives up until the next check: nothing is known about what is in the folder, so nothing is concluded.
    mutating func suspend(_ problem: FolderProblem, now: Instant) {
        self.check = nil
        self.unread = []
        self.reading = nil
        self.ready = []
        self.undecided = []
        self.doubtful = []
        self.debouncer.removeAll()
        self.unreadable = []
        self.isConfirmed = false
        self.suspension = problem
        self.isCheckRequested = false
        self.lastCheckEnd = now
        self.nextCheck = now + self.settings.checkInterval
        self.outbox.append(.reportProblem(problem))
        if case .emptied = problem { return }
        for action in self.tree.unwatchAll() { self.handle(action, now: now) }
        self.outbox.append(.awaitFolder)
    }

    private mutating func bind(_ directory: RelativePath, _ listing: DirectoryListing) {
        if let device = self.tree.device(of: directory), device != listing.device {
            if self.check == nil { self.requestCheck() }
            self.check?.remounted[directory] = (listing.device, false)
        }
        var actions = self.tree.bind(directory, watch: listing.watch, device: listing.device)
        if directory.isRoot {
            self.suspension = nil
            actions += self.tree.unbindAncestor()
        }
        self.hasRead = true
        for case .unwatch(let watches) in actions { self.outbox.append(.unwatch(watches)) }
        if self.unreadable.remove(directory) != nil, self.check == nil { self.requestCheck() }
    }
}

extension FolderWatch {
    private mutating func beginCheck() {
        self.check = Check()
        self.isCheckRequested = false
        self.unreadable = []
        self.known.beginPass()
        self.tree.beginPass()
        self.unread = [.root]
        self.outbox.append(.reportCheckStarted)
    }

    /// Examines the known files that the check has not seen, but for those it could not have seen.
    private mutating func sweep() {
        self.check?.isSweeping = true
        self.ready += self.check?.replaced ?? []
        self.check?.replaced = []
        for path in self.known.unseen() where !self.debouncer.contains(path) && !self.isHiddenByProblem(path) {
            self.ready.append(path)
        }
    }

    private mutating func isHiddenByProblem(_ path: RelativePath) -> Bool {
        guard let check = self.check, !(check.unreadable.isEmpty && check.remounted.isEmpty) else { return false }
        var isHidden = false
        var directory = path.parent
        while let next = directory {
            if check.remounted[next] != nil {
                self.check?.remounted[next]?.isMissed = true
                isHidden = true
            }
            directory = next.parent
        }
        return isHidden || check.isUnreadable(path)
    }

    private mutating func finishCheck(now: Instant) {
        guard let check = self.check else { return }
        self.check = nil
        for (directory, mount) in check.remounted where !mount.isMissed {
            self.tree.accept(device: mount.device, of: directory)
        }
        let actions = self.tree.endPass { check.isUnreadable($0) }
        for action in actions { self.handle(action, now: now) }
        self.isConfirmed = true
        self.lastCheckEnd = now
        self.nextCheck = now + self.settings.checkInterval
        self.outbox.append(.reportCheckFinished)
        if let problem = self.problem(of: check) { self.outbox.append(.reportProblem(problem)) }
    }

    /// The first problem in the order of paths, standing for all of them.
    private func problem(of check: Check) -> FolderProblem? {
        var problems = check.unreadable
        for (directory, mount) in check.remounted where mount.isMissed {
            if let parent = directory.parent, check.remounted[parent] != nil { continue }
            problems[directory] = .otherFileSystem(path: self.settings.folder.text(of: directory))
        }
        guard let first = problems.min(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) else { return nil }
        return problems.count == 1 ? first.value : .several(first: first.value, others: problems.count - 1)
    }
}
