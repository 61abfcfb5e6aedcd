extension Schema {
    /// Adds what came of each document at its last attempts, and which sheet of its file a row is from.
    static let version4 = [Self.documentHistory, Self.presentHistory, Self.rowSheets]

    /// At most `HistoryEntry.limit` rows a document, numbered from 1 without ever giving a number twice.
    private static let documentHistory = """
        CREATE TABLE document_history (
            ledger_id INTEGER NOT NULL REFERENCES ledger (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('stored', 'skipped', 'failed', 'moved')),
            path TEXT NOT NULL,
            message TEXT,
            error_type TEXT,
            error_stage TEXT,
            attempt INTEGER,
            chunks_created INTEGER,
            embeddings_reused INTEGER,
            duration REAL,
            PRIMARY KEY (ledger_id, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// What the ledger says now is all that is known of the time before.
    private static let presentHistory = """
        INSERT INTO document_history (
            ledger_id, number, at, outcome, path, message, error_type, error_stage, attempt, chunks_created,
            embeddings_reused, duration
        )
        SELECT id, 1, updated_at, state, path, coalesce(skip_reason, error_message), error_type, error_stage, attempt,
            chunks_created, embeddings_reused, processing_duration
        FROM ledger;
        """

    /// Which sheet of its file a row is from.
    private static let rowSheets = "ALTER TABLE document_rows ADD COLUMN sheet TEXT;"
}
