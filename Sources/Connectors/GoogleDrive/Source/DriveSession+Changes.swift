import Ingest
import Logging

extension DriveSession {
    /// After a restart: whether the logs say that nothing happened since everything was stored.
    mutating func isUnchanged(into receiver: any ChangeReceiver) async throws -> Bool {
        guard !self.tokens.isEmpty else { return false }
        var tokens = self.tokens
        for (log, token) in self.tokens {
            guard let page = try await self.changes(ofLog: log, after: token) else { return false }
            // What did happen cannot be judged without the folders.
            guard page.changes?.isEmpty ?? true, let next = page.newStartPageToken else { return false }
            tokens[log] = next
        }
        self.tokens = tokens
        try await self.commit(to: receiver)
        return true
    }

    /// Reads every log to its end and offers what changed.
    mutating func follow(into receiver: any ChangeReceiver) async throws {
        try await self.complete(into: receiver)
        for (log, token) in self.tokens.sorted(by: { $0.key < $1.key }) {
            var token = token
            var isRead = false
            while !isRead {
                guard let page = try await self.changes(ofLog: log, after: token) else { return self.forgetLogs() }
                try await self.apply(page.changes ?? [])
                try await self.complete(into: receiver)
                guard let next = page.nextPageToken ?? page.newStartPageToken, next != token || isLast(page) else {
                    throw DriveProblem.brokenLog
                }
                token = next
                isRead = isLast(page)
            }
            self.tokens[log] = token
        }
        try await self.decideOnGone(into: receiver)
        try await self.commit(to: receiver)

        func isLast(_ page: DriveChangeList) -> Bool { page.nextPageToken == nil }
    }

    /// One page of a log; nil if Drive does not take the token.
    private func changes(ofLog log: String, after token: String) async throws -> DriveChangeList? {
        do {
            return try await self.api.changes(ofLog: log, after: token)
        } catch DriveError.refused(let refusal) where Self.isRefusedToken(refusal) {
            self.logger.warning(
                "Google Drive does not go on with the changes; everything is listed again.",
                metadata: ["status": "\(refusal.status)"]
            )
            return nil
        }
    }

    private mutating func forgetLogs() {
        self.tokens = [:]
        self.nextListing = nil
    }

    private mutating func apply(_ changes: [DriveChange]) async throws {
        for change in changes {
            guard change.changeType != "drive" else {
                try await self.apply(drive: change)
                continue
            }
            guard let id = change.fileId else { continue }
            if self.tree?.roots.contains(where: { $0.id == id }) == true {
                // A watched folder that is gone is a problem, not the end of all documents in it.
                _ = try await DriveScope.root(id, from: self.api)
            } else if change.removed != true, let file = change.file {
                self.tree?.put(file)
            } else {
                self.tree?.remove(id)
            }
        }
    }

    /// A shared drive was renamed, or the account left it.
    private mutating func apply(drive change: DriveChange) async throws {
        guard let id = change.driveId, self.tree?.roots.contains(where: { $0.id == id }) == true else { return }
        if change.removed == true { throw DriveProblem.sharedDriveMissing(id: id) }
    }
}
