package import Ingest
package import NIOPosix
import Synchronization

/// The built-in embedder: all-MiniLM-L6-v2 computed in this process, without network.
///
/// Texts longer than the model's 256 tokens lose their end. The same text has the same vector, to within rounding,
/// whatever it is embedded together with. Safe to call from many tasks; a call that has the pool to itself computes on all of
/// its threads, so that one document does not wait for one processor.
package struct MiniLMEmbedder: Embedder {
    /// Which model this is, known without loading it.
    package static let identity = EmbeddingModel(
        provider: "builtin", name: "all-MiniLM-L6-v2", dimensions: MiniLM.hidden)

    package let model = MiniLMEmbedder.identity
    package let batchLimit = 256
    package let tokenLimit = MiniLM.tokenLimit

    /// The most tokens of one forward pass: what still fits the processor's caches, and the pause between two looks
    /// at cancellation.
    static let tokensPerPass = 256

    private let tokenizer: WordPieceTokenizer
    private let begin: Int32
    private let end: Int32
    private let miniLM: MiniLM
    private let threadPool: NIOThreadPool
    private let threads: Int

    /// Loads the model; blocks while it reads 90 MB.
    ///
    /// - Parameters:
    ///   - directory: Holds `model.safetensors` and `vocab.txt`.
    ///   - threadPool: Where to compute; running, and shut down by its owner after the last call of `embed`.
    ///   - threads: How many of its threads one call uses, 1 or more.
    ///   - arithmetic: How to multiply; the default suits the processor.
    /// - Throws: What is wrong with which file.
    package init(
        directory: String,
        threadPool: NIOThreadPool,
        threads: Int = 1,
        arithmetic: Arithmetic = .fastest
    ) throws(ModelError) {
        let vocabulary = try Self.readVocabulary("\(directory)/vocab.txt")
        self.begin = try Self.special("[CLS]", of: vocabulary, in: directory)
        self.end = try Self.special("[SEP]", of: vocabulary, in: directory)
        self.tokenizer = WordPieceTokenizer(
            vocabulary: vocabulary,
            unknown: try Self.special("[UNK]", of: vocabulary, in: directory)
        )
        self.miniLM = try MiniLM(
            path: "\(directory)/model.safetensors",
            vocabularySize: vocabulary.count,
            arithmetic: arithmetic
        )
        self.threadPool = threadPool
        self.threads = threads
    }

    package func tokenCount(_ text: Substring) -> Int { self.tokenizer.count(text) }

    package func embed(_ texts: [String]) async throws -> [[Float]] {
        let place = Place()
        return try await withThrowingTaskGroup(of: [(start: Int, vectors: [[Float]])].self) { group in
            for _ in 0..<min(self.threads, texts.count) {
                group.addTask { try await self.embedPasses(of: texts, from: place) }
            }
            var vectors = [[Float]](repeating: [], count: texts.count)
            for try await passes in group {
                for pass in passes {
                    vectors.replaceSubrange(pass.start..<pass.start + pass.vectors.count, with: pass.vectors)
                }
            }
            return vectors
        }
    }

    /// Embeds what nobody else has begun until there is nothing left.
    private func embedPasses(
        of texts: [String],
        from place: Place
    ) async throws -> [(start: Int, vectors: [[Float]])] {
        var passes: [(start: Int, vectors: [[Float]])] = []
        while true {
            try Task.checkCancellation()
            let pass = try await self.threadPool.runIfActive { () -> (start: Int, vectors: [[Float]])? in
                let (start, batch) = place.first.withLock { first in
                    let batch = self.nextBatch(of: texts[first...])
                    defer { first += batch.count }
                    return (first, batch)
                }
                guard !batch.isEmpty else { return nil }
                let capacity = batch.reduce(0) { $0 + $1.count }
                return (start, self.miniLM.embed(batch, in: Workspace(capacity: capacity)))
            }
            guard let pass else { return passes }
            passes.append(pass)
        }
    }

    /// The ids of as many texts as make one forward pass; at least one, unless there is none.
    private func nextBatch(of texts: ArraySlice<String>) -> [[Int32]] {
        var batch: [[Int32]] = []
        var total = 0
        for text in texts {
            let ids = [self.begin] + self.tokenizer.ids(of: text[...], limit: self.tokenLimit - 2) + [self.end]
            guard batch.isEmpty || total + ids.count <= Self.tokensPerPass else { break }
            batch.append(ids)
            total += ids.count
        }
        return batch
    }

    /// How far the threads that work on one call have come: the first text that none has taken.
    private final class Place: Sendable {
        let first = Mutex(0)
    }
}

extension MiniLMEmbedder {
    /// The largest vocabulary that is read; the model's own has 231 KB.
    private static let vocabularyLimit = 1 << 24

    private static func readVocabulary(_ path: String) throws(ModelError) -> WordPieceVocabulary {
        let file = try ModelFile(path: path)
        guard file.size <= Self.vocabularyLimit else {
            throw .damaged(path: path, reason: "it has \(file.size) bytes, too many for a vocabulary")
        }
        return WordPieceVocabulary(parsing: try file.bytes(from: 0, count: file.size))
    }

    private static func special(
        _ piece: String,
        of vocabulary: WordPieceVocabulary,
        in directory: String
    ) throws(ModelError) -> Int32 {
        guard let id = vocabulary.id(of: piece) else {
            throw .damaged(path: "\(directory)/vocab.txt", reason: "it has no piece '\(piece)'")
        }
        return id
    }
}
