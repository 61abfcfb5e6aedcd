/// What one HTTP request to the endpoint asks for, once its query has been checked.
///
/// Source: engine.io-protocol v4, "Handshake" and the order of checks of the reference server's `verify`.
package enum EndpointRequest: Equatable, Sendable {
    /// Open a session on this transport, in this revision of the protocol.
    case handshake(Transport, ProtocolVersion)
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
    ///   - allowsVersion3: Whether a client that asks for `EIO=3` by name gets it.
    /// - Throws: The refusal the client gets.
    package init(
        method: String,
        query: [String: String],
        isWebSocket: Bool,
        allowsVersion3: Bool = false
    ) throws(RequestError) {
        guard let transport = query["transport"].flatMap(Transport.init(rawValue:)) else { throw .unknownTransport }
        let version = query["EIO"].flatMap(ProtocolVersion.init(rawValue:))
        let isSupported = version == .v4 || (version == .v3 && allowsVersion3)
        guard let sid = query["sid"] else {
            guard method == "GET" else { throw .badHandshakeMethod }
            guard (transport == .webSocket) == isWebSocket else { throw .badRequest }
            guard isSupported, let version else { throw .unsupportedVersion }
            self = .handshake(transport, version)
            return
        }
        guard let session = Identifier(sid) else { throw .unknownSession }
        guard isSupported || query["EIO"] == nil else { throw .unsupportedVersion }

        switch (method, transport, isWebSocket) {
        case ("GET", .webSocket, true): self = .upgrade(session)
        case ("GET", .polling, false): self = .poll(session)
        case ("POST", .polling, false): self = .post(session)
        default: throw .badRequest
        }
    }
}
