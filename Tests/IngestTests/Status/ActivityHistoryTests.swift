import FoundationEssentials
import Ingest
import Testing

@Suite("The last hour of a pipeline")
struct ActivityHistoryTests {
    private typealias Minute = ActivityHistory.Minute

    private static func time(minute: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + minute * 60) }

    @Test func nothingHasHappenedAtTheStart() {
        let hour = ActivityHistory().lastHour(now: Self.time(minute: 0))
        #expect(hour == Array(repeating: Minute(), count: ActivityHistory.minutes))
    }

    @Test func theNewestMinuteIsTheLast() {
        var history = ActivityHistory()
        history.recordCompleted(at: Self.time(minute: 0))
        history.recordCompleted(at: Self.time(minute: 0.5))
        history.recordFailed(at: Self.time(minute: 2))
        let hour = history.lastHour(now: Self.time(minute: 2.9))
        #expect(hour.suffix(3) == [Minute(completed: 2), Minute(), Minute(failed: 1)])
        #expect(hour.dropLast(3).allSatisfy { $0 == Minute() })
    }

    @Test func whatIsOlderThanAnHourIsForgotten() {
        var history = ActivityHistory()
        history.recordCompleted(at: Self.time(minute: 0))
        #expect(history.lastHour(now: Self.time(minute: 59)).first == Minute(completed: 1))
        #expect(history.lastHour(now: Self.time(minute: 60)).allSatisfy { $0 == Minute() })
        history.recordCompleted(at: Self.time(minute: 61))
        let hour = history.lastHour(now: Self.time(minute: 61))
        #expect(hour.map(\.completed).reduce(0, +) == 1)
        #expect(hour.last == Minute(completed: 1))
    }

    @Test func aLongPauseLeavesNothingOfTheOldHour() {
        var history = ActivityHistory()
        for minute in 0..<60 { history.recordCompleted(at: Self.time(minute: Double(minute))) }
        history.recordFailed(at: Self.time(minute: 100_000))
        let hour = history.lastHour(now: Self.time(minute: 100_000))
        #expect(hour.last == Minute(failed: 1))
        #expect(hour.dropLast().allSatisfy { $0 == Minute() })
    }

    @Test func aClockThatJumpsBackCountsIntoTheNewestMinute() {
        var history = ActivityHistory()
        history.recordCompleted(at: Self.time(minute: 10))
        history.recordCompleted(at: Self.time(minute: 3))
        #expect(history.lastHour(now: Self.time(minute: 10)).last == Minute(completed: 2))
    }

    @Test func theHourBeginsAtAWholeMinute() {
        let start = ActivityHistory.start(now: Self.time(minute: 59.7))
        #expect(start == Self.time(minute: 0))
    }
}
