import DequeModule

/// Which document to work on next: first come first served, each by one worker at a time.
///
/// Holds at most one change a document: a newer change replaces the one that waits. A document that changes while it
/// is being worked on waits outside the line and joins its end when the worker is done.
package struct JobQueue: Sendable {
    /// The most changes that wait; bounds memory at a few hundred bytes each.
    package let capacity: Int
    package private(set) var isClosed = false

    private var line: Deque<DocumentID> = []
    private var waiting: [DocumentID: Change] = [:]
    private var inHand: Set<DocumentID> = []
    private var waitingByPipeline: [PipelineID: Int] = [:]

    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many changes of a pipeline wait.
    package func waitingCount(in pipeline: PipelineID) -> Int { self.waitingByPipeline[pipeline, default: 0] }

    /// Adds a change, or replaces the one that waits for the same document.
    ///
    /// - Returns: False, with nothing changed, when the queue is full or closed.
    package mutating func offer(_ change: Change) -> Bool {
        let id = change.document
        guard !self.isClosed else { return false }
        if self.waiting[id] != nil {
            self.waiting[id] = change
            return true
        }
        guard self.waiting.count < self.capacity else { return false }
        self.waiting[id] = change
        self.waitingByPipeline[id.pipeline, default: 0] += 1
        if !self.inHand.contains(id) { self.line.append(id) }
        return true
    }

    /// Takes the oldest change whose document nobody is working on; `finish` must follow.
    package mutating func take() -> Change? {
        guard !self.isClosed, let id = self.line.popFirst(), let change = self.waiting.removeValue(forKey: id) else {
            return nil
        }
        self.waitingByPipeline[id.pipeline, default: 0] -= 1
        self.inHand.insert(id)
        return change
    }

    /// The worker that took a change of this document is done with it.
    package mutating func finish(_ id: DocumentID) {
        guard self.inHand.remove(id) != nil, self.waiting[id] != nil else { return }
        self.line.append(id)
    }

    /// Hands out nothing more; what waits is found again by the first check after a restart.
    package mutating func close() { self.isClosed = true }
}
