import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Runs one source until the daemon stops, and takes what it notices to the queue and the status board.
package struct SourceService: Service, ChangeReceiver, CustomStringConvertible {
    let source: any Source
    let store: any Store
    let dispatcher: JobDispatcher
    private let processor: DocumentProcessor
    private let retries: RetryScheduler
    private let board: StatusBoard
    private let cursors: CursorBook
    let removals: ConfirmedRemovals
    private let started: AsyncStream<Never>
    private let logger: Logger

    /// - Parameters:
    ///   - source: What to watch.
    ///   - store: Holds the ledger that the source begins with.
    ///   - dispatcher: Takes the changes.
    ///   - processor: Told how long documents took in earlier runs.
    ///   - retries: Told of failed documents of earlier runs.
    ///   - board: Told what the source says about itself.
    ///   - cursors: Knows when a cursor may be committed; the same that the workers have.
    ///   - removals: Told of those of earlier runs that are yet to be done; the same that the workers have.
    ///   - started: Ends when the daemon is ready, of which this service is the only reader: nothing is watched before.
    ///   - logger: For what a person must act upon.
    package init(
        source: any Source,
        store: any Store,
        dispatcher: JobDispatcher,
        processor: DocumentProcessor,
        retries: RetryScheduler,
        board: StatusBoard,
        cursors: CursorBook,
        removals: ConfirmedRemovals = ConfirmedRemovals(),
        started: AsyncStream<Never>,
        logger: Logger
    ) {
        self.source = source
        self.store = store
        self.dispatcher = dispatcher
        self.processor = processor
        self.retries = retries
        self.board = board
        self.cursors = cursors
        self.removals = removals
        self.started = started
        self.logger = logger
    }

    /// What ServiceLifecycle prints of it.
    package var description: String { "source \(self.source.pipeline.id)" }

    /// Restores the pipeline from the store, then watches.
    ///
    /// A source that gives up ends its pipeline, not the daemon: search, status and the other pipelines go on.
    ///
    /// - Throws: What reading the ledger threw.
    package func run() async throws {
        let pipeline = self.source.pipeline.id
        await cancelWhenGracefulShutdown { for await _ in self.started {} }
        guard !Task.isShuttingDownGracefully else { return }
        let (known, held) = try await self.restore()
        self.retries.schedule(known)
        do {
            try await cancelWhenGracefulShutdown { try await self.source.run(known: known, held: held, into: self) }
        } catch is CancellationError {
            return
        } catch {
            self.logger.error(
                "A pipeline stopped; restart the daemon when the cause is mended.",
                metadata: ["pipeline": "\(pipeline)", "error": "\(error)"]
            )
            await self.report(.unavailable(message: "\(error)", nextCheckAt: nil))
            await self.record(.pipelineStopped(.error))
        }
        try? await gracefulShutdown()
    }

    /// Takes over what the store knows of the pipeline.
    ///
    /// - Returns: What the source begins with: nothing of documents that a person has let go.
    func restore() async throws -> (known: [LedgerEntry], held: [DocumentID: HeldDeletion.State]) {
        let pipeline = self.source.pipeline.id
        self.removals.add(try await self.store.confirmedDeletions(in: pipeline))
        let known = try await self.store.ledger(of: pipeline).filter { !self.removals.contains($0.document.id) }
        let held = try await self.store.heldStates(in: pipeline)
        self.processor.learn(from: known)
        await self.restoreStatus()
        return (known, held)
    }

    package func offer(_ change: Change) async throws {
        self.cursors.offer(change)
        try await self.withdrawRemoval(for: change)
        try await self.dispatcher.offer(change) {
            if case .upserted(let document) = change { self.removals.forget(document.id) }
            return true
        }
        let waiting = self.dispatcher.waitingCount(in: change.document.pipeline)
        await self.record(.queueChanged(waiting: waiting))
    }

    /// A file that is there after all is not to be removed, whatever a person confirmed before it came back.
    ///
    /// The store forgets it first; here it is forgotten when the change has its place in the queue, behind the removal
    /// if that is there already.
    private func withdrawRemoval(for change: Change) async throws {
        guard case .upserted(let document) = change, self.removals.contains(document.id) else { return }
        try await self.store.withdrawConfirmation(of: document.id)
    }

    package func cursor() async throws -> String? {
        try await self.store.cursor(of: self.source.pipeline.id)
    }

    package func advance(to cursor: String) async throws {
        let pipeline = self.source.pipeline.id
        guard let cursor = self.cursors.advance(pipeline, to: cursor) else { return }
        try await self.store.commit(cursor: cursor, of: pipeline)
    }

    package func hold(_ documents: [DocumentID]) async {
        let pipeline = self.source.pipeline.id
        await self.changeHeld {
            let stored = try await self.store.hold(documents, in: pipeline, since: Date())
            self.logger.warning(
                "Many files are gone at once; their documents are kept until 'corpusd deletions' decides.",
                metadata: ["pipeline": "\(pipeline)", "held": "\(stored.heldDeletions)"]
            )
            return stored
        }
    }

    package func release(_ documents: [DocumentID]) async {
        await self.changeHeld { try await self.store.release(documents, in: self.source.pipeline.id) }
        self.retries.hasten(documents)
    }

    /// Nothing is lost when the store refuses: after a restart the files are found to be gone, or back, again.
    private func changeHeld(_ change: () async throws -> StoreTotals) async {
        do {
            await self.record(.totalsChanged(stored: try await change()))
        } catch {
            self.logger.error(
                "Could not record which deletions are held.",
                metadata: ["pipeline": "\(self.source.pipeline.id)", "error": "\(error)"]
            )
        }
    }

    package func report(_ event: SourceEvent) async {
        self.retries.take(event, of: self.source.pipeline.id)
        await self.record(.source(event))
    }

    private func record(_ kind: IngestEvent.Kind) async {
        await self.board.record(IngestEvent(kind, in: self.source.pipeline.id, at: Date()))
    }

    /// Shows what the store remembers, so that a page is not empty after a restart.
    private func restoreStatus() async {
        let pipeline = self.source.pipeline.id
        do {
            let completed = try await self.store.recentlyStored(in: pipeline, limit: PipelineStatus.completedLimit)
            let failed = try await self.store.recentlyFailed(in: pipeline, limit: PipelineStatus.failedLimit)
            await self.record(
                .pipelineRestored(
                    completed: completed.compactMap(CompletedDocument.init),
                    failed: failed.compactMap(FailedDocument.init),
                    stored: try await self.store.totals(of: pipeline)
                )
            )
        } catch {
            self.logger.warning(
                "Could not read what the pipeline did before; its status begins empty.",
                metadata: ["pipeline": "\(pipeline)", "error": "\(error)"]
            )
        }
    }
}

extension CompletedDocument {
    /// Nil for an entry in another state than `.stored`.
    init?(_ entry: LedgerEntry) {
        guard case .stored(let results) = entry.state else { return nil }
        self.init(document: entry.document, completedAt: entry.updatedAt, results: results)
    }
}

extension FailedDocument {
    /// Nil for an entry in another state than `.failed`.
    package init?(_ entry: LedgerEntry) {
        guard case .failed(let failure, let attempt, let nextAttemptAt) = entry.state else { return nil }
        self.init(
            document: entry.document,
            failedAt: entry.updatedAt,
            failure: failure,
            attempt: attempt,
            nextAttemptAt: nextAttemptAt
        )
    }
}
