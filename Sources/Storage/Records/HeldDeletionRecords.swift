import FoundationEssentials
import GRDB
import Ingest

/// Reads and changes `held_deletions` within one transaction; `pipeline_state` counts them by triggers.
struct HeldDeletionRecords {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func hold(_ documents: [DocumentID], since: Date) throws {
        let statement = try self.db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO held_deletions (ledger_id, pipeline_id, state, since)
                SELECT id, pipeline_id, 'held', ? FROM ledger WHERE pipeline_id = ? AND file_id = ?
                """
        )
        let since = LedgerRow.milliseconds(since)
        for id in documents {
            try statement.execute(arguments: [since, id.pipeline.rawValue.storable, id.file.storable])
        }
    }

    func release(_ documents: [DocumentID]) throws {
        let statement = try self.db.cachedStatement(
            sql: """
                DELETE FROM held_deletions WHERE ledger_id =
                (SELECT id FROM ledger WHERE pipeline_id = ? AND file_id = ?)
                """
        )
        for id in documents {
            try statement.execute(arguments: [id.pipeline.rawValue.storable, id.file.storable])
        }
    }

    func keep(in pipeline: PipelineID) throws {
        try self.db.cachedStatement(sql: "UPDATE held_deletions SET state = 'kept' WHERE pipeline_id = ?")
            .execute(arguments: [pipeline.rawValue.storable])
    }

    func list(in pipeline: PipelineID, limit: Int) throws -> [HeldDeletion] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT ledger.file_id, ledger.path, held_deletions.state, held_deletions.since
                FROM held_deletions JOIN ledger ON ledger.id = held_deletions.ledger_id
                WHERE held_deletions.pipeline_id = ? ORDER BY ledger.path LIMIT ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [pipeline.rawValue.storable, max(0, limit)])
        var deletions: [HeldDeletion] = []
        while let row = try rows.next() {
            var reader = RowReader(row)
            let document = DocumentID(pipeline: pipeline, file: try reader.next())
            let path: String = try reader.next()
            let state = HeldDeletion.State(rawValue: try reader.next()) ?? .held
            let since = LedgerRow.date(try reader.next())
            deletions.append(HeldDeletion(document: document, path: path, state: state, since: since))
        }
        return deletions
    }
}
