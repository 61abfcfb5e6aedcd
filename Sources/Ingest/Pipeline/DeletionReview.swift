package import FoundationEssentials

/// Lists the documents on hold, and carries out what a person decides about them.
package struct DeletionReview: Sendable {
    private let sources: [PipelineID: any Source]
    private let store: any Store
    private let dispatcher: JobDispatcher
    private let board: StatusBoard
    private let now: @Sendable () -> Date

    package init(
        sources: [any Source],
        store: any Store,
        dispatcher: JobDispatcher,
        board: StatusBoard,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sources = Dictionary(sources.map { ($0.pipeline.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.store = store
        self.dispatcher = dispatcher
        self.board = board
        self.now = now
    }

    /// The documents of a pipeline whose files are gone, by path; at most `limit`.
    package func list(in pipeline: PipelineID, limit: Int) async throws -> [HeldDeletion] {
        try await self.store.heldDeletions(in: pipeline, limit: limit)
    }

    /// Lets documents go: queues the removal of each, behind whatever is being done with it.
    ///
    /// - Parameters:
    ///   - pipeline: Of which.
    ///   - includingKept: Whether those go too that were to be kept before.
    /// - Returns: How many.
    /// - Throws: What the store threw, or `CancellationError` when the daemon stops first.
    package func confirm(in pipeline: PipelineID, includingKept: Bool) async throws -> Int {
        let documents = try await self.store.heldDeletions(in: pipeline, limit: .max)
            .filter { includingKept || $0.state == .held }.map(\.document)
        for document in documents { try await self.dispatcher.offer(.removed(document)) }
        self.sources[pipeline]?.apply(.removed(documents))
        return documents.count
    }

    /// Keeps documents without their files.
    ///
    /// - Returns: How many were on hold.
    package func discard(in pipeline: PipelineID) async throws -> Int {
        let documents = try await self.store.heldDeletions(in: pipeline, limit: .max)
            .filter { $0.state == .held }.map(\.document)
        let stored = try await self.store.keepHeld(in: pipeline)
        self.sources[pipeline]?.apply(.kept(documents))
        await self.board.record(IngestEvent(.totalsChanged(stored: stored), in: pipeline, at: self.now()))
        return documents.count
    }
}
