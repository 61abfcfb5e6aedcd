extension Schema {
    /// Adds how many files of each pipeline have failed, and removals that a person confirmed and that are to be done.
    static let version6 = [Self.failureCounts, Self.confirmedDeletions]

    /// A row goes with its document, or when the file is back.
    private static let confirmedDeletions = """
        CREATE TABLE confirmed_deletions (
            ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
            pipeline_id TEXT NOT NULL
        ) STRICT;

        CREATE INDEX confirmed_deletions_by_pipeline ON confirmed_deletions (pipeline_id);
        """

    /// `failed_count` is of those that nobody tries again, `retrying_count` of those that are tried by themselves.
    private static let failureCounts = """
        ALTER TABLE pipeline_state ADD COLUMN failed_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pipeline_state ADD COLUMN retrying_count INTEGER NOT NULL DEFAULT 0;

        UPDATE pipeline_state SET
            failed_count = (
                SELECT count(*) FROM ledger
                WHERE pipeline_id = pipeline_state.pipeline_id AND state = 'failed' AND next_attempt_at IS NULL
            ),
            retrying_count = (
                SELECT count(*) FROM ledger
                WHERE pipeline_id = pipeline_state.pipeline_id AND state = 'failed' AND next_attempt_at IS NOT NULL
            );

        CREATE TRIGGER pipeline_state_failed AFTER UPDATE OF failed_count, retrying_count ON pipeline_state BEGIN
            UPDATE pipeline_state SET revision = revision + 1 WHERE id = new.id;
        END;

        CREATE TRIGGER ledger_failed_inserted AFTER INSERT ON ledger WHEN new.state = 'failed' BEGIN
            UPDATE pipeline_state SET
                failed_count = failed_count + (new.next_attempt_at IS NULL),
                retrying_count = retrying_count + (new.next_attempt_at IS NOT NULL)
                WHERE pipeline_id = new.pipeline_id;
        END;

        CREATE TRIGGER ledger_failed_deleted AFTER DELETE ON ledger WHEN old.state = 'failed' BEGIN
            UPDATE pipeline_state SET
                failed_count = failed_count - (old.next_attempt_at IS NULL),
                retrying_count = retrying_count - (old.next_attempt_at IS NOT NULL)
                WHERE pipeline_id = old.pipeline_id;
        END;

        CREATE TRIGGER ledger_failed_updated AFTER UPDATE OF state, next_attempt_at ON ledger
        WHEN (old.state = 'failed') <> (new.state = 'failed')
            OR new.state = 'failed' AND (old.next_attempt_at IS NULL) <> (new.next_attempt_at IS NULL)
        BEGIN
            UPDATE pipeline_state SET
                failed_count = failed_count
                    + (new.state = 'failed' AND new.next_attempt_at IS NULL)
                    - (old.state = 'failed' AND old.next_attempt_at IS NULL),
                retrying_count = retrying_count
                    + (new.state = 'failed' AND new.next_attempt_at IS NOT NULL)
                    - (old.state = 'failed' AND old.next_attempt_at IS NOT NULL)
                WHERE pipeline_id = new.pipeline_id;
        END;
        """
}
