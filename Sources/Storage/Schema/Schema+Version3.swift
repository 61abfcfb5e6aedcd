extension Schema {
    /// Adds what the stages of the last attempt took, which revision of a model made the vectors, and deletions that
    /// wait for a person's decision.
    static let version3 = [Self.timings, Self.modelRevision, Self.heldDeletions]

    private static let timings = """
        ALTER TABLE ledger ADD COLUMN extraction_duration REAL;
        ALTER TABLE ledger ADD COLUMN chunking_duration REAL;
        ALTER TABLE ledger ADD COLUMN embedding_duration REAL;
        ALTER TABLE ledger ADD COLUMN storing_duration REAL;
        """

    /// Empty for vectors of a time before revisions were kept; the next start fills it in.
    private static let modelRevision = """
        ALTER TABLE embedding_model ADD COLUMN revision TEXT NOT NULL DEFAULT '';
        """

    /// Which documents have lost their files and are kept; `pipeline_state` counts those that nobody has decided on.
    private static let heldDeletions = """
        CREATE TABLE held_deletions (
            ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
            pipeline_id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('held', 'kept')),
            since INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX held_deletions_by_pipeline ON held_deletions (pipeline_id, state);

        ALTER TABLE pipeline_state ADD COLUMN held_count INTEGER NOT NULL DEFAULT 0;

        CREATE TRIGGER pipeline_state_held AFTER UPDATE OF held_count ON pipeline_state BEGIN
            UPDATE pipeline_state SET revision = revision + 1 WHERE id = new.id;
        END;

        CREATE TRIGGER held_deletions_inserted AFTER INSERT ON held_deletions WHEN new.state = 'held' BEGIN
            UPDATE pipeline_state SET held_count = held_count + 1 WHERE pipeline_id = new.pipeline_id;
        END;

        CREATE TRIGGER held_deletions_deleted AFTER DELETE ON held_deletions WHEN old.state = 'held' BEGIN
            UPDATE pipeline_state SET held_count = held_count - 1 WHERE pipeline_id = old.pipeline_id;
        END;

        CREATE TRIGGER held_deletions_kept AFTER UPDATE OF state ON held_deletions WHEN old.state <> new.state BEGIN
            UPDATE pipeline_state
                SET held_count = held_count + (new.state = 'held') - (old.state = 'held')
                WHERE pipeline_id = new.pipeline_id;
        END;
        """
}
