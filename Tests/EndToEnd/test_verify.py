"""`corpusd verify` compares folder, ledger and store, and mends."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import database
import documents
import pytest
from daemon import Daemon


def verify(daemon: Daemon, *arguments: str, code: int = 0) -> dict[str, Any]:
    result = daemon.run("verify", "--json", *arguments, timeout=120)
    assert result.returncode == code, f"{result.returncode}: {result.stdout}{result.stderr}"
    return json.loads(result.stdout)


def change(daemon: Daemon, statement: str) -> None:
    """Breaks the database of a daemon that does not run."""
    connection = sqlite3.connect(daemon.database)
    connection.executescript(statement)
    connection.close()


@pytest.fixture
def stored(daemon: Daemon) -> Daemon:
    """Three documents, stored by a pass, and no daemon."""
    for name in ("a", "b", "c"):
        (daemon.folder() / f"{name}.txt").write_text(documents.note(name, documents.rare_word()))
    assert daemon.run("scan", "--once").returncode == 0
    return daemon


def test_everything_agrees_with_and_without_the_daemon(stored: Daemon) -> None:
    for arguments in ([], ["--deep"]):
        report = verify(stored, *arguments)
        assert report["consistent"] and report["repaired"] is None
        assert report["full_text_compared"] == bool(arguments)
    stored.start().wait_until_idle(3)
    report = verify(stored, "--deep")
    assert report["consistent"] and not report["full_text_compared"], "the daemon keeps others from writing"
    result = stored.run("verify", "--repair")
    assert result.returncode == 1 and str(stored.process.pid) in result.stderr
    assert "agree" in stored.run("verify").stdout


def test_differences_between_folder_and_ledger_are_named(stored: Daemon) -> None:
    (stored.folder() / "new.txt").write_text(documents.note("what is new"))
    (stored.folder() / "a.txt").write_text(documents.note("what has changed"))
    (stored.folder() / "b.txt").unlink()
    (pipeline,) = verify(stored, code=3)["pipelines"]
    assert pipeline["counts"] == {"not_in_ledger": 1, "outdated": 1, "file_missing": 1}
    found = {(each["kind"], each["path"]) for each in pipeline["differences"]}
    assert found == {("not_in_ledger", "new.txt"), ("outdated", "a.txt"), ("file_missing", "b.txt")}
    assert "file_missing  b.txt" in stored.run("verify").stdout

    report = verify(stored, "--repair")
    assert report["repaired"]["files_removed"] == 1
    assert stored.run("scan", "--once").returncode == 0
    assert verify(stored, "--deep")["consistent"]


def test_content_that_changed_behind_everyones_back_is_found_by_reading(stored: Daemon) -> None:
    path = stored.folder() / "a.txt"
    before, content = path.stat(), path.read_bytes()
    path.write_bytes(content.swapcase())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert verify(stored, code=3)["pipelines"][0]["counts"] == {"outdated": 1}, "the change time cannot be set back"
    # A disk that forgets bits changes no time.
    now = path.stat()
    seen = f"{now.st_size}:{now.st_mtime_ns}:{now.st_ino}:{now.st_dev}"
    change(stored, f"UPDATE ledger SET fingerprint = '{seen}' WHERE path = 'a.txt'")
    assert verify(stored)["consistent"], "nothing tells without reading"
    (pipeline,) = verify(stored, "--deep", code=3)["pipelines"]
    assert pipeline["counts"] == {"content_altered": 1}
    assert verify(stored, "--deep", "--repair")["repaired"]["files_requeued"] == 1
    report = json.loads(stored.run("scan", "--once").stdout)
    assert report["totals"]["files_processed"] == 1
    assert verify(stored, "--deep")["consistent"]


@pytest.mark.parametrize(
    ("statement", "fault", "requeued"),
    [
        ("UPDATE pipeline_state SET document_count = 7", "totals", 0),
        ("DELETE FROM vector_blocks", "vector_index", 0),
        ("INSERT INTO documents_fts (documents_fts) VALUES ('delete-all')", "full_text_index", 0),
        ("DELETE FROM documents WHERE id = 1", "chunks_wrong", 1),
        ("PRAGMA foreign_keys = ON; DELETE FROM document_metadata", "document_missing", 3),
    ],
)
def test_broken_store_is_mended(stored: Daemon, statement: str, fault: str, requeued: int) -> None:
    change(stored, statement)
    assert fault in verify(stored, code=3)["store"]["counts"]
    repaired = verify(stored, "--repair")["repaired"]
    assert fault in repaired["faults"] and repaired["files_requeued"] == requeued
    # What cannot be made anew from the tables is made from the files.
    report = json.loads(stored.run("scan", "--once").stdout)
    assert report["totals"]["files_processed"] == requeued
    assert verify(stored, "--deep")["consistent"]
    database.check(stored.database)


def test_repair_removes_nothing_of_a_folder_that_cannot_be_read(stored: Daemon) -> None:
    away = stored.folder().rename(stored.root / "away")
    (pipeline,) = verify(stored, "--repair", code=3)["pipelines"]
    assert list(pipeline["counts"]) == ["place_unreadable"]
    stored.folder().mkdir()
    (pipeline,) = verify(stored, "--repair", code=3)["pipelines"]
    assert list(pipeline["counts"]) == ["place_unreadable"], "an empty folder is none to believe"
    stored.folder().rmdir()
    away.rename(stored.folder())
    assert verify(stored, "--deep")["consistent"]


def test_repair_holds_what_is_gone_many_at_once(make_daemon) -> None:
    daemon = make_daemon()
    for number in range(30):
        (daemon.folder() / f"{number:02}.txt").write_text(documents.note(f"number {number}"))
    assert daemon.run("scan", "--once").returncode == 0
    for number in range(1, 30):
        (daemon.folder() / f"{number:02}.txt").unlink()
    report = verify(daemon, "--repair", code=3)
    assert report["repaired"]["files_held"] == 29 and report["repaired"]["files_removed"] == 0
    assert daemon.run("deletions", "confirm").returncode == 0
    assert verify(daemon)["consistent"]


def test_database_that_is_damaged_is_said_to_be(stored: Daemon) -> None:
    with open(stored.database, "r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 6))
    result = stored.run("verify", "--deep")
    assert result.returncode in (1, 3)
    assert "damaged" in result.stdout + result.stderr


def test_missing_database_is_no_difference_but_an_error(daemon: Daemon) -> None:
    result = daemon.run("verify")
    assert result.returncode == 1 and "there is none yet" in result.stderr
