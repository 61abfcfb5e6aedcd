import DequeModule

/// Which document to work on next: first come first served, each by one worker at a time.
///
/// Holds at most one change a document: a newer change replaces the one that waits. A document that changes while it
/// is being worked on waits outside the line and joins its end when the worker is done. Large documents have a line of
/// their own, of which only so many are in hand at once: small ones pass them, and none of them starves.
package struct JobQueue: Sendable {
    /// From how many bytes on a document is large: as a text, some ten seconds of embedding.
    package static let largeSize = 1_000_000

    private struct Ticket {
        var number: UInt64
        var id: DocumentID
    }

    /// The most changes of one pipeline that wait; bounds memory at a few hundred bytes each.
    ///
    /// Each pipeline has a line's worth of its own, so that one that is paused does not hold up the others.
    package let capacity: Int
    /// The most large documents in hand at once, 1 or more.
    package let maxLargeInHand: Int
    package private(set) var isClosed = false

    private var smallLine: Deque<Ticket> = []
    private var largeLine: Deque<Ticket> = []
    private var nextNumber: UInt64 = 0
    private var waiting: [DocumentID: Change] = [:]
    private var inHand: [DocumentID: Bool] = [:]
    private var largeInHand = 0
    private var waitingByPipeline: [PipelineID: Int] = [:]
    /// What left the line because its pipeline is paused, in order; a paused pipeline has an entry.
    private var paused: [PipelineID: [Ticket]] = [:]

    package init(capacity: Int, maxLargeInHand: Int = .max) {
        self.capacity = capacity
        self.maxLargeInHand = maxLargeInHand
    }

    /// Whether nothing waits and nothing is in hand.
    package var isIdle: Bool { self.waiting.isEmpty && self.inHand.isEmpty }

    /// How many changes of a pipeline wait.
    package func waitingCount(in pipeline: PipelineID) -> Int { self.waitingByPipeline[pipeline, default: 0] }

    /// Adds a change, or replaces the one that waits for the same document.
    ///
    /// - Parameters:
    ///   - change: What is to be done.
    ///   - isRetry: Whether it is an old one, tried again: it gives way to the one that waits.
    /// - Returns: False, with nothing changed, when the queue is full for its pipeline, or closed.
    package mutating func offer(_ change: Change, isRetry: Bool = false) -> Bool {
        let id = change.document
        guard !self.isClosed else { return false }
        if self.waiting[id] != nil {
            if !isRetry { self.waiting[id] = change }
            return true
        }
        guard self.waitingCount(in: id.pipeline) < self.capacity else { return false }
        self.waiting[id] = change
        self.waitingByPipeline[id.pipeline, default: 0] += 1
        if self.inHand[id] == nil { self.join(change) }
        return true
    }

    /// Takes the oldest change that may be worked on now; `finish` must follow.
    package mutating func take() -> Change? {
        guard !self.isClosed, let ticket = self.nextTicket(), let change = self.waiting.removeValue(forKey: ticket.id)
        else { return nil }
        self.waitingByPipeline[ticket.id.pipeline, default: 0] -= 1
        self.inHand[ticket.id] = change.isLarge
        if change.isLarge { self.largeInHand += 1 }
        return change
    }

    /// Hands out nothing more of a pipeline until `resume`; what is in hand goes on.
    package mutating func pause(_ pipeline: PipelineID) {
        if self.paused[pipeline] == nil { self.paused[pipeline] = [] }
    }

    /// Ends a pause; what was held up has the place in the line that it had.
    package mutating func resume(_ pipeline: PipelineID) {
        for ticket in self.paused.removeValue(forKey: pipeline) ?? [] {
            if self.waiting[ticket.id]?.isLarge == true {
                self.largeLine.append(ticket)
            } else {
                self.smallLine.append(ticket)
            }
        }
        self.smallLine.sort { $0.number < $1.number }
        self.largeLine.sort { $0.number < $1.number }
    }

    package func isPaused(_ pipeline: PipelineID) -> Bool { self.paused[pipeline] != nil }

    /// The worker that took a change of this document is done with it.
    package mutating func finish(_ id: DocumentID) {
        guard let isLarge = self.inHand.removeValue(forKey: id) else { return }
        if isLarge { self.largeInHand -= 1 }
        if let change = self.waiting[id] { self.join(change) }
    }

    /// Hands out nothing more; what waits is found again by the first check after a restart.
    package mutating func close() { self.isClosed = true }

    private mutating func join(_ change: Change) {
        let ticket = Ticket(number: self.nextNumber, id: change.document)
        self.nextNumber += 1
        if change.isLarge { self.largeLine.append(ticket) } else { self.smallLine.append(ticket) }
    }

    private mutating func nextTicket() -> Ticket? {
        self.setPausedAside(\.smallLine)
        self.setPausedAside(\.largeLine)
        let large = self.largeInHand < self.maxLargeInHand ? self.largeLine.first : nil
        guard let large else { return self.smallLine.popFirst() }
        if let small = self.smallLine.first, small.number < large.number { return self.smallLine.popFirst() }
        return self.largeLine.popFirst()
    }
}

extension JobQueue {
    /// Takes out of a line what stands at its head and is of a paused pipeline.
    private mutating func setPausedAside(_ line: WritableKeyPath<JobQueue, Deque<Ticket>>) {
        while let ticket = self[keyPath: line].first, self.paused[ticket.id.pipeline] != nil {
            self[keyPath: line].removeFirst()
            self.paused[ticket.id.pipeline]?.append(ticket)
        }
    }
}

extension Change {
    /// Whether working on it may take so long that others should not have to wait for it.
    fileprivate var isLarge: Bool {
        switch self {
        case .upserted(let document): (document.size ?? 0) >= JobQueue.largeSize
        case .removed: false
        }
    }
}
