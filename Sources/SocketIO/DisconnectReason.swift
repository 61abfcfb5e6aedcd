package import EngineIO

/// Why a socket left its namespace; the raw value is what the reference server calls it, and a metrics label.
package enum DisconnectReason: String, Sendable, CaseIterable {
    /// The client left this namespace, the connection may go on.
    case clientNamespaceDisconnect = "client namespace disconnect"
    /// The server put the socket out of this namespace.
    case serverNamespaceDisconnect = "server namespace disconnect"
    /// The server ended the connection.
    case serverDisconnect = "forced server close"
    /// The server stops.
    case serverShuttingDown = "server shutting down"
    /// The client closed the connection, or it was lost.
    case transportClose = "transport close"
    /// The client broke the rules of the transport.
    case transportError = "transport error"
    /// The client did not answer a ping in time.
    case pingTimeout = "ping timeout"
    /// The client sent what is no packet, or one that may not come there.
    case parseError = "parse error"
    /// The client did not read what it was sent.
    case slowClient = "slow client"

    /// The client sent more than it may.
    case rateLimited = "rate limited"

    /// What the end of a session means to its sockets.
    package init(_ reason: CloseReason) {
        self =
            switch reason {
            case .clientClose, .transportClose: .transportClose
            case .transportError, .messageTooLarge: .transportError
            case .malformedPacket, .invalidText: .parseError
            case .rateLimited: .rateLimited
            case .pingTimeout: .pingTimeout
            case .slowClient: .slowClient
            case .serverClose, .connectTimeout: .serverDisconnect
            case .serverShutdown: .serverShuttingDown
            }
    }

    /// Whether the client may take its socket up again: the connection was lost, and nobody meant it to end.
    package var isRecoverable: Bool {
        switch self {
        case .transportClose, .transportError, .pingTimeout, .serverShuttingDown, .slowClient: true
        case .clientNamespaceDisconnect, .serverNamespaceDisconnect, .serverDisconnect, .parseError, .rateLimited:
            false
        }
    }
}
