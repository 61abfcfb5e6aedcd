package import EngineIO

/// The Socket.IO side of one session: its namespaces, and the answers it owes and is owed.
///
/// Knows no socket, no timer and no clock. The edge feeds it the session's messages and its own server's calls, and
/// carries out the answers in order. A malformed packet, or one where it may not come, ends this connection only.
/// Source: socket.io-protocol v5, v4 over sessions of Engine.IO v3, and the reference server's `Client`.
package struct Connection: Sendable {
    package typealias Instant = ContinuousClock.Instant
    package typealias Action = ConnectionAction

    private enum State: Sendable {
        /// No namespace was joined yet, and one has to be until then.
        case waiting(deadline: Instant)
        case inUse
        /// Its session was asked to close, which may take a last poll; what still comes counts for nothing.
        case ending
        case closed
    }

    private let known: Set<String>
    private let version: ProtocolVersion
    private let limits: PacketLimits
    private var decoder: PacketDecoder
    private var state: State
    private var memberships = Memberships()
    /// When the attachments of the packet that has some to come have to be here.
    private var attachmentDeadline: Instant?
    private var acknowledgements = AcknowledgementBook()

    /// Starts a connection.
    ///
    /// - Parameters:
    ///   - namespaces: Those that exist.
    ///   - limits: What the client may send.
    ///   - version: Of the session below: v3 carries Socket.IO protocol v4.
    ///   - connectTimeout: How long it may take to join a first namespace.
    ///   - now: The time of the handshake.
    package init(
        namespaces: Set<String>,
        limits: PacketLimits,
        version: ProtocolVersion = .v4,
        connectTimeout: Duration,
        now: Instant
    ) {
        self.known = namespaces
        self.version = version
        self.limits = limits
        self.decoder = PacketDecoder(limits: limits, version: version)
        self.state = .waiting(deadline: now + connectTimeout)
    }

    /// When to call `tick` next; nil if nothing is waited for.
    package var deadline: Instant? {
        switch self.state {
        case .waiting(let deadline): Self.earliest(deadline, self.ownDeadline)
        case .inUse: self.ownDeadline
        case .ending: self.acknowledgements.deadline
        case .closed: nil
        }
    }

    private var ownDeadline: Instant? { Self.earliest(self.attachmentDeadline, self.acknowledgements.deadline) }

    private static func earliest(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// The sockets of this connection.
    package var sockets: [(namespace: String, id: SocketID)] { self.memberships.sockets }

    private func socket(in namespace: String) -> SocketID? {
        if case .joined(let id)? = self.memberships[namespace] { id } else { nil }
    }

    private var isOpen: Bool {
        switch self.state {
        case .waiting, .inUse: true
        case .ending, .closed: false
        }
    }

    private mutating func end(_ reason: CloseReason) -> Action {
        self.state = .ending
        return .close(reason)
    }
}

// MARK: - From the client

extension Connection {
    /// The session is open: call once, before anything else.
    ///
    /// - Returns: What to do; an old client is in the main namespace without asking, if it may.
    package mutating func opened() -> Action? {
        self.version == .v3 ? self.asksToJoin("/", nil) : nil
    }

    /// The session delivered a message.
    ///
    /// - Parameters:
    ///   - message: What the peer sent.
    ///   - now: The time; asked for only by a packet whose attachments are still to come.
    /// - Returns: The one thing to do, if there is any: most messages are events, and each of them costs no array.
    package mutating func received(_ message: Message, now: @autoclosure () -> Instant) -> Action? {
        guard self.isOpen else { return nil }
        do throws(PacketError) {
            let packet =
                switch message {
                case .text(let bytes): try self.decoder.decode(text: bytes)
                case .binary(let bytes): try self.decoder.decode(binary: bytes)
                }
            guard let packet else {
                self.attachmentDeadline = self.attachmentDeadline ?? now() + self.limits.attachmentTimeout
                return nil
            }
            self.attachmentDeadline = nil
            return self.received(packet)
        } catch {
            return self.end(message.reasonForRefusal)
        }
    }

    private mutating func received(_ packet: Packet) -> Action? {
        if case .connect(let auth) = packet.content { return self.asksToJoin(packet.namespace, auth) }
        let socket: SocketID
        switch self.memberships[packet.namespace] {
        case .joined(let id)?: socket = id
        case .left?: return nil
        case .authorising?, nil: return self.end(.malformedPacket)
        }

        switch packet.content {
        case .connect:
            return self.end(.malformedPacket)
        case .disconnect:
            self.memberships[packet.namespace] = nil
            return self.forget(socket, in: packet.namespace, .clientNamespaceDisconnect)
        case .event(let name, let arguments, let id):
            return .event(namespace: packet.namespace, socket, name: name, arguments: arguments, id: id)
        case .acknowledgement(let arguments, let id):
            return self.acknowledgements.settle(socket, id)
                ? .acknowledged(socket, id: id, arguments: arguments) : nil
        }
    }

    private mutating func asksToJoin(_ namespace: String, _ auth: JSONValue?) -> Action {
        switch self.memberships[namespace] {
        case .authorising?, .joined?: return self.end(.malformedPacket)
        case .left?: self.memberships[namespace] = nil
        case nil: break
        }
        guard self.known.contains(namespace) else {
            let answer = EncodedPacket.connectError(
                namespace: namespace, message: "Invalid namespace", data: nil, version: self.version)
            return .refused(namespace: namespace, answer)
        }
        guard self.memberships.count < self.limits.namespaces else { return self.end(.malformedPacket) }
        self.memberships[namespace] = .authorising
        return .authorise(namespace: namespace, auth: auth)
    }

    private mutating func forget(_ socket: SocketID, in namespace: String, _ reason: DisconnectReason) -> Action {
        self.acknowledgements.forget(socket)
        return .disconnected(namespace: namespace, socket, reason)
    }
}

// MARK: - From the server

extension Connection {
    /// The client may join.
    ///
    /// - Parameters:
    ///   - namespace: The one it asked for.
    ///   - socket: A fresh id.
    ///   - privateID: A fresh one, if it may come back after its connection is lost; v3 clients cannot.
    /// - Returns: What to do.
    package mutating func accept(
        namespace: String,
        as socket: SocketID,
        privateID: PrivateID? = nil
    ) -> [Action] {
        self.accept(namespace: namespace, as: socket, privateID, missed: [])
    }

    /// The client comes back: it is who it was, and gets what it missed before anything else.
    ///
    /// - Parameter restored: What the log knows of it; its namespace is the one it asked for.
    /// - Returns: What to do.
    package mutating func accept(_ restored: RestoredSession) -> [Action] {
        let session = restored.session
        return self.accept(
            namespace: session.namespace, as: session.socket, session.privateID, missed: restored.missed)
    }

    private mutating func accept(
        namespace: String,
        as socket: SocketID,
        _ privateID: PrivateID?,
        missed: [EncodedPacket]
    ) -> [Action] {
        guard self.isOpen, self.memberships[namespace] == .authorising else { return [] }
        self.memberships[namespace] = .joined(socket)
        self.state = .inUse
        let answer = EncodedPacket.connect(
            namespace: namespace, id: socket, privateID: privateID, version: self.version)
        return [.send(answer)] + missed.map { .send($0) } + [.connected(namespace: namespace, socket)]
    }

    /// The client may not join.
    package mutating func refuse(namespace: String, message: String, data: JSONValue?) -> [Action] {
        guard self.isOpen, self.memberships[namespace] == .authorising else { return [] }
        self.memberships[namespace] = nil
        let answer = EncodedPacket.connectError(
            namespace: namespace, message: message, data: data, version: self.version)
        return [.refused(namespace: namespace, answer)]
    }

    /// An event that the client has to answer.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - namespace: The socket's.
    ///   - deadline: When to give up waiting.
    /// - Returns: What the answer will come under, and what to do; nil if there is no such socket.
    package mutating func ask(
        _ event: String,
        _ payload: EventPayload,
        namespace: String,
        deadline: Instant
    ) -> (id: Int, actions: [Action])? {
        guard let socket = self.socket(in: namespace) else { return nil }
        let id = self.acknowledgements.open(socket, until: deadline)
        return (id, [.send(.event(event, payload, namespace: namespace, id: id))])
    }

    /// The first id of a question to several clients: encoded once for all, so it has to mean the same to each.
    package static let firstBroadcastID = AcknowledgementBook.ownIDs.upperBound

    /// An event that goes to several clients is one that this client has to answer.
    ///
    /// - Parameters:
    ///   - id: The same for all, `firstBroadcastID` or more, and not in use.
    ///   - namespace: The socket's.
    ///   - deadline: When to give up waiting.
    /// - Returns: Whether to send the packet; false if there is no such socket.
    package mutating func expectAnswer(_ id: Int, namespace: String, deadline: Instant) -> Bool {
        guard let socket = self.socket(in: namespace) else { return false }
        self.acknowledgements.open(socket, id, until: deadline)
        return true
    }

    /// Puts a socket out of its namespace; the connection goes on.
    package mutating func disconnect(namespace: String) -> [Action] {
        guard let socket = self.socket(in: namespace) else { return [] }
        self.memberships[namespace] = .left
        return [
            .send(.disconnect(namespace: namespace)),
            self.forget(socket, in: namespace, .serverNamespaceDisconnect),
        ]
    }

    /// Puts every socket out, so that the client knows it was meant; the edge closes the session next.
    package mutating func disconnectAll() -> [Action] {
        self.sockets.flatMap { socket -> [Action] in
            self.memberships[socket.namespace] = .left
            return [
                .send(.disconnect(namespace: socket.namespace)),
                self.forget(socket.id, in: socket.namespace, .serverDisconnect),
            ]
        }
    }

    /// Time has passed: call at `deadline`; early or repeated calls are harmless.
    package mutating func tick(now: Instant) -> [Action] {
        if case .waiting(let deadline) = self.state, now >= deadline {
            // Said once: the session may take its time to close.
            self.state = .inUse
            return [self.end(.connectTimeout)]
        }
        if self.isOpen, let deadline = self.attachmentDeadline, now >= deadline {
            return [self.end(.malformedPacket)]
        }
        return self.acknowledgements.expire(now: now).map { .acknowledgementTimedOut($0.socket, id: $0.id) }
    }

    /// The session ended, and every socket with it.
    package mutating func closed(_ reason: CloseReason) -> [Action] {
        if case .closed = self.state { return [] }
        let sockets = self.sockets
        self.state = .closed
        self.memberships = Memberships()
        return sockets.map { self.forget($0.id, in: $0.namespace, DisconnectReason(reason)) }
    }
}
