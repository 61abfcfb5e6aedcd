package import Ingest
package import NIOPosix

/// The built-in embedder: all-MiniLM-L6-v2 computed in this process, without network.
///
/// Texts longer than the model's 256 tokens lose their end. The same text has the same vector, to within rounding,
/// whatever it is embedded together with. Safe to call from many tasks; each call computes on one thread of the pool.
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

    /// Loads the model; blocks while it reads 90 MB.
    ///
    /// - Parameters:
    ///   - directory: Holds `model.safetensors` and `vocab.txt`.
    ///   - threadPool: Where to compute; running, and shut down by its owner after the last call of `embed`.
    ///   - arithmetic: How to multiply; the default suits the processor.
    /// - Throws: What is wrong with which file.
    package init(
        directory: String,
        threadPool: NIOThreadPool,
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
    }

    package func tokenCount(_ text: Substring) -> Int { self.tokenizer.count(text) }

    package func embed(_ texts: [String]) async throws -> [[Float]] {
        var vectors: [[Float]] = []
        vectors.reserveCapacity(texts.count)
        while vectors.count < texts.count {
            try Task.checkCancellation()
            let rest = texts[vectors.count...]
            vectors += try await self.threadPool.runIfActive { self.embedSome(of: rest) }
        }
        return vectors
    }

    /// Embeds as many texts as make one forward pass, at least one.
    private func embedSome(of texts: ArraySlice<String>) -> [[Float]] {
        var batch: [[Int32]] = []
        var total = 0
        for text in texts {
            let ids = [self.begin] + self.tokenizer.ids(of: text[...], limit: self.tokenLimit - 2) + [self.end]
            guard batch.isEmpty || total + ids.count <= Self.tokensPerPass else { break }
            batch.append(ids)
            total += ids.count
        }
        return self.miniLM.embed(batch, in: Workspace(capacity: total))
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
