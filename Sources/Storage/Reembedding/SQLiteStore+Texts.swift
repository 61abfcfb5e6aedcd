package import FoundationEssentials
import GRDB

/// A stored passage as far as its vector is concerned.
package struct StoredPassage: Sendable {
    /// Goes up with every passage that is ever stored.
    package var id: Int64
    /// What its vector is found by.
    package var hash: Data
    package var text: String
}

extension SQLiteStore {
    /// Passages in the order in which they were stored.
    package func passages(after id: Int64, limit: Int) async throws -> [StoredPassage] {
        try await self.read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT id, text_hash, content FROM documents WHERE id > ? ORDER BY id LIMIT ?")
            return try Row.fetchAll(statement, arguments: [id, limit]).map { row in
                var reader = RowReader(row)
                return StoredPassage(id: try reader.next(), hash: try reader.next(), text: try reader.next())
            }
        }
    }

    /// How many passages there are now.
    package func passageCount() async throws -> Int {
        try await self.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM documents") ?? 0 }
    }
}
