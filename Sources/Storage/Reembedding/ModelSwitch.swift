import FoundationEssentials
import GRDB
import Ingest

/// Takes the vectors of a finished draft over, all of them in one transaction: a search finds by the old or by the new.
struct ModelSwitch {
    let draft: String
    let model: EmbeddingModel

    /// - Returns: False when the draft lacks vectors, with nothing changed.
    func apply(to pool: DatabasePool) throws -> Bool {
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH DATABASE ? AS draft", arguments: [self.draft])
            defer { try? db.execute(sql: "DETACH DATABASE draft") }
            var isDone = false
            try db.inTransaction {
                guard try self.lackCount(db) == 0 else { return .rollback }
                try db.execute(
                    sql: """
                        UPDATE documents SET embedding =
                            (SELECT embedding FROM draft.vectors v WHERE v.text_hash = documents.text_hash)
                        """
                )
                for first in try Int64.fetchAll(db, sql: "SELECT first_chunk FROM vector_blocks") {
                    try self.pack(first, db)
                }
                try ModelRecord.replace(with: self.model, in: db)
                isDone = true
                return .commit
            }
            return isDone
        }
    }

    private func lackCount(_ db: Database) throws -> Int? {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM documents
                WHERE NOT EXISTS (SELECT 1 FROM draft.vectors v WHERE v.text_hash = documents.text_hash)
                """
        )
    }

    /// Packs the vectors of a block again.
    private func pack(_ first: Int64, _ db: Database) throws {
        let read = try db.cachedStatement(
            sql: """
                SELECT embedding FROM documents, vector_blocks
                WHERE first_chunk = ? AND documents.id >= first_chunk AND documents.id < first_chunk + count
                ORDER BY documents.id
                """
        )
        let vectors = try Row.fetchAll(read, arguments: [first]).map { row in
            var reader = RowReader(row)
            guard let vector = VectorCoding.decode(try reader.next(), dimensions: self.model.dimensions) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return vector
        }
        let block = VectorBlock(firstChunk: first, pipeline: 0, vectors: vectors[...])
        let write = try db.cachedStatement(sql: "UPDATE vector_blocks SET scales = ?, codes = ? WHERE first_chunk = ?")
        try write.execute(arguments: [block.packedScales, block.packedCodes, first])
    }
}
