import FoundationEssentials
import GRDB
package import Ingest

extension SQLiteStore {
    /// The most hits that one search answers.
    package static let maxHits = 1_000

    package func search(_ query: SearchQuery) async throws -> [SearchHit] {
        if let vector = query.vector { try self.requireUsable(vector) }
        let fullText = FullTextQuery(query.text)
        let limit = min(max(1, query.limit), Self.maxHits)
        return try await self.read { db in
            let passages = PassageSearch(db, vectors: self.vectorCache)
            guard let scope = try passages.scope(query.filter) else { return [] }
            var rankings: [[Int64]] = []
            if let expression = fullText.expression {
                rankings.append(try passages.ranking(matching: expression, in: scope, limit: limit))
            }
            if let vector = query.vector {
                rankings.append(try passages.ranking(nearestTo: vector, in: scope, limit: limit))
            }
            let fused = ReciprocalRankFusion().fuse(rankings, limit: limit)
            return try fused.compactMap { try passages.hit($0.item, score: $0.score) }
        }
    }
}
