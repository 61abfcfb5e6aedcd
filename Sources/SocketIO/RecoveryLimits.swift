/// How much is kept for clients that may come back, and for how long.
package struct RecoveryLimits: Equatable, Sendable {
    /// How long after its loss a connection can be taken up again.
    package var maxDisconnection: Duration
    /// How long a loss may go unnoticed: what was sent in that time before it may not have arrived.
    package var unnoticedLoss: Duration
    /// Events in the log.
    package var maxEvents: Int
    /// Bytes of the log.
    package var maxBytes: Int
    /// Lost sockets.
    package var maxSessions: Int
    /// Events one client gets when it comes back; one that missed more starts afresh.
    package var maxMissedEvents: Int
    /// Bytes of them.
    package var maxMissedBytes: Int

    /// The defaults suit a busy stream of small events.
    ///
    /// - Parameters:
    ///   - maxDisconnection: The reference's: a change of networks, a lid closed for a moment, a restart.
    ///   - unnoticedLoss: The heartbeat's interval and timeout together.
    ///   - maxEvents: Two minutes of a hundred events a second.
    ///   - maxBytes: Of such events a generous share.
    ///   - maxSessions: Every client of a large server at once, when it restarts.
    ///   - maxMissedEvents: Half of what may wait for a client, so that coming back is not what ends it.
    ///   - maxMissedBytes: The same.
    package init(
        maxDisconnection: Duration = .seconds(120),
        unnoticedLoss: Duration = .seconds(45),
        maxEvents: Int = 16_384,
        maxBytes: Int = 16_777_216,
        maxSessions: Int = 16_384,
        maxMissedEvents: Int = 8_192,
        maxMissedBytes: Int = 2_097_152
    ) {
        self.maxDisconnection = maxDisconnection
        self.unnoticedLoss = unnoticedLoss
        self.maxEvents = maxEvents
        self.maxBytes = maxBytes
        self.maxSessions = maxSessions
        self.maxMissedEvents = maxMissedEvents
        self.maxMissedBytes = maxMissedBytes
    }
}
