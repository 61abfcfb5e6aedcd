/// One Engine.IO session, from the handshake to the end, over whichever transport carries it.
///
/// Knows no socket, no timer and no clock: the edge says what happened and when, the answer says what to do, in
/// order. After `.closed` every event is ignored. Messages wait in the session only while it polls; a WebSocket's
/// wait in its channel.
/// Source: engine.io-protocol v4, and v3 for old clients.
package struct Session<Outgoing: OutgoingMessage>: Sendable {
    package typealias Instant = ContinuousClock.Instant
    package typealias Action = SessionAction<Outgoing>

    /// The revision of the protocol its client speaks.
    package let version: ProtocolVersion
    let limits: SessionLimits
    var heartbeat: Heartbeat
    var state: SessionState
    var queue = PacketQueue<Outgoing>()

    /// Opens a session; the edge has sent, or is about to send, the open packet.
    ///
    /// - Parameters:
    ///   - transport: How the handshake came.
    ///   - limits: What the open packet promises.
    ///   - version: What the handshake asked for.
    ///   - now: The time of the handshake, from which the heartbeat counts.
    package init(transport: Transport, limits: SessionLimits, version: ProtocolVersion = .v4, now: Instant) {
        self.version = version
        self.limits = limits
        self.heartbeat = Heartbeat(
            interval: limits.pingInterval, timeout: limits.pingTimeout, version: version, now: now)
        self.state = transport == .polling ? .polling(poll: nil, probe: nil) : .webSocket
    }

    /// The transport that carries the session now.
    package var transport: Transport {
        if case .webSocket = self.state { .webSocket } else { .polling }
    }

    /// Whether messages can be written to its WebSocket at once; false also when it has ended.
    package var isWebSocket: Bool {
        if case .webSocket = self.state { true } else { false }
    }

    /// What waits for the next poll; a WebSocket's packets wait in its channel.
    package var waiting: (bytes: Int, packets: Int) { (self.queue.bytes, self.queue.packets) }

    /// Whether the session has ended.
    package var isClosed: Bool {
        if case .closed = self.state { true } else { false }
    }

    /// When to call `tick` next; nil once closed.
    package var deadline: Instant? {
        switch self.state {
        case .polling(_, let probe): min(self.heartbeat.deadline, probe?.deadline ?? self.heartbeat.deadline)
        case .webSocket: self.heartbeat.deadline
        case .closing(_, let deadline, _): deadline
        case .closed: nil
        }
    }
}

// MARK: - The end

extension Session {
    /// Ends the session at once, with whatever its open requests have to hear.
    mutating func end(_ reason: CloseReason) -> [Action] {
        if case .polling(let poll, _) = self.state {
            self.end(reason, answering: poll)
        } else {
            self.end(reason, answering: nil)
        }
    }

    /// Ends the session, with a close packet for this poll.
    mutating func end(_ reason: CloseReason, answering poll: PollID?) -> [Action] {
        var actions: [Action] = poll.map { [.respond($0, [.close])] } ?? []
        switch self.state {
        case .closed: return []
        case .polling(_, _?), .closing(_, _, _?): actions.append(.dropProbe)
        case .polling, .webSocket, .closing: break
        }
        self.state = .closed
        self.queue = PacketQueue()
        return actions + [.closed(reason)]
    }
}
