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

    @Test(.timeLimit(.minutes(5))) func aPipelineWithoutRoomDoesNotHoldUpTheAttemptsOfOthers() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        dispatcher.pause(PipelineID("docs"))
        try await dispatcher.offer(.test("waiting"))
        let scheduler = RetryScheduler(policy: RetryPolicy(), dispatcher: dispatcher, tick: .milliseconds(1))
        scheduler.schedule([
            Self.failed(.test("a"), due: self.now), Self.failed(.test("b"), due: self.now.addingTimeInterval(1)),
            Self.failed(.test("c", in: "other"), due: self.now.addingTimeInterval(2)),
        ])
        let run = Task { try await scheduler.run() }

        #expect(await dispatcher.next() == .test("c", in: "other"))
        dispatcher.resume(PipelineID("docs"))
        for file in ["waiting", "a", "b"] { #expect(await dispatcher.next()?.document.file == file) }
        dispatcher.close()
        run.cancel()
        try await run.value
    }

    private static func failed(_ change: Change, due: Date) -> LedgerEntry {
        guard case .upserted(let document) = change else { preconditionFailure("a removal is never tried again") }
        let failure = DocumentFailure(type: "Broken", message: "broken", stage: .extraction, isRetryable: true)
        return LedgerEntry(
            document: document,
            state: .failed(failure, attempt: 1, nextAttemptAt: due),
            contentHash: nil,
            mediaType: nil,
            updatedAt: due
        )
    }
}
