/// What one HTTP request to the endpoint asks for, once its query has been checked.
///
/// Source: engine.io-protocol v4, "Handshake" and the order of checks of the reference server's `verify`.
package enum EndpointRequest: Equatable, Sendable {
    /// Open a session on this transport.
    case handshake(Transport)
    /// Take what waits for the session, or wait for it.
    case poll(Identifier)
    /// Hand over a payload of packets.
    case post(Identifier)
    /// Continue a polling session on this WebSocket.
    case upgrade(Identifier)

    /// Checks a request as far as that needs no session.
    ///
    /// - Parameters:
    ///   - method: The HTTP method, in capitals.
    ///   - query: The decoded query; of a repeated parameter any one value.
    ///   - isWebSocket: Whether the request asks to become a WebSocket.
    /// - Throws: The refusal the client gets.
    package init(method: String, query: [String: String], isWebSocket: Bool) throws(RequestError) {
        guard let transport = query["transport"].flatMap(Transport.init(rawValue:)) else { throw .unknownTransport }
        guard let sid = query["sid"] else {
            guard method == "GET" else { throw .badHandshakeMethod }
            guard (transport == .webSocket) == isWebSocket else { throw .badRequest }
            guard query["EIO"] == "4" else { throw .unsupportedVersion }
            self = .handshake(transport)
            return
        }
        guard let session = Identifier(sid) else { throw .unknownSession }
        guard query["EIO"].map({ $0 == "4" }) ?? true else { throw .unsupportedVersion }

        switch (method, transport, isWebSocket) {
        case ("GET", .webSocket, true): self = .upgrade(session)
        case ("GET", .polling, false): self = .poll(session)
        case ("POST", .polling, false): self = .post(session)
        default: throw .badRequest
        }
    }
}
