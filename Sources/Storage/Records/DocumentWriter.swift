import FoundationEssentials
import GRDB
import Ingest

/// Changes documents within one transaction; whoever calls it commits or rolls back.
struct DocumentWriter {
    /// How many removals the log keeps for readers that have not caught up; the others read all vectors again.
    private static let removalsKept = 10_000

    private let db: Database

    init(_ db: Database) { self.db = db }

    func replace(with version: DocumentVersion) throws -> StoredVersion {
        var entry = version.entry
        let pipeline = try self.pipelineKey(entry.document.id.pipeline)
        let ledgerID = try self.upsert(entry)
        try self.removeContents(of: ledgerID)
        try self.run("UPDATE ledger SET title = ? WHERE id = ?", [version.title?.storable, ledgerID])
        try self.putMetadata(of: entry, ledgerID: ledgerID, title: version.title, chunkCount: version.chunks.count)
        try self.insertChunks(of: version, ledgerID: ledgerID, pipeline: pipeline)
        if let tables = version.tables {
            try TableWriter(self.db).insert(tables, ledgerID: ledgerID, dataset: entry.document.id.file.storable)
        }
        if let cursor = version.cursor { try self.commit(cursor: cursor, of: entry.document.id.pipeline) }
        if let finished = version.finishedEntry?() {
            try self.setTimes(of: finished, ledgerID: ledgerID)
            entry = finished
        }
        try DocumentHistory(self.db).append(HistoryEntry(entry), ledgerID: ledgerID)
        return StoredVersion(entry: entry, totals: try self.totals(of: entry.document.id.pipeline))
    }

    /// Overwrites what only the end of storing tells.
    private func setTimes(of entry: LedgerEntry, ledgerID: Int64) throws {
        guard case .stored(let results) = entry.state else { return }
        let at = LedgerRow.milliseconds(entry.updatedAt)
        try self.run(
            "UPDATE ledger SET updated_at = ?, storing_duration = ?, processing_duration = ? WHERE id = ?",
            [at, entry.timings[.storing], results.processingDuration, ledgerID]
        )
        try self.run(
            "UPDATE document_metadata SET updated_at = \(Self.timestamp("?")) WHERE ledger_id = ?",
            [at, ledgerID]
        )
    }

    func commit(cursor: String, of pipeline: PipelineID) throws {
        let key = try self.pipelineKey(pipeline)
        try self.run("UPDATE pipeline_state SET cursor = ? WHERE id = ?", [cursor.storable, key])
    }

    func record(_ entry: LedgerEntry) throws {
        _ = try self.pipelineKey(entry.document.id.pipeline)
        let known = try DocumentReader(self.db).entry(for: entry.document.id)
        let ledgerID = try self.upsert(entry)
        if let outcome = entry.outcome(after: known) {
            try DocumentHistory(self.db).append(outcome, ledgerID: ledgerID)
        }
        switch entry.state {
        case .stored:
            if let known, known.isDescribedUnlike(entry) { try self.describe(entry, ledgerID: ledgerID) }
        case .skipped:
            try self.removeContents(of: ledgerID)
            try self.run("DELETE FROM document_metadata WHERE ledger_id = ?", [ledgerID])
            try self.run("UPDATE ledger SET title = NULL WHERE id = ?", [ledgerID])
        case .failed:
            break
        }
    }

    func remove(_ id: DocumentID) throws -> StoreRemoval? {
        guard let entry = try DocumentReader(self.db).entry(for: id) else { return nil }
        let key: StatementArguments = [id.pipeline.rawValue.storable, id.file.storable]
        let chunks = try Int.fetchOne(
            self.db.cachedStatement(sql: "SELECT chunk_count FROM document_metadata WHERE pipeline_id = ? AND id = ?"),
            arguments: key
        )
        // Everything else goes with it, by foreign keys and triggers.
        try self.run("DELETE FROM ledger WHERE pipeline_id = ? AND file_id = ?", key)
        try self.pruneRemovals()
        return StoreRemoval(entry: entry, chunks: chunks ?? 0, totals: try self.totals(of: id.pipeline))
    }

    func totals(of pipeline: PipelineID) throws -> StoreTotals { try DocumentReader(self.db).totals(of: pipeline) }

