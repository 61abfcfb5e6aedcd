import DequeModule

/// The last events of a server, and the sockets that were lost and may come back for them.
///
/// Knows no clock: times are since 1970, by the wall clock, as they outlive the process. Sequences count from 1 and go
/// on over restarts. What belongs in it is every event that is neither volatile nor asks for an answer.
/// Source: the reference's `SessionAwareAdapter`. Other than there, an offset that is too old to be in the log still
/// counts while nothing that its client could have missed has left it: silence loses nobody their session.
package struct RecoveryLog: Sendable {
    /// One event.
    struct Entry: Equatable, Sendable {
        let time: Duration
        let namespace: String
        let audience: Audience
        let packet: EncodedPacket
    }

    /// One life of the process, from its first event on.
    struct Epoch: Equatable, Sendable {
        let id: UInt64
        let firstSequence: Int
    }

    /// A socket that was lost; what it says is past when its session came back, or was lost again.
    struct Loss: Equatable, Sendable {
        let privateID: PrivateID
        let leftAt: Duration
    }

    /// What an entry takes beside its bytes, about.
    private static let entryOverhead = 256
    /// Lives that offsets are still known from.
    static let epochsLimit = 8

    let limits: RecoveryLimits
    /// Names this life of the process.
    private let epoch: UInt64
    var epochs: [Epoch] = []
    var entries: Deque<Entry> = []
    /// The sequence of the first entry, or of the next event if there is none.
    var firstSequence = 1
    /// When the newest event that has left the log was emitted.
    var forgottenUntil: Duration?
    private var bytes = 0
    private(set) var sessions: [PrivateID: RecoverableSession] = [:]
    /// In the order of time.
    private var losses: Deque<Loss> = []

    /// Starts an empty log.
    ///
    /// - Parameters:
    ///   - limits: How much it keeps.
    ///   - generator: A source of randomness for the name of this life of the process.
    package init(limits: RecoveryLimits, using generator: inout some RandomNumberGenerator) {
        self.limits = limits
        self.epoch = UInt64.random(in: RecoveryOffset.epochs, using: &generator)
    }

    /// The sequence of the last event; 0 before the first.
    package var position: Int { self.firstSequence + self.entries.count - 1 }

    /// How many events are kept.
    package var eventCount: Int { self.entries.count }

    /// How many sockets may come back.
    package var sessionCount: Int { self.sessions.count }
}

// MARK: - Events

extension RecoveryLog {
    /// Records an event.
    ///
    /// - Parameters:
    ///   - packet: The event, not volatile and without an id.
    ///   - namespace: Where it happens.
    ///   - audience: Who gets it.
    ///   - now: The time since 1970.
    /// - Returns: The packet to send: the same with its offset as last argument.
    package mutating func record(
        _ packet: EncodedPacket,
        namespace: String,
        to audience: Audience,
        now: Duration
    ) -> EncodedPacket {
        self.expire(now: now)
        let sequence = self.position + 1
        if self.epochs.last?.id != self.epoch {
            self.epochs.append(Epoch(id: self.epoch, firstSequence: sequence))
            self.epochs.removeFirst(max(self.epochs.count - Self.epochsLimit, 0))
        }
        let packet = packet.appending(RecoveryOffset(epoch: self.epoch, sequence: sequence))
        self.append(Entry(time: now, namespace: namespace, audience: audience, packet: packet))
        return packet
    }

    /// Lets go of what nobody can come back for any more; `record`, `keep` and `restore` do it, too.
    package mutating func expire(now: Duration) {
        let eventAge = self.limits.maxDisconnection + self.limits.unnoticedLoss
        while let first = self.entries.first, first.time + eventAge < now { self.forgetFirst() }
        while let first = self.losses.first {
            guard !self.isCurrent(first) || first.leftAt + self.limits.maxDisconnection < now else { break }
            self.forgetFirstLoss()
        }
    }

    mutating func append(_ entry: Entry) {
        self.entries.append(entry)
        self.bytes += Self.cost(of: entry)
        while self.entries.count > self.limits.maxEvents || self.bytes > self.limits.maxBytes { self.forgetFirst() }
    }

