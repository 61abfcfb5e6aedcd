import EngineIO
import NIOCore
import SocketIO

/// One client on its event loop: its two machines, and the transports that carry them.
///
/// Never leaves the loop; what the machines ask for is carried out by `SocketLoop`.
final class ClientSession {
    let sid: Identifier
    let handshake: SocketHandshake
    /// How its packets are written.
    let format: PacketFormat
    var engine: Session<WireMessage>
    /// Its Socket.IO side; nil on a server of plain Engine.IO.
    var connection: Connection?
    /// The transport, once it is a WebSocket.
    var webSocket: WebSocketLink? {
        didSet { self.handler = self.webSocket?.here }
    }
    /// The transport's end on this event loop; nil if it is on another.
    private(set) var handler: WebSocketHandler?
    /// What `engine` says; asked for every message.
    var isWebSocket: Bool { self.webSocket != nil }
    /// The WebSocket that may become the transport.
    var probe: WebSocketLink?
    /// Where a WebSocket is being opened for it that has not been offered yet.
    var upgradesOn: (any EventLoop)?
    /// Requests that wait for a packet.
    var polls: [PollID: HTTPExchange] = [:]
    /// The request whose payload is being worked on.
    var post: HTTPExchange?
    /// Where its messages of this batch end.
    var tail = OutgoingBatch.Tail.root
    /// Whether it is on the list of those to flush at the end of this batch.
    var isDirty = false
    /// The request that is being answered, and what its socket will be found by.
    var joining: ConnectRequest?
    var membership: RecoverableMembership?
    /// Whether it can come back after its connection was lost.
    let speaksRecovery: Bool
    /// Whether it has to keep to rates.
    let isLimited: Bool
    /// What it may still send; nil for no bound.
    var packetRate: TokenBucket?
    var byteRate: TokenBucket?
    /// What answers are for.
    var questions: [Question: @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void] = [:]
    /// When it is asked next; it may have nothing to do then.
    var timer: ContinuousClock.Instant?

    /// Names what an answer is for.
    struct Question: Hashable {
        let socket: SocketID
        let id: Int
    }

    init(
        sid: Identifier,
        handshake: SocketHandshake,
        configuration: SocketConfiguration,
        namespaces: Set<String>?,
        now: ContinuousClock.Instant
    ) {
        self.sid = sid
        self.handshake = handshake
        let query = handshake.version == .v3 ? handshake.query : [:]
        self.format = PacketFormat(
            version: handshake.version, supportsBinary: query["b64"].map(\.isEmpty) ?? true)
        self.speaksRecovery = configuration.recovery != nil && Recovery.isSpoken(by: handshake)
        self.isLimited = configuration.packetRate != nil || configuration.byteRate != nil
        self.packetRate = configuration.packetRate.map { TokenBucket($0, now: now) }
        self.byteRate = configuration.byteRate.map { TokenBucket($0, now: now) }
        self.engine = Session(
            transport: handshake.transport, limits: configuration.session, version: handshake.version, now: now)
        self.connection = namespaces.map { namespaces in
            Connection(
                namespaces: namespaces,
                limits: configuration.packetLimits,
                version: handshake.version,
                connectTimeout: configuration.connectTimeout,
                now: now
            )
        }
    }

    /// When its machines next want to know the time.
    var deadline: ContinuousClock.Instant? {
        guard let engine = self.engine.deadline else { return nil }
        return min(engine, self.connection?.deadline ?? engine)
    }
}
