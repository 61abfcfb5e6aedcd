package import EngineIO
package import SocketIO

/// What the socket server has done and is doing.
package struct SocketMetrics: Equatable, Sendable {
    /// Sessions that poll now.
    package var pollingSessions = 0
    /// Sessions on a WebSocket now.
    package var webSocketSessions = 0
    package var sessionsOpened = 0
    package var upgrades = 0
    package var sessionsClosed: [CloseReason: Int] = [:]
    /// Sockets now, by namespace.
    package var sockets: [String: Int] = [:]
    package var connects = 0
    package var connectsRefused = 0
    package var disconnects: [DisconnectReason: Int] = [:]
    /// Engine.IO messages from clients.
    package var packetsReceived = 0
    /// Engine.IO messages to clients.
    package var packetsSent = 0
    /// Volatile messages that were not sent, as too much waited for their client already.
    package var packetsDropped = 0
    package var bytesReceived = 0
    package var bytesSent = 0
    /// Sockets that came back, and clients that tried but had to start afresh.
    package var recoveryHits = 0
    package var recoveryMisses = 0
    /// Requests to the endpoint that got an error.
    package var rejections: [Rejection: Int] = [:]

    package init() {}

    /// Requests to the endpoint that got an error, of whatever kind.
    package var rejectedRequests: Int { self.rejections.values.reduce(0, +) }

    /// Sessions ended because of what their client sent.
    package var malformedPackets: Int { self.sessionsClosed[.malformedPacket] ?? 0 }

    /// Sessions ended because their client did not read.
    package var slowClientsClosed: Int { self.sessionsClosed[.slowClient] ?? 0 }

    /// Adds what another event loop counted.
    mutating func add(_ other: SocketMetrics) {
        self.pollingSessions += other.pollingSessions
        self.webSocketSessions += other.webSocketSessions
        self.sessionsOpened += other.sessionsOpened
        self.upgrades += other.upgrades
        self.sessionsClosed.merge(other.sessionsClosed, uniquingKeysWith: +)
        self.sockets.merge(other.sockets, uniquingKeysWith: +)
        self.connects += other.connects
        self.connectsRefused += other.connectsRefused
        self.disconnects.merge(other.disconnects, uniquingKeysWith: +)
        self.packetsReceived += other.packetsReceived
        self.packetsSent += other.packetsSent
        self.packetsDropped += other.packetsDropped
        self.bytesReceived += other.bytesReceived
        self.bytesSent += other.bytesSent
        self.recoveryHits += other.recoveryHits
        self.recoveryMisses += other.recoveryMisses
        self.rejections.merge(other.rejections, uniquingKeysWith: +)
    }
}
