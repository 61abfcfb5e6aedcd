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
    ///   - filter: Which documents.
    /// - Returns: At most `limit` hits.
    /// - Throws: What the embedder or the store threw.
    package func search(_ text: String, limit: Int, filter: SearchFilter) async throws -> [SearchHit] {
        let vector = try await self.embedder.embed([text]).first
        var query = SearchQuery(text: text, vector: vector, limit: limit, pipeline: filter.pipeline)
        while true {
            let hits = try await self.store.search(query)
            let wanted = hits.filter(filter.admits)
            let isAll = hits.count < query.limit || query.limit >= Self.deepest
            if wanted.count >= limit || isAll { return Array(wanted.prefix(limit)) }
            // The store knows no filter but the pipeline: look deeper until there is enough.
            query.limit = min(query.limit * 4, Self.deepest)
        }
    }

    /// How many hits are looked through for those that a filter admits.
    private static let deepest = 3_200
}
