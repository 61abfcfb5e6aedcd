import Connectors
import Testing

@Suite("Lifetime of access tokens")
struct TokenLifetimeTests {
    let start = ContinuousClock.now

    private func fresh() -> TokenLifetime {
        var lifetime = TokenLifetime()
        _ = lifetime.request(now: self.start)
        lifetime.renewed("first", lifetime: .seconds(3_600), now: self.start)
        return lifetime
    }

    @Test func theFirstWhoAsksGetsATokenAndTheOthersWait() {
        var lifetime = TokenLifetime()
        #expect(lifetime.request(now: self.start) == .renew)
        #expect(lifetime.request(now: self.start) == .wait)
        lifetime.renewed("first", lifetime: .seconds(3_600), now: self.start)
        #expect(lifetime.request(now: self.start) == .use("first"))
    }

    @Test func aTokenIsRenewedOnceBeforeItExpiresWhileItIsStillUsed() {
        var lifetime = self.fresh()
        let late = self.start + .seconds(3_400)
        #expect(lifetime.request(now: late) == .useAndRenew("first"))
        #expect(lifetime.request(now: late) == .use("first"))
        lifetime.renewed("second", lifetime: .seconds(3_600), now: late)
        #expect(lifetime.request(now: late) == .use("second"))
    }

    @Test func aTokenAtItsEndIsUsedNoMore() {
        var lifetime = self.fresh()
        #expect(lifetime.request(now: self.start + .seconds(3_541)) == .renew)
    }

    @Test func afterAFailureTheNextWhoAsksTriesAgain() {
        var lifetime = TokenLifetime()
        #expect(lifetime.request(now: self.start) == .renew)
        lifetime.failed()
        #expect(lifetime.request(now: self.start) == .renew)
    }

    @Test func aRejectedTokenIsReplacedUnlessThatHappenedAlready() {
        var lifetime = self.fresh()
        lifetime.rejected("older")
        #expect(lifetime.request(now: self.start) == .use("first"))
        lifetime.rejected("first")
        #expect(lifetime.request(now: self.start) == .renew)
    }

    @Test(arguments: [1, 30, 90])
    func aShortLifeIsStillOfUse(_ seconds: Int) {
        var lifetime = TokenLifetime()
        _ = lifetime.request(now: self.start)
        lifetime.renewed("short", lifetime: .seconds(seconds), now: self.start)
        #expect(lifetime.request(now: self.start) == .use("short"))
        #expect(lifetime.request(now: self.start + .seconds(seconds) * 0.6) == .useAndRenew("short"))
        lifetime.failed()
        #expect(lifetime.request(now: self.start + .seconds(seconds)) == .renew)
    }
}
