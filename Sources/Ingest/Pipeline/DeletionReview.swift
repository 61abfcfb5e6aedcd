package import FoundationEssentials

/// Lists the documents on hold, and carries out what a person decides about them.
package struct DeletionReview: Sendable {
    private let sources: [PipelineID: any Source]
    private let store: any Store
    private let removals: ConfirmedRemovals
    private let board: StatusBoard
    private let now: @Sendable () -> Date

    package init(
        sources: [any Source],
        store: any Store,
        removals: ConfirmedRemovals,
        board: StatusBoard,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sources = Dictionary(sources.map { ($0.pipeline.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.store = store
        self.removals = removals
        self.board = board
        self.now = now
    }

    /// A page of the documents whose files are gone.
    package func list(_ query: HeldDeletionQuery) async throws -> HeldDeletionPage {
        try await self.store.heldDeletions(query)
    }

    /// Lets documents go: notes that each is to be removed, which is done behind whatever is being done with it.
    ///
    /// Returns at once, whatever waits already; a restart forgets none of it.
    ///
    /// - Parameters:
    ///   - pipeline: Of which.
    ///   - includingKept: Whether those go too that were to be kept before.
    /// - Returns: How many.
    /// - Throws: What the store threw; then nothing was let go.
    package func confirm(in pipeline: PipelineID, includingKept: Bool) async throws -> Int {
        let confirmed = try await self.store.confirmHeld(in: pipeline, includingKept: includingKept)
        // Before the source hears of it: what it offers again then is not to be removed.
        self.removals.add(confirmed.documents)
        self.sources[pipeline]?.apply(.removed(confirmed.documents))
        await self.board.record(
            IngestEvent(.totalsChanged(stored: confirmed.totals), in: pipeline, at: self.now())
        )
        return confirmed.documents.count
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
