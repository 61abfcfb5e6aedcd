import Daemon
import Testing

@Suite("How far a pass has got")
struct PassProgressTests {
    @Test func progressNamesWhatIsInWork() {
        let counts = PassProgress.Counts(done: 12, failed: 1, waiting: 40, name: "a\u{1B}[2J.txt")
        #expect(PassProgress.processing(counts).text == "12 files processed, 1 failed, 40 to go: a\u{FFFD}[2J.txt")
        #expect(PassProgress.reading(1, of: 2, in: "docs").text == "docs: 1 of 2 files read")
    }
}
