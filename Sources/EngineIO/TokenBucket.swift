/// How much may come, on average and at once.
package struct RateLimit: Equatable, Sendable {
    /// More than any connection carries; keeps the arithmetic far from its ends.
    private static let ceiling = 1_000_000_000_000

    /// Units a second, over a longer time.
    package let perSecond: Int
    /// Units at once, after a pause.
    package let burst: Int

    /// Sets a limit; numbers below one, or beyond reason, become the nearest that make sense.
    ///
    /// - Parameters:
    ///   - perSecond: Units a second: packets, bytes, connections.
    ///   - burst: Units at once; no single request may be larger.
    package init(perSecond: Int, burst: Int) {
        self.perSecond = min(max(perSecond, 1), Self.ceiling)
        self.burst = min(max(burst, 1), Self.ceiling)
    }
}

/// Lets units pass up to a rate, and refuses what is more.
///
/// Keeps one instant: when the bucket will be full again. What is taken moves it into the future by the time that
/// much takes to flow in; it may not be further away than a whole bucket takes. So there is no fraction to round and
/// nothing that grows, whatever comes in whatever order.
package struct TokenBucket: Equatable, Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let burst: Int
    private let timePerUnit: Duration
    private var fullAt: Instant

    /// Starts with a full bucket.
    ///
    /// - Parameters:
    ///   - limit: Its size, and how fast it fills.
    ///   - now: The time.
    package init(_ limit: RateLimit, now: Instant) {
        self.burst = limit.burst
        self.timePerUnit = .seconds(1) / limit.perSecond
        self.fullAt = now
    }

    /// Takes units out, all or none.
    ///
    /// - Parameters:
    ///   - count: How many; none or fewer always pass.
    ///   - now: The time; going back is harmless.
    /// - Returns: Whether there were enough.
    package mutating func take(_ count: Int = 1, now: Instant) -> Bool {
        guard count > 0 else { return true }
        guard count <= self.burst else { return false }
        let fullAt = max(self.fullAt, now) + self.timePerUnit * count
        guard fullAt - now <= self.timePerUnit * self.burst else { return false }
        self.fullAt = fullAt
        return true
    }
}
