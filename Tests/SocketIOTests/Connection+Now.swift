import EngineIO
import SocketIO

extension Connection {
    /// Delivers a message at a time that does not matter.
    mutating func received(_ message: Message) -> ConnectionAction? { self.received(message, now: .now) }
}
