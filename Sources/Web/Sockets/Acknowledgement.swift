package import SocketIO
import Synchronization

/// Answers one event; from any thread, now or later.
///
/// Only the first answer counts, and none after the socket left.
package final class Acknowledgement: Sendable {
    private let socket: SocketID
    private let id: Int
    private let shard: SocketShard
    private let isAnswered = Atomic<Bool>(false)

    init(socket: SocketID, id: Int, shard: SocketShard) {
        self.socket = socket
        self.id = id
        self.shard = shard
    }

    /// Sends the answer.
    package func answer(_ payload: EventPayload = .none) {
        guard !self.isAnswered.exchange(true, ordering: .relaxed) else { return }
        self.shard.post(.answer(self.socket, id: self.id, payload))
    }
}
