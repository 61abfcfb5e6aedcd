package import Ingest

/// Answers a question with passages: embeds it, and asks the store.
package struct SearchService: Sendable {
    /// The most hits of one answer.
    package static let limits = 1...100
    /// The longest question, in UTF-8 bytes; the embedder looks at the first few hundred tokens only.
    package static let maxQueryBytes = 8_192

    private let store: any Store
    private let embedder: any Embedder

    package init(store: any Store, embedder: any Embedder) {
        self.store = store
        self.embedder = embedder
    }

    /// Finds passages, best first.
    ///
    /// - Parameters:
    ///   - text: What to look for; not empty.
    ///   - limit: How many hits at most, within `limits`.
    ///   - pipeline: Only documents of this pipeline; nil means all.
    /// - Returns: At most `limit` hits.
    /// - Throws: What the embedder or the store threw.
    package func search(_ text: String, limit: Int, pipeline: PipelineID?) async throws -> [SearchHit] {
        let vector = try await self.embedder.embed([text]).first
        let query = SearchQuery(text: text, vector: vector, limit: limit, pipeline: pipeline)
        return try await self.store.search(query)
    }
}
