import EngineIO
import Logging
import NIOCore
import SocketIO

/// What the machines of a session ask for.
extension SocketLoop {
    /// Carries out what the session's Engine.IO side asks for, in order.
    func apply(_ actions: [SessionAction<WireMessage>], to client: ClientSession) {
        for action in actions { self.apply(action, to: client) }
    }

    private func apply(_ action: SessionAction<WireMessage>, to client: ClientSession) {
        switch action {
        case .respond(let poll, let packets):
            client.polls.removeValue(forKey: poll)?.respond(self.payload(of: packets, for: client))
        case .refuse(let poll):
            client.polls.removeValue(forKey: poll)?.refuse(.badRequest)
        case .answerPost(let isAccepted):
            if isAccepted { client.post?.respond(.accepted) } else { client.post?.refuse(.badRequest) }
            client.post = nil
        case .count(let packets):
            _ = self.permits(packets: packets, bytes: 0, from: client)
        case .write(let packets):
            self.write(packets, to: client)
        case .dropped:
            self.metrics.packetsDropped += 1
        case .answerProbe:
            client.probe?.write(WebSocketFraming.probeAnswer, packets: 1)
        case .adoptProbe:
            client.webSocket = client.probe
            client.probe = nil
            self.metrics.upgrades += 1
            self.metrics.pollingSessions -= 1
            self.metrics.webSocketSessions += 1
        case .dropProbe:
            client.probe?.close(.normalClosure)
            client.probe = nil
        case .deliver(let message):
            self.deliver(message, to: client)
        case .closed(let reason):
            self.end(client, reason)
        }
    }

    /// Hands a message to the layer above.
    func deliver(_ message: Message, to client: ClientSession) {
        self.metrics.packetsReceived += 1
        // A post was counted as a whole.
        let bytes = client.post == nil ? message.bytes.count : 0
        guard self.permits(packets: 1, bytes: bytes, from: client) else { return }
        if let receiver = self.server.receiver {
            guard message.isWellFormed else { return self.refuse(client, .invalidText) }
            receiver.received(EngineClient(sid: client.sid, server: self.server), message)
        } else if let action = client.connection?.received(message, now: .now) {
            self.apply(action, to: client)
        } else {
            // Perhaps its attachments are still to come, for which it does not have for ever.
            self.arm(client)
        }
    }

    /// Whether the client keeps to the rates with what has come; one that does not is put out.
    @inline(__always)
    func permits(packets: Int, bytes: Int, from client: ClientSession) -> Bool {
        !client.isLimited || self.takes(packets: packets, bytes: bytes, from: client)
    }

    private func takes(packets: Int, bytes: Int, from client: ClientSession) -> Bool {
        guard self.sessions[client.sid] != nil else { return false }
        let now = ContinuousClock.now
        let isPermitted =
            client.packetRate?.take(packets, now: now) != false
            && client.byteRate?.take(bytes, now: now) != false
        if !isPermitted { self.refuse(client, .rateLimited) }
        return isPermitted
    }

    /// Ends a session for what its client sent.
    private func refuse(_ client: ClientSession, _ reason: CloseReason) {
        client.post?.refuse(.badRequest)
        client.post = nil
        self.apply(client.engine.abandon(reason), to: client)
    }

    private func payload(of packets: [OutgoingPacket<WireMessage>], for client: ClientSession) -> EndpointResponse {
        let payload = OutgoingPacket.payload(of: packets, in: client.format)
        self.metrics.bytesSent += payload.bytes.readableBytes
        for case .message(let message) in packets { self.metrics.packetsSent += message.packetCount }
        return .packets(payload.bytes, isBinary: payload.isBinary)
    }

    private func end(_ client: ClientSession, _ reason: CloseReason) {
        self.flush(client)
        if client.webSocket == nil {
            self.metrics.pollingSessions -= 1
        } else {
            self.metrics.webSocketSessions -= 1
        }
        self.writeDistant()
        client.webSocket?.close(reason.webSocketCode)
        client.webSocket = nil
        self.sessions[client.sid] = nil
        self.server.admission.leave(client.handshake.remoteAddress)
        self.server.memory.sessionEnded(on: self.shard.eventLoop)
        self.metrics.sessionsClosed[reason, default: 0] += 1
        self.server.logger.debug(
            "A client's session ended.",
            metadata: [
                "remote": "\(client.handshake.remoteAddress)", "reason": "\(reason.rawValue)",
            ])
        self.apply(client.connection?.closed(reason) ?? [], to: client)
        for exchange in client.polls.values { exchange.refuse(.badRequest) }
        client.polls = [:]
    }
}

// MARK: - Socket.IO

extension SocketLoop {
    /// Carries out what the session's Socket.IO side asks for, in order.
    func apply(_ actions: [ConnectionAction], to client: ClientSession) {
        for action in actions { self.apply(action, to: client) }
    }

    func apply(_ action: ConnectionAction, to client: ClientSession) {
        switch action {
        case .send(let packet):
            self.send(WireMessage(packet), to: client)
        case .authorise(let namespace, let auth):
            self.authorise(namespace, auth, client)
        case .connected(let namespace, let id):
            self.connected(id, namespace, client)
        case .refused(_, let packet):
            self.send(WireMessage(packet), to: client)
            self.metrics.connectsRefused += 1
        case .event(let namespace, let id, let name, let arguments, let question):
            let answer = question.map { Acknowledgement(socket: id, id: $0, shard: self.shard) }
            let event = SocketEvent(name: name, arguments: arguments, acknowledgement: answer)
            self.sockets[id]?.members.namespace.event(self.handle(id, namespace), event)
        case .acknowledged(let id, let question, let arguments):
            client.questions.removeValue(forKey: .init(socket: id, id: question))?(.success(arguments))
        case .acknowledgementTimedOut(let id, let question):
            client.questions.removeValue(forKey: .init(socket: id, id: question))?(.failure(.timedOut))
        case .disconnected(let namespace, let id, let reason):
            self.disconnected(id, namespace, client, reason)
        case .close(let reason):
            self.apply(client.engine.close(reason, now: .now), to: client)
        }
    }

    /// What the application gets to call a socket by.
    func handle(_ id: SocketID, _ namespace: String) -> Socket {
        Socket(id: id, namespace: namespace, server: self.server)
    }
}

extension CloseReason {
    /// What a WebSocket's close frame says.
    fileprivate var webSocketCode: WebSocketCloseCode {
        switch self {
        case .serverShutdown: .goingAway
        case .malformedPacket, .rateLimited: .policyViolation
        case .invalidText: .invalidText
        case .messageTooLarge: .messageTooBig
        case .slowClient: .slowClient
        case .clientClose, .transportClose, .transportError, .pingTimeout, .connectTimeout, .serverClose: .normalClosure
        }
    }
}
