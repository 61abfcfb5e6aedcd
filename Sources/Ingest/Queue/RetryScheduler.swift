import FoundationEssentials
import ServiceLifecycle
import Synchronization

/// Offers failed documents again when their next attempt is due.
package final class RetryScheduler: Service, CustomStringConvertible {
    /// How often due documents are looked for; far below the shortest delay.
    private static let tick = Duration.seconds(1)

    private let policy: RetryPolicy
    private let dispatcher: JobDispatcher
    private let list = Mutex(RetryList())

    package init(policy: RetryPolicy, dispatcher: JobDispatcher) {
        self.policy = policy
        self.dispatcher = dispatcher
    }

    /// What ServiceLifecycle prints of it.
    package let description = "retries"

    /// Takes over what the ledger knows of failed documents, at start.
    package func restore(_ entries: [LedgerEntry]) {
        self.list.withLock { list in
            for entry in entries {
                guard case .failed(_, _, let due?) = entry.state else { continue }
                list.schedule(entry.document, due: due)
            }
        }
    }

    /// Schedules the attempt that follows `attempt` failed ones.
    ///
    /// - Returns: When it will be made; nil when there is none left.
    func schedule(_ document: SourceDocument, after attempt: Int, now: Date) -> Date? {
        let jitter = Double.random(in: 0...1)
        guard let due = self.policy.nextAttempt(after: attempt, now: now, jitter: jitter) else { return nil }
        self.list.withLock { $0.schedule(document, due: due) }
        return due
    }

    /// The document changed, got through or is gone.
    func forget(_ id: DocumentID) { self.list.withLock { $0.forget(id) } }

    /// Runs until the daemon stops; what waits then is in the ledger.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.tick)
                for document in self.list.withLock({ $0.takeDue(now: Date()) }) {
                    try await self.dispatcher.offer(.upserted(document))
                }
            }
        }
    }
}
