import FoundationEssentials
import Ingest
import Logging

/// Keeps a picture of the watched folders, and offers what differs from the documents that are known.
///
/// What each answer means is decided by `DriveTree`, `DriveListing` and `DriveDocuments`; here requests are made, one
/// after the other. A check that fails goes on where it stopped.
struct DriveSession {
    /// Time between two complete listings, for what no change log tells: files of others behind shortcuts.
    static let listingInterval = Duration.seconds(86_400)
    /// The same after a listing that Drive could not complete.
    static let incompleteInterval = Duration.seconds(3_600)
    /// Before another try when a check failed.
    static let retryDelay = Duration.seconds(15)

    enum Phase {
        /// Nothing is known of the folders; the change logs can be followed from `tokens`, if there are any.
        case unlisted
        case listing(DriveListing)
        case following
    }

    let pipeline: Pipeline
    let scope: DriveScope
    let api: DriveAPI
    let unreached: UnreachedDocuments
    let inbox: DriveInbox
    let logger: Logger
    var documents: DriveDocuments
    var tree: DriveTree?
    var phase = Phase.unlisted
    /// Where each change log is to be read on.
    var tokens: [String: String] = [:]
    /// Ids of the shared drives that are watched; nil before the first listing, unless the cursor has them.
    var sharedDrives: [String]?
    /// The cursor that was handed over last.
    var cursor: String?
    /// When to list everything again; nil is now.
    var nextListing: ContinuousClock.Instant?
    /// Whether the last listing may have left something out, so that the cursor cannot vouch for it.
    var isUncertain = false
    /// Shared drives whose logs the account may not read: no member of them, it sees single files.
    var unreadableLogs: Set<String> = []
    var deletionGuard: DeletionGuard
    private var lastProblem: String?

    init(
        pipeline: Pipeline,
        scope: DriveScope,
        api: DriveAPI,
        unreached: UnreachedDocuments,
        inbox: DriveInbox = DriveInbox(),
        deletions: DeletionGuard.Limits = DeletionGuard.Limits(),
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State] = [:],
        cursor: String?,
        logger: Logger
    ) {
        self.pipeline = pipeline
        self.scope = scope
        self.api = api
        self.unreached = unreached
        self.inbox = inbox
        self.deletionGuard = DeletionGuard(limits: deletions)
        self.documents = DriveDocuments(
            pipeline: pipeline.id,
            filter: scope.filter,
            exports: scope.exports,
            known: known,
            held: held
        )
        self.logger = logger
        if let text = cursor, let stored = DriveCursor(text), stored.scope == scope.digest {
            self.cursor = cursor
            self.tokens = stored.tokens
            self.sharedDrives = stored.sharedDrives
            // A cursor that does not say which drives were there is made anew.
            let isComplete = stored.sharedDrives != nil || scope.sharedDrives != .all
            self.nextListing = isComplete ? .now + Self.listingInterval : nil
        }
    }

    /// Whether Drive left something out of the listing that is under way.
    var isIncomplete: Bool {
        guard case .listing(let listing) = self.phase else { return false }
        return listing.isIncomplete
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: `CredentialsError`, which no later attempt mends; `CancellationError`.
    mutating func run(into receiver: any ChangeReceiver) async throws {
        while true {
            let delay = try await self.pass(into: receiver)
            try await self.inbox.wait(atMost: delay)
        }
    }

    /// Checks once, and reports how it went.
    ///
    /// - Returns: How long to wait before the next check.
    /// - Throws: As `run`.
    mutating func pass(into receiver: any ChangeReceiver) async throws -> Duration {
        await receiver.report(.checkStarted)
        do {
            try await self.applyDecisions(into: receiver)
            if self.inbox.takeCheckRequest() { self.nextListing = nil }
            try await self.check(into: receiver)
            try await self.offerUnreached(to: receiver)
        } catch let error as DriveError {
            return await self.report("\(error)", to: receiver)
        } catch let error as DriveProblem {
            // What is there when the problem is over is found by listing it.
            self.phase = .unlisted
            self.nextListing = nil
            return await self.report("\(error)", to: receiver)
        }
        self.lastProblem = nil
        let delay = self.pipeline.checkInterval
        let nextCheck = Date().addingTimeInterval(delay / .seconds(1))
        await receiver.report(.checkFinished(nextCheckAt: nextCheck, warning: self.warning))
        return delay
    }

    /// What a person should know although the check succeeded.
    private var warning: String? {
        self.isUncertain
            ? "Google Drive did not list everything; nothing is taken for deleted until it does, which is tried every hour"
            : nil
    }

    /// A problem that stays is a warning once.
    private mutating func report(_ problem: String, to receiver: any ChangeReceiver) async -> Duration {
        self.logger.log(
            level: problem == self.lastProblem ? .debug : .warning,
            "Google Drive cannot be followed; nothing in it is taken for deleted.",
            metadata: ["error": "\(problem)"]
        )
        self.lastProblem = problem
        let delay = min(Self.retryDelay, self.pipeline.checkInterval)
        let nextCheck = Date().addingTimeInterval(delay / .seconds(1))
        await receiver.report(.unavailable(message: problem, nextCheckAt: nextCheck))
        return delay
    }

    private mutating func check(into receiver: any ChangeReceiver) async throws {
        let isListingDue = self.nextListing.map { ContinuousClock.now >= $0 } ?? true
        switch self.phase {
        case .listing:
            return try await self.list(into: receiver)
        case .following where !isListingDue:
            return try await self.follow(into: receiver)
        case .unlisted where !isListingDue:
            if try await self.isUnchanged(into: receiver) { return }
        case .unlisted, .following:
            break
        }
        try await self.beginListing()
        try await self.list(into: receiver)
    }

    /// Offers again what could not be fetched while Google was down.
    private mutating func offerUnreached(to receiver: any ChangeReceiver) async throws {
        for (id, stored) in self.unreached.takeAll().sorted(by: { $0.key < $1.key }) where self.documents.isKnown(id) {
            let document = self.tree.flatMap { self.documents.document(id, in: $0) } ?? stored
            try await receiver.offer(.upserted(document))
        }
    }

    /// Hands over how far the logs were followed, if that changed.
    mutating func commit(to receiver: any ChangeReceiver) async throws {
        let cursor = DriveCursor(scope: self.scope.digest, tokens: self.tokens, sharedDrives: self.sharedDrives)
        let text = try cursor.text
        guard text != self.cursor, !self.isUncertain else { return }
        try await receiver.advance(to: text)
        self.cursor = text
    }

    /// Offers what changed since the last call.
    mutating func offerTouched(to receiver: any ChangeReceiver) async throws {
        guard var tree = self.tree else { return }
        self.tree = nil
        let touched = tree.takeTouched()
        let changes = self.documents.changes(of: touched, in: tree)
        self.tree = tree
        let returned = self.documents.takeReturned()
        if !returned.isEmpty { await receiver.release(returned) }
        for change in changes { try await receiver.offer(change) }
    }
}
