import Ingest
import Synchronization

/// What others have to say to a session that runs, or to the next one.
final class FolderInbox: Sendable {
    private struct State {
        var decisions: [HeldDecision] = []
        var isCheckRequested = false
        var unreadable: [RelativePath] = []
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

    /// Asks for a check, and ends the session's waiting.
    func requestCheck() {
        let wakeup = self.state.withLock { state in
            state.isCheckRequested = true
            return state.wakeup
        }
        wakeup?.wake()
    }

    /// Whether a check was asked for since this was last asked.
    func takeCheckRequest() -> Bool {
        self.state.withLock { state in
            defer { state.isCheckRequested = false }
            return state.isCheckRequested
        }
    }

    /// Says that a file may not be read, and ends the session's waiting; of no interest where no session runs.
    func noteUnreadable(_ path: RelativePath) {
        let wakeup = self.state.withLock { state in
            if state.wakeup != nil { state.unreadable.append(path) }
            return state.wakeup
        }
        wakeup?.wake()
    }

    /// Takes the files that may not be read.
    func takeUnreadable() -> [RelativePath] {
        self.state.withLock { state in
            defer { state.unreadable = [] }
            return state.unreadable
        }
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
