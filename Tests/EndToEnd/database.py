"""Looks into a daemon's database, while it runs or after it has ended, at rest or killed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def copy_of(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy in memory, as a reader sees the database now; the file itself is not written to."""
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(sqlite3.connect(path)) as original:
            original.backup(copy)
        yield copy


def chunk_counts(path: Path) -> dict[str, int]:
    """How many chunks are stored of each file, by its path below the watch folder."""
    with copy_of(path) as database:
        return dict(
            database.execute(
                "SELECT path, count(*) FROM documents JOIN ledger ON ledger.id = documents.ledger_id GROUP BY path"
            )
        )


# Each finds what must not be: rows of a document that has not all of its parts, or parts without a document.
CONTRADICTIONS = {
    "a stored file has all of its chunks": """
        SELECT path FROM ledger LEFT JOIN document_metadata ON ledger_id = ledger.id
        WHERE state = 'stored' AND chunks_created IS NOT (SELECT count(*) FROM documents WHERE ledger_id = ledger.id)
    """,
    "a document counts its chunks": """
        SELECT id FROM document_metadata AS document
        WHERE chunk_count <> (SELECT count(*) FROM documents WHERE ledger_id = document.ledger_id)
    """,
    "each chunk has its packed vector": """
        SELECT id FROM document_metadata AS document
        WHERE chunk_count <> (SELECT sum(count) FROM vector_blocks WHERE ledger_id = document.ledger_id)
    """,
    "a pipeline counts its documents": """
        SELECT pipeline_id FROM pipeline_state AS pipeline
        WHERE document_count <> (SELECT count(*) FROM document_metadata WHERE pipeline_id = pipeline.pipeline_id)
    """,
    "a pipeline counts its failures": """
        SELECT pipeline_id FROM pipeline_state AS pipeline WHERE failed_count + retrying_count
            <> (SELECT count(*) FROM ledger WHERE pipeline_id = pipeline.pipeline_id AND state = 'failed')
    """,
}


def check(path: Path) -> None:
    """The database is sound, and nothing in it is stored by half."""
    with copy_of(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for fact, query in CONTRADICTIONS.items():
            assert database.execute(query).fetchall() == [], f"not so: {fact}"
        database.execute("INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)")


def fill_ledger(path: Path, pipeline: str, paths: list[str], failed: str) -> None:
    """Writes down that files were looked at and have no text; those that `failed` is LIKE, that they are damaged.

    For a daemon that does not run. There are no such files: it must be paused, or it finds that out.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            """
            INSERT INTO ledger
                (pipeline_id, file_id, name, path, url, size, fingerprint, state, skip_reason, updated_at)
            VALUES (?1, ?2, ?3, ?4, 'file:///nowhere/' || ?4, 1000, '1', 'skipped', 'not a document', 1795000000000)
            """,
            ((pipeline, f"{number:032x}", name.rpartition("/")[2], name) for number, name in enumerate(paths)),
        )
        database.execute(
            """
            UPDATE ledger SET state = 'failed', skip_reason = NULL, error_type = 'damaged', attempt = 1,
                error_message = 'it is damaged', error_stage = 'extraction', error_retryable = 0 WHERE path LIKE ?
            """,
            (failed,),
        )
