package import FoundationEssentials

/// A document whose file is gone from its source, and which stays searchable until a person decides or the file is back.
package struct HeldDeletion: Equatable, Sendable {
    /// How far the decision is; the raw values are in the database and on the wire.
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Nobody has decided yet.
        case held
        /// A person decided to keep the document without its file.
        case kept
    }

    package var document: DocumentID
    /// Where the file was.
    package var path: String
    package var state: State
    /// When it was found to be gone.
    package var since: Date

    package init(document: DocumentID, path: String, state: State, since: Date) {
        self.document = document
        self.path = path
        self.state = state
        self.since = since
    }
}

/// Which deletions on hold to list, a page at a time.
package struct HeldDeletionQuery: Equatable, Sendable {
    package var pipelines: Set<PipelineID>
    /// Nil means all.
    package var state: HeldDeletion.State?
    /// `HeldDeletionPage.next` of the page before.
    package var after: Int64
    /// How many at most, 1 or more.
    package var limit: Int

    package init(
        pipelines: Set<PipelineID>, state: HeldDeletion.State? = nil, after: Int64 = 0, limit: Int = 1_000
    ) {
        self.pipelines = pipelines
        self.state = state
        self.after = after
        self.limit = limit
    }
}

/// A page of a list of deletions on hold, in the order in which the files were first seen.
package struct HeldDeletionPage: Equatable, Sendable {
    package var deletions: [HeldDeletion]
    /// How many there are in all of each pipeline and state, whatever the page has; none is left out.
    package var counts: [PipelineID: [HeldDeletion.State: Int]]
    /// Where the next page begins; nil when this is the last.
    package var next: Int64?

    package init(
        deletions: [HeldDeletion], counts: [PipelineID: [HeldDeletion.State: Int]], next: Int64?
    ) {
        self.deletions = deletions
        self.counts = counts
        self.next = next
    }
}

/// Documents that a person has let go, and that are yet to be removed.
package struct ConfirmedDeletions: Equatable, Sendable {
    package var documents: [DocumentID]
    /// What their pipeline holds now.
    package var totals: StoreTotals

    package init(documents: [DocumentID], totals: StoreTotals) {
        self.documents = documents
        self.totals = totals
    }
}

/// What a person decided about documents on hold.
package enum HeldDecision: Equatable, Sendable {
    /// They go as their files did.
    case removed([DocumentID])
    /// They stay without their files; nobody is asked again until those come back.
    case kept([DocumentID])

    package var documents: [DocumentID] {
        switch self {
        case .removed(let documents), .kept(let documents): documents
        }
    }
}
