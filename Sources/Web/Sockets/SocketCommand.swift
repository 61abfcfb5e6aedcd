import EngineIO
import NIOCore
import SocketIO

/// What any thread may ask of the sockets of one event loop.
enum SocketCommand: Sendable {
    case emit(Emission)
    case ask(
        SocketID, event: String, EventPayload, timeout: Duration,
        @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    )
    case askAll(Emission, BroadcastQuestion)
    case send(Identifier, WireMessage)
    case answer(SocketID, id: Int, EventPayload)
    case join(SocketID, [String])
    case leave(SocketID, [String])
    case disconnect(SocketID, closingConnection: Bool)
    /// Ends every session; the promise is kept when all are gone.
    case stop(EventLoopPromise<Void>)
}
