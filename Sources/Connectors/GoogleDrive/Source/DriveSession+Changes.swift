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
                try await self.apply(page.changes ?? [], ofLog: log)
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
        // What asked for a listing is read again if that does not come to its end.
        if self.nextListing != nil { try await self.commit(to: receiver) }

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

    private mutating func apply(_ changes: [DriveChange], ofLog log: String) async throws {
        for change in changes {
            guard change.changeType != "drive" else {
                try self.apply(drive: change)
                continue
            }
            guard let id = change.fileId else { continue }
            if self.tree?.roots.contains(where: { $0.id == id }) == true {
                // A watched folder that is gone is a problem, not the end of all documents in it.
                _ = try await DriveScope.root(id, from: self.api)
            } else if let file = change.file {
                self.tree?.put(file)
            } else if self.log(of: id) == log {
                self.tree?.remove(id)
            }
        }
    }

    /// The log that tells what happens to an item, as far as it is known where that is.
    ///
    /// What moves from one drive to another is removed from one log and is new in the other, in any order.
    private func log(of id: String) -> String {
        let drive = self.tree?.file(id)?.driveID
        return drive.flatMap { self.tokens[$0] == nil ? nil : $0 } ?? DriveCursor.userLog
    }

    /// A shared drive was renamed, or the account joined or left it.
    private mutating func apply(drive change: DriveChange) throws(DriveProblem) {
        guard let id = change.driveId else { return }
        let root = self.tree?.roots.first { $0.id == id }
        guard change.removed != true else {
            if root != nil { throw .sharedDriveMissing(id: id) }
            return
        }
        // Its name stands in front of every path in it; what is in a new one, no log tells.
        let isKnown = root.map { $0.hasName(of: change.drive) } ?? !self.scope.watchesEveryDrive
        if !isKnown { self.nextListing = nil }
    }
}
