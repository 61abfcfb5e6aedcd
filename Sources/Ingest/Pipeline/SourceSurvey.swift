/// Takes what one check of a source finds and does nothing about it.
///
/// For commands that say what would be done, or compare a place with the ledger.
package actor SourceSurvey: ChangeReceiver {
    /// Everything that was found.
    package struct Findings: Sendable {
        /// In the order in which they were offered.
        package var changes: [Change] = []
        /// Would be held: so many at once that a person must decide.
        package var held: [DocumentID] = []
        /// Were held, and their files are back.
        package var released: [DocumentID] = []
        /// Why the place, or a part of it, could not be read.
        package var problem: String?
    }

    package private(set) var findings = Findings()
    private let storedCursor: String?

    /// - Parameter cursor: Where the last run had got to.
    package init(cursor: String?) { self.storedCursor = cursor }

    package func offer(_ change: Change) async throws {
        try Task.checkCancellation()
        self.findings.changes.append(change)
    }

    package func cursor() async throws -> String? { self.storedCursor }

    package func advance(to cursor: String) async throws {}

    package func hold(_ documents: [DocumentID]) async { self.findings.held += documents }

    package func release(_ documents: [DocumentID]) async { self.findings.released += documents }

    package func report(_ event: SourceEvent) async {
        switch event {
        case .checkStarted: break
        case .checkFinished(_, let problem, _): self.findings.problem = problem
        case .unavailable(let message, _): self.findings.problem = message
        }
    }
}

extension Source {
    /// Compares the place with the ledger once, and changes nothing.
    ///
    /// - Parameters:
    ///   - known: The ledger of the pipeline.
    ///   - held: Those of `known` whose files were gone before.
    ///   - cursor: Where the last run had got to.
    /// - Returns: What was found.
    /// - Throws: What no later attempt can mend, or `CancellationError`.
    package func survey(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        cursor: String?
    ) async throws -> SourceSurvey.Findings {
        let survey = SourceSurvey(cursor: cursor)
        try await self.checkOnce(known: known, held: held, into: survey)
        return await survey.findings
    }
}
