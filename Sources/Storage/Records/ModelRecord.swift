import GRDB
import Ingest

/// The one row of `embedding_model`: what made the vectors of a database.
enum ModelRecord {
    /// - Returns: Nil in a database that nobody has used yet.
    static func current(in db: Database) throws -> EmbeddingModel? {
        let statement = try db.cachedStatement(
            sql: "SELECT provider, name, dimensions, revision, passage_prefix FROM embedding_model")
        return try Row.fetchOne(statement).map { row in
            var reader = RowReader(row)
            return EmbeddingModel(
                provider: try reader.next(),
                name: try reader.next(),
                dimensions: try reader.next(),
                revision: try reader.next(),
                passagePrefix: try reader.next()
            )
        }
    }

    static func replace(with model: EmbeddingModel, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO embedding_model (id, provider, name, dimensions, revision, passage_prefix)
                VALUES (1, ?, ?, ?, ?, ?)
                """,
            arguments: [
                model.provider.storable, model.name.storable, model.dimensions, model.revision.storable,
                model.passagePrefix.storable,
            ]
        )
    }
}
