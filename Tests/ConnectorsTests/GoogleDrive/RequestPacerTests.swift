import Connectors
import Testing

@Suite("Pace of requests")
struct RequestPacerTests {
    let start = ContinuousClock.now

    private func pacer() -> RequestPacer { RequestPacer(requestsPerMinute: 600, now: self.start) }

    @Test func aBurstLeavesAtOnceAndTheRestAtTheQuota() {
        var pacer = self.pacer()
        let instants = (0..<40).map { _ in pacer.reserve(now: self.start) }
        #expect(instants[..<20].allSatisfy { $0 == self.start })
        #expect(instants[39] == self.start + .milliseconds(100) * 20)
    }

    @Test func aPauseSavesUpNoMoreThanABurst() {
        var pacer = self.pacer()
        for _ in 0..<20 { _ = pacer.reserve(now: self.start) }
        let later = self.start + .seconds(3_600)
        let instants = (0..<22).map { _ in pacer.reserve(now: later) }
        #expect(instants[19] == later)
        #expect(instants[21] > later)
    }

    @Test func eachRefusalInARowDoublesTheWaitUpTo64Seconds() {
        var pacer = self.pacer()
        var now = self.start
        var waits: [Duration] = []
        for _ in 0..<9 {
            pacer.refused(retryAfter: nil, jitter: 0, now: now)
            let until = pacer.block(now: now) ?? now
            waits.append(until - now)
            now = until
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 64, 64].map { .seconds($0) })
        #expect(pacer.refusals == 9)
    }

    @Test func anHourOfRefusalsCostsAboutARequestAMinute() {
        var pacer = self.pacer()
        var now = self.start
        var requests = 0
        while now < self.start + .seconds(3_600) {
            now = pacer.reserve(now: now)
            requests += 1
            pacer.refused(retryAfter: nil, jitter: 0.5, now: now + .milliseconds(100))
        }
        #expect((60...63).contains(requests))
    }

    @Test func jitterNeverExceedsTheLongestDelay() {
        var pacer = self.pacer()
        var now = self.start
        for _ in 0..<12 {
            pacer.refused(retryAfter: nil, jitter: 1, now: now)
            let until = pacer.block(now: now) ?? now
            #expect(until - now <= RequestPacer.longestDelay)
            now = until
        }
    }

    @Test func refusalsOfRequestsThatWereOnTheirWayCountOnce() {
        var pacer = self.pacer()
        for _ in 0..<8 { pacer.refused(retryAfter: nil, jitter: 0, now: self.start) }
        #expect(pacer.refusals == 1)
        #expect(pacer.block(now: self.start) == self.start + .seconds(1))
    }

    @Test func aLongerWaitThatGoogleNamesIsKept() {
        var pacer = self.pacer()
        pacer.refused(retryAfter: .seconds(90), jitter: 0, now: self.start)
        #expect(pacer.block(now: self.start) == self.start + .seconds(90))
        #expect(pacer.reserve(now: self.start) == self.start + .seconds(90))
        #expect(pacer.block(now: self.start + .seconds(90)) == nil)
    }

    @Test func successBeginsAnew() {
        var pacer = self.pacer()
        pacer.refused(retryAfter: nil, jitter: 0, now: self.start)
        pacer.refused(retryAfter: nil, jitter: 0, now: self.start + .seconds(2))
        pacer.succeeded()
        let later = self.start + .seconds(60)
        pacer.refused(retryAfter: nil, jitter: 0, now: later)
        #expect(pacer.block(now: later) == later + .seconds(1))
    }
}
