/// When a service may be asked again that did not answer or refused: one for all requests, so that each slows all down.
///
/// Knows no clock and no randomness.
package struct ServicePacer: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// The longest wait before another attempt, unless the service names a longer one.
    static let longestDelay = Duration.seconds(30)
    /// The wait where only a person can help.
    static let personDelay = Duration.seconds(30)
    /// The longest wait that the service is obeyed for.
    static let longestRetryAfter = Duration.seconds(3_600)

    private let firstDelay: Duration
    private var failures = 0
    private var blockedUntil: Instant?
    /// What went wrong last; nil while all is well.
    package private(set) var problem: EmbeddingServiceError?

    package init(firstDelay: Duration) { self.firstDelay = firstDelay }

    /// Until when nothing may be sent; nil if nothing is in the way.
    package func block(now: Instant) -> Instant? { self.blockedUntil.flatMap { $0 > now ? $0 : nil } }

    /// The service did what it was asked for, or had something to say about the text only.
    package mutating func answered() {
        self.failures = 0
        self.blockedUntil = nil
        self.problem = nil
    }

    /// The service did not do what it was asked for.
    ///
    /// Failures that arrive while everybody waits already were on their way before: they count as one.
    ///
    /// - Parameters:
    ///   - problem: What went wrong.
    ///   - retryAfter: What the service asked for.
    ///   - jitter: 0 to 1; spreads programs that were refused together over half of the delay.
    ///   - now: When that was.
    package mutating func failed(
        _ problem: EmbeddingServiceError, retryAfter: Duration?, jitter: Double, now: Instant
    ) {
        self.problem = problem
        if self.block(now: now) == nil {
            let delay = problem.needsPerson ? min(self.firstDelay * 60, Self.personDelay) : self.delay
            self.blockedUntil = now + delay * (1 + jitter / 2)
            self.failures += 1
        }
        if let retryAfter {
            let asked = now + min(retryAfter, Self.longestRetryAfter)
            self.blockedUntil = max(self.blockedUntil ?? asked, asked)
        }
    }

    private var delay: Duration {
        var delay = self.firstDelay
        for _ in 0..<self.failures where delay < Self.longestDelay { delay *= 2 }
        return min(delay, Self.longestDelay)
    }
}
