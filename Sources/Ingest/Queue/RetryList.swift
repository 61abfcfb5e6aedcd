package import FoundationEssentials

/// Changes that failed and wait for their next attempt, one a document.
package struct RetryList: Sendable {
    private var waiting: [DocumentID: (change: Change, due: Date)] = [:]

    package init() {}

    /// Schedules a change, in place of what was scheduled for its document before.
    package mutating func schedule(_ change: Change, due: Date) {
        self.waiting[change.document] = (change, due)
    }

    /// The document changed, got through or is gone: its attempt is no longer needed.
    package mutating func forget(_ id: DocumentID) { self.waiting[id] = nil }

    /// Takes out every change that is due, the earliest first.
    package mutating func takeDue(now: Date) -> [Change] {
        let due = self.waiting.values.filter { $0.due <= now }.sorted { $0.due < $1.due }.map(\.change)
        for change in due { self.waiting[change.document] = nil }
        return due
    }
}
