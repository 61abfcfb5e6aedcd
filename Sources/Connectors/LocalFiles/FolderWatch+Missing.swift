import DequeModule
package import Ingest
import OrderedCollections

/// Files that are gone: found to be so one by one, removed or held together.
extension FolderWatch {
    /// Notes that a known file is gone; whether it may be removed is decided when no more go with it.
    mutating func miss(_ path: RelativePath, now: Instant) {
        guard let file = self.known[path], file.hold == nil else { return }
        if self.missing.isEmpty { self.missingSince = now }
        self.missing.append(path)
    }

    /// Whether nothing more is on its way that may be gone too, or it has been waited for long enough.
    func mayDecideOnMissing(now: Instant) -> Bool {
        guard let missingSince else { return false }
        let isQuiet = self.debouncer.goneCount == 0 && self.tree.nextDeadline == nil && self.check == nil
        return isQuiet || now - missingSince >= Self.missingCeiling
    }

    /// Removes what is gone, or holds all of it if it is too much at once.
    mutating func decideOnMissing(now: Instant) {
        let gone = self.missing.filter { self.known[$0]?.hold == nil && self.known[$0] != nil }
        self.forgetMissing()
        guard !gone.isEmpty else { return }
        guard self.deletionGuard.mayRemove(gone.count, of: self.known.presentCount, now: now) else {
            return self.hold(Array(gone))
        }
        for path in gone { self.remove(self.known.remove(path).map { [$0.id] } ?? []) }
    }

    /// Keeps the documents of files that are gone until a person decides.
    mutating func hold(_ paths: [RelativePath]) {
        var ids: [FileID] = []
        for path in paths {
            guard let file = self.known[path], file.hold == nil else { continue }
            self.known.setHold(.held, at: path)
            ids.append(file.id)
        }
        if !ids.isEmpty { self.outbox.append(.hold(ids)) }
    }

    /// A file that was on hold is there, at whichever path.
    mutating func release(_ file: KnownFiles.File, at path: RelativePath) {
        guard file.hold != nil else { return }
        self.known.setHold(nil, at: path)
        self.outbox.append(.release([file.id]))
    }

    mutating func forgetMissing() {
        self.missing = []
        self.missingSince = nil
    }

    /// Takes over what a person has decided about files on hold.
    ///
    /// A file that came back in the meantime is offered again, as its document may just have been removed.
    package mutating func apply(_ decision: HeldDecision) {
        self.deletionGuard.forgetHold()
        self.requestCheck()
        let ids = Set(decision.documents.compactMap { FileID($0.file) })
        for path in self.known.paths(of: ids) {
            guard let file = self.known[path] else { continue }
            switch decision {
            case .kept:
                if file.hold == .held { self.known.setHold(.kept, at: path) }
            case .removed where file.hold != nil:
                _ = self.known.remove(path)
            case .removed:
                self.known.markStale(path)
                self.ready.append(path)
            }
        }
    }
}
