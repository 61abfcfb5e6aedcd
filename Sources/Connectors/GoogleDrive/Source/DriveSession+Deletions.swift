import Ingest

/// Documents whose files are gone: noted one by one, removed or held together.
extension DriveSession {
    /// Removes what is gone, or holds all of it if it is too much at once.
    ///
    /// - Throws: `DriveProblem` when it is the watched folder that is gone, or the access to it: nothing is decided then.
    mutating func decideOnGone(into receiver: any ChangeReceiver) async throws {
        guard let tree = self.tree else { return }
        guard !self.isUncertain else { return self.documents.forgetAbsent() }
        let gone = self.documents.gone(from: tree)
        if !gone.lost.isEmpty {
            try self.requireDrives(in: try await self.scope.roots(from: self.api))
            let known = self.documents.presentCount
            guard self.deletionGuard.mayRemove(gone.lost.count, of: known, now: .now) else {
                await receiver.hold(self.documents.hold(gone.lost))
                return try await self.offerRemoval(of: gone.deselected, to: receiver)
            }
        }
        try await self.offerRemoval(of: gone.deselected + gone.lost, to: receiver)
    }

    /// Carries out what a person has decided about documents on hold.
    ///
    /// Their removal is queued already; what is there after all is offered again.
    mutating func applyDecisions(into receiver: any ChangeReceiver) async throws {
        for decision in self.inbox.takeDecisions() {
            self.deletionGuard.forgetHold()
            let ids = Set(decision.documents.map(\.file))
            switch decision {
            case .kept:
                for id in ids { self.documents.keep(id) }
            case .removed:
                for id in ids { self.documents.forget(id) }
                guard let tree = self.tree else { continue }
                for change in self.documents.changes(of: ids, in: tree) { try await receiver.offer(change) }
            }
        }
    }

    /// Sees that every shared drive that was watched, in this run or the last, is still there.
    ///
    /// Of the other watched folders `DriveScope.roots` does so.
    func requireDrives(in roots: [DriveTree.Root]) throws(DriveProblem) {
        let ids = Set(roots.map(\.id))
        if let missing = self.sharedDrives?.first(where: { !ids.contains($0) }) {
            throw .sharedDriveMissing(id: missing)
        }
    }

    private mutating func offerRemoval(of ids: [String], to receiver: any ChangeReceiver) async throws {
        for change in self.documents.remove(ids) { try await receiver.offer(change) }
    }
}
