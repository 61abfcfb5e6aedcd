import Ingest
import Synchronization

/// What others have to say to a session that runs, or to the next one; ends its waiting.
final class DriveInbox: Sendable {
    private struct State {
        var decisions: [HeldDecision] = []
        var isCheckRequested = false
        var waiter: CheckedContinuation<Void, Never>?

        var isEmpty: Bool { self.decisions.isEmpty && !self.isCheckRequested }
    }

    private let state = Mutex(State())

    func send(_ decision: HeldDecision) {
        let waiter = self.state.withLock { state in
            state.decisions.append(decision)
            return state.waiter.take()
        }
        waiter?.resume()
    }

    func requestCheck() {
        let waiter = self.state.withLock { state in
            state.isCheckRequested = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    func takeDecisions() -> [HeldDecision] {
        self.state.withLock { state in
            defer { state.decisions = [] }
            return state.decisions
        }
    }

    /// Whether a check was asked for since this was last asked.
    func takeCheckRequest() -> Bool {
        self.state.withLock { state in
            defer { state.isCheckRequested = false }
            return state.isCheckRequested
        }
    }

    /// Waits until something is sent, or the time is over; for one task at a time.
    ///
    /// - Throws: `CancellationError`.
    func wait(atMost time: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Task.sleep(for: time) }
            group.addTask { await self.message() }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// Returns when something has been sent, or the task is cancelled.
    private func message() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = self.state.withLock { state in
                    guard state.isEmpty, !Task.isCancelled else { return false }
                    state.waiter = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiter.take() }?.resume()
        }
    }
}
