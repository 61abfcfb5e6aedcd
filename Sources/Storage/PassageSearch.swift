import GRDB
import Ingest

/// The two rankings of a search and the passages themselves, within one transaction.
struct PassageSearch {
    /// Which chunks are looked at.
    enum Scope: Equatable {
        case everything
        /// Those of the pipeline with this `pipeline_state.id`.
        case pipeline(Int32)
    }

    /// How many times as many candidates the quantised scan finds as are compared in full.
    private static let oversampling = 2
    /// The least depth of a ranking: what is beyond has no weight in the fusion.
    private static let minimumDepth = 100

    private let db: Database
    private let vectors: VectorCache

    init(_ db: Database, vectors: VectorCache) {
        self.db = db
        self.vectors = vectors
    }

    /// - Returns: nil when nothing was ever stored for the pipeline.
    func scope(_ pipeline: PipelineID?) throws -> Scope? {
        guard let pipeline else { return .everything }
        let statement = try self.db.cachedStatement(sql: "SELECT id FROM pipeline_state WHERE pipeline_id = ?")
        return try Int32.fetchOne(statement, arguments: [pipeline.rawValue.storable]).map { .pipeline($0) }
    }

    /// Chunks with words of the question, the best by BM25 first.
    func ranking(matching expression: String, in scope: Scope, limit: Int) throws -> [Int64] {
        let statement = try self.db.cachedStatement(
            sql: "SELECT rowid FROM documents_fts WHERE documents_fts MATCH ? ORDER BY rank"
        )
        let depth = Self.depth(for: limit)
        let chunks = try Int64.fetchCursor(statement, arguments: [expression])
        var ranking: [Int64] = []
        guard case .pipeline(let wanted) = scope else {
            while ranking.count < depth, let chunk = try chunks.next() { ranking.append(chunk) }
            return ranking
        }
        // The index knows no pipelines, and looking each match up in a table would take longer than to find it.
        return try self.vectors.withMatrix(self.db) { matrix in
            while ranking.count < depth, let chunk = try chunks.next() {
                if matrix.pipeline(of: chunk) == wanted { ranking.append(chunk) }
            }
            return ranking
        }
    }

    /// Chunks with the highest cosines, best first: candidates by the quantised vectors, order by the full ones.
    func ranking(nearestTo vector: [Float], in scope: Scope, limit: Int) throws -> [Int64] {
        let depth = Self.depth(for: limit)
        let pipeline: Int32? = if case .pipeline(let wanted) = scope { wanted } else { nil }
        let query = QuantizedQuery(vector)
        let candidates = try self.vectors.withMatrix(self.db) { matrix in
            matrix.nearest(to: query, limit: depth * Self.oversampling, pipeline: pipeline)
        }
        let statement = try self.db.cachedStatement(sql: "SELECT embedding FROM documents WHERE id = ?")
        var scored: [(chunk: Int64, score: Float)] = []
        for chunk in candidates {
            guard let row = try Row.fetchOne(statement, arguments: [chunk]) else { continue }
            var reader = RowReader(row)
            guard let stored = VectorCoding.decode(try reader.next(), dimensions: vector.count) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            scored.append((chunk, zip(vector, stored).reduce(0) { $0 + $1.0 * $1.1 }))
        }
        return scored.sorted { ($1.score, $0.chunk) < ($0.score, $1.chunk) }.prefix(depth).map(\.chunk)
    }

    /// One passage with where it is from; nil when it is no longer there.
    func hit(_ chunk: Int64, score: Double) throws -> SearchHit? {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT ledger.pipeline_id, ledger.file_id, ledger.name, ledger.path, ledger.url, ledger.title,
                    ledger.media_type, documents.metadata, documents.content
                FROM documents JOIN ledger ON ledger.id = documents.ledger_id
                WHERE documents.id = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [chunk]) else { return nil }
        var reader = RowReader(row)
        let document = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
        let name: String = try reader.next()
        let path: String = try reader.next()
        let url: String = try reader.next()
        let title: String? = try reader.next()
        let mediaType: String? = try reader.next()
        return SearchHit(
            document: document,
            name: name,
            path: path,
            url: url,
            title: title,
            mediaType: mediaType,
            chunk: try ChunkMetadata.chunk(from: &reader),
            score: score
        )
    }

    private static func depth(for limit: Int) -> Int { max(Self.minimumDepth, limit * 2) }
}
