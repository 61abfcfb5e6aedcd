/// The server half of the heartbeat.
///
/// In v4 the server pings on an interval and expects a pong within a timeout; in v3 the client pings, and has both
/// together for each. Times count from when they were due, not from when a timer fired, so that they do not drift: a
/// client may rely on `pingInterval + pingTimeout` after the handshake to the millisecond.
struct Heartbeat: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What a tick found to be due.
    enum Due: Equatable {
        case nothing
        case ping
        case timeout
    }

    private enum State: Sendable {
        case idle(pingAt: Instant)
        case awaitingPong(deadline: Instant)
        case awaitingPing(deadline: Instant)
    }

    private let interval: Duration
    private let timeout: Duration
    private var state: State

    init(interval: Duration, timeout: Duration, version: ProtocolVersion, now: Instant) {
        self.interval = interval
        self.timeout = timeout
        self.state =
            switch version {
            case .v3: .awaitingPing(deadline: now + interval + timeout)
            case .v4: .idle(pingAt: now + interval)
            }
    }

    /// When to call `tick` next; earlier calls are harmless.
    var deadline: Instant {
        switch self.state {
        case .idle(let pingAt): pingAt
        case .awaitingPong(let deadline), .awaitingPing(let deadline): deadline
        }
    }

    /// Time has passed.
    mutating func tick(now: Instant) -> Due {
        guard now >= self.deadline else { return .nothing }
        switch self.state {
        case .idle(let pingAt):
            // A process that was stopped for long finds every ping late; its clients still get their time to answer.
            let isLate = now - pingAt > self.timeout / 2
            self.state = .awaitingPong(deadline: (isLate ? now : pingAt) + self.timeout)
            return .ping
        case .awaitingPong, .awaitingPing:
            return .timeout
        }
    }

    /// A pong arrived; one nobody asked for does not extend the session's life.
    mutating func pong(now: Instant) {
        if case .awaitingPong = self.state {
            self.state = .idle(pingAt: now + self.interval)
        }
    }

    /// A ping arrived, which only a client of v3 sends.
    mutating func ping(now: Instant) {
        if case .awaitingPing = self.state {
            self.state = .awaitingPing(deadline: now + self.interval + self.timeout)
        }
    }
}
