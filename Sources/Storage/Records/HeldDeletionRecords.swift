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

    /// Turns what is held, and what is kept if that is wanted, into removals that are to be done.
    ///
    /// - Returns: Which documents.
    func confirm(in pipeline: PipelineID, includingKept: Bool) throws -> [DocumentID] {
        let name = pipeline.rawValue.storable
        let condition = "pipeline_id = ?" + (includingKept ? "" : " AND state = 'held'")
        let insertion = try self.db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO confirmed_deletions (ledger_id, pipeline_id)
                SELECT ledger_id, pipeline_id FROM held_deletions WHERE \(condition)
                """
        )
        let selection = try self.db.cachedStatement(
            sql: "SELECT file_id FROM ledger WHERE id IN (SELECT ledger_id FROM held_deletions WHERE \(condition))"
        )
        let deletion = try self.db.cachedStatement(sql: "DELETE FROM held_deletions WHERE \(condition)")
        let files = try String.fetchAll(selection, arguments: [name])
        try insertion.execute(arguments: [name])
        try deletion.execute(arguments: [name])
        return files.map { DocumentID(pipeline: pipeline, file: $0) }
    }

    /// What `confirm` left to be done.
    func confirmed(in pipeline: PipelineID) throws -> [DocumentID] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT ledger.file_id FROM confirmed_deletions JOIN ledger ON ledger.id = confirmed_deletions.ledger_id
                WHERE confirmed_deletions.pipeline_id = ? ORDER BY ledger.id
                """
        )
        return try String.fetchAll(statement, arguments: [pipeline.rawValue.storable])
            .map { DocumentID(pipeline: pipeline, file: $0) }
    }

    /// Takes a document out of what is to be removed.
    func withdraw(_ id: DocumentID) throws {
        let statement = try self.db.cachedStatement(
            sql: """
                DELETE FROM confirmed_deletions WHERE ledger_id =
                (SELECT id FROM ledger WHERE pipeline_id = ? AND file_id = ?)
                """
        )
        try statement.execute(arguments: [id.pipeline.rawValue.storable, id.file.storable])
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
