/// When the next request of a pipeline may be sent: within a quota, and never while Google asks for patience.
///
/// One pacer serves all requests of a pipeline, so that a refusal of one slows all of them down. Knows no clock.
package struct RequestPacer: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// The longest wait before another attempt, unless Google names a longer one.
    package static let longestDelay = Duration.seconds(64)
    /// The longest wait that Google is obeyed for; more would be a broken clock.
    private static let longestRetryAfter = Duration.seconds(3_600)
    /// Requests that may leave at once after a pause.
    private static let burst = 20

    /// Time between two requests at full rate.
    private let interval: Duration
    /// The earliest instant that the quota leaves free for the next request.
    private var nextFree: Instant
    private var blockedUntil: Instant
    /// Refusals since the last success.
    package private(set) var refusals = 0

    package init(requestsPerMinute: Int, now: Instant) {
        self.interval = .seconds(60) / requestsPerMinute
        self.nextFree = now - self.interval * Self.burst
        self.blockedUntil = now
    }

    /// Reserves a place for one request.
    ///
    /// - Returns: When to send it; `now` if at once. Who waited asks `isBlocked` again before sending.
    package mutating func reserve(now: Instant) -> Instant {
        self.nextFree = max(self.nextFree, now - self.interval * Self.burst) + self.interval
        return max(now, self.nextFree, self.blockedUntil)
    }

    /// Until when nothing may be sent; nil if nothing is in the way.
    package func block(now: Instant) -> Instant? { self.blockedUntil > now ? self.blockedUntil : nil }

    package mutating func succeeded() { self.refusals = 0 }

    /// Google refused for now, or did not answer.
    ///
    /// Refusals that arrive while everybody waits already were on their way before: they count as one.
    ///
    /// - Parameters:
    ///   - retryAfter: What Google asked for.
    ///   - jitter: 0 to 1; spreads programs that were refused together.
    ///   - now: When the answer arrived.
    package mutating func refused(retryAfter: Duration?, jitter: Double, now: Instant) {
        if self.block(now: now) == nil {
            let exponent = min(self.refusals, 6)
            let delay = min(.seconds(1 << exponent) + .milliseconds(Int(jitter * 1_000)), Self.longestDelay)
            self.blockedUntil = now + delay
            self.refusals += 1
        }
        if let retryAfter {
            self.blockedUntil = max(self.blockedUntil, now + min(retryAfter, Self.longestRetryAfter))
        }
    }
}
