import EngineIO
import FoundationEssentials
import SocketIO
import Synchronization

/// What a server keeps for clients that lost their connection and may come back, on whichever event loop.
///
/// An event is recorded and handed to the event loops under one lock: the order in the log is the order in which every
/// socket gets what it gets.
final class Recovery: Sendable {
    private struct State {
        var log: RecoveryLog
        /// Sockets that live now, by the names their clients would come back with.
        var live: [PrivateID: SocketID] = [:]
        /// Sockets that came back on another event loop than their id says.
        var moved: [SocketID: UInt8] = [:]
    }

    private let limits: RecoveryLimits
    private let state: Mutex<State>
    private let movedCount = Atomic<Int>(0)

    init(limits: RecoveryLimits) {
        var generator = SystemRandomNumberGenerator()
        self.limits = limits
        self.state = Mutex(State(log: RecoveryLog(limits: limits, using: &generator)))
    }

    /// Whether a client knows what to do with the last argument that recovery adds to events.
    ///
    /// Clients of v3 do not; those for Python, which put the time in seconds into their query, hand it to functions that
    /// do not expect it and fail. Every other client gets it, as from the reference.
    static func isSpoken(by handshake: SocketHandshake) -> Bool {
        handshake.version == .v4 && handshake.query["t"]?.contains(".") != true
    }

    /// The time since 1970.
    private static var now: Duration { .seconds(Date().timeIntervalSince1970) }

    /// Records an event.
    ///
    /// - Parameters:
    ///   - packet: The event.
    ///   - namespace: Where it happens.
    ///   - audience: Who gets it.
    ///   - post: Hands the packet with its offset, and its sequence, to the event loops, or to the one of the socket that
    ///     it is for; runs under the lock.
    func record(
        _ packet: EncodedPacket,
        namespace: String,
        to audience: Audience,
        post: (_ packet: EncodedPacket, _ sequence: Int, _ shard: UInt8?) -> Void
    ) {
        self.state.withLock { state in
            let packet = state.log.record(packet, namespace: namespace, to: audience, now: Self.now)
            var shard: UInt8?
            if case .socket(let id) = audience.target { shard = state.moved[id] ?? id.shard }
            post(packet, state.log.position, shard)
        }
    }

    /// Keeps a socket that was lost.
    func keep(_ membership: RecoverableMembership, _ socket: SocketID, namespace: String, rooms: Set<String>) {
        self.state.withLock { state in
            let now = Self.now
            let session = RecoverableSession(
                privateID: membership.privateID,
                socket: socket,
                namespace: namespace,
                rooms: rooms,
                joinedAt: membership.joinedAt,
                leftAt: now
            )
            state.log.keep(session, now: now)
        }
    }

    /// Gives a client its socket back, once; nil if it has to start afresh.
    func restore(_ claim: RecoveryClaim, namespace: String) -> RestoredSession? {
        self.state.withLock { $0.log.restore(claim, namespace: namespace, now: Self.now) }
    }

    /// The socket that a client which comes back still has, because the loss of its connection was not noticed.
    func liveSocket(of claim: RecoveryClaim) -> SocketID? { self.state.withLock { $0.live[claim.privateID] } }

    /// A socket has joined.
    ///
    /// - Returns: The log's position.
    func joined(_ privateID: PrivateID, _ socket: SocketID, shard: UInt8) -> Int {
        self.state.withLock { state in
            state.live[privateID] = socket
            if socket.shard != shard { state.moved[socket] = shard }
            self.movedCount.store(state.moved.count, ordering: .relaxed)
            return state.log.position
        }
    }

    /// A socket has left, for a while or for ever.
    func left(_ privateID: PrivateID, _ socket: SocketID) {
        self.state.withLock { state in
            state.live[privateID] = nil
            state.moved[socket] = nil
            self.movedCount.store(state.moved.count, ordering: .relaxed)
        }
    }

    /// The event loop a socket lives on.
    func shard(of socket: SocketID) -> UInt8 {
        guard self.movedCount.load(ordering: .relaxed) > 0 else { return socket.shard }
        return self.state.withLock { $0.moved[socket] } ?? socket.shard
    }

    /// All that is kept, for the next process.
    func encoded() -> [UInt8] { self.state.withLock { $0.log.encoded() } }

    /// Takes over what an earlier process kept; before the first client.
    func restore(from bytes: [UInt8]) throws(RecoveryError) {
        var generator = SystemRandomNumberGenerator()
        let log = try RecoveryLog(decoding: bytes, limits: self.limits, now: Self.now, using: &generator)
        self.state.withLock { $0.log = log }
    }
}

/// What a socket is found by when its client comes back.
final class RecoverableMembership {
    let privateID: PrivateID
    /// The log's position when it first joined.
    let joinedAt: Int
    /// The log's position when it came back: what is before reached it with its answer.
    let restoredAt: Int

    init(privateID: PrivateID, joinedAt: Int, restoredAt: Int = 0) {
        self.privateID = privateID
        self.joinedAt = joinedAt
        self.restoredAt = restoredAt
    }
}
