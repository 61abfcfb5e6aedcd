import DequeModule
import OrderedCollections

extension FolderWatch {
    /// Goes through entries of the directory in hand until there is a batch to examine, or no more.
    mutating func readOn(now: Instant) {
        while self.ready.count < Self.batch {
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
        guard self.settings.filter.admits(directory: path) else { return }
        if self.settings.folder.canOpen(path) {
            self.unread.append(path)
        } else {
            let problem = FolderProblem.tooDeep(path: self.settings.folder.text(of: path))
            self.check?.unreadable[path] = problem
        }
    }

    private mutating func found(_ path: RelativePath, _ fingerprint: FileFingerprint, time: Int64, now: Instant) {
        let file = self.known[path]
        let isUnchanged = file?.fingerprint == fingerprint && file?.isStale == false
        // Once a check has been completed, only files that are admitted are known.
        guard self.isConfirmed && isUnchanged || self.admits(path) else { return }
        self.known.markSeen(path)
        guard !isUnchanged, !self.debouncer.contains(path) else { return }
        if file?.isStale == true {
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
        self.settings.filter.admits(file: path) && self.settings.folder.canOpen(path)
    }

    /// Whether a file was modified so recently that it may still be being written.
    private func isRecent(_ fingerprint: FileFingerprint, time: Int64) -> Bool {
        let (age, overflow) = time.subtractingReportingOverflow(fingerprint.modified)
        guard !overflow else { return false }
        return Duration.nanoseconds(age) < self.settings.delays.written && age > -1_000_000_000
    }
}
