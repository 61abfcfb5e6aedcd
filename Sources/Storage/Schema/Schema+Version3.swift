extension Schema {
    /// Adds what the stages of the last attempt took, and which revision of a model made the vectors.
    static let version3 = [Self.timings, Self.modelRevision, Self.reembedding]

    private static let timings = """
        ALTER TABLE ledger ADD COLUMN extraction_duration REAL;
        ALTER TABLE ledger ADD COLUMN chunking_duration REAL;
        ALTER TABLE ledger ADD COLUMN embedding_duration REAL;
        ALTER TABLE ledger ADD COLUMN storing_duration REAL;

        CREATE INDEX ledger_by_content ON ledger (content_hash) WHERE state = 'failed';
        """

    /// Empty for vectors of a time before revisions were kept; the next start fills it in.
    private static let modelRevision = """
        ALTER TABLE embedding_model ADD COLUMN revision TEXT NOT NULL DEFAULT '';
        """

    /// New vectors, kept beside the old ones until there is one for every chunk.
    private static let reembedding = """
        CREATE TABLE reembedding (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            provider TEXT NOT NULL,
            name TEXT NOT NULL,
            dimensions INTEGER NOT NULL CHECK (dimensions > 0),
            revision TEXT NOT NULL,
            started_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE reembedded (
            text_hash BLOB PRIMARY KEY,
            embedding BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
