import GRDB
import Ingest

/// The two rankings of a search and the passages themselves, within one transaction.
struct PassageSearch {
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

    /// What a filter admits; nil when that is nothing.
    func scope(_ filter: SearchFilter) throws -> ChunkScope? {
        let known = try Row.fetchAll(self.db.cachedStatement(sql: "SELECT id, pipeline_id FROM pipeline_state"))
        let keys = try known.compactMap { row -> Int32? in
            var reader = RowReader(row)
            let key: Int32 = try reader.next()
            let name: String = try reader.next()
            return filter.pipelines?.contains(PipelineID(name)) ?? true ? key : nil
        }
        guard !keys.isEmpty else { return nil }
        guard filter.mediaType == nil, filter.path == nil else {
            let chunks = try self.chunks(filter, of: keys)
            return chunks.isEmpty ? nil : .chunks(chunks)
        }
        return keys.count == known.count ? .everything : .pipelines(keys)
    }

    /// The chunks of the documents that a filter names, of some pipelines.
    private func chunks(_ filter: SearchFilter, of pipelines: [Int32]) throws -> [Range<Int64>] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT vector_blocks.first_chunk, vector_blocks.count, vector_blocks.pipeline
                FROM ledger JOIN vector_blocks ON vector_blocks.ledger_id = ledger.id
                WHERE (?1 IS NULL OR substr(ledger.path, 1, length(?1)) = ?1)
                    AND (?2 IS NULL OR lower(ledger.media_type) = ?2
                        OR substr(lower(ledger.media_type), 1, length(?2) + 1) = ?2 || '/')
                ORDER BY vector_blocks.first_chunk
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [filter.path?.storable, filter.mediaType?.storable])
        var ranges: [Range<Int64>] = []
        while let row = try rows.next() {
            var reader = RowReader(row)
            let first: Int64 = try reader.next()
            let count: Int64 = try reader.next()
            guard pipelines.contains(try reader.next()) else { continue }
            guard (1...VectorBlock.highestChunk).contains(first), (1...Int64(VectorBlock.capacity)).contains(count),
                first >= ranges.last?.upperBound ?? 0
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            ranges.append(first..<(first + count))
        }
        return ranges
    }

    /// Chunks with words of the question, the best by BM25 first.
    func ranking(matching expression: String, in scope: ChunkScope, limit: Int) throws -> [Int64] {
        let statement = try self.db.cachedStatement(
            sql: "SELECT rowid FROM documents_fts WHERE documents_fts MATCH ? ORDER BY rank"
        )
        let depth = Self.depth(for: limit)
        let chunks = try Int64.fetchCursor(statement, arguments: [expression])
        var ranking: [Int64] = []
        guard scope != .everything else {
            while ranking.count < depth, let chunk = try chunks.next() { ranking.append(chunk) }
            return ranking
        }
        // The index knows no documents, and looking each match up in a table would take longer than to find it.
        return try self.vectors.withMatrix(self.db) { matrix in
            while ranking.count < depth, let chunk = try chunks.next() {
                if matrix.contains(chunk, in: scope) { ranking.append(chunk) }
            }
            return ranking
        }
    }

    /// Chunks with the highest cosines, best first: candidates by the quantised vectors, order by the full ones.
    func ranking(nearestTo vector: [Float], in scope: ChunkScope, limit: Int) throws -> [Int64] {
        let depth = Self.depth(for: limit)
        let query = QuantizedQuery(vector)
        let candidates = try self.vectors.withMatrix(self.db) { matrix in
            matrix.nearest(to: query, limit: depth * Self.oversampling, in: scope)
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
