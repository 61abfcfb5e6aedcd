package import FoundationEssentials

/// When a failed document is tried again.
package struct RetryPolicy: Sendable {
    /// Attempts in all, the first one included.
    package var maxAttempts: Int
    /// Before the second attempt; doubled before each one after it.
    package var firstDelay: Duration
    package var maxDelay: Duration

    package init(maxAttempts: Int = 5, firstDelay: Duration = .seconds(30), maxDelay: Duration = .seconds(3_600)) {
        self.maxAttempts = maxAttempts
        self.firstDelay = firstDelay
        self.maxDelay = maxDelay
    }

    /// When to try again after `attempt` attempts, the last of which ended at `now`.
    ///
    /// - Parameters:
    ///   - attempt: Counts from 1.
    ///   - now: The end of that attempt.
    ///   - jitter: 0 to 1; spreads documents that failed together over half of the delay.
    /// - Returns: Nil when there is no attempt left.
    package func nextAttempt(after attempt: Int, now: Date, jitter: Double) -> Date? {
        attempt < self.maxAttempts ? self.time(after: attempt, now: now, jitter: jitter) : nil
    }

    /// When the attempt after `attempt` ones would be, however many there were.
    package func time(after attempt: Int, now: Date, jitter: Double) -> Date {
        var delay = self.firstDelay
        for _ in 1..<max(attempt, 1) where delay < self.maxDelay { delay *= 2 }
        let seconds = min(delay, self.maxDelay) / .seconds(1)
        return now.addingTimeInterval(seconds * (1 + jitter / 2))
    }
}
