import SocketIO
import Synchronization

/// An event that several clients have to answer, and what they have answered; event loops share it.
final class BroadcastQuestion: Sendable {
    let id: Int
    let timeout: Duration
    private let answers: Mutex<BroadcastAnswers>
    private let answered: @Sendable (BroadcastAnswers.Outcome) -> Void

    init(
        id: Int,
        timeout: Duration,
        parts: Int,
        answered: @escaping @Sendable (BroadcastAnswers.Outcome) -> Void
    ) {
        self.id = id
        self.timeout = timeout
        self.answers = Mutex(BroadcastAnswers(parts: parts))
        self.answered = answered
    }

    /// An event loop has asked its clients.
    func asked(_ sockets: [SocketID]) { self.change { $0.asked(sockets) } }

    /// A client has answered, or will not.
    func settle(_ socket: SocketID, _ result: Result<[JSONValue], AcknowledgementError>) {
        self.change { answers in
            switch result {
            case .success(let arguments): answers.answered(socket, arguments)
            case .failure: answers.lost(socket)
            }
        }
    }

    /// Tells the outcome outside of the lock.
    private func change(_ body: (inout BroadcastAnswers) -> BroadcastAnswers.Outcome?) {
        let outcome = self.answers.withLock { body(&$0) }
        if let outcome { self.answered(outcome) }
    }
}
