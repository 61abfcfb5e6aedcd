extension Session {
    /// A WebSocket wants to continue this polling session.
    ///
    /// - Returns: Whether it may probe; otherwise the edge closes it, and the session does not hear of it again.
    package mutating func offerProbe(now: Instant) -> Bool {
        guard case .polling(let poll, nil) = self.state else { return false }
        self.state = .polling(poll: poll, probe: UpgradeProbe(deadline: now + self.limits.upgradeTimeout))
        return true
    }

    /// The probing WebSocket brought a message.
    package mutating func probeReceived(_ frame: Message) -> [Action] {
        if case .closing(let reason, let deadline, _?) = self.state {
            return self.probeReceivedWhileClosing(frame, reason, deadline)
        }
        guard case .polling(let poll, var probe?) = self.state else { return [] }
        switch (try? Packet(frame: frame, version: self.version), probe.isAnswered) {
        case (.ping(Packet.probe)?, false):
            // The client now waits for its poll to end before it upgrades: release it.
            probe.isAnswered = true
            self.state = .polling(poll: poll, probe: probe)
            if poll != nil, self.queue.isEmpty { self.queue.append(.noop) }
            return [.answerProbe] + self.flush()
        case (.upgrade?, true):
            let release: [Action] = poll.map { [.respond($0, [.noop])] } ?? []
            let packets = self.queue.takeAll()
            self.state = .webSocket
            return release + [.adoptProbe] + (packets.isEmpty ? [] : [.write(packets)])
        default:
            self.state = .polling(poll: poll, probe: nil)
            return [.dropProbe]
        }
    }

    /// The client upgrades in the middle of the end: what is left goes over its WebSocket, which then closes.
    private mutating func probeReceivedWhileClosing(
        _ frame: Message,
        _ reason: CloseReason,
        _ deadline: Instant
    ) -> [Action] {
        guard case .upgrade? = try? Packet(frame: frame, version: self.version) else {
            self.state = .closing(reason: reason, deadline: deadline, probe: nil)
            return [.dropProbe]
        }
        // The close packet, the last one, is for a poll.
        let packets = Array(self.queue.takeAll().dropLast())
        self.state = .webSocket
        return [.adoptProbe] + (packets.isEmpty ? [] : [.write(packets)]) + self.end(reason)
    }

    /// The probing WebSocket went away; the session goes on by polling.
    package mutating func probeClosed() {
        switch self.state {
        case .polling(let poll, _): self.state = .polling(poll: poll, probe: nil)
        case .closing(let reason, let deadline, _):
            self.state = .closing(reason: reason, deadline: deadline, probe: nil)
        case .webSocket, .closed: break
        }
    }

    /// What a WebSocket message is to the layer above, if it is nothing else: the short way of `webSocketReceived`.
    ///
    /// - Returns: nil for all that the session itself has to see; give it that by `webSocketReceived`.
    package func webSocketMessage(_ frame: Message) -> Message? {
        guard case .webSocket = self.state else { return nil }
        return Packet.message(in: frame, version: self.version)
    }

    /// The session's WebSocket brought a message.
    package mutating func webSocketReceived(_ frame: Message, now: Instant) -> [Action] {
        guard case .webSocket = self.state else { return [] }
        do {
            return self.received(try Packet(frame: frame, version: self.version), now: now)
        } catch {
            return self.end(frame.reasonForRefusal)
        }
    }

    /// The session's WebSocket went away.
    ///
    /// - Parameter reason: `.transportClose`, or what the client did wrong on it.
    /// - Returns: What to do.
    package mutating func webSocketClosed(_ reason: CloseReason = .transportClose) -> [Action] {
        guard case .webSocket = self.state else { return [] }
        return self.end(reason)
    }
}
