import EngineIO
import Logging
import NIOCore
import SocketIO

/// What comes from the endpoint's requests and WebSockets.
extension SocketLoop {
    /// A polling handshake: answers it and keeps the session.
    func openPolling(_ exchange: HTTPExchange, _ handshake: SocketHandshake) {
        guard !self.isStopping else { return exchange.respond(.stopping) }
        if let refusal = self.server.admission.enter(handshake.remoteAddress) {
            return exchange.respond(.full(refusal))
        }
        let (client, open) = self.open(handshake)
        self.metrics.pollingSessions += 1
        let payload = client.format.payload([.text(Array(open.utf8))])
        exchange.respond(.packets(ByteBuffer(bytes: payload.bytes), opening: client.sid))
        self.opened(client)
    }

    /// A WebSocket handshake: sends the open packet and keeps the session.
    func openWebSocket(_ link: WebSocketLink, _ handshake: SocketHandshake) {
        guard !self.isStopping, self.server.admission.enter(handshake.remoteAddress) == nil else {
            return link.close(.goingAway)
        }
        let (client, open) = self.open(handshake)
        self.metrics.webSocketSessions += 1
        client.webSocket = link
        link.attach(to: client, of: self)
        link.write(WebSocketFraming.text(open), packets: 1)
        self.opened(client)
    }

    /// Lets what the client sent over its WebSocket come before a request that it made after that.
    ///
    /// The two come over two connections, perhaps of two event loops. An event loop reads all that has come before it
    /// runs what is due, so asking the WebSocket's puts them in order.
    ///
    /// - Parameters:
    ///   - sid: The session.
    ///   - isOffered: Whether a WebSocket that was opened for the session before has been offered to it.
    ///   - body: What to do then, on this event loop.
    func afterFrames(
        _ sid: Identifier,
        isOffered: Bool = false,
        _ body: @escaping @Sendable (SocketLoop) -> Void
    ) {
        guard let client = self.sessions[sid] else { return body(self) }
        let shard = self.shard
        if let eventLoop = client.upgradesOn, !isOffered {
            // Its client may have sent frames already, which wait for the offer that is on its way here.
            eventLoop.execute { shard.run { $0.afterFrames(sid, isOffered: true, body) } }
        } else if let link = client.probe ?? client.webSocket {
            // Later, not next: an event loop that is at its tasks runs new ones before it reads again.
            link.eventLoop.scheduleTask(in: .milliseconds(1)) { shard.run(body) }
        } else {
            body(self)
        }
    }

    /// A WebSocket is about to be opened for a session.
    ///
    /// - Returns: False if there is no such session.
    func expectProbe(_ sid: Identifier, on eventLoop: any EventLoop) -> Bool {
        guard let client = self.sessions[sid] else { return false }
        client.upgradesOn = eventLoop
        return true
    }

    /// No WebSocket comes after all.
    func expectNoProbe(_ sid: Identifier) { self.sessions[sid]?.upgradesOn = nil }

    /// A polling request of a session.
    func poll(_ sid: Identifier, _ exchange: HTTPExchange) {
        guard let client = self.sessions[sid] else { return exchange.refuse(.unknownSession) }
        // Whoever goes away while its poll waits for its turn is as gone as later, and nothing may be sent there.
        guard exchange.isHeard else { return self.apply(client.engine.abandon(.transportClose), to: client) }
        let poll = PollID(exchange.number)
        client.polls[poll] = exchange
        self.apply(client.engine.polled(poll, now: .now), to: client)
        self.arm(client)
    }

    /// A whole payload of a session.
    func post(_ sid: Identifier, _ body: [UInt8], isBinary: Bool, _ exchange: HTTPExchange) {
        guard let client = self.sessions[sid] else { return exchange.refuse(.unknownSession) }
        self.metrics.bytesReceived += body.count
        client.post = exchange
        guard self.permits(packets: 0, bytes: body.count, from: client) else { return }
        let isFramed = isBinary && client.engine.version == .v3
        self.apply(client.engine.posted(body, isBinary: isFramed, now: .now), to: client)
        client.post = nil
        self.arm(client)
    }

    /// A WebSocket that wants to continue a session.
    func offer(_ link: WebSocketLink, _ sid: Identifier) {
        self.sessions[sid]?.upgradesOn = nil
        guard let client = self.sessions[sid], client.engine.offerProbe(now: .now) else {
            return link.close(.normalClosure)
        }
        client.probe = link
        link.attach(to: client, of: self)
        self.arm(client)
    }

    /// A message came over a WebSocket.
    func received(_ message: Message, _ link: WebSocketLink, _ client: ClientSession) {
        if client.webSocket === link {
            self.metrics.bytesReceived += message.bytes.count
            // Almost every frame is a message, and none of those concerns the session's machine.
            if let payload = EngineIO.Packet.message(in: message, version: client.handshake.version) {
                return self.deliver(payload, to: client)
            }
            guard self.permits(packets: 1, bytes: message.bytes.count, from: client) else { return }
            self.apply(client.engine.webSocketReceived(message, now: .now), to: client)
        } else if client.probe === link {
            guard self.permits(packets: 1, bytes: message.bytes.count, from: client) else { return }
            self.apply(client.engine.probeReceived(message), to: client)
        }
        self.arm(client)
    }

    /// Frames came over a WebSocket that are no message: they count against the client's rates.
    func received(_ frames: UncountedFrames, _ link: WebSocketLink, _ client: ClientSession) {
        guard client.webSocket === link || client.probe === link else { return }
        _ = self.permits(packets: frames.count, bytes: frames.bytes, from: client)
    }

    /// A WebSocket is no more.
    func closed(_ link: WebSocketLink, _ sid: Identifier, _ reason: CloseReason) {
        guard let client = self.sessions[sid] else { return }
        if client.webSocket === link {
            self.apply(client.engine.webSocketClosed(reason), to: client)
        } else if client.probe === link {
            client.probe = nil
            client.engine.probeClosed()
        }
    }

    /// The connection of a waiting poll went away.
    func pollAborted(_ sid: Identifier, _ poll: PollID) {
        guard let client = self.sessions[sid] else { return }
        client.polls[poll] = nil
        self.apply(client.engine.pollAborted(poll), to: client)
    }

    private func opened(_ client: ClientSession) {
        if let action = client.connection?.opened() { self.apply(action, to: client) }
        self.arm(client)
    }

    private func open(_ handshake: SocketHandshake) -> (ClientSession, String) {
        let sid = self.makeSessionID()
        let client = ClientSession(
            sid: sid,
            handshake: handshake,
            configuration: self.configuration,
            namespaces: self.server.receiver == nil ? self.server.namespaceNames : nil,
            now: .now
        )
        self.sessions[sid] = client
        self.metrics.sessionsOpened += 1
        self.server.logger.debug(
            "A client opened a session.",
            metadata: [
                "remote": "\(handshake.remoteAddress)", "transport": "\(handshake.transport.rawValue)",
            ])
        let packet = OpenPacket(sid: sid, transport: handshake.transport, limits: self.configuration.session)
        return (client, packet.text)
    }
}
