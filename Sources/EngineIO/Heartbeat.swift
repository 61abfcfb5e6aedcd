/// The server half of the heartbeat: ping on an interval, expect a pong within a timeout.
///
/// Both times count from when they were due, not from when a timer fired, so that they do not drift: a client may
/// rely on `pingInterval + pingTimeout` after the handshake to the millisecond.
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
    }

    private let interval: Duration
    private let timeout: Duration
    private var state: State

    init(interval: Duration, timeout: Duration, now: Instant) {
        self.interval = interval
        self.timeout = timeout
        self.state = .idle(pingAt: now + interval)
    }

    /// When to call `tick` next; earlier calls are harmless.
    var deadline: Instant {
        switch self.state {
        case .idle(let pingAt): pingAt
        case .awaitingPong(let deadline): deadline
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
        case .awaitingPong:
            return .timeout
        }
    }

    /// A pong arrived; one nobody asked for does not extend the session's life.
    mutating func pong(now: Instant) {
        if case .awaitingPong = self.state {
            self.state = .idle(pingAt: now + self.interval)
        }
    }
}
