package import FoundationEssentials

/// The durable truth: documents, chunks, vectors, and the ledger of every file.
///
/// Each method is one transaction; it is either wholly done or throws and changed nothing. Methods may be called
/// concurrently.
package protocol Store: Sendable {
    /// Every ledger entry of a pipeline, in no order.
    func ledger(of pipeline: PipelineID) async throws -> [LedgerEntry]

    /// What is known of one document.
    func entry(for id: DocumentID) async throws -> LedgerEntry?

    /// Swaps a document's chunks, vectors, tables, metadata and ledger entry for a new version.
    ///
    /// - Returns: The ledger entry as it was written, and what the pipeline holds afterwards; cheap, without counting
    ///   rows.
    func replace(with version: DocumentVersion) async throws -> StoredVersion

    /// Records that a document failed or was skipped, or that its place, name or fingerprint changed.
    ///
    /// `.failed` keeps the chunks of an older version, `.skipped` removes them, `.stored` updates what the
    /// chunks say of path, name and address.
    ///
    /// - Returns: What the pipeline holds afterwards.
    func record(_ entry: LedgerEntry) async throws -> StoreTotals

    /// Removes everything of a document.
    ///
    /// - Returns: What went; nil if the document was not known.
    func remove(_ id: DocumentID) async throws -> StoreRemoval?

    /// Notes that the files of documents are gone, and that nothing is removed before a person has said so.
    ///
    /// Everything of them stays. A document that is not known, or that is held or kept already, is passed over.
    ///
    /// - Parameters:
    ///   - documents: Which; all of `pipeline`.
    ///   - pipeline: Whose totals to return.
    ///   - since: When they were found to be gone.
    /// - Returns: What the pipeline holds afterwards.
    /// - Throws: Why nothing was noted.
    func hold(_ documents: [DocumentID], in pipeline: PipelineID, since: Date) async throws -> StoreTotals

    /// Forgets what `hold` noted of documents whose files are back.
    func release(_ documents: [DocumentID], in pipeline: PipelineID) async throws -> StoreTotals

    /// Turns every document of a pipeline that is `.held` into one that is `.kept`.
    func keepHeld(in pipeline: PipelineID) async throws -> StoreTotals

    /// Turns every document of a pipeline that is `.held`, and those that are `.kept` if that is wanted, into ones that
    /// are to be removed; they stay as they are until `remove`.
    func confirmHeld(in pipeline: PipelineID, includingKept: Bool) async throws -> ConfirmedDeletions

    /// What `confirmHeld` left to be removed, and nobody has removed or withdrawn.
    func confirmedDeletions(in pipeline: PipelineID) async throws -> [DocumentID]

    /// Forgets that a document is to be removed, as its file is there after all.
    func withdrawConfirmation(of id: DocumentID) async throws

    /// What `hold` noted and nobody has undone, by path; at most `limit`.
    func heldDeletions(in pipeline: PipelineID, limit: Int) async throws -> [HeldDeletion]

    /// A page of what `hold` noted and nobody has undone, and how much of it there is.
    func heldDeletions(_ query: HeldDeletionQuery) async throws -> HeldDeletionPage

    /// The stored vectors of these exact texts, whichever document they belong to.
    ///
    /// - Returns: One element per text, in the same order; nil where none is stored for the store's model.
    func vectors(for texts: [String]) async throws -> [[Float]?]

    /// Finds passages by full text and by vector, fused by reciprocal rank.
    func search(_ query: SearchQuery) async throws -> [SearchHit]

    /// Counts what is stored now.
    func totals(of pipeline: PipelineID) async throws -> StoreTotals

    /// The newest ledger entries in the state `.stored`, newest first.
    func recentlyStored(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry]

    /// The newest ledger entries in the state `.failed`, newest first.
    func recentlyFailed(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry]

    /// Files of the ledger, in the order in which they were first seen.
    func files(_ query: FileQuery) async throws -> FilePage

    /// What came of a document, the newest first; at most `HistoryEntry.limit`.
    ///
    /// Every `replace` and `record` that says more than another fingerprint adds an entry, in its transaction.
    func history(of id: DocumentID) async throws -> [HistoryEntry]

    /// The passages of a document in their order.
    ///
    /// - Parameters:
    ///   - id: Which document.
    ///   - index: The index of the first.
    ///   - limit: How many at most, 1 or more.
    /// - Returns: None for a document that is not known or has none.
    /// - Throws: What the store cannot read.
    func chunks(of id: DocumentID, from index: Int, limit: Int) async throws -> [Chunk]

    /// Gives failed files a new start: no attempt made so far counts, and the next one is due.
    ///
    /// Also a failure that is not retryable is tried again then; somebody asked for it.
    ///
    /// - Returns: The entries as they are now; empty when nothing that was selected had failed.
    func resetFailures(_ selection: RetrySelection, at now: Date) async throws -> [LedgerEntry]

    /// The cursor of this pipeline that was committed last, by `replace` or by `commit`.
    func cursor(of pipeline: PipelineID) async throws -> String?

    /// Commits a cursor that covers no document which is yet to be stored.
    func commit(cursor: String, of pipeline: PipelineID) async throws
}

