"""One pass without the server, and what a pass would do."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import database
import documents
from daemon import Daemon
from waiting import eventually

COUNTS = ("files_new", "files_changed", "files_moved", "files_unchanged", "files_removed", "files_held")


def scan(daemon: Daemon, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Runs a pass that ends with an exit code, and returns what it counted of all pipelines."""
    result = daemon.run("scan", "--once", *arguments, timeout=180)
    assert result.returncode == code, f"{result.returncode}: {result.stdout}{result.stderr}"
    report = json.loads(result.stdout)
    assert report["exit_code"] == code
    return report


def plan(daemon: Daemon, code: int = 0) -> dict[str, Any]:
    result = daemon.run("plan", "--json", timeout=180)
    assert result.returncode == code, f"{result.returncode}: {result.stdout}{result.stderr}"
    return json.loads(result.stdout)["totals"]


def only(counts: dict[str, int], **expected: int) -> None:
    """These counts are as expected, and all others of files are 0."""
    assert {key: counts[key] for key in COUNTS} == {key: expected.get(key, 0) for key in COUNTS}, counts


def test_pass_takes_in_everything_and_the_next_one_finds_nothing(daemon: Daemon, corpus: Path) -> None:
    subprocess.run(["cp", "-r", corpus / "markdown", daemon.folder()], check=True)
    files = len(list((daemon.folder() / "markdown").iterdir()))
    planned = plan(daemon)
    only(planned, files_new=files)
    assert not daemon.database.exists(), "a plan makes no database"

    done = scan(daemon)["totals"]
    assert done["files_processed"] == done["total_files"] == files and done["files_failed"] == 0
    assert done["chunks_created"] == done["total_chunks"] == planned["chunks"]
    # A passage that several files have is planned for each, and embedded for the first.
    assert 0 < done["embeddings_generated"] <= planned["chunks_to_embed"]
    assert done["embeddings_generated"] + done["embeddings_reused"] == done["chunks_created"]
    assert done["bytes_processed"] == planned["bytes_to_read"]
    database.check(daemon.database)

    only(plan(daemon))
    again = scan(daemon)["totals"]
    assert again["files_processed"] == again["files_removed"] == 0 and again["total_files"] == files

    # The daemon takes over from it, and finds nothing to do either.
    status = daemon.start().wait_until_idle(files)
    assert status["total_processed"] == 0


def test_what_was_written_a_moment_ago_is_not_missed(daemon: Daemon) -> None:
    """Neither a file within `settle` nor one that nobody has closed yet."""
    word, other = documents.rare_word(), documents.rare_word()
    with open(daemon.folder() / "open.txt", "w") as file:
        file.write(documents.note("what is not closed", other))
        file.flush()
        (daemon.folder() / "new.txt").write_text(documents.note("what is new", word))
        assert scan(daemon)["totals"]["files_processed"] == 2
    # The same again for files that are known.
    for name in ("open.txt", "new.txt"):
        (daemon.folder() / name).write_text(documents.note("what has changed", documents.rare_word()))
    only(plan(daemon), files_changed=2)
    assert scan(daemon)["totals"]["files_processed"] == 2
    daemon.start()
    assert daemon.paths_with(word) == daemon.paths_with(other) == []


