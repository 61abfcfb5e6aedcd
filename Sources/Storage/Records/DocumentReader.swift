import FoundationEssentials
import GRDB
import Ingest

/// Reads ledger and totals within one transaction.
struct DocumentReader {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func entries(of pipeline: PipelineID) throws -> [LedgerEntry] {
        try self.fetch("WHERE pipeline_id = ?", [pipeline.rawValue.storable])
    }

    func entry(for id: DocumentID) throws -> LedgerEntry? {
        try self.fetch(
            "WHERE pipeline_id = ? AND file_id = ?",
            [id.pipeline.rawValue.storable, id.file.storable]
        ).first
    }

    /// The newest entries in a state, which is named as in the column: `stored`, `failed`.
    func newest(_ state: String, of pipeline: PipelineID, limit: Int) throws -> [LedgerEntry] {
        try self.fetch(
            "WHERE pipeline_id = ? AND state = ? ORDER BY updated_at DESC, id DESC LIMIT ?",
            [pipeline.rawValue.storable, state, max(0, limit)]
        )
    }

    func documentCounts() throws -> [PipelineID: Int] {
        let rows = try Row.fetchAll(self.db, sql: "SELECT pipeline_id, document_count FROM pipeline_state")
        return try rows.reduce(into: [:]) { counts, row in
            var reader = RowReader(row)
            counts[PipelineID(try reader.next())] = try reader.next()
        }
    }

    func totals(of pipeline: PipelineID) throws -> StoreTotals {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT document_count, chunk_count, revision, held_count, failed_count, retrying_count
                FROM pipeline_state WHERE pipeline_id = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [pipeline.rawValue.storable]) else {
            return StoreTotals(documents: 0, chunks: 0, revision: 0)
        }
        var reader = RowReader(row)
        return StoreTotals(
            documents: try reader.next(),
            chunks: try reader.next(),
            revision: try reader.next(),
            heldDeletions: try reader.next(),
            failed: try reader.next(),
            retrying: try reader.next()
        )
    }

    func cursor(of pipeline: PipelineID) throws -> String? {
        let statement = try self.db.cachedStatement(sql: "SELECT cursor FROM pipeline_state WHERE pipeline_id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [pipeline.rawValue.storable]) else { return nil }
        var reader = RowReader(row)
        return try reader.next()
    }

    /// The vectors of texts, by their hash; one of each text, whichever document has it.
    func vectors(forHashes hashes: Set<Data>, dimensions: Int) throws -> [Data: [Float]] {
        let statement = try self.db.cachedStatement(
            sql: "SELECT embedding FROM documents WHERE text_hash = ? ORDER BY id LIMIT 1"
        )
        var found: [Data: [Float]] = [:]
        for hash in hashes {
            guard let row = try Row.fetchOne(statement, arguments: [hash]) else { continue }
            var reader = RowReader(row)
            found[hash] = VectorCoding.decode(try reader.next(), dimensions: dimensions)
        }
        return found
    }

    private func fetch(_ condition: String, _ arguments: StatementArguments) throws -> [LedgerEntry] {
        let statement = try self.db.cachedStatement(sql: "SELECT \(LedgerRow.selection) FROM ledger \(condition)")
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var entries: [LedgerEntry] = []
        while let row = try rows.next() { entries.append(try LedgerRow.decode(row)) }
        return entries
    }

    /// The passages of a document in their order, from the one with this index on.
    func chunks(of id: DocumentID, from index: Int, limit: Int) throws -> [Chunk] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT documents.metadata, documents.content
                FROM documents JOIN ledger ON ledger.id = documents.ledger_id
                WHERE ledger.pipeline_id = ? AND ledger.file_id = ?
                    AND json_extract(documents.metadata, '$.chunk_index') >= ?
                ORDER BY json_extract(documents.metadata, '$.chunk_index') LIMIT ?
                """
        )
        let arguments: StatementArguments = [
            id.pipeline.rawValue.storable, id.file.storable, index, limit,
        ]
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            var reader = RowReader(row)
            return try ChunkMetadata.chunk(from: &reader)
        }
    }
}
