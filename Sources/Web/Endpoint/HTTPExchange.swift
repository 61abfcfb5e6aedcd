import EngineIO
import NIOCore
import Synchronization

/// The answer one request to the endpoint waits for; any thread may give it, the first one counts.
struct HTTPExchange: Sendable {
    private static let counter = Atomic<Int>(0)

    /// Unique among all requests of the process.
    let number: Int
    let eventLoop: any EventLoop
    private let handler: NIOLoopBound<EndpointHandler>

    /// Starts an exchange; on the event loop of its connection.
    init(handler: EndpointHandler, eventLoop: any EventLoop) {
        self.number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Gives the answer.
    func respond(_ response: EndpointResponse) {
        self.onItsLoop { $0.respond(response, to: self.number) }
    }

    /// Answers with an error.
    func refuse(_ error: RequestError) { self.respond(.refusal(error)) }

    /// Turns the connection into a WebSocket instead of answering.
    func upgrade(_ opened: @escaping @Sendable (WebSocketLink) -> Void) {
        self.onItsLoop { $0.upgrade(self.number, opened) }
    }

    private func onItsLoop(_ body: @escaping @Sendable (EndpointHandler) -> Void) {
        if self.eventLoop.inEventLoop {
            body(self.handler.value)
        } else {
            self.eventLoop.execute { body(self.handler.value) }
        }
    }
}
