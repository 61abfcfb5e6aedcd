package import FoundationEssentials

/// What the daemon knows durably about one document of a source.
package struct LedgerEntry: Equatable, Sendable {
    package enum State: Equatable, Sendable {
        /// Its chunks are in the store.
        case stored(Results)
        /// Nothing to store, for a reason a person understands: `unsupported type 'video/mp4'`.
        case skipped(reason: String)
        /// The newest content did not get through; chunks of an older version stay searchable.
        ///
        /// `attempt` counts those that the document may be the cause of: 0 when there was none yet; `nextAttemptAt` is nil when no further attempt will be made.
        case failed(DocumentFailure, attempt: Int, nextAttemptAt: Date?)
    }

    package var document: SourceDocument
    package var state: State
    /// SHA-256 of the content that `state` speaks of; nil when it could not be read.
    package var contentHash: String?
    /// The media type found by looking at the content.
    package var mediaType: String?
    package var updatedAt: Date
    /// What the stages of the last attempt took; those it did not get to are missing.
    package var timings: StageTimings

    package init(
        document: SourceDocument,
        state: State,
        contentHash: String?,
        mediaType: String?,
        updatedAt: Date,
        timings: StageTimings = StageTimings()
    ) {
        self.document = document
        self.state = state
        self.contentHash = contentHash
        self.mediaType = mediaType
        self.updatedAt = updatedAt
        self.timings = timings
    }
}

/// What came of processing a document; the field names on the wire are these in snake case.
package struct Results: Hashable, Sendable, Codable {
    package var chunksCreated: Int
    package var embeddingsGenerated: Int
    package var embeddingsReused: Int
    /// Seconds, from fetch to stored.
    package var processingDuration: Double
    /// Unicode scalars of extracted text.
    package var contentLength: Int

    package init(
        chunksCreated: Int,
        embeddingsGenerated: Int,
        embeddingsReused: Int,
        processingDuration: Double,
        contentLength: Int
    ) {
        self.chunksCreated = chunksCreated
        self.embeddingsGenerated = embeddingsGenerated
        self.embeddingsReused = embeddingsReused
        self.processingDuration = processingDuration
        self.contentLength = contentLength
    }
}
