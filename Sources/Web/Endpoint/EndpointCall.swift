import EngineIO
import NIOCore
import NIOHTTP1

/// One request to the endpoint, while it comes in and until it is answered.
struct EndpointCall {
    /// The endpoint it came to.
    let server: SocketServer
    let head: HTTPRequestHead
    let exchange: HTTPExchange
    let query: [String: String]
    var body = ByteBuffer()
    /// The session whose packets it waits for.
    var polledSession: Identifier?

    init(server: SocketServer, head: HTTPRequestHead, exchange: HTTPExchange) {
        self.server = server
        self.head = head
        self.exchange = exchange
        let question = head.uri.firstIndex(of: "?")
        self.query = QueryString.parse(question.map { head.uri[head.uri.index(after: $0)...] } ?? "")
    }

    /// Whether the client asks for a WebSocket.
    var isWebSocket: Bool {
        self.head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// The request's `Origin` header.
    var origin: String? { self.head.headers.first(name: "origin") }

    /// Describes the client to the layers above.
    func handshake(transport: Transport, remoteAddress: SocketAddress?) -> SocketHandshake {
        SocketHandshake(
            headers: self.head.headers.map { ($0.name, $0.value) },
            query: self.query,
            remoteAddress: remoteAddress?.ipAddress,
            transport: transport
        )
    }
}
