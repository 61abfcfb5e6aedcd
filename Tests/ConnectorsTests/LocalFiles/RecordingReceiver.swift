import FoundationEssentials
import Ingest

/// Takes what a source offers, and lets a test wait until it satisfies a condition.
actor RecordingReceiver: ChangeReceiver {
    /// What was received so far.
    struct Record: Sendable {
        var changes: [Change] = []
        var events: [SourceEvent] = []
        /// The cursor that the source handed over last.
        var cursor: String?
        /// Offers that were held back.
        var held = 0
        /// The documents as the changes leave them, by id.
        var documents: [DocumentID: SourceDocument] = [:]

        var paths: Set<String> { Set(self.documents.values.map(\.path)) }
        var checks: Int { self.events.count { if case .checkFinished = $0 { true } else { false } } }

        /// What the source said last of its place, if that was that it cannot be read.
        var unavailableMessage: String? {
            switch self.events.last {
            case .unavailable(let message, _)?: message
            case .checkFinished(_, let problem?, _)?: problem
            default: nil
            }
        }
        /// Documents on hold.
        var heldDocuments: Set<DocumentID> = []
        /// Documents that were on hold and are there again.
        var released: Set<DocumentID> = []
        /// The paths of documents on hold.
        var heldPaths: Set<String> { Set(self.heldDocuments.compactMap { self.documents[$0]?.path }) }
        /// What the last check said that a person should know.
        var warning: String? {
            for case .checkFinished(_, _, let warning) in self.events.reversed() { return warning }
            return nil
        }
        var isUnavailable: Bool { self.unavailableMessage != nil }

        func id(of path: String) -> DocumentID? { self.documents.values.first { $0.path == path }?.id }

        /// How often a path was offered.
        func offers(of path: String) -> Int {
            self.changes.count { if case .upserted(let document) = $0 { document.path == path } else { false } }
        }

        var ledger: [LedgerEntry] {
            self.documents.values.map { document in
                LedgerEntry(
                    document: document,
                    state: .skipped(reason: "test"),
                    contentHash: nil,
                    mediaType: nil,
                    updatedAt: Date()
                )
            }
        }
    }

    private struct Waiter {
        var isMet: @Sendable (Record) -> Bool
        var continuation: CheckedContinuation<Record, any Error>
    }

    private(set) var record: Record
    private var waiters: [Int: Waiter] = [:]
    private var nextWaiter = 0
    /// Whether offers are held back, as a full queue does.
    private var isFull = false
    private var held: [Int: CheckedContinuation<Void, any Error>] = [:]

    init(known: [LedgerEntry] = []) {
        self.record = Record()
        for entry in known { self.record.documents[entry.document.id] = entry.document }
    }

    func offer(_ change: Change) async throws {
        if self.isFull { try await self.hold() }
        self.record.changes.append(change)
        switch change {
        case .upserted(let document): self.record.documents[document.id] = document
        case .removed(let id):
            self.record.documents[id] = nil
            self.record.heldDocuments.remove(id)
        }
        self.wake()
    }

    func cursor() async throws -> String? { self.record.cursor }

    func advance(to cursor: String) async throws {
        self.record.cursor = cursor
        self.wake()
    }

    func hold(_ documents: [DocumentID]) async {
        self.record.heldDocuments.formUnion(documents)
        self.wake()
    }

    func release(_ documents: [DocumentID]) async {
        self.record.heldDocuments.subtract(documents)
        self.record.released.formUnion(documents)
        self.wake()
    }

    func report(_ event: SourceEvent) async {
        self.record.events.append(event)
        self.wake()
    }

    func setFull(_ isFull: Bool) {
        self.isFull = isFull
        guard !isFull else { return }
        for continuation in self.held.values { continuation.resume() }
        self.held = [:]
    }
    /// Waits for a condition; the test's time limit ends the wait.
    @discardableResult
    func until(_ isMet: @escaping @Sendable (Record) -> Bool) async throws -> Record {
        if isMet(self.record) { return self.record }
        let number = self.nextWaiter
        self.nextWaiter += 1
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    self.waiters[number] = Waiter(isMet: isMet, continuation: continuation)
                }
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
    }

    /// Keeps an offer waiting until there is room, or its task is cancelled.
    private func hold() async throws {
        let number = self.nextWaiter
        self.nextWaiter += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    self.held[number] = continuation
                    self.record.held += 1
                    self.wake()
                }
            }
        } onCancel: {
            Task { await self.giveUp(number) }
        }
    }

    private func giveUp(_ number: Int) {
        self.held.removeValue(forKey: number)?.resume(throwing: CancellationError())
    }

    private func cancel(_ number: Int) {
        self.waiters.removeValue(forKey: number)?.continuation.resume(throwing: CancellationError())
    }

    private func wake() {
        for (number, waiter) in self.waiters where waiter.isMet(self.record) {
            self.waiters[number] = nil
            waiter.continuation.resume(returning: self.record)
        }
    }
}
