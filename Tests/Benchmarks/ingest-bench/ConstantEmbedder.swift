import Ingest

/// Counts tokens as the built-in model and gives every text the same vector at once: what is left is everything else.
struct ConstantEmbedder: Embedder {
    let counter: any Embedder

    var model: EmbeddingModel {
        EmbeddingModel(provider: "bench", name: "constant", dimensions: self.counter.model.dimensions)
    }
    var batchLimit: Int { self.counter.batchLimit }
    var tokenLimit: Int { self.counter.tokenLimit }

    func tokenCount(_ text: Substring) -> Int { self.counter.tokenCount(text) }

    func embed(_ texts: [String]) async throws -> [[Float]] {
        var vector = [Float](repeating: 0, count: self.model.dimensions)
        vector[0] = 1
        return texts.map { _ in vector }
    }
}
