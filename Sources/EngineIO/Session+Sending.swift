extension Session {
    /// Sends a message; while the session polls it waits for `flush`.
    ///
    /// - Parameters:
    ///   - message: What to send.
    ///   - isVolatile: Whether it may be lost: where too much waits already it is dropped, which `.dropped` tells.
    ///     Any other message that is too much ends the session.
    /// - Returns: What to do.
    package mutating func send(_ message: Outgoing, isVolatile: Bool = false) -> [Action] {
        switch self.state {
        case .webSocket: [.write([.message(message)])]
        case .polling(let poll, _): self.enqueue(message, isVolatile: isVolatile, poll)
        case .closing, .closed: isVolatile ? [.dropped] : []
        }
    }

    /// Answers the waiting poll with all that was sent since: call once after each batch of `send`.
    package mutating func flush() -> [Action] {
        guard case .polling(let poll?, let probe) = self.state, !self.queue.isEmpty else { return [] }
        self.state = .polling(poll: nil, probe: probe)
        return [.respond(poll, self.queue.take(upTo: self.limits.packetsPerPoll))]
    }

    /// Ends the session from this side: what was sent before still goes out, then the close.
    package mutating func close(_ reason: CloseReason, now: Instant) -> [Action] {
        switch self.state {
        case .webSocket:
            return self.end(reason)
        case .polling(let poll, let probe):
            self.queue.append(.close)
            // A client whose probe was answered does not poll any more: it hears of the end when it has upgraded.
            let upgrading = probe?.isAnswered == true ? probe : nil
            let deadline = now + self.limits.closeTimeout
            self.state = .closing(reason: reason, deadline: deadline, probe: upgrading)
            let farewell = poll.map { self.respondWhileClosing($0, reason) } ?? []
            return (probe == nil || upgrading != nil ? [] : [.dropProbe]) + farewell
        case .closing, .closed:
            return []
        }
    }

    /// Ends the session at once: what waits is lost, a waiting poll hears of it.
    package mutating func abandon(_ reason: CloseReason) -> [Action] { self.end(reason) }

    /// Gives a poll what is left, and the one after that the close packet.
    ///
    /// The official client sees to the end of its transport before the packets of the same payload: a message with
    /// the close behind it, such as a disconnect from a namespace, would come too late.
    mutating func respondWhileClosing(_ poll: PollID, _ reason: CloseReason) -> [Action] {
        let packets = self.queue.take(upTo: self.limits.packetsPerPoll)
        guard self.queue.isEmpty else { return [.respond(poll, packets)] }
        guard packets.count > 1 else { return [.respond(poll, packets)] + self.end(reason, answering: nil) }
        self.queue.append(.close)
        return [.respond(poll, Array(packets.dropLast()))]
    }

    /// Lets a message wait; when too much does, gives it to the waiting poll, or gives up.
    private mutating func enqueue(_ message: Outgoing, isVolatile: Bool, _ poll: PollID?) -> [Action] {
        let hasRoom = self.limits.permits(
            waitingBytes: self.queue.bytes + message.byteCount, packets: self.queue.packets + message.packetCount,
            isVolatile: isVolatile)
        guard hasRoom || poll != nil || !isVolatile else { return [.dropped] }
        self.queue.append(.message(message))
        guard !hasRoom else { return [] }
        return poll == nil ? self.end(.slowClient) : self.flush()
    }
}
