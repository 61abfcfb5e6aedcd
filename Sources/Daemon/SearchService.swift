package import Ingest
package import Logging

/// What a question is answered with.
package struct SearchAnswer: Sendable {
    /// Best first.
    package var hits: [SearchHit]
    /// Whether the question could not be embedded, so that passages which say the same in other words are missing.
    package var isByWordsOnly: Bool
}

/// Answers a question with passages: embeds it, and asks the store.
package struct SearchService: Sendable {
    /// The most hits of one answer.
    package static let limits = 1...100
    /// The longest question, in UTF-8 bytes; the embedder looks at the first few hundred tokens only.
    package static let maxQueryBytes = 8_192

    private let store: any Store
    private let embedder: any Embedder
    private let pipelines: Set<PipelineID>
    private let logger: Logger

    /// - Parameters:
    ///   - store: What is searched.
    ///   - embedder: What its vectors are made with.
    ///   - pipelines: Those that are configured; what others left in the store is not found.
    ///   - logger: Receives what stands in the way of vectors.
    package init(store: any Store, embedder: any Embedder, pipelines: [PipelineID], logger: Logger) {
        self.store = store
        self.embedder = embedder
        self.pipelines = Set(pipelines)
        self.logger = logger
    }

    /// Finds passages, best first.
    ///
    /// - Parameters:
    ///   - text: What to look for; not empty.
    ///   - limit: How many hits at most, within `limits`.
    ///   - filter: Which documents.
    /// - Returns: At most `limit` hits.
    /// - Throws: What the store threw.
    package func search(_ text: String, limit: Int, filter: SearchFilter) async throws -> SearchAnswer {
        let vector = try await self.vector(of: text)
        var filter = filter
        filter.pipelines = filter.pipelines?.intersection(self.pipelines) ?? self.pipelines
        let query = SearchQuery(text: text, vector: vector, limit: limit, filter: filter)
        return SearchAnswer(hits: try await self.store.search(query), isByWordsOnly: vector == nil)
    }

    /// The vector of a question; nil when there is none to be had now: words alone find a lot.
    private func vector(of text: String) async throws -> [Float]? {
        do {
            return try await self.embedder.embedQuestion(text)
        } catch let error as any DocumentError {
            self.logger.warning(
                "A question was answered by its words alone: it could not be embedded.",
                metadata: ["error": "\(error)"]
            )
            return nil
        }
    }
}
