import Ingest
import Testing

@Suite("Chunks of an edited document")
struct ChunkerStabilityTests {
    @Test func changedParagraphChangesFewChunks() {
        let chunker = Chunker(limits: .init(size: 200, overlap: 20), countTokens: words)
        for seed in 1...UInt64(20) {
            var random = RandomDocument(seed: seed)
            var blocks = (0..<300).map { number in
                let length = Int.random(in: 20...120, using: &random)
                return paragraph((0..<length).map { "w\(number)-\($0)." }.joined(separator: " "))
            }
            let before = Set(chunker.chunks(of: ExtractedText(blocks: blocks)).map(\.text))
            blocks[Int.random(in: 0..<150, using: &random)].text += " And " + String(repeating: "more ", count: 30)
            let after = chunker.chunks(of: ExtractedText(blocks: blocks)).map(\.text)
            #expect(after.count { !before.contains($0) } <= 25, "seed \(seed) of \(after.count)")
        }
    }

    @Test func changeDoesNotReachPastTheNextHeading() {
        let chunker = Chunker(limits: .init(size: 20, overlap: 5), countTokens: words)
        let end = [heading(1, "End")] + (0..<20).map { paragraph("e\($0) and some more words to fill it. Yes.") }
        let before = chunker.chunks(of: ExtractedText(blocks: [paragraph("short")] + end)).map(\.text)
        let long = paragraph(String(repeating: "much longer now. ", count: 50))
        let after = chunker.chunks(of: ExtractedText(blocks: [long] + end)).map(\.text)
        #expect(before.dropFirst() == after.suffix(before.count - 1))
    }
}