/// One version of a document, ready to be stored.
package struct DocumentVersion: Sendable {
    /// Its state is `.stored`.
    package var entry: LedgerEntry
    /// The same entry with the times of the moment at which it is called; nil when `entry` says them.
    ///
    /// Called when everything else has been written, so that the ledger says what that took.
    package var finishedEntry: (@Sendable () -> LedgerEntry)?
    package var title: String?
    package var chunks: [Chunk]
    /// One unit-length vector per chunk: `[chunks.count][model.dimensions]`.
    package var vectors: [[Float]]
    /// Read once, within the transaction.
    package var tables: DocumentTables?
    /// Committed with the version when not nil: everything up to here has been stored.
    package var cursor: String?

    package init(
        entry: LedgerEntry,
        finishedEntry: (@Sendable () -> LedgerEntry)? = nil,
        title: String?,
        chunks: [Chunk],
        vectors: [[Float]],
        tables: DocumentTables? = nil,
        cursor: String? = nil
    ) {
        self.entry = entry
        self.finishedEntry = finishedEntry
        self.title = title
        self.chunks = chunks
        self.vectors = vectors
        self.tables = tables
        self.cursor = cursor
    }
}

/// What storing a version came to.
package struct StoredVersion: Equatable, Sendable {
    /// The ledger entry as it was written.
    package var entry: LedgerEntry
    /// What the pipeline holds afterwards.
    package var totals: StoreTotals

    package init(entry: LedgerEntry, totals: StoreTotals) {
        self.entry = entry
        self.totals = totals
    }
}

/// How much of a pipeline is searchable now, and what of it waits for somebody or something.
package struct StoreTotals: Equatable, Sendable {
    package var documents: Int
    package var chunks: Int
    /// Goes up whenever the counts of the pipeline change, also over restarts: of two totals that arrive in any
    /// order, the one with the higher revision is the newer.
    package var revision: Int
    /// Documents whose removal waits for a person's decision; kept ones are not among them.
    package var heldDeletions: Int

    /// Files in the state `FileQuery.State.failed`: nobody tries them again unasked.
    package var failed: Int
    /// Files in the state `FileQuery.State.retrying`.
    package var retrying: Int

    package init(
        documents: Int, chunks: Int, revision: Int, heldDeletions: Int = 0, failed: Int = 0, retrying: Int = 0
    ) {
        self.documents = documents
        self.chunks = chunks
        self.revision = revision
        self.heldDeletions = heldDeletions
        self.failed = failed
        self.retrying = retrying
    }
}

/// What removing a document took out of the store.
package struct StoreRemoval: Equatable, Sendable {
    /// The ledger entry that it had.
    package var entry: LedgerEntry
    package var chunks: Int
    /// What the pipeline holds afterwards.
    package var totals: StoreTotals

    package init(entry: LedgerEntry, chunks: Int, totals: StoreTotals) {
        self.entry = entry
        self.chunks = chunks
        self.totals = totals
    }
}
