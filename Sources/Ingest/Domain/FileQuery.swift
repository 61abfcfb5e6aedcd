/// Which files of the ledger to list, a page at a time.
package struct FileQuery: Equatable, Sendable {
    /// What is asked for of a file's state; each file is in exactly one.
    package enum State: String, Sendable, CaseIterable {
        case stored
        case skipped
        /// It failed and is tried again by itself.
        case retrying
        /// It failed and nobody tries it again until it changes or somebody asks: the dead letters.
        case failed
    }

    /// Nil means all, as with every field below.
    package var pipeline: PipelineID?
    /// Those that may be seen, whatever else is asked for.
    package var pipelines: Set<PipelineID>?
    package var state: State?
    /// A part of the path, without regard to the case of ASCII letters.
    package var text: String?
    package var fileID: String?
    /// The whole path below the watch location.
    package var path: String?
    /// `FilePage.next` of the page before.
    package var after: Int64
    /// How many at most, 1 or more.
    package var limit: Int

    package init(
        pipeline: PipelineID? = nil,
        pipelines: Set<PipelineID>? = nil,
        state: State? = nil,
        text: String? = nil,
        fileID: String? = nil,
        path: String? = nil,
        after: Int64 = 0,
        limit: Int = 100
    ) {
        self.pipeline = pipeline
        self.pipelines = pipelines
        self.state = state
        self.text = text
        self.fileID = fileID
        self.path = path
        self.after = after
        self.limit = limit
    }
}

/// A page of a list of files, in the order in which they were first seen.
package struct FilePage: Equatable, Sendable {
    package var entries: [LedgerEntry]
    /// Where the next page begins; nil when this is the last.
    package var next: Int64?

    package init(entries: [LedgerEntry], next: Int64?) {
        self.entries = entries
        self.next = next
    }
}

/// Which failed files somebody wants to be tried again.
package enum RetrySelection: Equatable, Sendable {
    /// One file, whether or not an attempt is still to come.
    case file(DocumentID)
    /// Every file in the state `FileQuery.State.failed`, of one pipeline or of all.
    case deadLetters(PipelineID?)
}

extension LedgerEntry {
    /// The state to look for it by.
    package var fileState: FileQuery.State {
        switch self.state {
        case .stored: .stored
        case .skipped: .skipped
        case .failed(_, _, let nextAttemptAt): nextAttemptAt == nil ? .failed : .retrying
        }
    }
}
