import Ingest
import Synchronization
import Testing

@Suite("Chunks of hostile text", .timeLimit(.minutes(2)))
struct ChunkerHostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let block: @Sendable () -> TextBlock
    }

    static let megabytes = [
        Case(testDescription: "without a space") { paragraph(String(repeating: "a", count: 4_000_000)) },
        Case(testDescription: "a million marks on one letter") {
            paragraph("a" + String(repeating: "\u{301}", count: 1_000_000))
        },
        Case(testDescription: "a million marks on a space") {
            paragraph("b " + String(repeating: "\u{301}", count: 1_000_000) + " c")
        },
        Case(testDescription: "flags") { paragraph(String(repeating: "🇩", count: 500_000)) },
        Case(testDescription: "families") { paragraph(String(repeating: "👩‍", count: 300_000)) },
        Case(testDescription: "only line breaks") { code(String(repeating: "\n", count: 4_000_000)) },
        Case(testDescription: "only full stops") { paragraph(String(repeating: ".", count: 4_000_000)) },
        Case(testDescription: "full stops and spaces") { paragraph(String(repeating: ". ", count: 1_000_000)) },
        Case(testDescription: "one word, many spaces") {
            paragraph("a" + String(repeating: " ", count: 4_000_000) + "b")
        },
        Case(testDescription: "short lines") { code(String(repeating: "a\n", count: 1_000_000)) },
        Case(testDescription: "abbreviations") { paragraph(String(repeating: "A. ", count: 1_000_000)) },
        Case(testDescription: "sentences") { paragraph(String(repeating: "It is a test. ", count: 300_000)) },
        Case(testDescription: "Chinese") { paragraph(String(repeating: "水火", count: 700_000)) },
        Case(testDescription: "signs that hold on") { paragraph(String(repeating: "\u{600} ", count: 500_000)) },
    ]

    /// Counting tokens is what costs, so the text that is counted must be a small multiple of the text there is.
    @Test(arguments: Self.megabytes)
    func isCountedAFewTimesOnly(_ example: Case) {
        let counted = Atomic(0)
        let block = example.block()
        let chunker = Chunker(limits: .init(size: 256, overlap: 32)) { text in
            counted.add(text.utf8.count, ordering: .relaxed)
            return (text.utf8.count + 3) / 4
        }
        let chunks = chunker.chunks(of: ExtractedText(blocks: [block]))
        #expect(counted.load(ordering: .relaxed) <= 6 * block.text.utf8.count)
        #expect(chunks.allSatisfy { $0.tokens <= 256 || $0.text.count == 1 })
        #expect(chunks.reduce(0) { $0 + $1.text.utf8.count } <= 2 * block.text.utf8.count)
    }

    @Test func wordsThatCountAsOneTokenDoNotMakeAChunkOfMegabytes() {
        let chunker = Chunker(limits: .init(size: 100, overlap: 0)) { _ in 1 }
        let text = String(repeating: "a", count: 1_000_000)
        let chunks = chunker.chunks(of: ExtractedText(blocks: [paragraph(text)]))
        #expect(chunks.map(\.text).joined() == text)
        #expect(chunks.allSatisfy { $0.text.utf8.count <= 3_200 })
    }
}
