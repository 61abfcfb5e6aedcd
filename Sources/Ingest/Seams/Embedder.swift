/// Turns chunk texts into vectors that can be compared by cosine similarity.
package protocol Embedder: Sendable {
    /// Which vectors these are; vectors of different models are never compared.
    var model: EmbeddingModel { get }

    /// The most texts that one call of `embed` takes.
    var batchLimit: Int { get }

    /// How many texts to hand over at a time: more make nothing faster.
    ///
    /// 32 by default, a third of a second's work for the built-in model.
    var batchHint: Int { get }

    /// The longest text, in tokens with the model's special ones, whose end is not cut off.
    var tokenLimit: Int { get }

    /// How many tokens a text has for this model, without its special ones.
    func tokenCount(_ text: Substring) -> Int

    /// Embeds a batch.
    ///
    /// - Parameter texts: 1...`batchLimit` non-empty texts.
    /// - Returns: One unit-length vector per text, in the same order: `[texts.count][model.dimensions]`.
    /// - Throws: A `DocumentError`, or `CancellationError` when the service stops.
    func embed(_ texts: [String]) async throws -> [[Float]]

    /// Embeds a question that somebody waits for: gives up early rather than wait for better times.
    ///
    /// - Returns: One vector of unit length, to be compared with those of `embed`.
    /// - Throws: A `DocumentError`, or `CancellationError`.
    func embedQuestion(_ text: String) async throws -> [Float]
}

extension Embedder {
    package var batchHint: Int { 32 }

    package func embedQuestion(_ text: String) async throws -> [Float] {
        guard let vector = try await self.embed([text]).first else { throw WrongVectorCount() }
        return vector
    }
}

/// The embedder broke its contract: not one vector a text.
struct WrongVectorCount: DocumentError {
    let typeName = "EmbedderContract"
    let isTransient = true
    let description = "the embedder returned another number of vectors than texts; this is a defect, please report it"
}

/// The identity of an embedding model, stored beside the vectors it made.
package struct EmbeddingModel: Hashable, Sendable, Codable {
    /// Who computes: `builtin`, `openai`.
    package var provider: String
    /// `all-MiniLM-L6-v2`.
    package var name: String
    /// The length of every vector: 384.
    package var dimensions: Int
    /// Which version of the model, where one name has had several: empty when that is not known.
    package var revision: String
    /// What is put before every passage, as some models want: `passage: `.
    ///
    /// Empty for nothing.
    package var passagePrefix: String

    package init(
        provider: String,
        name: String,
        dimensions: Int,
        revision: String = "",
        passagePrefix: String = ""
    ) {
        self.provider = provider
        self.name = name
        self.dimensions = dimensions
        self.revision = revision
        self.passagePrefix = passagePrefix
    }

    /// Whether vectors of both can be compared, as far as is known: an unknown revision may be any.
    package func isComparable(with other: EmbeddingModel) -> Bool {
        self.provider == other.provider && self.name == other.name && self.dimensions == other.dimensions
            && self.passagePrefix == other.passagePrefix
            && (self.revision == other.revision || self.revision.isEmpty || other.revision.isEmpty)
    }
}
