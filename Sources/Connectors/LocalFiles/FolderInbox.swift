import Ingest
import Synchronization

/// What others have to say to a session that runs, or to the next one.
final class FolderInbox: Sendable {
    private struct State {
        var decisions: [HeldDecision] = []
        var wakeup: WakeupDescriptor?
    }

    private let state = Mutex(State())

    /// Leaves a decision, and ends the session's waiting.
    func send(_ decision: HeldDecision) {
        let wakeup = self.state.withLock { state in
            state.decisions.append(decision)
            return state.wakeup
        }
        wakeup?.wake()
    }

    /// Takes what was sent, in order.
    func take() -> [HeldDecision] {
        self.state.withLock { state in
            defer { state.decisions = [] }
            return state.decisions
        }
    }

    /// Says whom to wake from now on.
    func attach(_ wakeup: WakeupDescriptor?) { self.state.withLock { $0.wakeup = wakeup } }
}
