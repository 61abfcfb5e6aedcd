package import FoundationEssentials

/// How a pipeline is doing; the raw values are wire format.
package enum PipelineState: String, Sendable, Codable, CaseIterable {
    /// Started, its place not looked at yet.
    case initializing
    case online
    case paused
    /// Its place cannot be read, and nothing is deleted meanwhile, or nothing gets through for a cause that is in no
    /// document; `PipelineStatus.problem` and `hindrance` say why.
    case error
    case offline
}

/// A document that a worker has in hand.
package struct ActiveDocument: Equatable, Sendable {
    package var document: SourceDocument
    /// Found by looking at the content; nil when it could not be read.
    package var mediaType: String?
    package var startedAt: Date
    /// Seconds that it will take, from what others of its type and size took; nil until something is known.
    package var estimatedDuration: Double?
    package var stage = Stage.extraction
    /// 0 to 1 of the whole document; never decreases.
    package var progress = 0.0

    package init(document: SourceDocument, mediaType: String?, startedAt: Date, estimatedDuration: Double?) {
        self.document = document
        self.mediaType = mediaType
        self.startedAt = startedAt
        self.estimatedDuration = estimatedDuration
    }
}

/// A document that got through.
package struct CompletedDocument: Equatable, Sendable {
    package var document: SourceDocument
    package var completedAt: Date
    package var results: Results

    package init(document: SourceDocument, completedAt: Date, results: Results) {
        self.document = document
        self.completedAt = completedAt
        self.results = results
    }
}

/// A document that did not get through.
package struct FailedDocument: Equatable, Sendable {
    package var document: SourceDocument
    package var failedAt: Date
    package var failure: DocumentFailure
    /// Those that the document may be the cause of: 0 when there was none yet.
    package var attempt: Int
    /// Nil when no further attempt will be made.
    package var nextAttemptAt: Date?
    /// Whether the cause may be in the document; if not, it hinders others too.
    package var concernsDocument: Bool

    package init(
        document: SourceDocument,
        failedAt: Date,
        failure: DocumentFailure,
        attempt: Int,
        nextAttemptAt: Date?,
        concernsDocument: Bool = true
    ) {
        self.document = document
        self.failedAt = failedAt
        self.failure = failure
        self.attempt = attempt
        self.nextAttemptAt = nextAttemptAt
        self.concernsDocument = concernsDocument
    }
}

/// What is shown of one pipeline: sent whole when someone connects, then as events.
package struct PipelineStatus: Equatable, Sendable {
    /// How many of the newest completed and failed documents are kept for display.
    package static let completedLimit = 10
    package static let failedLimit = 5

    package let pipeline: Pipeline
    package var state = PipelineState.initializing
    /// Why `state` is `.error`, and what to do.
    package var problem: String?
    /// What kept a document from getting through that is in no document: the embedding service, the disk.
    ///
    /// Nil again as soon as one gets through.
    package var hindrance: String?
    /// What a person should know although everything can be read.
    package var warning: String?
    package var startedAt: Date
    package var lastActivityAt: Date?
    package var lastCheckAt: Date?
    package var nextCheckAt: Date?
    package var isChecking = false
    /// Whether somebody stopped its work for a while; `state` is then `.paused` unless its place cannot be read.
    package var isPaused = false
    /// In the order in which they were started.
    package var processing: [ActiveDocument] = []
    /// Newest first.
    package var completed: [CompletedDocument] = []
    /// Newest first; a document leaves it when a later attempt gets through.
    ///
    /// `stored` counts all that have failed.
    package var failed: [FailedDocument] = []
    /// Changes that wait for a worker.
    package var queued = 0
    /// Since `startedAt`.
    package var totalProcessed = 0
    package var totalFailed = 0
    package var totalSkipped = 0
    package var totalRemoved = 0
    /// Of `totalSkipped`: those that were what they had been.
    package var totalUnchanged = 0
    /// What came of all of `totalProcessed`.
    package var work = Work()
    /// What was finished and what failed, minute by minute.
    package var history = ActivityHistory()
    /// In the store now.
    package var stored = StoreTotals(documents: 0, chunks: 0, revision: 0)

    /// Sums over documents.
    package struct Work: Equatable, Sendable {
        package var bytes = 0
        package var chunksCreated = 0
        package var embeddingsGenerated = 0
        package var embeddingsReused = 0

        package init() {}

        mutating func add(_ completed: CompletedDocument) {
            self.bytes += completed.document.size ?? 0
            self.chunksCreated += completed.results.chunksCreated
            self.embeddingsGenerated += completed.results.embeddingsGenerated
            self.embeddingsReused += completed.results.embeddingsReused
        }
    }

    package init(pipeline: Pipeline, startedAt: Date) {
        self.pipeline = pipeline
        self.startedAt = startedAt
    }

    /// Everything that a person should act upon, in one text; nil when there is nothing.
    package var notice: String? {
        let count = self.stored.heldDeletions
        let files =
            count == 1 ? "1 file is gone and its document is" : "\(count) files are gone and their documents are"
        let held: String? =
            count == 0
            ? nil
            : "\(files) kept until someone decides: see 'corpusd deletions list', then run "
                + "'corpusd deletions confirm' to remove or 'corpusd deletions discard' to keep them"
        let notices = [self.problem, self.hindrance, held, self.warning].compactMap { $0 }
        return notices.isEmpty ? nil : notices.joined(separator: "; ")
    }
}
