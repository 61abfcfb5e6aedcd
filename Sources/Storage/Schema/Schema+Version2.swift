extension Schema {
    /// Adds what the server itself remembers over a restart, and which totals of a pipeline are the newer ones.
    static let version2 = [Self.serverState, Self.revision]

    private static let serverState = """
        CREATE TABLE server_state (
            key TEXT PRIMARY KEY,
            value BLOB NOT NULL,
            saved_at INTEGER NOT NULL
        ) STRICT;
        """

    private static let revision = """
        ALTER TABLE pipeline_state ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

        CREATE TRIGGER pipeline_state_counted AFTER UPDATE OF document_count, chunk_count ON pipeline_state BEGIN
            UPDATE pipeline_state SET revision = revision + 1 WHERE id = new.id;
        END;
        """
}
