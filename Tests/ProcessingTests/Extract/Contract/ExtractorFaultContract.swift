import Ingest
import SeededRandom
import Testing

/// What an extractor must survive: whatever the bytes are, it returns or throws a reason.
@Suite("Extractor contract: damaged content", .timeLimit(.minutes(5)))
struct ExtractorFaultContract {
    /// Extracts damaged bytes as if they were of a format.
    private func survives(_ bytes: [UInt8], _ kind: ExtractorKind, _ format: FormatKind) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("content", bytes)
        do {
            let text = try await kind.extractor().extract(content, mediaType: format.mediaType)
            #expect(!text.blocks.isEmpty)
            #expect(text.blocks.allSatisfy { $0.text.contains { !$0.isWhitespace } })
        } catch let error as any DocumentError {
            #expect(!error.description.isEmpty && !error.description.contains("\n"))
            // People see errors in logs.
            let description = error.description
            #expect(!FormatKind.allCases.flatMap(\.words).contains { description.contains($0) })
        }
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func documentThatIsCutOff(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let bytes = try format.document()
        for part in 1...12 { try await self.survives(Array(bytes.prefix(bytes.count * part / 12 - 1)), kind, format) }
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func documentWithRandomBytesInIt(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix64(seed: seed)
        let document = try format.document()
        for round in 0..<16 {
            var bytes = document
            for _ in 0..<(1 << (round / 4)) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            do {
                try await self.survives(bytes, kind, format)
            } catch {
                Issue.record(error, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func contentOfAnotherFormat(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        for other in FormatKind.allCases {
            try await self.survives(other.document(), kind, format)
        }
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func bytesWithoutMeaning(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        try await self.survives([UInt8](repeating: 0, count: 100_000), kind, format)
        try await self.survives([UInt8](repeating: 0xFF, count: 100_000), kind, format)
        try await self.survives((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ $0 >> 7) }, kind, format)
        try await self.survives([UInt8](repeating: UInt8(ascii: "("), count: 100_000), kind, format)
    }
}
