extension Session {
    /// A polling request asks for packets.
    package mutating func polled(_ poll: PollID, now: Instant) -> [Action] {
        switch self.state {
        case .closed, .webSocket:
            return [.refuse(poll)]
        case .closing(let reason, _):
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
    ///   - now: The time it was complete.
    /// - Returns: What to do; the answer to the post is among it.
    package mutating func posted(_ payload: [UInt8], now: Instant) -> [Action] {
        switch self.state {
        case .closed, .webSocket: return [.answerPost(isAccepted: false)]
        case .closing: return [.answerPost(isAccepted: true)]
        case .polling: break
        }

        var actions: [Action] = []
        for part in payload.split(separator: Packet.separator, omittingEmptySubsequences: false) {
            do {
                actions += self.received(try Packet(payloadPart: part), now: now)
            } catch {
                actions += [.answerPost(isAccepted: false)] + self.end(Message.text(part).reasonForRefusal)
            }
            if self.isClosed { break }
        }
        return Self.answering(actions)
    }

    /// Puts the answer to a post before the end of the session, where the edge can still give it.
    private static func answering(_ actions: [Action]) -> [Action] {
        guard case .closed(let reason)? = actions.last else { return actions + [.answerPost(isAccepted: true)] }
        let isAnswered = actions.contains { if case .answerPost = $0 { true } else { false } }
        guard !isAnswered else { return actions }
        return actions.dropLast() + [.answerPost(isAccepted: reason != .malformedPacket), .closed(reason)]
    }
}
