package import FoundationEssentials
import ServiceLifecycle
import Synchronization

/// Offers failed documents again when their next attempt is due.
package final class RetryScheduler: Service, CustomStringConvertible {
    private struct State {
        var list = RetryList()
        /// Pipelines whose due changes wait for room in the queue.
        var offering: Set<PipelineID> = []
    }

    private let tick: Duration
    private let policy: RetryPolicy
    private let dispatcher: JobDispatcher
    private let state = Mutex(State())
    /// Pipelines whose source was not to be had at its last check.
    private let troubled = Mutex<Set<PipelineID>>([])

    /// - Parameters:
    ///   - policy: When there is a next attempt.
    ///   - dispatcher: Where due documents go.
    ///   - tick: How often they are looked for; far below the shortest delay.
    package init(policy: RetryPolicy, dispatcher: JobDispatcher, tick: Duration = .seconds(1)) {
        self.tick = tick
        self.policy = policy
        self.dispatcher = dispatcher
    }

    /// What ServiceLifecycle prints of it.
    package let description = "retries"

    /// Schedules what the ledger says is to be tried again: all of it at start, and what somebody asked for since.
    package func schedule(_ entries: [LedgerEntry]) {
        self.state.withLock { state in
            for entry in entries {
                guard case .failed(_, _, let due?) = entry.state else { continue }
                state.list.schedule(.upserted(entry.document), due: due)
            }
        }
    }

    /// Schedules the attempt that follows `attempt` failed ones.
    ///
    /// - Parameters:
    ///   - change: What to try again.
    ///   - attempt: How many there were.
    ///   - now: The end of that attempt.
    ///   - isUnlimited: Whether there is always a next attempt: the cause is not in the document.
    /// - Returns: When it will be made; nil when there is none left.
    @discardableResult
    func schedule(_ change: Change, after attempt: Int, now: Date, isUnlimited: Bool = false) -> Date? {
        let jitter = Double.random(in: 0...1)
        let due =
            isUnlimited
            ? self.policy.time(after: attempt, now: now, jitter: jitter)
            : self.policy.nextAttempt(after: attempt, now: now, jitter: jitter)
        guard let due else { return nil }
        self.state.withLock { $0.list.schedule(change, due: due) }
        return due
    }

    /// A source tells of itself: when it is there again, nothing has to wait any longer.
    func take(_ event: SourceEvent, of pipeline: PipelineID, now: Date = Date()) {
        switch event {
        case .unavailable, .checkFinished(_, .some, _):
            self.troubled.withLock { _ = $0.insert(pipeline) }
        case .checkFinished(_, nil, _):
            guard self.troubled.withLock({ $0.remove(pipeline) }) != nil else { return }
            self.state.withLock { $0.list.hasten(pipeline, now: now) }
        case .checkStarted: break
        }
    }

    /// Files that were gone are back.
    func hasten(_ documents: [DocumentID], now: Date = Date()) {
        self.state.withLock { $0.list.hasten(documents, now: now) }
    }

    /// The document changed, got through or is gone.
    func forget(_ id: DocumentID) { self.state.withLock { $0.list.forget(id) } }

    /// Takes out every change whose attempt is due, the earliest first, but for pipelines whose last ones still wait
    /// for room.
    private func takeDue() -> [PipelineID: [Change]] {
        self.state.withLock { state in
            let due = state.list.takeDue(now: Date(), except: state.offering)
            let changes = Dictionary(grouping: due, by: \.document.pipeline)
            state.offering.formUnion(changes.keys)
            return changes
        }
    }

    private func offer(_ changes: [Change], of pipeline: PipelineID) async throws {
        for change in changes { try await self.dispatcher.offer(change, isRetry: true) }
        self.state.withLock { _ = $0.offering.remove(pipeline) }
    }

    /// Runs until the daemon stops; what waits then is in the ledger.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                while true {
                    try await Task.sleep(for: self.tick)
                    // A pipeline that has no room, because it is paused, holds up its own changes only.
                    for (pipeline, changes) in self.takeDue() {
                        group.addTask { try await self.offer(changes, of: pipeline) }
                    }
                }
            }
        }
        // The queue is closed while jobs in hand finish; a service that ended by itself would end all others at once.
        try? await gracefulShutdown()
    }
}
