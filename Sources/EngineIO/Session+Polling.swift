extension Session {
    /// A polling request asks for packets.
    package mutating func polled(_ poll: PollID, now: Instant) -> [Action] {
        switch self.state {
        case .closed, .webSocket:
            return [.refuse(poll)]
        case .closing(let reason, _, _):
            return self.respondWhileClosing(poll, reason)
        case .polling(_?, _):
            // Both are answered before the end: the client must not be left waiting on either.
            let ending = self.end(.transportError)
            return ending.dropLast() + [.refuse(poll)] + ending.suffix(1)
        case .polling(nil, let probe):
            let beat = self.beat(now: now)
            guard !self.isClosed else { return [.refuse(poll)] + beat }
            self.state = .polling(poll: poll, probe: probe)
            if self.queue.isEmpty, probe?.isAnswered == true { self.queue.append(.noop) }
            return self.flush()
        }
    }

    /// The connection of a waiting poll went away.
    package mutating func pollAborted(_ poll: PollID) -> [Action] {
        guard case .polling(poll, let probe) = self.state else { return [] }
        self.state = .polling(poll: nil, probe: probe)
        return self.end(.transportClose)
    }

    /// A whole payload was posted.
    ///
    /// - Parameters:
    ///   - payload: The body; the edge has bounded it by `maxPayload`.
    ///   - isBinary: Whether its content type is `application/octet-stream`; there is none such in v4.
    ///   - now: The time it was complete.
    /// - Returns: What to do; the answer to the post is among it.
    package mutating func posted(_ payload: [UInt8], isBinary: Bool = false, now: Instant) -> [Action] {
        switch self.state {
        case .closed, .webSocket: return [.answerPost(isAccepted: false)]
        case .closing: return [.answerPost(isAccepted: true)]
        case .polling: break
        }

        var actions: [Action] = []
        var packets = 0
        var messages = 0
        do throws(PacketError) {
            var reader = PayloadReader(payload[...], framing: try self.framing(isBinary: isBinary))
            while !self.isClosed, let packet = try reader.next() {
                packets += 1
                guard packets <= self.limits.packetsPerPost else { throw .tooManyPackets }
                if case .message(let message) = packet {
                    messages += 1
                    actions.append(.deliver(message))
                } else {
                    actions += self.received(packet, now: now)
                }
            }
            // Pongs for the pings among them.
            if self.version == .v3 { actions += self.flush() }
        } catch {
            let whole = isBinary ? Message.binary(payload[...]) : .text(payload[...])
            actions += [.answerPost(isAccepted: false)] + self.end(whole.reasonForRefusal)
        }
        if packets > messages { actions.insert(.count(packets: packets - messages), at: 0) }
        return Self.answering(actions)
    }

    private func framing(isBinary: Bool) throws(PacketError) -> PayloadReader.Framing {
        switch (self.version, isBinary) {
        case (.v4, false): return .separated
        case (.v4, true): throw .unexpectedBody(type: UInt8(ascii: "4"))
        case (.v3, false): return .counted
        case (.v3, true): return .binary
        }
    }

    /// Puts the answer to a post before the end of the session, where the edge can still give it.
    private static func answering(_ actions: [Action]) -> [Action] {
        guard case .closed(let reason)? = actions.last else { return actions + [.answerPost(isAccepted: true)] }
        let isAnswered = actions.contains { if case .answerPost = $0 { true } else { false } }
        guard !isAnswered else { return actions }
        return actions.dropLast() + [.answerPost(isAccepted: reason != .malformedPacket), .closed(reason)]
    }
}
