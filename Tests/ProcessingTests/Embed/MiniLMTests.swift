import FoundationEssentials
import Ingest
import NIOPosix
import Processing
import Testing

@Suite("all-MiniLM-L6-v2")
struct MiniLMTests {
    private func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test(arguments: Arithmetic.all)
    func agreesWithTheReference(_ arithmetic: Arithmetic) async throws {
        let all = try Reference.load().passages
        #expect(all.count >= 200)
        let passages = arithmetic == .fastest ? all : all.enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
        try await MiniLMFixture.withEmbedder(arithmetic) { embedder in
            var cosines: [Float] = []
            for start in stride(from: 0, to: passages.count, by: embedder.batchLimit) {
                let batch = passages[start..<min(start + embedder.batchLimit, passages.count)]
                let vectors = try await embedder.embed(batch.map(\.text))
                cosines += zip(vectors, batch).map { self.cosine($0, $1.vector) }
            }
            let mean = cosines.reduce(0, +) / Float(cosines.count)
            let isExact = arithmetic.products == .float32
            #expect(mean >= (isExact ? 0.999_99 : 0.996), "\(arithmetic): mean \(mean)")
            #expect((cosines.min() ?? 0) >= (isExact ? 0.999_9 : 0.98), "\(arithmetic): least \(cosines.min() ?? 0)")
        }
    }

    @Test func vectorsHaveTheModelsShape() async throws {
        try await MiniLMFixture.withEmbedder { embedder in
            #expect(embedder.model == EmbeddingModel(provider: "builtin", name: "all-MiniLM-L6-v2", dimensions: 384))
            #expect(embedder.tokenLimit == 256)
            let vectors = try await embedder.embed(["one", "two words"])
            #expect(vectors.map(\.count) == [384, 384])
            for vector in vectors { #expect(abs(self.cosine(vector, vector) - 1) < 1e-5) }
        }
    }

    @Test func companyDoesNotChangeAVector() async throws {
        let texts = try Reference.load().passages.prefix(24).map(\.text) + ["short", "", "longer than short"]
        try await MiniLMFixture.withEmbedder { embedder in
            let together = try await embedder.embed(texts)
            for (index, text) in texts.enumerated() {
                let alone = try await embedder.embed([text])
                #expect(self.cosine(together[index], alone[0]) > 0.9999)
            }
        }
    }

    @Test func sameTextsGiveTheSameVectors() async throws {
        let texts = try Reference.load().passages.prefix(12).map(\.text)
        try await MiniLMFixture.withEmbedder { embedder in
            let first = try await embedder.embed(texts)
            let again = try await withThrowingTaskGroup(of: [[Float]].self) { group in
                for _ in 0..<4 { group.addTask { try await embedder.embed(texts) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(again.allSatisfy { $0 == first })
        }
    }

    @Test func longTextLosesItsEnd() async throws {
        try await MiniLMFixture.withEmbedder { embedder in
            let words = Array(repeating: "package", count: 254).joined(separator: " ")
            #expect(embedder.tokenCount(words[...]) == 254)
            let tails = ["", " is free", " " + String(repeating: "x", count: 1_000_000)]
            let vectors = try await embedder.embed(tails.map { words + $0 })
            #expect(Set(vectors).count == 1)
            let shorter = try await embedder.embed([String(words.dropLast(8))])
            #expect(Set(vectors + shorter).count == 2)
        }
    }

    @Test func noTextsHaveNoVectors() async throws {
        try await MiniLMFixture.withEmbedder { embedder in
            let vectors = try await embedder.embed([])
            #expect(vectors.isEmpty)
        }
    }

    @Test func missingModelSaysWhatToDo() async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        let error = #expect(throws: ModelError.self) {
            try MiniLMEmbedder(directory: "/nonexistent/model", threadPool: pool)
        }
        #expect(
            error?.description
                == "cannot read the embedding model's file '/nonexistent/model/vocab.txt': no such file; "
                + "run 'make model' or install the package 'corpusd-model-minilm'"
        )
    }

    @Test func damagedModelIsRefused() throws {
        let model = try Setting.model.value()
        let pool = NIOThreadPool(numberOfThreads: 1)
        try TemporaryFolder.with { folder in
            try FileManager.default.copyItem(atPath: "\(model)/vocab.txt", toPath: "\(folder)/vocab.txt")
            let weights = try Data(contentsOf: URL(filePath: "\(model)/model.safetensors"))
            try weights.prefix(weights.count / 2).write(to: URL(filePath: "\(folder)/model.safetensors"))
            let error = #expect(throws: ModelError.self) { try MiniLMEmbedder(directory: folder, threadPool: pool) }
            #expect(error?.description.contains("'\(folder)/model.safetensors': it ends inside tensor '") == true)
        }
    }

    @Test func foreignVocabularyIsRefused() throws {
        let model = try Setting.model.value()
        let pool = NIOThreadPool(numberOfThreads: 1)
        try TemporaryFolder.with { folder in
            try Data("[CLS]\n[SEP]\n[UNK]\nword\n".utf8).write(to: URL(filePath: "\(folder)/vocab.txt"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/model.safetensors",
                withDestinationPath: "\(model)/model.safetensors"
            )
            let error = #expect(throws: ModelError.self) { try MiniLMEmbedder(directory: folder, threadPool: pool) }
            #expect(error?.description.contains("is not F32 of shape [4, 384]") == true)
        }
    }
}
