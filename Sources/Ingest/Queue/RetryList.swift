package import FoundationEssentials

/// Failed documents that wait for their next attempt.
package struct RetryList: Sendable {
    private var waiting: [DocumentID: (document: SourceDocument, due: Date)] = [:]

    package init() {}

    /// Schedules a document, in place of what was scheduled for it before.
    package mutating func schedule(_ document: SourceDocument, due: Date) {
        self.waiting[document.id] = (document, due)
    }

    /// The document changed, got through or is gone: its attempt is no longer needed.
    package mutating func forget(_ id: DocumentID) { self.waiting[id] = nil }

    /// Takes out every document that is due.
    package mutating func takeDue(now: Date) -> [SourceDocument] {
        let due = self.waiting.values.filter { $0.due <= now }.sorted { $0.due < $1.due }.map(\.document)
        for document in due { self.waiting[document.id] = nil }
        return due
    }
}
