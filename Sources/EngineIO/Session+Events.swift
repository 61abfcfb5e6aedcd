extension Session {
    /// Time has passed: call at `deadline`; early or repeated calls are harmless.
    package mutating func tick(now: Instant) -> [Action] {
        switch self.state {
        case .closed:
            return []
        case .closing(let reason, let deadline, _):
            return now >= deadline ? self.end(reason) : []
        case .polling(let poll, let probe?) where now >= probe.deadline:
            self.state = .polling(poll: poll, probe: nil)
            return [.dropProbe] + self.beat(now: now)
        case .polling, .webSocket:
            return self.beat(now: now)
        }
    }

    /// A packet came over the session's own transport.
    mutating func received(_ packet: Packet, now: Instant) -> [Action] {
        switch packet {
        case .message(let message):
            return [.deliver(message)]
        case .ping(let bytes) where self.version == .v3:
            self.heartbeat.ping(now: now)
            return self.answerPing(bytes)
        case .pong(let bytes) where self.version == .v4 && bytes.isEmpty:
            self.heartbeat.pong(now: now)
            return []
        case .noop:
            return []
        case .close:
            return self.closedByClient()
        case .ping, .pong, .upgrade:
            // Only one side pings, and only a probing WebSocket upgrades.
            return self.end(.malformedPacket)
        }
    }

    /// Pongs wait like messages, and with them count against the bounds.
    private mutating func answerPing(_ bytes: ArraySlice<UInt8>) -> [Action] {
        guard case .polling = self.state else { return [.write([.pong(bytes)])] }
        self.queue.append(.pong(bytes))
        let hasRoom = self.limits.permits(waitingBytes: self.queue.bytes, packets: self.queue.packets)
        return hasRoom ? [] : self.end(.slowClient)
    }

    /// Pings or gives up, if either is due.
    mutating func beat(now: Instant) -> [Action] {
        switch self.heartbeat.tick(now: now) {
        case .nothing:
            return []
        case .timeout:
            return self.end(.pingTimeout)
        case .ping:
            guard case .webSocket = self.state else {
                self.queue.append(.ping)
                return self.flush()
            }
            return [.write([.ping])]
        }
    }

    /// A waiting poll hears a noop, as its client knows already that the session is over.
    private mutating func closedByClient() -> [Action] {
        guard case .polling(let poll?, let probe) = self.state else { return self.end(.clientClose) }
        self.state = .polling(poll: nil, probe: probe)
        return [.respond(poll, [.noop])] + self.end(.clientClose)
    }
}
