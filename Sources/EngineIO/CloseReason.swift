/// Why a session ended; the raw value is a metrics label.
package enum CloseReason: String, Sendable, CaseIterable {
    /// The client sent a close packet.
    case clientClose = "client_close"
    /// The connection under the session went away.
    case transportClose = "transport_close"
    /// The client broke the rules of the transport, such as two polls at once.
    case transportError = "transport_error"
    /// A packet could not be decoded, or came where none of its kind may.
    case malformedPacket = "malformed_packet"
    /// Text was not UTF-8: what WebSocket's close code 1007 says.
    case invalidText = "invalid_text"
    /// A message or payload was larger than the client was told it may be.
    case messageTooLarge = "message_too_large"
    /// The client sent more than its rate limit lets pass.
    case rateLimited = "rate_limited"
    /// No pong within the timeout.
    case pingTimeout = "ping_timeout"
    /// The client joined no namespace in time.
    case connectTimeout = "connect_timeout"
    /// More bytes or packets wait for the client than it may keep waiting.
    case slowClient = "slow_client"
    /// The layer above ended the session.
    case serverClose = "server_close"
    /// The server stops.
    case serverShutdown = "server_shutdown"
}
