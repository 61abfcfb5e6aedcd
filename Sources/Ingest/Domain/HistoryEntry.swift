package import FoundationEssentials

/// One thing that came of a document: what the ledger said of it at some time.
package struct HistoryEntry: Equatable, Sendable {
    /// The most entries that are kept of a document; the oldest go first.
    package static let limit = 20

    /// What came of it; the raw values are in the database and on the wire.
    package enum Outcome: String, Sendable, Codable, CaseIterable {
        case stored
        case skipped
        case failed
        /// Its content is what it was; it lies elsewhere or has another name.
        case moved
    }

    package var at: Date
    package var outcome: Outcome
    /// Where it lay then, below the watch location.
    package var path: String
    /// Why it was skipped, or what failed.
    package var message: String?
    /// `DocumentFailure.type`.
    package var errorType: String?
    /// The stage that failed.
    package var stage: Stage?
    /// Which attempt failed, from 1.
    package var attempt: Int?
    package var chunksCreated: Int?
    package var embeddingsReused: Int?
    /// Seconds, from fetch to stored.
    package var duration: Double?

    package init(at: Date, outcome: Outcome, path: String) {
        self.at = at
        self.outcome = outcome
        self.path = path
    }

    /// What an entry of the ledger says.
    package init(_ entry: LedgerEntry) {
        self.init(at: entry.updatedAt, outcome: Self.outcome(of: entry.state), path: entry.document.path)
        switch entry.state {
        case .stored(let results):
            self.chunksCreated = results.chunksCreated
            self.embeddingsReused = results.embeddingsReused
            self.duration = results.processingDuration
        case .skipped(let reason):
            self.message = reason
        case .failed(let failure, let attempt, _):
            self.message = failure.message
            self.errorType = failure.type
            self.stage = failure.stage
            self.attempt = attempt
        }
    }

    private static func outcome(of state: LedgerEntry.State) -> Outcome {
        switch state {
        case .stored: .stored
        case .skipped: .skipped
        case .failed: .failed
        }
    }
}