    private mutating func forgetFirst() {
        guard let entry = self.entries.popFirst() else { return }
        self.firstSequence += 1
        self.bytes -= Self.cost(of: entry)
        self.forgottenUntil = max(entry.time, self.forgottenUntil ?? entry.time)
    }

    private static func cost(of entry: Entry) -> Int { entry.packet.byteCount + Self.entryOverhead }
}

// MARK: - Sessions

extension RecoveryLog {
    /// Keeps a socket whose connection was lost; past the bound, the one that was lost first is given up.
    package mutating func keep(_ session: RecoverableSession, now: Duration) {
        self.expire(now: now)
        self.insert(session)
    }

    mutating func insert(_ session: RecoverableSession) {
        self.sessions[session.privateID] = session
        self.losses.append(Loss(privateID: session.privateID, leftAt: session.leftAt))
        while self.sessions.count > self.limits.maxSessions { self.forgetFirstLoss() }
        if self.losses.count > 2 * self.sessions.count + 64 {
            self.losses = self.losses.filter { self.isCurrent($0) }
        }
    }

    /// The sessions that may come back, in the order they were lost.
    var sessionsByLoss: [RecoverableSession] {
        self.losses.compactMap { self.isCurrent($0) ? self.sessions[$0.privateID] : nil }
    }

    private func isCurrent(_ loss: Loss) -> Bool { self.sessions[loss.privateID]?.leftAt == loss.leftAt }

    private mutating func forgetFirstLoss() {
        guard let first = self.losses.popFirst() else { return }
        if self.isCurrent(first) { self.sessions[first.privateID] = nil }
    }

    /// Gives a client its socket back, once.
    ///
    /// - Parameters:
    ///   - claim: What the client says of itself.
    ///   - namespace: The one it wants to join.
    ///   - now: The time since 1970.
    /// - Returns: nil if there is no such session any more, or events it may have missed are no longer known: then the
    ///   client starts afresh.
    package mutating func restore(
        _ claim: RecoveryClaim,
        namespace: String,
        now: Duration
    ) -> RestoredSession? {
        self.expire(now: now)
        guard let session = self.sessions[claim.privateID], session.namespace == namespace else { return nil }
        self.sessions[claim.privateID] = nil
        guard session.leftAt + self.limits.maxDisconnection >= now else { return nil }

        var start = min(session.joinedAt, self.position)
        if let offset = claim.offset {
            guard self.isKnown(offset) else { return nil }
            start = max(start, offset.sequence)
        }
        guard self.hasAll(since: start, for: session), let missed = self.missed(since: start, by: session) else {
            return nil
        }
        return RestoredSession(session: session, missed: missed, position: self.position)
    }

    /// Whether an offset was given out, be it by an earlier process.
    private func isKnown(_ offset: RecoveryOffset) -> Bool {
        guard offset.sequence <= self.position,
            let index = self.epochs.lastIndex(where: { $0.firstSequence <= offset.sequence })
        else { return false }
        return self.epochs[index].id == offset.epoch
    }

    /// Whether nothing has left the log that was emitted after the start and may not have reached the client.
    private func hasAll(since start: Int, for session: RecoverableSession) -> Bool {
        guard start < self.firstSequence - 1, let forgottenUntil = self.forgottenUntil else { return true }
        return forgottenUntil < session.leftAt - self.limits.unnoticedLoss
    }

    private func missed(since start: Int, by session: RecoverableSession) -> [EncodedPacket]? {
        var missed: [EncodedPacket] = []
        var bytes = 0
        for entry in self.entries.dropFirst(max(start + 1 - self.firstSequence, 0))
        where entry.namespace == session.namespace && entry.audience.includes(session.socket, in: session.rooms) {
            missed.append(entry.packet)
            bytes += entry.packet.byteCount
            guard missed.count <= self.limits.maxMissedEvents, bytes <= self.limits.maxMissedBytes else { return nil }
        }
        return missed
    }
}
