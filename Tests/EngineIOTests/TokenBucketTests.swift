import EngineIO
import SeededRandom
import Testing

@Suite("Token buckets")
struct TokenBucketTests {
    private static let start = ContinuousClock.now

    private func after(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    @Test func aBurstPassesAndThenTheRate() {
        var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 3), now: Self.start)
        let passed = (0..<4).map { _ in bucket.take(now: Self.start) }
        #expect(passed == [true, true, true, false])
        #expect(bucket.take(now: self.after(0.09)) == false)
        #expect(bucket.take(now: self.after(0.1)) == true)
        #expect(bucket.take(now: self.after(0.1)) == false)
    }

    @Test func whatIsRefusedTakesNothing() {
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 10), now: Self.start)
        #expect(bucket.take(11, now: Self.start) == false)
        #expect(bucket.take(10, now: Self.start) == true)
        #expect(bucket.take(5, now: self.after(4)) == false)
        #expect(bucket.take(4, now: self.after(4)) == true)
    }

    @Test func aPauseFillsTheBucketAndNoMore() {
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 2), now: Self.start)
        #expect(bucket.take(2, now: Self.start) == true)
        let passed = (0..<3).map { _ in bucket.take(now: self.after(1_000)) }
        #expect(passed == [true, true, false])
    }

    @Test func averageIsTheRateWhateverTheSizes() {
        let seed = Fuzz.seed("bucket")
        var generator = SplitMix64(seed: seed)
        var bucket = TokenBucket(RateLimit(perSecond: 1_000, burst: 100), now: Self.start)
        var now = Self.start
        var passed = 0
        while now < self.after(20) {
            let count = Int.random(in: 1...20, using: &generator)
            if bucket.take(count, now: now) { passed += count }
            now += .microseconds(Int.random(in: 0...2_000, using: &generator))
        }
        #expect(passed <= 20_100, "seed \(seed)")
        #expect(passed > 19_000, "seed \(seed)")
    }

    @Test func numbersBeyondReasonDoNotTrap() {
        for number in [Int.min, -1, 0, 1, Int.max] {
            var bucket = TokenBucket(RateLimit(perSecond: number, burst: number), now: Self.start)
            for count in [Int.min, -1, 0, 1, 1_000_000, Int.max] {
                for seconds in [-1e9, 0, 1e9] { _ = bucket.take(count, now: self.after(seconds)) }
            }
        }
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), now: Self.start)
        for count in [0, -5, 1] { #expect(bucket.take(count, now: Self.start) == true) }
    }

    @Test func timeThatGoesBackGivesNothing() {
        var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), now: Self.start)
        #expect(bucket.take(now: self.after(10)) == true)
        #expect(bucket.take(now: Self.start) == false)
    }
}
