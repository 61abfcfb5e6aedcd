extension Session {
    /// Time has passed: call at `deadline`; early or repeated calls are harmless.
    package mutating func tick(now: Instant) -> [Action] {
        switch self.state {
        case .closed:
            return []
        case .closing(let reason, let deadline):
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
        case .pong(probe: false):
            self.heartbeat.pong(now: now)
            return []
        case .noop:
            return []
        case .close:
            return self.closedByClient()
        case .ping, .pong(probe: true), .upgrade:
            // In v4 only the server pings, and only a probing WebSocket upgrades.
            return self.end(.malformedPacket)
        }
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
