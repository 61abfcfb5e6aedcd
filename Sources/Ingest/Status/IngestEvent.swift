package import FoundationEssentials

/// A fact about one pipeline, in the past tense: nothing can refuse it.
package struct IngestEvent: Equatable, Sendable {
    package var pipeline: PipelineID
    package var at: Date
    package var kind: Kind

    package init(_ kind: Kind, in pipeline: PipelineID, at: Date) {
        self.kind = kind
        self.pipeline = pipeline
        self.at = at
    }

    package enum Kind: Equatable, Sendable {
        /// The daemon began with what the store remembers; both lists newest first.
        case pipelineRestored(completed: [CompletedDocument], failed: [FailedDocument], stored: StoreTotals)
        case pipelineStopped(StopReason)
        /// The source said something about itself.
        case source(SourceEvent)
        /// Somebody stopped the pipeline's work for a while, or let it go on.
        case pauseChanged(isPaused: Bool)
        /// How many changes wait for a worker now.
        case queueChanged(waiting: Int)
        case documentStarted(ActiveDocument)
        /// `progress` is 0 to 1 of the whole document.
        case documentProgressed(DocumentID, name: String, stage: Stage, progress: Double)
        case documentStored(CompletedDocument, stored: StoreTotals)
        /// `stored` is nil when the store could not be told.
        case documentFailed(FailedDocument, stored: StoreTotals?)
        /// Another attempt ended as the last one did, which is no news: only the next attempt is another.
        case documentPostponed(FailedDocument, stored: StoreTotals?)
        /// Nothing to do for it; `stored` is nil when the store did not change.
        case documentSkipped(DocumentID, stored: StoreTotals?)
        /// What the store counts is another than before, and no work on a document was the cause: documents were put on
        /// hold or let go, or failed ones got a new start.
        case totalsChanged(stored: StoreTotals)
        case documentRemoved(DocumentID, name: String, chunks: Int, stored: StoreTotals)
    }

    /// Why a pipeline went offline; the raw values are wire format.
    package enum StopReason: String, Sendable {
        case normalShutdown = "normal_shutdown"
        case error
        case timeout
    }
}
