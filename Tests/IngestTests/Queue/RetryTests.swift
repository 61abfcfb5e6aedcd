import FoundationEssentials
import Ingest
import Testing

@Suite("Attempts after a failure")
struct RetryTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    @Test(arguments: [(1, 30.0), (2, 60), (3, 120), (4, 240)])
    func theDelayDoubles(attempt: Int, seconds: Double) {
        let due = RetryPolicy().nextAttempt(after: attempt, now: self.now, jitter: 0)
        #expect(due == self.now.addingTimeInterval(seconds))
    }

    @Test func jitterAddsUpToHalfOfTheDelay() {
        let due = RetryPolicy().nextAttempt(after: 1, now: self.now, jitter: 1)
        #expect(due == self.now.addingTimeInterval(45))
    }

    @Test func theDelayStopsGrowingAtItsLimit() {
        let policy = RetryPolicy(maxAttempts: 100, firstDelay: .seconds(30), maxDelay: .seconds(100))
        #expect(policy.nextAttempt(after: 90, now: self.now, jitter: 0) == self.now.addingTimeInterval(100))
    }

    @Test func theLastAttemptIsTheLast() {
        #expect(RetryPolicy(maxAttempts: 5).nextAttempt(after: 5, now: self.now, jitter: 0) == nil)
    }

    @Test func onlyWhatIsDueIsTakenAndOnlyOnce() {
        var list = RetryList()
        list.schedule(.test("late"), due: self.now.addingTimeInterval(10))
        list.schedule(.test("second"), due: self.now)
        list.schedule(.test("first"), due: self.now.addingTimeInterval(-1))

        #expect(list.takeDue(now: self.now).map(\.document.file) == ["first", "second"])
        #expect(list.takeDue(now: self.now).isEmpty)
        #expect(list.takeDue(now: self.now.addingTimeInterval(10)).map(\.document.file) == ["late"])
    }

    @Test func aNewerScheduleReplacesTheOlderAndForgettingEndsIt() {
        var list = RetryList()
        list.schedule(.test("a", fingerprint: "1"), due: self.now)
        list.schedule(.test("a", fingerprint: "2"), due: self.now)
        list.schedule(.test("b"), due: self.now)
        list.forget(.test("b"))

        #expect(list.takeDue(now: self.now) == [.test("a", fingerprint: "2")])
    }

    @Test func whatWaitsInOnePipelineIsHastenedAndNothingElse() {
        var list = RetryList()
        let late = self.now.addingTimeInterval(3_600)
        list.schedule(.test("overdue"), due: self.now.addingTimeInterval(-5))
        list.schedule(.test("a"), due: late)
        list.schedule(.test("a", in: "other"), due: late)
        list.schedule(.test("b", in: "other"), due: late)
        list.hasten(PipelineID("docs"), now: self.now)
        #expect(list.takeDue(now: self.now).map(\.document.file) == ["overdue", "a"])
        list.hasten([.test("b", in: "other"), .test("unknown", in: "other")], now: self.now)
        #expect(list.takeDue(now: self.now) == [.test("b", in: "other")])
        #expect(list.takeDue(now: late) == [.test("a", in: "other")])
    }
}
