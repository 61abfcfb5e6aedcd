import DequeModule
import OrderedCollections

extension FolderWatch {
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
            if directory.isRoot { self.recognise(listing) }
            self.bind(directory, listing)
            if directory.isRoot, listing.entries.isEmpty, !self.isConfirmed {
                let missed = self.known.presentCount - self.debouncer.count
                guard missed <= 0 else {
                    return self.suspend(.emptied(path: self.settings.folder.text, known: missed), now: now)
                }
            }
            self.reading = Reading(directory: directory, entries: listing.entries[...], time: time)
        case .failure(.folder(let code)),
            .failure(.directory(let code)) where directory.isRoot:
            self.suspend(FolderProblem(code, path: self.settings.folder.text, user: self.settings.user), now: now)
        case .failure(let error) where error.isAbsence:
            self.hasRead = true
            self.check?.absent.append(directory)
        case .failure(.directory(let code)):
            let path = self.settings.folder.text(of: directory)
            self.blame(directory, FolderProblem(code, path: path, user: self.settings.user))
        case .failure(.ignoreFile(let code)):
            let path = self.settings.folder.text(of: directory.appending(IgnoreFile.name))
            self.blame(directory, .unreadableRules(path: path, code: code))
        }
    }

    private mutating func blame(_ directory: RelativePath, _ problem: FolderProblem) {
        self.unreadable.insert(directory)
        self.check?.unreadable[directory] = problem
    }

    /// Notices another directory in the folder's place, which must prove by its files that it is the right one.
    private mutating func recognise(_ listing: DirectoryListing) {
        if let folderInode, folderInode != listing.inode {
            self.isConfirmed = false
            self.isFilterSettled = false
            self.check?.remounted[.root] = listing.device
            if self.check?.scope != .everything { self.requestCheck() }
        } else if let device = self.tree.device(of: .root), device != listing.device {
            self.isConfirmed = false
        }
        self.folderInode = listing.inode
    }

    private mutating func bind(_ directory: RelativePath, _ listing: DirectoryListing) {
        if let device = self.tree.device(of: directory), device != listing.device {
            if self.check?.scope != .everything { self.requestCheck() }
            self.check?.remounted[directory] = listing.device
        }
        if self.tree.filter.ignoreFiles[directory] != listing.ignoreFile {
            self.tree.filter.ignoreFiles[directory] = listing.ignoreFile
            self.isFilterSettled = false
            if self.check?.scope != .everything { self.requestCheck() }
        }
        var actions = self.tree.bind(
            directory,
            watch: listing.watch,
            device: listing.device,
            blindness: listing.blindness
        )
        if directory.isRoot {
            self.suspension = nil
            actions += self.tree.unbindAncestor()
        }
        self.hasRead = true
        for case .unwatch(let watches) in actions { self.outbox.append(.unwatch(watches)) }
        if self.unreadable.remove(directory) != nil, self.check?.scope != .everything { self.requestCheck() }
    }
}

extension FolderWatch {
    /// Goes through entries of the directory in hand until there is a batch to examine, or no more.
    mutating func readOn(now: Instant) {
        while self.ready.count < Self.batch, self.probing.count < Self.batch {
            guard let entry = self.reading?.entries.popFirst(), let reading = self.reading else {
                self.reading = nil
                return
            }
            let path = reading.directory.appending(entry.name)
            switch entry.kind {
            case .directory: self.found(directory: path)
            case .file(let fingerprint): self.found(path, fingerprint, time: reading.time, now: now)
            case .other: break
            }
        }
    }

    private mutating func found(directory path: RelativePath) {
        guard self.tree.filter.admits(directory: path) else { return }
        // A directory that is read again and again tells of new ones; the known ones have their own turn.
        if self.check?.scope == .polled, self.tree.contains(path) { return }
        if self.settings.folder.canOpen(path) {
            self.unread.append(path)
        } else {
            let problem = FolderProblem.tooDeep(path: self.settings.folder.text(of: path))
            self.check?.unreadable[path] = problem
        }
    }

    private mutating func found(_ path: RelativePath, _ fingerprint: FileFingerprint, time: Int64, now: Instant) {
        let file = self.known[path]
        let isUntouched = file.map { fingerprint.isUntouched(since: $0.fingerprint) } ?? false
        let isUnchanged = isUntouched && file?.isStale == false && file?.hold == nil
        // Once a check has been completed under the same rules, only files that are admitted are known.
        guard self.isFilterSettled && isUnchanged || self.admits(path) else { return }
        self.known.markSeen(path)
        if file?.isUnreadable == true, self.check?.scope != .polled { self.probing.append(path) }
        guard !isUnchanged, !self.debouncer.contains(path) else { return }
        if file?.isStale == true || file?.hold != nil {
            self.ready.append(path)
        } else if self.isRecent(fingerprint, time: time) {
            // Whoever writes it may not be done; its inode may be one that a rename took along.
            for other in self.known.paths(with: fingerprint, limit: Self.candidateLimit) { self.known.markSeen(other) }
            self.handle(.changed(path, .touched), now: now)
        } else if let file, self.check != nil, !file.fingerprint.isSameFile(as: fingerprint) {
            self.check?.replaced.append(path)
        } else {
            self.ready.append(path)
        }
    }

    private func admits(_ path: RelativePath) -> Bool {
        self.tree.filter.admits(file: path) && self.settings.folder.canOpen(path)
    }

    /// Whether a file was modified so recently that it may still be being written.
    private func isRecent(_ fingerprint: FileFingerprint, time: Int64) -> Bool {
        let (age, overflow) = time.subtractingReportingOverflow(fingerprint.modified)
        guard !overflow else { return false }
        return Duration.nanoseconds(age) < self.settings.delays.written && age > -1_000_000_000
    }
}
