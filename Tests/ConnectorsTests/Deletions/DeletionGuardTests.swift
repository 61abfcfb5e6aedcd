import Connectors
import Testing

@Suite("Deletion guard")
struct DeletionGuardTests {
    private let start = ContinuousClock.now

    @Test(arguments: [
        (1, 1, true), (10, 10, true), (11, 55, true), (11, 54, false), (20, 100, true), (21, 100, false),
        (200_000, 1_000_000, true), (200_001, 1_000_000, false),
    ])
    func bothLimitsMustBePassed(_ count: Int, _ known: Int, _ mayRemove: Bool) {
        var guardian = DeletionGuard(limits: DeletionGuard.Limits())
        #expect(guardian.mayRemove(count, of: known, now: self.start) == mayRemove)
    }

    @Test func whatGoesWithinAMinuteCountsTogether() {
        var guardian = DeletionGuard(limits: DeletionGuard.Limits())
        #expect(guardian.mayRemove(15, of: 100, now: self.start) == true)
        #expect(guardian.mayRemove(6, of: 85, now: self.start + .seconds(59)) == false)
        // What follows something held is held.
        #expect(guardian.mayRemove(1, of: 85, now: self.start + .seconds(118)) == false)
        #expect(guardian.mayRemove(15, of: 85, now: self.start + .seconds(178)) == true)
    }

    @Test func decisionEndsTheMinute() {
        var guardian = DeletionGuard(limits: DeletionGuard.Limits())
        #expect(guardian.mayRemove(50, of: 100, now: self.start) == false)
        guardian.forgetHold()
        #expect(guardian.mayRemove(1, of: 50, now: self.start) == true)
    }

    @Test func nothingIsHeldWithoutAShare() {
        var guardian = DeletionGuard(limits: DeletionGuard.Limits(share: nil, files: 0))
        #expect(guardian.mayRemove(100, of: 100, now: self.start) == true)
    }

    @Test func anyFileIsHeldWhenNoneMayGo() {
        var guardian = DeletionGuard(limits: DeletionGuard.Limits(share: 0, files: 0))
        #expect(guardian.mayRemove(1, of: 1_000, now: self.start) == false)
    }
}
