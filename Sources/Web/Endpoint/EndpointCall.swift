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
        self.query = QueryString.parse(Self.query(of: head))
    }

    /// Whether the client asks for a WebSocket.
    var isWebSocket: Bool {
        self.head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// Whether the request is what RFC 6455, section 4.2.1, wants of one that asks for a WebSocket.
    var isWholeWebSocketRequest: Bool {
        let keys = self.head.headers["sec-websocket-key"]
        return self.head.version == .http1_1
            && self.head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
            && keys.count == 1 && keys[0].hasSuffix("==")
            && Base64.decode(Array(keys[0].utf8)[...])?.count == 16
    }

    /// Whether the body is in v3's binary framing.
    var isBinary: Bool { self.head.headers.first(name: "content-type") == "application/octet-stream" }

    /// The request's `Origin` header.
    var origin: String? { self.head.headers.first(name: "origin") }

    /// Describes the client to the layers above.
    func handshake(
        transport: Transport,
        version: ProtocolVersion,
        remoteAddress: String,
        isFromOwnAddress: Bool
    ) -> SocketHandshake {
        SocketHandshake(
            query: Self.query(of: self.head),
            headers: self.head.headers.lazy.map { (name: $0.name, value: $0.value) },
            remoteAddress: remoteAddress,
            isFromOwnAddress: isFromOwnAddress,
            transport: transport,
            version: version
        )
    }

    private static func query(of head: HTTPRequestHead) -> Substring {
        let target = head.uri.utf8
        return target.firstIndex(of: UInt8(ascii: "?")).map { head.uri[target.index(after: $0)...] } ?? ""
    }
}
