import EngineIO
import NIOCore
import Synchronization

/// The answer one request to the endpoint waits for; any thread may give it, the first one counts.
struct HTTPExchange: Sendable {
    private static let counter = Atomic<Int>(0)

    /// Unique among all requests of the process.
    let number: Int
    let eventLoop: any EventLoop
    /// Whether its connection still stands.
    private let connection: Liveness
    private let handler: NIOLoopBound<EndpointHandler>

    /// Starts an exchange; on the event loop of its connection.
    init(handler: EndpointHandler, eventLoop: any EventLoop) {
        self.number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        self.eventLoop = eventLoop
        self.connection = handler.liveness
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Whether somebody is there to hear the answer, as far as is known; any thread may ask.
    var isHeard: Bool { self.connection.isOpen }

    /// Gives the answer.
    func respond(_ response: EndpointResponse) {
        self.onItsLoop { $0.respond(response, to: self.number) }
    }

    /// Answers with an error.
    func refuse(_ error: RequestError) { self.respond(.refusal(error)) }

    /// Turns the connection into a WebSocket instead of answering.
    ///
    /// - Parameters:
    ///   - opened: Gets the WebSocket.
    ///   - failed: Runs instead if it cannot be.
    func upgrade(
        _ opened: @escaping @Sendable (WebSocketLink) -> Void,
        failed: @escaping @Sendable () -> Void = {}
    ) {
        self.onItsLoop { $0.upgrade(self.number, opened, failed: failed) }
    }

    private func onItsLoop(_ body: @escaping @Sendable (EndpointHandler) -> Void) {
        if self.eventLoop.inEventLoop {
            body(self.handler.value)
        } else {
            self.eventLoop.execute { body(self.handler.value) }
        }
    }
}

/// Whether a connection stands: its event loop says when it does not any more, any thread may ask.
final class Liveness: Sendable {
    private let isClosed = Atomic<Bool>(false)

    var isOpen: Bool { !self.isClosed.load(ordering: .acquiring) }

    /// The connection is gone.
    func end() { self.isClosed.store(true, ordering: .releasing) }
}
