/// The times and sizes one session keeps to.
package struct SessionLimits: Equatable, Sendable {
    /// From the handshake, or from a pong, to the next ping.
    package var pingInterval: Duration
    /// How long the client may take to answer a ping.
    package var pingTimeout: Duration
    /// The largest polling body or WebSocket message accepted, in bytes; told to the client.
    package var maxPayload: Int
    /// The most bytes that wait for a client that does not read; past it the session ends.
    package var maxWaitingBytes: Int
    /// The most packets that wait for a client that does not read; past it the session ends.
    package var maxWaitingPackets: Int
    /// The most packets one poll is answered with, unless a single message is more.
    package var packetsPerPoll: Int
    /// The most packets one posted payload may hold.
    package var packetsPerPost: Int
    /// From the opening of a probing WebSocket to the client's upgrade packet.
    package var upgradeTimeout: Duration
    /// How long a closing polling session waits for one more poll to take its last packets.
    package var closeTimeout: Duration

    /// The defaults are the reference server's, but for what may wait, which it does not bound.
    ///
    /// - Parameters:
    ///   - pingInterval: At 25 s a dead client is noticed within 45 s, and proxies that drop idle connections
    ///     after 30 s or 60 s keep this one.
    ///   - pingTimeout: Long enough for a phone that changes networks.
    ///   - maxPayload: One megabyte holds any event of an ordinary application.
    ///   - maxWaitingBytes: A few seconds of a busy stream; ten thousand stuck clients stay below 40 GB only
    ///     because almost none is stuck, so the edge also closes a client as soon as it passes this.
    ///   - maxWaitingPackets: Small packets cost more than their bytes; so many are seconds of a busy stream, too.
    ///   - packetsPerPoll: Python's client refuses a payload of more, and loses the connection.
    ///   - packetsPerPost: Each takes some fifty times its one or two bytes while they are worked on.
    ///   - upgradeTimeout: A probe takes two round trips.
    ///   - closeTimeout: A live client polls again within one round trip.
    package init(
        pingInterval: Duration = .seconds(25),
        pingTimeout: Duration = .seconds(20),
        maxPayload: Int = 1_000_000,
        maxWaitingBytes: Int = 4_194_304,
        maxWaitingPackets: Int = 16_384,
        packetsPerPoll: Int = 16,
        packetsPerPost: Int = 65_536,
        upgradeTimeout: Duration = .seconds(10),
        closeTimeout: Duration = .seconds(5)
    ) {
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.maxPayload = maxPayload
        self.maxWaitingBytes = maxWaitingBytes
        self.maxWaitingPackets = maxWaitingPackets
        self.packetsPerPoll = packetsPerPoll
        self.packetsPerPost = packetsPerPost
        self.upgradeTimeout = upgradeTimeout
        self.closeTimeout = closeTimeout
    }

    /// Whether so much may wait for a client, the message it is about included.
    ///
    /// Volatile messages may take half of the room: the rest is for those whose loss would end the session.
    ///
    /// - Parameters:
    ///   - waitingBytes: All bytes that would wait.
    ///   - packets: All packets that would wait.
    ///   - isVolatile: Whether the last of them may be lost.
    /// - Returns: False if it has to be dropped, or the session has to end.
    package func permits(waitingBytes: Int, packets: Int, isVolatile: Bool = false) -> Bool {
        let share = isVolatile ? 2 : 1
        return waitingBytes <= self.maxWaitingBytes / share && packets <= self.maxWaitingPackets / share
    }
}
