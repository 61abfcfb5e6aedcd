import FoundationEssentials
import GRDB
import Ingest

/// Mends what `StoreCheck` finds, within one transaction.
///
/// What can be made anew from other tables is; what cannot is asked for again: its file is processed by the next check,
/// and until then everything that is left of the document stays searchable.
struct StoreRepair {
    /// Rows that belong to nothing, by table, in the order in which they can be deleted.
    static let orphans: [(table: String, condition: String)] = [
        ("documents", "ledger_id NOT IN (SELECT ledger_id FROM document_metadata)"),
        ("vector_blocks", "ledger_id NOT IN (SELECT ledger_id FROM document_metadata)"),
        ("document_rows", "ledger_id NOT IN (SELECT ledger_id FROM document_metadata)"),
        ("document_metadata", "ledger_id NOT IN (SELECT id FROM ledger)"),
        ("held_deletions", "ledger_id NOT IN (SELECT id FROM ledger)"),
        ("confirmed_deletions", "ledger_id NOT IN (SELECT id FROM ledger)"),
        ("document_history", "ledger_id NOT IN (SELECT id FROM ledger)"),
    ]

    /// What a pipeline counts, in which column, and how it is counted.
    static let totals: [(name: String, column: String, count: String)] = [
        (
            "documents", "document_count",
            "(SELECT count(*) FROM document_metadata WHERE pipeline_id = pipeline.pipeline_id)"
        ),
        (
            "passages", "chunk_count",
            "(SELECT coalesce(sum(chunk_count), 0) FROM document_metadata WHERE pipeline_id = pipeline.pipeline_id)"
        ),
        (
            "held deletions", "held_count",
            "(SELECT count(*) FROM held_deletions WHERE pipeline_id = pipeline.pipeline_id AND state = 'held')"
        ),
        (
            "failed files", "failed_count",
            "(SELECT count(*) FROM ledger WHERE pipeline_id = pipeline.pipeline_id AND state = 'failed' "
                + "AND next_attempt_at IS NULL)"
        ),
        (
            "files that are tried again", "retrying_count",
            "(SELECT count(*) FROM ledger WHERE pipeline_id = pipeline.pipeline_id AND state = 'failed' "
                + "AND next_attempt_at IS NOT NULL)"
        ),
    ]

    private let db: Database
    private let dimensions: Int

    init(_ db: Database, dimensions: Int) {
        self.db = db
        self.dimensions = dimensions
    }

    /// Mends everything that was found.
    ///
    /// - Parameter findings: Of this database, as it is now.
    /// - Returns: How many files are to be processed again.
    /// - Throws: What SQLite threw; then nothing may be kept.
    func mend(_ findings: StoreFindings) throws -> Int {
        let kinds = Set(findings.counts.keys)
        if kinds.contains(.damaged) { try self.db.execute(sql: "REINDEX") }
        if kinds.contains(.orphan) {
            // The triggers take out of the index what is deleted: it must be right before.
            try self.rebuildFullText()
            for (table, condition) in Self.orphans {
                try self.db.execute(sql: "DELETE FROM \(table) WHERE \(condition)")
            }
        } else if kinds.contains(.fullTextIndex) {
            try self.rebuildFullText()
        }
        if kinds.contains(.documentUnexpected) {
            try self.db.execute(
                sql: """
                    DELETE FROM document_metadata
                    WHERE ledger_id IN (SELECT id FROM ledger WHERE state = 'skipped')
                    """
            )
        }
        if kinds.contains(.vectorIndex) { try self.repack() }
        let again = try self.requeue()
        for (_, column, count) in Self.totals {
            try self.db.execute(
                sql: "UPDATE pipeline_state AS pipeline SET \(column) = \(count) WHERE \(column) <> \(count)"
            )
        }
        return again
    }

    private func rebuildFullText() throws {
        try self.db.execute(sql: "INSERT INTO documents_fts (documents_fts) VALUES ('rebuild')")
    }

    /// Makes the vectors for scanning anew, for each document whose blocks are not those of its passages.
    private func repack() throws {
        let documents = try Row.fetchAll(
            self.db,
            sql: """
                SELECT ledger.id, pipeline_state.id FROM ledger
                JOIN document_metadata ON document_metadata.ledger_id = ledger.id
                JOIN pipeline_state ON pipeline_state.pipeline_id = ledger.pipeline_id
                """
        )
        for row in documents {
            var reader = RowReader(row)
            let (ledgerID, pipeline): (Int64, Int32) = (try reader.next(), try reader.next())
            let blocks = try self.packed(ledgerID, pipeline: pipeline)
            guard let blocks, try self.storedBlocks(ledgerID) != blocks else { continue }
            try self.db.execute(sql: "DELETE FROM vector_blocks WHERE ledger_id = ?", arguments: [ledgerID])
            for block in blocks { try DocumentWriter(self.db).insert(block, ledgerID: ledgerID) }
        }
    }

    /// The blocks that a document should have; nil when a vector of it cannot be read.
    private func packed(_ ledgerID: Int64, pipeline: Int32) throws -> [VectorBlock]? {
        let statement = try self.db.cachedStatement(
            sql: "SELECT id, embedding FROM documents WHERE ledger_id = ? ORDER BY id"
        )
        var runs: [(first: Int64, vectors: [[Float]])] = []
        for row in try Row.fetchAll(statement, arguments: [ledgerID]) {
            var reader = RowReader(row)
            let id: Int64 = try reader.next()
            let vector = VectorCoding.decode(try reader.next(), dimensions: self.dimensions)
            guard let vector, vector.allSatisfy(\.isFinite) else { return nil }
            if let last = runs.indices.last, runs[last].first + Int64(runs[last].vectors.count) == id,
                runs[last].vectors.count < VectorBlock.capacity
            {
                runs[last].vectors.append(vector)
            } else {
                runs.append((id, [vector]))
            }
        }
        return runs.map { VectorBlock(firstChunk: $0.first, pipeline: pipeline, vectors: $0.vectors[...]) }
    }

    /// The blocks that a document has; nil when one cannot be read.
    private func storedBlocks(_ ledgerID: Int64) throws -> [VectorBlock]? {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT first_chunk, count, pipeline, scales, codes FROM vector_blocks
                WHERE ledger_id = ? ORDER BY first_chunk
                """
        )
        var blocks: [VectorBlock] = []
        for row in try Row.fetchAll(statement, arguments: [ledgerID]) {
            var reader = RowReader(row)
            let block = VectorBlock(
                firstChunk: try reader.next(), count: try reader.next(), pipeline: try reader.next(),
                scales: try reader.next(), codes: try reader.next(), dimensions: self.dimensions
            )
            guard let block else { return nil }
            blocks.append(block)
        }
        return blocks
    }

    /// Has the files processed again whose documents are not whole: nothing is known of them that a check could believe.
    private func requeue() throws -> Int {
        var check = StoreCheck(self.db, dimensions: self.dimensions)
        try check.compareTables()
        try check.comparePassages()
        for id in check.broken {
            try self.db.execute(
                sql: """
                    UPDATE ledger SET fingerprint = '', content_hash = NULL WHERE pipeline_id = ? AND file_id = ?
                    """,
                arguments: [id.pipeline.rawValue, id.file]
            )
            // A source that goes on where it stopped would not come by again.
            try self.db.execute(
                sql: "UPDATE pipeline_state SET cursor = NULL WHERE pipeline_id = ?",
                arguments: [id.pipeline.rawValue]
            )
        }
        return check.broken.count
    }
}
