import FoundationEssentials
import GRDB
import Ingest

/// Reads and writes `document_history` within one transaction.
struct DocumentHistory {
    private static let columns = """
        at, outcome, path, message, error_type, error_stage, attempt, chunks_created, embeddings_reused, duration
        """

    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Adds an entry, and drops the oldest one that is too many.
    func append(_ entry: HistoryEntry, ledgerID: Int64) throws {
        let last = try Int64.fetchOne(
            self.db.cachedStatement(sql: "SELECT max(number) FROM document_history WHERE ledger_id = ?"),
            arguments: [ledgerID]
        )
        let number = (last ?? 0) + 1
        try self.db.cachedStatement(
            sql: """
                INSERT INTO document_history (ledger_id, number, \(Self.columns))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            ledgerID, number, LedgerRow.milliseconds(entry.at), entry.outcome.rawValue, entry.path.storable,
            entry.message?.storable, entry.errorType?.storable, entry.stage?.rawValue, entry.attempt,
            entry.chunksCreated, entry.embeddingsReused, entry.duration,
        ])
        try self.db.cachedStatement(sql: "DELETE FROM document_history WHERE ledger_id = ? AND number <= ?")
            .execute(arguments: [ledgerID, number - Int64(HistoryEntry.limit)])
    }

    /// What came of a document, the newest first.
    func entries(of id: DocumentID) throws -> [HistoryEntry] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT \(Self.columns) FROM document_history
                WHERE ledger_id = (SELECT id FROM ledger WHERE pipeline_id = ? AND file_id = ?) ORDER BY number DESC
                """
        )
        return try Row.fetchAll(statement, arguments: [id.pipeline.rawValue.storable, id.file.storable])
            .map(Self.decode)
    }

    private static func decode(_ row: Row) throws -> HistoryEntry {
        var reader = RowReader(row)
        let at = LedgerRow.date(try reader.next())
        guard let outcome = HistoryEntry.Outcome(rawValue: try reader.next()) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        var entry = HistoryEntry(at: at, outcome: outcome, path: try reader.next())
        entry.message = try reader.next()
        entry.errorType = try reader.next()
        let stage: String? = try reader.next()
        entry.stage = stage.flatMap { Stage(rawValue: $0) }
        entry.attempt = try reader.next()
        entry.chunksCreated = try reader.next()
        entry.embeddingsReused = try reader.next()
        entry.duration = try reader.next()
        return entry
    }
}
