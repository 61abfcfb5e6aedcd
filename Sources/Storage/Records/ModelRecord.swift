import GRDB
import Ingest

/// The one row of `embedding_model`: what made the vectors of a database.
enum ModelRecord {
    /// - Returns: Nil in a database that nobody has used yet.
    static func current(in db: Database) throws -> EmbeddingModel? {
        let statement = try db.cachedStatement(sql: "SELECT \(EmbeddingModel.columns) FROM embedding_model")
        return try Row.fetchOne(statement).map { row in
            var reader = RowReader(row)
            return try EmbeddingModel(from: &reader)
        }
    }

    static func replace(with model: EmbeddingModel, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO embedding_model (id, \(EmbeddingModel.columns)) VALUES (1, ?, ?, ?, ?, ?)",
            arguments: model.columnValues
        )
    }
}

/// How a model stands in a row, in the database and in a draft of new vectors.
extension EmbeddingModel {
    /// In the order of `init(from:)` and `columnValues`.
    static let columns = "provider, name, dimensions, revision, passage_prefix"

    init(from reader: inout RowReader) throws {
        self.init(
            provider: try reader.next(), name: try reader.next(), dimensions: try reader.next(),
            revision: try reader.next(), passagePrefix: try reader.next()
        )
    }

    var columnValues: StatementArguments {
        [
            self.provider.storable, self.name.storable, self.dimensions, self.revision.storable,
            self.passagePrefix.storable,
        ]
    }
}
