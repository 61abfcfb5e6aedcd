/// Bounds how often an address may come with a wrong token.
///
/// Each address has a bucket that refills; one that is empty is not even looked at. Bounded in memory: past
/// `addressLimit` addresses the one that failed longest ago is forgotten.
package struct AttemptLimiter: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// Wrong tokens that an address may try in one go.
    package static let burst = 10
    /// After this a further one may be tried.
    package static let refill = Duration.seconds(6)
    /// Addresses that are remembered.
    package static let addressLimit = 4_096

    private struct Bucket {
        var failures: Int
        var since: Instant
    }

    private var buckets: [String: Bucket] = [:]

    package init() {}

    /// How long an address has to wait until it may try again; nil if it may now.
    package mutating func delay(for address: String, now: Instant) -> Duration? {
        self.drain(address, now: now)
        guard let bucket = self.buckets[address], bucket.failures >= Self.burst else { return nil }
        return Self.refill - (now - bucket.since)
    }

    /// Counts a wrong token.
    package mutating func recordFailure(of address: String, now: Instant) {
        self.drain(address, now: now)
        self.buckets[address, default: Bucket(failures: 0, since: now)].failures += 1
        guard self.buckets.count > Self.addressLimit,
            let oldest = self.buckets.min(by: { $0.value.since < $1.value.since })?.key
        else { return }
        self.buckets[oldest] = nil
    }

    private mutating func drain(_ address: String, now: Instant) {
        guard var bucket = self.buckets[address] else { return }
        let refilled = Int((now - bucket.since) / Self.refill)
        guard refilled > 0 else { return }
        bucket.failures -= min(refilled, bucket.failures)
        bucket.since += Self.refill * refilled
        self.buckets[address] = bucket.failures > 0 ? bucket : nil
    }
}
