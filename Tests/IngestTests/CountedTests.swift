import Ingest
import Testing

@Suite("Numbers of things")
struct CountedTests {
    @Test(arguments: [(0, "0 files"), (1, "1 file"), (2, "2 files"), (21, "21 files")])
    func areWrittenAsPeopleDo(number: Int, words: String) {
        #expect(number.counted("file") == words)
    }

    @Test(arguments: [(1, "1 entry"), (2, "2 entries")])
    func mayHaveAPluralOfTheirOwn(number: Int, words: String) {
        #expect(number.counted("entry", plural: "entries") == words)
    }
}
