extension Session {
    /// Sends a message; while the session polls it waits for `flush`.
    package mutating func send(_ message: Outgoing) -> [Action] {
        switch self.state {
        case .webSocket:
            return [.write([.message(message)])]
        case .polling:
            self.enqueue(.message(message))
            return self.queuedBytes > self.limits.maxWaitingBytes ? self.relieve() : []
        case .closing, .closed:
            return []
        }
    }

    /// Answers the waiting poll with all that was sent since: call once after each batch of `send`.
    package mutating func flush() -> [Action] {
        guard case .polling(let poll?, let probe) = self.state, !self.queue.isEmpty else { return [] }
        self.state = .polling(poll: nil, probe: probe)
        return [.respond(poll, self.takePayload())]
    }

    /// Ends the session from this side: what was sent before still goes out, then the close.
    package mutating func close(_ reason: CloseReason, now: Instant) -> [Action] {
        switch self.state {
        case .webSocket:
            return self.end(reason)
        case .polling(let poll, let probe):
            self.enqueue(.close)
            self.state = .closing(reason: reason, deadline: now + self.limits.closeTimeout)
            let farewell = poll.map { self.respondWhileClosing($0, reason) } ?? []
            return (probe == nil ? [] : [.dropProbe]) + farewell
        case .closing, .closed:
            return []
        }
    }

    /// The session's connection took more than it may keep waiting; nothing more is sent.
    package mutating func overflowed() -> [Action] { self.end(.slowClient) }

    /// Gives a poll what is left, and the one after that the close packet.
    ///
    /// The official client sees to the end of its transport before the packets of the same payload: a message with
    /// the close behind it, such as a disconnect from a namespace, would come too late.
    mutating func respondWhileClosing(_ poll: PollID, _ reason: CloseReason) -> [Action] {
        let packets = self.takePayload()
        guard self.queue.isEmpty else { return [.respond(poll, packets)] }
        guard packets.count > 1 else { return [.respond(poll, packets)] + self.end(reason, answering: nil) }
        self.enqueue(.close)
        return [.respond(poll, Array(packets.dropLast()))]
    }

    /// Makes room when too much waits: gives it to the waiting poll, or gives up.
    private mutating func relieve() -> [Action] {
        if case .polling(_?, _) = self.state { self.flush() } else { self.end(.slowClient) }
    }
}
