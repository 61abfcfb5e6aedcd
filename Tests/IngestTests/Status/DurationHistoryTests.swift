import Ingest
import Testing

@Suite("Estimated durations")
struct DurationHistoryTests {
    @Test func nothingIsSaidBeforeSomethingIsKnown() {
        #expect(DurationHistory().estimate(mediaType: "text/plain", size: 10) == nil)
    }

    @Test func typesAreKeptApart() {
        var history = DurationHistory()
        history.record(mediaType: "application/pdf", size: 100, duration: 5)
        #expect(history.estimate(mediaType: "text/plain", size: 100) == nil)
        #expect(history.estimate(mediaType: "application/pdf", size: 100) == 5)
    }

    @Test func scalesWithSizeFromTheNearestNeighbours() {
        var history = DurationHistory()
        for _ in 0..<5 { history.record(mediaType: "t", size: 1_000, duration: 1) }
        for _ in 0..<5 { history.record(mediaType: "t", size: 1_000_000, duration: 10) }
        #expect(history.estimate(mediaType: "t", size: 2_000) == 2)
        #expect(history.estimate(mediaType: "t", size: 2_000_000) == 20)
    }

    @Test func oneOutlierDoesNotDecide() {
        var history = DurationHistory()
        for duration in [1, 1, 1, 1, 500.0] { history.record(mediaType: "t", size: 100, duration: duration) }
        #expect(history.estimate(mediaType: "t", size: 100) == 1)
    }

    @Test func anEmptyFileDividesNothingByZero() {
        var history = DurationHistory()
        history.record(mediaType: "t", size: 0, duration: 1)
        #expect(history.estimate(mediaType: "t", size: 0) == 1)
    }
}
