import GRDB

/// The database past the store: for looking at tables, and for breaking them.
enum Raw {
    static func change(_ path: String, _ sql: String) async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
        try queue.close()
    }

    static func integer(_ path: String, _ sql: String) async throws -> Int? {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.read { db in try Int.fetchOne(db, sql: sql) }
    }

    static func strings(_ path: String, _ sql: String) async throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.read { db in try String.fetchAll(db, sql: sql) }
    }

    /// Everything that must hold in every database at every moment, however its writer ended.
    static func inconsistencies(_ path: String) async throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.write { db in
            var found = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            found += try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "foreign key: \($0)" }
            do {
                try db.execute(sql: "INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)")
            } catch {
                found.append("full text: \(error)")
            }
            for (name, sql) in Self.zeroes where try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(sql))") != 0 {
                found.append(name)
            }
            return found
        }
    }

    /// Queries that answer no row as long as the tables agree with each other.
    private static let zeroes = [
        "chunk count": """
        SELECT 1 FROM document_metadata m
        WHERE chunk_count != (SELECT count(*) FROM documents d WHERE d.ledger_id = m.ledger_id)
            OR chunk_count != (SELECT coalesce(sum(count), 0) FROM vector_blocks b WHERE b.ledger_id = m.ledger_id)
        """,
        "totals": """
        SELECT 1 FROM pipeline_state p
        WHERE document_count != (SELECT count(*) FROM document_metadata m WHERE m.pipeline_id = p.pipeline_id)
            OR chunk_count != (SELECT coalesce(sum(m.chunk_count), 0) FROM document_metadata m
                WHERE m.pipeline_id = p.pipeline_id)
            OR failed_count != (SELECT count(*) FROM ledger l
                WHERE l.pipeline_id = p.pipeline_id AND state = 'failed' AND next_attempt_at IS NULL)
            OR retrying_count != (SELECT count(*) FROM ledger l
                WHERE l.pipeline_id = p.pipeline_id AND state = 'failed' AND next_attempt_at IS NOT NULL)
        """,
        "chunks outside of blocks": """
        SELECT 1 FROM documents d WHERE NOT EXISTS (
            SELECT 1 FROM vector_blocks b WHERE b.ledger_id = d.ledger_id
                AND d.id >= b.first_chunk AND d.id < b.first_chunk + b.count)
        """,
        "stored without metadata": """
        SELECT 1 FROM ledger WHERE state = 'stored' AND id NOT IN (SELECT ledger_id FROM document_metadata)
        """,
        "results": """
        SELECT 1 FROM ledger l JOIN document_metadata m ON m.ledger_id = l.id
        WHERE l.state = 'stored' AND l.chunks_created != m.chunk_count
        """,
    ]
}
