import FoundationEssentials

/// What is known of a document while a worker has it in hand.
struct DocumentJob {
    var document: SourceDocument
    let startedAt: Date
    /// What the ledger said before.
    var previous: LedgerEntry?
    var contentHash: String?
    var mediaType: String?
    private(set) var stage = Stage.extraction
    private var timings = StageTimings()
    private var stageStartedAt: Date
    /// Whether `documentStarted` was reported.
    var isAnnounced = false

    init(document: SourceDocument, startedAt: Date) {
        self.document = document
        self.startedAt = startedAt
        self.stageStartedAt = startedAt
    }

    /// Goes on to another stage; the one before ends now.
    mutating func enter(_ stage: Stage, at now: Date) {
        self.timings = self.timings(at: now)
        self.stage = stage
        self.stageStartedAt = now
    }

    /// What the stages took so far, the present one included.
    private func timings(at now: Date) -> StageTimings {
        var timings = self.timings
        timings[self.stage] = (timings[self.stage] ?? 0) + max(0, now.timeIntervalSince(self.stageStartedAt))
        return timings
    }

    /// Whether the content must go through the stages: it differs from what the ledger speaks of, or may now succeed.
    var mustProcess: Bool {
        guard let previous, previous.contentHash == self.contentHash, previous.mediaType == self.mediaType else {
            return true
        }
        switch previous.state {
        case .stored: return false
        case .skipped: return true
        case .failed(let failure, _, _): return failure.isRetryable
        }
    }

    /// Failed attempts on this same content; a document that changed starts anew.
    var previousAttempts: Int {
        guard let previous, case .failed(_, let attempt, _) = previous.state else { return 0 }
        guard let contentHash = self.contentHash else {
            return previous.document.fingerprint == self.document.fingerprint ? attempt : 0
        }
        return previous.contentHash == contentHash || previous.contentHash == nil ? attempt : 0
    }

    /// Whether the ledger says the same of it already, and nobody has asked for another attempt since.
    func hasFailed(with failure: DocumentFailure) -> Bool {
        guard case .failed(let known, let attempt, _)? = self.previous?.state else { return false }
        return known == failure && attempt > 0
    }

    /// The entry of a document that is stored now; `results` need not say yet how long it took.
    func storedEntry(_ results: Results, at now: Date) -> LedgerEntry {
        var results = results
        results.processingDuration = max(0, now.timeIntervalSince(self.startedAt))
        return self.entry(.stored(results), at: now)
    }

    func entry(_ state: LedgerEntry.State, at now: Date) -> LedgerEntry {
        LedgerEntry(
            document: self.document,
            state: state,
            contentHash: self.contentHash,
            mediaType: self.mediaType,
            updatedAt: now,
            timings: self.timings(at: now)
        )
    }
}
