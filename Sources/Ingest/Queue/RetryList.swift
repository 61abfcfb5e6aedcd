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

    /// Makes due what waits in a pipeline.
    package mutating func hasten(_ pipeline: PipelineID, now: Date) {
        self.hasten(self.waiting.keys.filter { $0.pipeline == pipeline }, now: now)
    }

    /// Makes due what waits of these documents.
    package mutating func hasten(_ documents: [DocumentID], now: Date) {
        for id in documents {
            guard let waiting = self.waiting[id], waiting.due > now else { continue }
            self.waiting[id]?.due = now
        }
    }

    /// Takes out every change that is due, the earliest first, but for those of some pipelines.
    package mutating func takeDue(now: Date, except pipelines: Set<PipelineID> = []) -> [Change] {
        let due = self.waiting.values
            .filter { $0.due <= now && !pipelines.contains($0.change.document.pipeline) }
            .sorted { $0.due < $1.due }.map(\.change)
        for change in due { self.waiting[change.document] = nil }
        return due
    }
}
