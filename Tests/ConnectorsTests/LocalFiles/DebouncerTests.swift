import Connectors
import Testing

@Suite("Debouncer")
struct DebouncerTests {
    private let start = ContinuousClock.now
    private var debouncer = Debouncer(
        delays: Debouncer.Delays(written: .seconds(2), ceiling: .seconds(10)),
        capacity: 3
    )

    private mutating func offer(_ path: String, _ activity: Debouncer.Activity, at milliseconds: Int) -> Bool {
        self.debouncer.offer(RelativePath(path), activity, now: self.start + .milliseconds(milliseconds))
    }

    private mutating func due(at milliseconds: Int, limit: Int = 10) -> [String] {
        self.debouncer.due(now: self.start + .milliseconds(milliseconds), limit: limit).map(\.text)
    }

    @Test mutating func closedFileIsDueWithin100Milliseconds() {
        #expect(self.offer("a", .completed, at: 0) == true)
        #expect(self.due(at: 49) == [])
        #expect(self.debouncer.nextDue == self.start + .milliseconds(50))
        #expect(self.due(at: 50) == ["a"])
        #expect(self.debouncer.nextDue == nil)
        #expect(self.debouncer.count == 0)
    }

    @Test mutating func writtenFileIsDueWhenItHasBeenQuiet() {
        #expect(self.offer("a", .written, at: 0) == true)
        #expect(self.offer("a", .written, at: 1_500) == true)
        #expect(self.due(at: 2_000) == [])
        #expect(self.due(at: 3_499) == [])
        #expect(self.due(at: 3_500) == ["a"])
        #expect(self.due(at: 9_000) == [])
    }

    @Test mutating func closingEndsTheWaitForQuiet() {
        #expect(self.offer("a", .written, at: 0) == true)
        #expect(self.offer("a", .completed, at: 100) == true)
        #expect(self.due(at: 150) == ["a"])
        #expect(self.due(at: 9_000) == [])
    }

    @Test mutating func writingAgainPutsAClosedFileOff() {
        #expect(self.offer("a", .completed, at: 0) == true)
        #expect(self.offer("a", .written, at: 10) == true)
        #expect(self.due(at: 2_009) == [])
        #expect(self.due(at: 2_010) == ["a"])
    }

    @Test mutating func touchingDoesNotPutAFileOff() {
        #expect(self.offer("a", .completed, at: 0) == true)
        #expect(self.offer("a", .touched, at: 10) == true)
        #expect(self.due(at: 50) == ["a"])
        #expect(self.offer("a", .touched, at: 60) == true)
        #expect(self.due(at: 2_059) == [])
        #expect(self.due(at: 2_060) == ["a"])
    }

    @Test mutating func fileThatIsNeverQuietIsDueAtTheCeiling() {
        for time in stride(from: 0, to: 10_000, by: 100) {
            #expect(self.offer("a", .written, at: time) == true)
            #expect(self.due(at: time) == [])
        }
        #expect(self.due(at: 10_000) == ["a"])
    }

    @Test mutating func pathsAreDueInTheOrderOfTheirTimes() {
        #expect(self.offer("gone", .gone, at: 0) == true)
        #expect(self.offer("written", .written, at: 0) == true)
        #expect(self.offer("closed", .completed, at: 10) == true)
        #expect(self.due(at: 5_000, limit: 2) == ["closed", "gone"])
        #expect(self.due(at: 5_000) == ["written"])
    }

    @Test mutating func renamingADirectoryRenamesWhatWaitsInIt() {
        #expect(self.offer("d/a", .completed, at: 0) == true)
        #expect(self.offer("dd", .completed, at: 1) == true)
        self.debouncer.move(RelativePath("d"), to: RelativePath("e/f"))
        #expect(self.debouncer.contains(RelativePath("e/f/a")))
        #expect(self.due(at: 60) == ["e/f/a", "dd"])
        #expect(self.due(at: 9_000) == [])
    }

    @Test mutating func memoryIsBounded() {
        for path in ["a", "b", "c"] { #expect(self.offer(path, .written, at: 0) == true) }
        #expect(self.offer("d", .written, at: 0) == false)
        #expect(self.offer("a", .completed, at: 0) == true)
        #expect(self.due(at: 50) == ["a"])
        #expect(self.offer("d", .completed, at: 50) == true)
    }
}
