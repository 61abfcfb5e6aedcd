package import EngineIO
package import SocketIO

/// How the socket server treats its clients.
package struct SocketConfiguration: Sendable {
    /// Where the endpoint is, with both slashes.
    package var path: String
    /// The times and sizes of a session.
    package var session: SessionLimits
    /// What a client's packets may hold; all attachments of one together no more than a payload.
    package var packets: PacketLimits
    /// How long a client may take to join its first namespace.
    package var connectTimeout: Duration
    /// How long a stop waits for clients to take their last packets.
    package var shutdownGrace: Duration
    /// Which pages of other origins may connect.
    package var allowedOrigins: AllowedOrigins
    /// Whether clients of Socket.IO 1.x and 2.x, which ask for `EIO=3`, are served.
    package var allowsVersion3: Bool
    /// What is kept for clients that lose their connection; nil if none can come back.
    package var recovery: RecoveryLimits?
    /// Messages of one client; nil for no bound.
    package var packetRate: RateLimit?
    /// Bytes of one client's messages; nil for no bound.
    package var byteRate: RateLimit?
    /// Sessions at once.
    package var connections: ConnectionLimits
    /// The name of a cookie that carries the session's name, for proxies that keep a client on one server; nil for none.
    package var cookie: String?
    /// Answers to polls of at least so many bytes are compressed, if the client can read that.
    package var compressionThreshold: Int
    /// A stop spreads the ends of its sessions over this, so that not all clients come back at once.
    package var shutdownSpread: Duration

    /// The defaults are the reference server's where it has any.
    ///
    /// - Parameters:
    ///   - path: What every client uses unless told otherwise.
    ///   - session: Heartbeat and sizes.
    ///   - packets: Far above what applications send.
    ///   - connectTimeout: A session without a namespace is of no use to an honest client.
    ///   - shutdownGrace: A live client polls again, or answers a WebSocket close, within a round trip.
    ///   - allowedOrigins: A page of another origin is a decision of the operator's.
    ///   - allowsVersion3: Old clients are rare, and every protocol is a surface for attacks.
    ///   - recovery: It adds an argument to every event, so it has to be asked for.
    ///   - packetRate: What is much depends on the application.
    ///   - byteRate: The same.
    ///   - connections: Each takes some 10 kB.
    ///   - cookie: Clients do not need it.
    ///   - compressionThreshold: Below, a packet of the network carries it either way.
    ///   - shutdownSpread: Long enough to keep a server that starts again from being overrun, short enough to wait for.
    package init(
        path: String = "/socket.io/",
        session: SessionLimits = SessionLimits(),
        packets: PacketLimits = PacketLimits(),
        connectTimeout: Duration = .seconds(45),
        shutdownGrace: Duration = .seconds(2),
        allowedOrigins: AllowedOrigins = .none,
        allowsVersion3: Bool = false,
        recovery: RecoveryLimits? = nil,
        packetRate: RateLimit? = nil,
        byteRate: RateLimit? = nil,
        connections: ConnectionLimits = ConnectionLimits(),
        cookie: String? = nil,
        compressionThreshold: Int = 1_024,
        shutdownSpread: Duration = .seconds(2)
    ) {
        self.path = path
        self.session = session
        self.packets = packets
        self.connectTimeout = connectTimeout
        self.shutdownGrace = shutdownGrace
        self.allowedOrigins = allowedOrigins
        self.allowsVersion3 = allowsVersion3
        self.recovery = recovery
        self.packetRate = packetRate
        self.byteRate = byteRate
        self.connections = connections
        self.cookie = cookie
        self.compressionThreshold = compressionThreshold
        self.shutdownSpread = shutdownSpread
    }

    /// What a client's packets may hold, bounded by what the open packet says of a payload.
    var packetLimits: PacketLimits {
        var limits = self.packets
        limits.attachmentBytes = self.session.maxPayload
        return limits
    }
}