def test_plan_says_what_a_pass_then_does(daemon: Daemon) -> None:
    for number in range(20):
        (daemon.folder() / f"{number:02}.txt").write_text(documents.note(f"number {number}", documents.rare_word()))
    scan(daemon)
    (daemon.folder() / "00.txt").write_text(documents.note("what has changed"))
    (daemon.folder() / "01.txt").rename(daemon.folder() / "moved.txt")
    os.utime(daemon.folder() / "02.txt")
    (daemon.folder() / "03.txt").unlink()
    (daemon.folder() / "new.txt").write_text(documents.note("what is new"))
    (daemon.folder() / "empty.txt").touch()
    (daemon.folder() / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of a PDF\n")
    planned = plan(daemon)
    only(planned, files_new=3, files_changed=1, files_moved=1, files_unchanged=1, files_removed=1)
    assert planned["files_skipped"] == planned["files_failing"] == 1

    done = scan(daemon, code=1)["totals"]
    assert done["files_processed"] == 2 and done["files_failed"] == 1 and done["files_removed"] == 1
    assert done["files_unchanged"] == 2 and done["files_skipped"] == 1
    assert done["embeddings_generated"] == planned["chunks_to_embed"]


def test_plan_beside_the_daemon_reads_only(daemon: Daemon) -> None:
    (daemon.folder() / "a.txt").write_text(documents.note("what is stored"))
    daemon.start().wait_until_idle(1)
    assert daemon.post("/api/pipelines/docs/pause").status_code == 202
    (daemon.folder() / "b.txt").write_text(documents.note("what waits"))
    (daemon.folder() / "a.txt").unlink()
    only(plan(daemon), files_new=1, files_removed=1)
    text = daemon.run("plan")
    assert text.returncode == 0 and "files new: 1" in text.stdout and "files removed: 1" in text.stdout
    assert daemon.status()["total_files"] == 1


def test_many_files_that_are_gone_are_held_by_a_pass(daemon: Daemon) -> None:
    for number in range(30):
        (daemon.folder() / f"{number:02}.txt").write_text(documents.note(f"number {number}"))
    scan(daemon)
    for number in range(1, 30):
        (daemon.folder() / f"{number:02}.txt").unlink()
    only(plan(daemon), files_held=29)
    done = scan(daemon)["totals"]
    assert done["files_held"] == 29 and done["files_removed"] == 0 and done["total_files"] == 30
    assert daemon.run("deletions", "confirm").returncode == 0
    assert scan(daemon)["totals"]["total_files"] == 1


def test_failed_files_are_tried_again_by_a_pass_when_it_is_time(daemon: Daemon) -> None:
    path = daemon.folder() / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of a PDF\n")
    first = scan(daemon, code=1)
    assert first["totals"]["files_failed"] == first["totals"]["files_given_up"] == 1
    assert first["pipelines"][0]["failures"][0] | {"error_type": ""} == {
        "error_type": "", "files": 1, "is_retried": False,
    }
    # What an earlier pass gave up is nothing new.
    assert scan(daemon)["totals"]["files_given_up"] == 1

    assert daemon.run("retry", "--failed").returncode == 0
    assert plan(daemon)["files_retried"] == 1
    assert scan(daemon, code=1)["totals"]["files_failed"] == 1
    assert daemon.run("retry", "--failed").returncode == 0
    with sqlite3.connect(daemon.database) as db:
        db.execute("UPDATE ledger SET next_attempt_at = next_attempt_at + 3600000")
    db.close()
    assert plan(daemon)["files_retried"] == 0
    waiting = scan(daemon, code=1)["totals"]
    assert waiting["files_failed"] == 0 and waiting["files_retrying"] == 1, "its time has not come"


def test_pass_is_refused_while_the_daemon_runs(daemon: Daemon) -> None:
    daemon.start()
    result = daemon.run("scan", "--once")
    assert result.returncode == 1 and result.stdout == ""
    assert str(daemon.process.pid) in result.stderr and "stop that one first" in result.stderr


def test_exit_codes_of_a_pass(daemon: Daemon) -> None:
    assert daemon.run("scan").returncode == 64, "without --once"
    daemon.config["pipelines"][0]["path"] = str(daemon.root / "elsewhere")
    report = scan(daemon, code=1)
    assert "no such directory" in report["pipelines"][0]["problem"]
    daemon.config["chunking"] = {"size": "much"}
    result = daemon.run("scan", "--once")
    assert result.returncode == 2 and "chunking.size" in result.stderr and result.stdout == ""
    assert daemon.run("plan").returncode == 78


def test_folder_that_cannot_be_read_loses_nothing_by_a_pass(daemon: Daemon) -> None:
    (daemon.folder() / "a.txt").write_text(documents.note("what must stay"))
    scan(daemon)
    away = daemon.folder().rename(daemon.root / "away")
    assert scan(daemon, code=1)["totals"]["total_files"] == 1
    plan(daemon, code=1)
    away.rename(daemon.folder())
    assert scan(daemon)["totals"]["files_processed"] == 0


def test_history_of_a_file_outlives_the_daemon(daemon: Daemon) -> None:
    path = daemon.folder() / "a.txt"
    path.write_text(documents.note("the first version"))
    daemon.start().wait_until_idle(1)
    path.rename(daemon.folder() / "b.txt")
    file = daemon.get("/api/files").json()["files"][0]["id"]

    def history() -> list[dict[str, Any]]:
        return daemon.get(f"/api/files/{file}").json()["history"]

    eventually(lambda: [entry["outcome"] for entry in history()] == ["moved", "stored"], "the move is remembered")
    assert daemon.stop() == 0
    (daemon.folder() / "b.txt").write_text(documents.note("the second version"))
    daemon.start()
    eventually(lambda: len(history()) == 3, "what came of the second version is added")
    newest, moved, oldest = history()
    assert newest["outcome"] == oldest["outcome"] == "stored" and newest["at"] > oldest["at"]
    assert oldest["path"] == "a.txt" and newest["path"] == moved["path"] == "b.txt"
    assert newest["chunks_created"] == 1 and newest["processing_duration"] > 0 and newest["message"] is None
