import Ingest
import Testing

/// What an embedder must do, whoever computes.
@Suite("Embedder contract")
struct EmbedderContract {
    private static let texts = [
        "How do I install a package?", "Use apt-get to add software to the system.", "The cat sat on the mat.",
        "x", "Größe, 東京, Москва", "How do I install a package?",
    ]

    private func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// A text of exactly as many tokens, the last of them a word.
    private func text(tokens: Int, lastWord: String, for embedder: any Embedder) throws -> String {
        var text = lastWord
        while embedder.tokenCount(text[...]) < tokens { text = "a " + text }
        try #require(embedder.tokenCount(text[...]) == tokens)
        return text
    }

    @Test(arguments: EmbedderKind.allCases)
    func modelAndLimitsAreNamed(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            #expect(!embedder.model.provider.isEmpty && !embedder.model.name.isEmpty)
            #expect(embedder.model.dimensions > 0)
            #expect(embedder.batchLimit > 0)
            // The smallest 'chunking.size', and the marks around it.
            #expect(embedder.tokenLimit >= 18)
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func everyTextHasAVectorOfUnitLengthInItsPlace(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            let vectors = try await embedder.embed(Self.texts)
            #expect(vectors.map(\.count) == Self.texts.map { _ in embedder.model.dimensions })
            for vector in vectors { #expect(abs(self.cosine(vector, vector) - 1) < 1e-4) }
            let backwards = try await embedder.embed(Self.texts.reversed())
            for (one, other) in zip(vectors, backwards.reversed()) { #expect(self.cosine(one, other) > 0.9999) }
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func meaningDecidesWhatIsNear(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            let vectors = try await embedder.embed(Self.texts)
            #expect(self.cosine(vectors[0], vectors[1]) > self.cosine(vectors[0], vectors[2]) + 0.05)
            #expect(self.cosine(vectors[0], vectors[5]) > 0.9999)
            #expect(self.cosine(vectors[0], vectors[3]) < 0.99)
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func companyDoesNotChangeAVector(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            let together = try await embedder.embed(Self.texts)
            for (text, vector) in zip(Self.texts, together) {
                let alone = try #require(try await embedder.embed([text]).first)
                #expect(self.cosine(vector, alone) > 0.9999)
            }
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func largestBatchIsTaken(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            let count = embedder.batchLimit
            let vectors = try await embedder.embed((0..<count).map { "number \($0 % 7)" })
            #expect(vectors.count == count)
            for index in 7..<max(7, count) { #expect(self.cosine(vectors[index], vectors[index % 7]) > 0.9999) }
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func callsSideBySideDoNotDisturbEachOther(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            let first = try await embedder.embed(Self.texts)
            let others = try await withThrowingTaskGroup(of: [[Float]].self) { group in
                for _ in 0..<4 { group.addTask { try await embedder.embed(Self.texts) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for other in others {
                for (one, again) in zip(first, other) { #expect(self.cosine(one, again) > 0.9999) }
            }
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func tokensAreCountedWithoutTheModelsMarks(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            #expect(embedder.tokenCount("") == 0)
            #expect(embedder.tokenCount("word") >= 1)
            let counts = (0..<6).map { embedder.tokenCount(Self.texts.prefix($0).joined(separator: " ")[...]) }
            #expect(counts == counts.sorted() && Set(counts).count == 6)
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func longestTextIsReadToItsEnd(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            // What the daemon takes as the longest passage: two tokens go to the marks.
            let limit = embedder.tokenLimit - 2
            let texts = try ["cat", "dog"].map { try self.text(tokens: limit, lastWord: $0, for: embedder) }
            let vectors = try await embedder.embed(texts)
            #expect(vectors[0] != vectors[1])
        }
    }

    @Test(
        arguments: EmbedderKind.allCases,
        [
            " \n\t", "\u{0}", "😀👩‍👩‍👧", "\u{301}\u{301}", "\u{FEFF}", "🇩🇪", "\u{10FFFF}",
            String(repeating: "x ", count: 50_000),
        ]
    )
    func oddTextHasAVectorToo(_ kind: EmbedderKind, _ text: String) async throws {
        try await kind.withEmbedder { embedder in
            _ = embedder.tokenCount(text[...])
            let vector = try #require(try await embedder.embed([text]).first)
            #expect(vector.count == embedder.model.dimensions)
            #expect(abs(self.cosine(vector, vector) - 1) < 1e-4)
        }
    }

    @Test(arguments: EmbedderKind.allCases)
    func cancelledTaskEndsByThat(_ kind: EmbedderKind) async throws {
        try await kind.withEmbedder { embedder in
            await withTaskGroup(of: Bool.self) { group in
                group.cancelAll()
                group.addTask {
                    do {
                        _ = try await embedder.embed(Self.texts)
                        return false
                    } catch {
                        return error is CancellationError
                    }
                }
                for await isCancelled in group { #expect(isCancelled) }
            }
        }
    }
}
