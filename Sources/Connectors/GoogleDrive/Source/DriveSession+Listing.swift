import Ingest
import Logging

extension DriveSession {
    /// Begins a complete listing; the logs are followed from before it.
    mutating func beginListing() async throws {
        let roots = try await self.scope.roots(from: self.api)
        // A shared drive that is gone from the account's list takes no documents along.
        try self.requireDrives(in: roots)
        var tokens: [String: String] = [:]
        for log in Set(roots.map { $0.driveID ?? DriveCursor.userLog }).sorted() {
            tokens[log] = try await self.api.startPageToken(ofLog: log)
        }
        let filter = self.scope.filter
        self.tree = DriveTree(roots: roots) { filter.admits(directory: RelativePath($0)) }
        self.tree?.settle()
        self.tokens = tokens
        self.sharedDrives = roots.filter { $0.driveID == $0.id }.map(\.id).sorted()
        self.phase = .listing(DriveListing())
        self.logger.debug("Listing Google Drive.", metadata: ["roots": "\(roots.count)"])
    }

    /// Lists on until everything is known, offers it, and then what is missing for removal.
    mutating func list(into receiver: any ChangeReceiver) async throws {
        try await self.complete(into: receiver)
        guard case .listing(let listing) = self.phase, let tree = self.tree else { return }
        self.isUncertain = listing.isIncomplete
        if listing.isIncomplete {
            self.logger.warning("Google Drive did not list everything; nothing is taken for deleted.")
        } else {
            self.documents.noteMissing(in: tree)
        }
        try await self.decideOnGone(into: receiver)
        self.phase = .following
        self.nextListing = .now + (listing.isIncomplete ? Self.incompleteInterval : Self.listingInterval)
        self.logger.info("Listed Google Drive.", metadata: ["documents": "\(self.documents.count)"])
        try await self.commit(to: receiver)
    }

    /// Lists every folder of the tree that is not listed yet, and looks up what shortcuts point to.
    mutating func complete(into receiver: any ChangeReceiver) async throws {
        while true {
            self.tree?.settle()
            if case .listing(let listing) = self.phase, listing.next != nil {
                try await self.listOnce(listing, into: receiver)
                continue
            }
            let unlisted = self.tree?.unlistedFolders ?? []
            guard unlisted.isEmpty else {
                try await self.listAll(unlisted, into: receiver)
                continue
            }
            let missing = self.tree?.missingTargets ?? []
            for target in missing { try await self.resolve(target) }
            try await self.offerTouched(to: receiver)
            if missing.isEmpty { return }
        }
    }

    /// Lists folders and what is found in them, level by level; while the logs are followed, in one go.
    private mutating func listAll(
        _ folders: [(id: String, driveID: String?)],
        into receiver: any ChangeReceiver
    ) async throws {
        for case let drive? in Set(folders.map(\.driveID)) { _ = try await self.followLog(of: drive) }
        // What is seen of a drive by somebody who is no member is found as everybody's single files are.
        let folders = folders.map { folder in
            self.unreadableLogs.contains(folder.driveID ?? "") ? (id: folder.id, driveID: nil) : folder
        }
        if case .listing(var listing) = self.phase {
            listing.add(folders)
            self.phase = .listing(listing)
            return
        }
        var listing = DriveListing()
        listing.add(folders)
        while let query = listing.next {
            try await self.ask(query, &listing)
            try await self.offerTouched(to: receiver)
        }
        guard listing.isIncomplete else { return }
        self.isUncertain = true
        self.nextListing = .now + Self.incompleteInterval
    }

    private mutating func listOnce(_ listing: DriveListing, into receiver: any ChangeReceiver) async throws {
        var listing = listing
        guard let query = listing.next else { return }
        try await self.ask(query, &listing)
        self.phase = .listing(listing)
        try await self.offerTouched(to: receiver)
    }

    /// Makes one `files.list` request and takes its answer in.
    private mutating func ask(_ query: DriveQuery, _ listing: inout DriveListing) async throws {
        let keys = query.parents.reduce(into: [String: String]()) { keys, id in
            keys.merge(self.tree?.resourceKeys(of: id) ?? [:]) { first, _ in first }
        }
        do {
            let page = try await self.api.list(query, resourceKeys: keys)
            for file in page.files ?? [] { self.tree?.put(file) }
            for folder in listing.didList(page) { self.tree?.didList(folder) }
        } catch DriveError.refused(let refusal) where Self.isRefusedToken(refusal) {
            if query.pageToken != nil, refusal.kind != .notFound {
                listing.restartQuery()
            } else if let folder = listing.didFail() {
                self.tree?.didList(folder)
                self.logger.debug("A folder cannot be listed.", metadata: ["id": "\(folder)"])
            }
        }
    }

    /// Follows the log of a shared drive from now on.
    ///
    /// - Returns: Whether it begins only now.
    private mutating func followLog(of drive: String) async throws -> Bool {
        guard self.tokens[drive] == nil, !self.unreadableLogs.contains(drive) else { return false }
        do {
            self.tokens[drive] = try await self.api.startPageToken(ofLog: drive)
            return true
        } catch DriveError.refused(let refusal) where refusal.kind == .notFound || refusal.kind == .permanent {
            self.unreadableLogs.insert(drive)
            return false
        }
    }

    /// Looks up what a shortcut points to.
    private mutating func resolve(_ target: String) async throws {
        do {
            let keys = self.tree?.resourceKeys(of: target) ?? [:]
            var file = try await self.api.file(target, resourceKeys: keys)
            // A log that is followed only now tells nothing of what happened since the look at the file.
            if let drive = file.driveID, try await self.followLog(of: drive) {
                file = try await self.api.file(target, resourceKeys: keys)
            }
            if file.isTrashed || file.isShortcut {
                self.tree?.didMiss(target: target)
            } else {
                self.tree?.put(file)
            }
        } catch DriveError.refused(let refusal) where refusal.kind == .notFound || refusal.kind == .permanent {
            self.tree?.didMiss(target: target)
        }
    }

    /// Whether a token, or what else was asked with, is not taken.
    static func isRefusedToken(_ refusal: DriveRefusal) -> Bool { [400, 404, 410].contains(refusal.status) }
}
