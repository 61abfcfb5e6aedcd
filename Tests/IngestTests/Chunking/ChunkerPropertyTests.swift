import Ingest
import Testing

@Suite("What holds for the chunks of any document")
struct ChunkerPropertyTests {
    struct Counter: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let count: @Sendable (Substring) -> Int
    }

    static let counters = [
        Counter(testDescription: "words", count: words),
        Counter(testDescription: "bytes") { $0.utf8.count },
        Counter(testDescription: "pieces of words, long words unknown") { text in
            text.split(whereSeparator: \.isWhitespace).reduce(0) { sum, word in
                sum + (word.unicodeScalars.count > 100 ? 1 : (word.utf8.count + 3) / 4)
            }
        },
        Counter(testDescription: "more than the sum of the parts") { text in
            let bytes = text.utf8.count
            return bytes + bytes * bytes / 64
        },
        Counter(testDescription: "nothing at all") { _ in 0 },
    ]

    @Test(arguments: Self.counters, [(1, 0), (2, 1), (7, 3), (40, 10), (256, 32)])
    func nothingIsLostOrTooLongOrCutApart(_ counter: Counter, _ limits: (size: Int, overlap: Int)) {
        for seed in 1...UInt64(20) {
            var random = RandomDocument(seed: seed)
            let document = random.document()
            let chunker = Chunker(limits: .init(size: limits.size, overlap: limits.overlap), countTokens: counter.count)
            let chunks = chunker.chunks(of: document)
            #expect(chunks == chunker.chunks(of: document), "seed \(seed)")
            #expect(chunks.map(\.index) == Array(chunks.indices), "seed \(seed)")
            for chunk in chunks {
                #expect(chunk.tokens == counter.count(chunk.text[...]), "seed \(seed)")
                #expect(chunk.tokens <= limits.size || chunk.text.count == 1, "seed \(seed): \(chunk)")
                #expect(chunk.text.first.map(Self.isVisible) == true, "seed \(seed): \(chunk)")
                #expect(chunk.text.last.map(Self.isVisible) == true, "seed \(seed): \(chunk)")
            }
            let mismatch = Self.firstMismatch(document, chunks, isRepeating: limits.overlap > 0)
            #expect(mismatch == nil, "seed \(seed)")
        }
    }

    private static func isVisible(_ character: Character) -> Bool {
        !character.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// The first chunk that does not go on where one before ended, or earlier with overlap; else what is missing.
    ///
    /// Compares characters, so that one that was cut apart matches none.
    private static func firstMismatch(_ document: ExtractedText, _ chunks: [Chunk], isRepeating: Bool) -> String? {
        let expected = document.blocks.flatMap { Array($0.text).filter(self.isVisible) }
        var ends: Set<Int> = [0]
        for chunk in chunks {
            let characters = Array(chunk.text).filter(self.isVisible)
            var next: Set<Int> = []
            for end in ends {
                let starts = isRepeating ? max(0, end - characters.count + 1)...end : end...end
                for start in starts
                where expected.count >= start + characters.count
                    && expected[start..<start + characters.count].elementsEqual(characters)
                {
                    next.insert(start + characters.count)
                }
            }
            if next.isEmpty { return chunk.text.debugDescription }
            ends = next
        }
        return ends.contains(expected.count) ? nil : "the end"
    }
}
