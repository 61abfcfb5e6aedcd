package import Ingest

/// One thing in which the tables of a database do not agree.
package struct StoreFault: Equatable, Sendable {
    /// What is wrong; the raw values are what `corpusd verify --json` says.
    package enum Kind: String, Sendable, CaseIterable {
        /// SQLite finds the file itself damaged.
        case damaged
        /// A row that belongs to none: of a document or a file that is not there.
        case orphan
        /// The ledger says that it is stored, and there is no document.
        case documentMissing = "document_missing"
        /// The ledger says that there is nothing to store, and there is a document.
        case documentUnexpected = "document_unexpected"
        /// Passages are missing, or there are more than there should be.
        case chunksWrong = "chunks_wrong"
        /// A passage has no vector that can be read.
        case vectorMissing = "vector_missing"
        /// The vectors for scanning are not those of the passages.
        case vectorIndex = "vector_index"
        /// The full-text index is not that of the passages.
        case fullTextIndex = "full_text_index"
        /// A pipeline counts another number than there are.
        case totals
        /// A passage is not the text that its hash was made of.
        case textHash = "text_hash"

        /// What can only be made anew from the file itself: mending asks for it, the next check does it.
        package static let mendedByTheirFiles: Set<Kind> = [.documentMissing, .chunksWrong, .vectorMissing, .textHash]
    }

    package var kind: Kind
    /// Nil where it concerns no document, or none that is known.
    package var document: DocumentID?
    /// Where its file lies, as far as the ledger knows.
    package var path: String?
    /// What exactly, for people.
    package var detail: String

    package init(_ kind: Kind, document: DocumentID? = nil, path: String? = nil, detail: String) {
        self.kind = kind
        self.document = document
        self.path = path
        self.detail = detail
    }
}

/// What a database was found to be like.
package struct StoreFindings: Equatable, Sendable {
    /// Of one kind, so many are named; all are counted.
    package static let namedLimit = 100

    /// The first of each kind.
    package private(set) var faults: [StoreFault] = []
    /// How many there are of each kind.
    package private(set) var counts: [StoreFault.Kind: Int] = [:]
    /// Whether every word of the full-text index was compared, and not only which passages are in it.
    package var comparedFullText = false

    package init() {}

    package var isSound: Bool { self.counts.isEmpty }

    mutating func add(_ fault: StoreFault) {
        let count = self.counts[fault.kind, default: 0] + 1
        self.counts[fault.kind] = count
        if count <= Self.namedLimit { self.faults.append(fault) }
    }
}
