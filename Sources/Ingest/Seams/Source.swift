package import FoundationEssentials

/// Where documents come from: a directory, a Drive folder.
///
/// A source owns the identity of its documents (`DocumentID`) and knows what it has already offered. It keeps
/// nothing on disk: at start it is given the ledger, and whatever differs from it is a change.
package protocol Source: Sendable {
    var pipeline: Pipeline { get }

    /// Watches until the task is cancelled: first a full check against `known`, then changes as they happen.
    ///
    /// A place that cannot be read (missing directory, no network) is reported as `.unavailable` and tried again;
    /// it never looks like a deletion. Returns normally when cancelled.
    ///
    /// - Parameters:
    ///   - known: The ledger of this pipeline.
    ///   - held: Those of `known` whose files were gone and that a person has not let go: not to be removed.
    ///   - receiver: Takes what is noticed, in order.
    /// - Throws: Only what no later attempt can mend; the pipeline then ends in the state `error`.
    func run(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws

    /// Looks through the whole place once, as `run` does at first, and returns when everything that differs was offered.
    ///
    /// A place that cannot be read is reported as `.unavailable`. What is being written at the time is offered as it is
    /// then, once it has been quiet for as long as the source waits for that, or has had the time for it.
    ///
    /// - Throws: What no later attempt can mend; `CancellationError`.
    func checkOnce(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws

    /// Tells a running source what a person has decided about documents that it had put on hold.
    ///
    /// Their removal, if it is that, is decided and may be done already; a source that sees such a file after all offers it again.
    func apply(_ decision: HeldDecision)

    /// Whether a document's content is certain to be what it was, so that only its place is to be updated.
    func hasSameContent(_ document: SourceDocument, as previous: SourceDocument) -> Bool

    /// Makes a document's content readable as a local file, and hashes it.
    ///
    /// - Throws: A `DocumentError`: gone, unreadable, larger than allowed, a name that cannot be used.
    func fetch(_ document: SourceDocument) async throws -> FetchedContent

    /// Ends a fetch: deletes the file if it was made for it. Called once for each `fetch` that returned.
    func release(_ content: FetchedContent) async

    /// Asks for a full check now, beside the regular ones; several requests before it begins are one.
    ///
    /// - Returns: False for a source that cannot be asked.
    func requestCheck() -> Bool
}

extension Source {
    /// Nothing to do for a source that puts nothing on hold.
    package func apply(_ decision: HeldDecision) {}

    package func requestCheck() -> Bool { false }

    /// Nothing is certain: the content is hashed.
    package func hasSameContent(_ document: SourceDocument, as previous: SourceDocument) -> Bool { false }
}

/// What a source says about itself; facts, in the past tense.
package enum SourceEvent: Equatable, Sendable {
    /// A full check of the source began.
    case checkStarted
    /// A full check ended; every change it found has been offered. The next begins at `nextCheckAt`.
    ///
    /// `problem` says which part of the place could not be read and what to do; `warning` what a person should know
    /// although everything was read. What an earlier check said of both is over.
    case checkFinished(nextCheckAt: Date, problem: String? = nil, warning: String? = nil)
    /// The place cannot be read; `message` says why and what to do. Ends with the next `checkFinished`.
    ///
    /// `nextCheckAt` is nil when it is not tried again.
    case unavailable(message: String, nextCheckAt: Date? = nil)
}

/// Takes what a source notices.
package protocol ChangeReceiver: Sendable {
    /// Queues a change; suspends while the queue is full.
    ///
    /// - Throws: `CancellationError` when the daemon stops first.
    func offer(_ change: Change) async throws

    /// Where the last run had got to: the cursor that was committed last.
    func cursor() async throws -> String?

    /// Commits a cursor as soon as everything that was offered before it has been dealt with; returns at once.
    func advance(to cursor: String) async throws

    /// Puts documents on hold: their files are gone, so many at once that a person must say whether they may go too.
    func hold(_ documents: [DocumentID]) async

    /// The files of documents on hold are back.
    func release(_ documents: [DocumentID]) async

    /// Records what the source says about itself.
    func report(_ event: SourceEvent) async
}