    private func upsert(_ entry: LedgerEntry) throws -> Int64 {
        let statement = try self.db.cachedStatement(sql: LedgerRow.upsert)
        guard let id = try Int64.fetchOne(statement, arguments: LedgerRow.arguments(entry)) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL)
        }
        return id
    }

    /// The number of a pipeline, which is given when it is first seen.
    private func pipelineKey(_ pipeline: PipelineID) throws -> Int32 {
        let name = pipeline.rawValue.storable
        let statement = try self.db.cachedStatement(sql: "SELECT id FROM pipeline_state WHERE pipeline_id = ?")
        if let key = try Int32.fetchOne(statement, arguments: [name]) { return key }
        let insertion = "INSERT INTO pipeline_state (pipeline_id) VALUES (?) RETURNING id"
        guard let key = try Int32.fetchOne(self.db, sql: insertion, arguments: [name]) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL)
        }
        return key
    }

    /// Deletes chunks, vectors and rows, and leaves ledger and metadata.
    private func removeContents(of ledgerID: Int64) throws {
        for table in ["documents", "vector_blocks", "document_rows"] {
            try self.run("DELETE FROM \(table) WHERE ledger_id = ?", [ledgerID])
        }
        try self.pruneRemovals()
    }

    private func pruneRemovals() throws {
        try self.run(
            "DELETE FROM vector_removals WHERE seq <= (SELECT max(seq) FROM vector_removals) - ?",
            [Self.removalsKept]
        )
    }

    private func putMetadata(of entry: LedgerEntry, ledgerID: Int64, title: String?, chunkCount: Int) throws {
        try self.run(
            """
            INSERT INTO document_metadata (ledger_id, id, pipeline_id, title, url, chunk_count, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, \(Self.timestamp("?7")), \(Self.timestamp("?7")))
            ON CONFLICT (ledger_id) DO UPDATE SET
            title = excluded.title, url = excluded.url, schema = NULL, chunk_count = excluded.chunk_count,
            updated_at = excluded.updated_at
            """,
            [
                ledgerID, entry.document.id.file.storable, entry.document.id.pipeline.rawValue.storable,
                (title ?? entry.document.name).storable, entry.document.url.storable, chunkCount,
                LedgerRow.milliseconds(entry.updatedAt),
            ]
        )
    }

    /// Says anew where the chunks of a document come from.
    private func describe(_ entry: LedgerEntry, ledgerID: Int64) throws {
        try self.run(
            """
            UPDATE documents SET metadata = json_set(
                metadata, '$.file_url', ?, '$.file_title', ?, '$.source', ?, '$.mime_type', ?
            ) WHERE ledger_id = ?
            """,
            [
                entry.document.url.storable, entry.document.name.storable, entry.document.path.storable,
                (entry.mediaType ?? entry.document.mimeType)?.storable, ledgerID,
            ]
        )
        try self.run(
            """
            UPDATE document_metadata SET
            title = coalesce((SELECT title FROM ledger WHERE id = ?1), ?2), url = ?3, updated_at = \(Self.timestamp("?4"))
            WHERE ledger_id = ?1
            """,
            [
                ledgerID, entry.document.name.storable, entry.document.url.storable,
                LedgerRow.milliseconds(entry.updatedAt),
            ]
        )
    }

    private func insertChunks(of version: DocumentVersion, ledgerID: Int64, pipeline: Int32) throws {
        let first = try self.nextChunk()
        let insertion = try self.db.cachedStatement(
            sql: """
                INSERT INTO documents (id, content, metadata, embedding, ledger_id, text_hash, search_text)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        let encoder = ChunkMetadata.encoder
        for (offset, chunk) in version.chunks.enumerated() {
            let text = chunk.text.storable
            let metadata = try encoder.encode(ChunkMetadata(chunk, of: version.entry))
            try insertion.execute(arguments: [
                first + Int64(offset), text, String(decoding: metadata, as: UTF8.self),
                VectorCoding.encode(version.vectors[offset]), ledgerID, TextHash.of(chunk.text),
                UnspacedScript.searchText(of: text),
            ])
        }
        try self.run(
            "INSERT INTO documents_fts (rowid, content) SELECT id, content FROM documents_fts_source WHERE id >= ?",
            [first]
        )
        for start in stride(from: 0, to: version.vectors.count, by: VectorBlock.capacity) {
            let vectors = version.vectors[start..<min(start + VectorBlock.capacity, version.vectors.count)]
            let block = VectorBlock(firstChunk: first + Int64(start), pipeline: pipeline, vectors: vectors)
            try self.insert(block, ledgerID: ledgerID)
        }
    }

    /// A chunk id above all that were ever given.
    private func nextChunk() throws -> Int64 {
        let last = try Int64.fetchOne(self.db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'documents'") ?? 0
        guard (0..<VectorBlock.highestChunk).contains(last) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return last + 1
    }

    func insert(_ block: VectorBlock, ledgerID: Int64) throws {
        try self.run(
            """
            INSERT INTO vector_blocks (first_chunk, count, ledger_id, pipeline, scales, codes)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                block.firstChunk, block.scales.count, ledgerID, block.pipeline,
                block.packedScales, block.packedCodes,
            ]
        )
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try self.db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Milliseconds since 1970 as RFC 3339 in UTC.
    private static func timestamp(_ milliseconds: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', \(milliseconds) / 1000.0, 'unixepoch')"
    }
}

extension LedgerEntry {
    /// What this entry adds to the history of its document: nothing if only its fingerprint is another.
    fileprivate func outcome(after known: LedgerEntry?) -> HistoryEntry? {
        guard let known, known.hasSameOutcome(as: self), known.updatedAt == self.updatedAt else {
            return HistoryEntry(self)
        }
        guard known.document.path != self.document.path || known.document.name != self.document.name else {
            return nil
        }
        return HistoryEntry(at: Date(), outcome: .moved, path: self.document.path)
    }

    /// Whether both say the same of the document, whenever it is tried next.
    private func hasSameOutcome(as other: LedgerEntry) -> Bool {
        if case .failed(let one, _, _) = self.state, case .failed(let two, _, _) = other.state { return one == two }
        return self.state == other.state
    }

    /// Whether what chunks say of their document differs.
    fileprivate func isDescribedUnlike(_ other: LedgerEntry) -> Bool {
        self.document.name != other.document.name || self.document.path != other.document.path
            || self.document.url != other.document.url
            || (self.mediaType ?? self.document.mimeType) != (other.mediaType ?? other.document.mimeType)
    }
}
