extension Schema {
    /// The first version: what the tables are for is told in `docs/schema.md`, for programs that read them.
    static let version1 = [Self.stateTables, Self.documentTables, Self.vectorTables, Self.fullText, Self.counters]

    /// What the daemon knows: pipelines, and every file of them.
    private static let stateTables = """
        CREATE TABLE embedding_model (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            provider TEXT NOT NULL,
            name TEXT NOT NULL,
            dimensions INTEGER NOT NULL CHECK (dimensions > 0)
        ) STRICT;

        CREATE TABLE pipeline_state (
            id INTEGER PRIMARY KEY,
            pipeline_id TEXT NOT NULL UNIQUE,
            cursor TEXT,
            document_count INTEGER NOT NULL DEFAULT 0,
            chunk_count INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE ledger (
            id INTEGER PRIMARY KEY,
            pipeline_id TEXT NOT NULL REFERENCES pipeline_state (pipeline_id) ON DELETE CASCADE,
            file_id TEXT NOT NULL,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            url TEXT NOT NULL,
            size INTEGER,
            mime_type TEXT,
            fingerprint TEXT NOT NULL,
            content_hash TEXT,
            media_type TEXT,
            title TEXT,
            state TEXT NOT NULL CHECK (state IN ('stored', 'skipped', 'failed')),
            skip_reason TEXT,
            chunks_created INTEGER,
            embeddings_generated INTEGER,
            embeddings_reused INTEGER,
            processing_duration REAL,
            content_length INTEGER,
            error_type TEXT,
            error_message TEXT,
            error_stage TEXT,
            error_retryable INTEGER,
            attempt INTEGER,
            next_attempt_at INTEGER,
            updated_at INTEGER NOT NULL,
            UNIQUE (pipeline_id, file_id)
        ) STRICT;

        CREATE INDEX ledger_by_state ON ledger (pipeline_id, state, updated_at);
        """

    /// What is searchable.
    private static let documentTables = """
        CREATE TABLE document_metadata (
            ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
            id TEXT NOT NULL,
            pipeline_id TEXT NOT NULL,
            title TEXT NOT NULL,
            url TEXT NOT NULL,
            schema TEXT,
            chunk_count INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            UNIQUE (pipeline_id, id)
        ) STRICT;

        CREATE TABLE document_rows (
            id INTEGER PRIMARY KEY,
            ledger_id INTEGER NOT NULL REFERENCES document_metadata (ledger_id) ON DELETE CASCADE,
            dataset_id TEXT NOT NULL,
            row_data TEXT NOT NULL CHECK (json_valid(row_data))
        ) STRICT;

        CREATE INDEX document_rows_by_document ON document_rows (ledger_id);
        CREATE INDEX document_rows_by_dataset ON document_rows (dataset_id);

        CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content TEXT NOT NULL,
            metadata TEXT NOT NULL CHECK (json_valid(metadata)),
            embedding BLOB NOT NULL,
            ledger_id INTEGER NOT NULL REFERENCES document_metadata (ledger_id) ON DELETE CASCADE,
            text_hash BLOB NOT NULL,
            search_text TEXT
        ) STRICT;

        CREATE INDEX documents_by_document ON documents (ledger_id);
        CREATE INDEX documents_by_text ON documents (text_hash);
        """

    /// The vectors again, packed for scanning, with a log of what was removed since.
    ///
    /// `AUTOINCREMENT` never gives a number twice, so whoever holds a copy in memory needs only what is above the
    /// last numbers it saw.
    private static let vectorTables = """
        CREATE TABLE vector_blocks (
            first_chunk INTEGER PRIMARY KEY,
            count INTEGER NOT NULL CHECK (count > 0),
            ledger_id INTEGER NOT NULL REFERENCES document_metadata (ledger_id) ON DELETE CASCADE,
            pipeline INTEGER NOT NULL,
            scales BLOB NOT NULL,
            codes BLOB NOT NULL
        ) STRICT;

        CREATE INDEX vector_blocks_by_document ON vector_blocks (ledger_id);

        CREATE TABLE vector_removals (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            first_chunk INTEGER NOT NULL,
            count INTEGER NOT NULL
        ) STRICT;

        CREATE TRIGGER vector_blocks_removed AFTER DELETE ON vector_blocks BEGIN
            INSERT INTO vector_removals (first_chunk, count) VALUES (old.first_chunk, old.count);
        END;
        """

    /// The full-text index of `documents`.
    ///
    /// Triggers take out what is deleted or changed, by whatever way. What is inserted is indexed by `DocumentWriter`,
    /// a document at a time: FTS5 writes its buffer out at the end of every statement, which a trigger for each row
    /// makes several times slower.
    private static let fullText = """
        CREATE VIEW documents_fts_source AS
            SELECT id, coalesce(search_text, content) AS content FROM documents;

        CREATE VIRTUAL TABLE documents_fts USING fts5 (
            content,
            content = 'documents_fts_source',
            content_rowid = 'id',
            tokenize = 'porter unicode61 remove_diacritics 2'
        );

        CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
            INSERT INTO documents_fts (documents_fts, rowid, content)
                VALUES ('delete', old.id, coalesce(old.search_text, old.content));
        END;

        CREATE TRIGGER documents_updated AFTER UPDATE OF content, search_text ON documents BEGIN
            INSERT INTO documents_fts (documents_fts, rowid, content)
                VALUES ('delete', old.id, coalesce(old.search_text, old.content));
            INSERT INTO documents_fts (rowid, content)
                VALUES (new.id, coalesce(new.search_text, new.content));
        END;
        """

    /// Totals of each pipeline, kept up instead of counted.
    private static let counters = """
        CREATE TRIGGER document_metadata_inserted AFTER INSERT ON document_metadata BEGIN
            UPDATE pipeline_state
                SET document_count = document_count + 1, chunk_count = chunk_count + new.chunk_count
                WHERE pipeline_id = new.pipeline_id;
        END;

        CREATE TRIGGER document_metadata_deleted AFTER DELETE ON document_metadata BEGIN
            UPDATE pipeline_state
                SET document_count = document_count - 1, chunk_count = chunk_count - old.chunk_count
                WHERE pipeline_id = old.pipeline_id;
        END;

        CREATE TRIGGER document_metadata_updated AFTER UPDATE OF chunk_count ON document_metadata BEGIN
            UPDATE pipeline_state
                SET chunk_count = chunk_count + new.chunk_count - old.chunk_count
                WHERE pipeline_id = new.pipeline_id;
        END;
        """
}
