import GRDB
import Ingest

/// Writes a document's tables within one transaction, a row at a time.
struct TableWriter {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Stores schema and rows; what was there of the document has been removed before.
    func insert(_ tables: DocumentTables, ledgerID: Int64, dataset: String) throws {
        let schema = Self.schema(of: tables.schemas)
        try self.db.cachedStatement(sql: "UPDATE document_metadata SET schema = ? WHERE ledger_id = ?")
            .execute(arguments: [schema, ledgerID])
        let insertion = try self.db.cachedStatement(
            sql: "INSERT INTO document_rows (ledger_id, dataset_id, sheet, row_data) VALUES (?, ?, ?, ?)"
        )
        let sheets = tables.schemas.map { $0.sheet?.storable }
        let keys = tables.schemas.map { $0.columns.map(JSONText.key) }
        var json = JSONText()
        try tables.rows.readEach { row in
            guard keys.indices.contains(row.table) else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
            json.removeAll()
            json.append(row.cells, keys: keys[row.table])
            try insertion.execute(arguments: [ledgerID, dataset, sheets[row.table], json.text])
        }
    }

    /// The columns of the only table, or those of each with its sheet.
    private static func schema(of tables: [TableSchema]) -> String {
        var json = JSONText()
        if tables.count == 1, let table = tables.first, table.sheet == nil {
            json.append(table.columns)
        } else {
            json.append(tables)
        }
        return json.text
    }
}
