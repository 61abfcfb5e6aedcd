package import EngineIO
package import SocketIO

/// How the socket server treats its clients.
package struct SocketConfiguration: Sendable {
    /// Where the endpoint is, with both slashes.
    package var path: String
    /// The times and sizes of a session.
    package var session: SessionLimits
    /// What a client's packets may hold.
    package var packets: PacketLimits
    /// How long a client may take to join its first namespace.
    package var connectTimeout: Duration
    /// How long a stop waits for clients to take their last packets.
    package var shutdownGrace: Duration
    /// Which pages of other origins may connect.
    package var allowedOrigins: AllowedOrigins

    /// The defaults are the reference server's where it has any.
    ///
    /// - Parameters:
    ///   - path: What every client uses unless told otherwise.
    ///   - session: Heartbeat and sizes.
    ///   - packets: Far above what applications send.
    ///   - connectTimeout: A session without a namespace is of no use to an honest client.
    ///   - shutdownGrace: A live client polls again, or answers a WebSocket close, within a round trip.
    ///   - allowedOrigins: A page of another origin is a decision of the operator's.
    package init(
        path: String = "/socket.io/",
        session: SessionLimits = SessionLimits(),
        packets: PacketLimits = PacketLimits(),
        connectTimeout: Duration = .seconds(45),
        shutdownGrace: Duration = .seconds(2),
        allowedOrigins: AllowedOrigins = .none
    ) {
        self.path = path
        self.session = session
        self.packets = packets
        self.connectTimeout = connectTimeout
        self.shutdownGrace = shutdownGrace
        self.allowedOrigins = allowedOrigins
    }
}
