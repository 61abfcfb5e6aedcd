-- Takes a database of today's schema back to that of the program's first version, for tests of the migrations.
-- Whoever adds a version to the schema adds here what takes it back.
DROP TABLE confirmed_deletions;
DROP TRIGGER pipeline_state_failed;
DROP TRIGGER ledger_failed_inserted;
DROP TRIGGER ledger_failed_deleted;
DROP TRIGGER ledger_failed_updated;
ALTER TABLE pipeline_state DROP COLUMN failed_count;
ALTER TABLE pipeline_state DROP COLUMN retrying_count;
DROP TABLE document_history;
ALTER TABLE document_rows DROP COLUMN sheet;
DROP TABLE held_deletions;
DROP TRIGGER pipeline_state_held;
ALTER TABLE pipeline_state DROP COLUMN held_count;
ALTER TABLE embedding_model DROP COLUMN revision;
ALTER TABLE embedding_model DROP COLUMN passage_prefix;
ALTER TABLE ledger DROP COLUMN extraction_duration;
ALTER TABLE ledger DROP COLUMN chunking_duration;
ALTER TABLE ledger DROP COLUMN embedding_duration;
ALTER TABLE ledger DROP COLUMN storing_duration;
DROP TABLE server_state;
DROP TRIGGER pipeline_state_counted;
ALTER TABLE pipeline_state DROP COLUMN revision;
DELETE FROM grdb_migrations WHERE identifier IN ('2', '3', '4', '5', '6');
PRAGMA user_version = 1;
