"""A full disk, a locked database, one that cannot be written: clear words, nothing half, and it recovers by itself."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import contract
import database
import documents
import pytest
from daemon import CORPUSD, Daemon
from waiting import eventually

QUICK = {"max_attempts": 5, "first_delay": "200ms", "max_delay": "1s"}


@pytest.fixture
def small_disk(make_daemon) -> Iterator[Daemon]:
    """A daemon whose database lies on a disk of 4 MB, which its process alone sees."""
    daemon = make_daemon(retry=QUICK)
    namespaces = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    state = daemon.database.parent
    mount = f'mount -t tmpfs -o size=4m none {state} && exec "$@"'
    daemon.wrapper = [*namespaces, "bash", "-c", mount, "bash"]
    yield daemon


def check_inside(daemon: Daemon) -> None:
    """The database that lies on a disk of the daemon's own is sound."""
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    enter = ["nsenter", "--target", str(daemon.process.pid), "--mount", *user]
    command = [*enter, CORPUSD, "verify", "--json", "--config", daemon.write_config()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.stdout and json.loads(result.stdout)["store"]["consistent"], result


def failure(daemon: Daemon, error: str) -> dict | None:
    """The newest failed file if it failed of this."""
    failed = daemon.status()["files_failed"]
    return next((file for file in failed if file["error"]["type"] == error), None)


def test_full_disk_is_told_of_and_everything_is_stored_when_there_is_room(small_disk: Daemon) -> None:
    daemon = small_disk
    first = documents.rare_word()
    (daemon.folder() / "first.txt").write_text(documents.note("what came before", first))
    daemon.start().wait_until_idle(1)
    ballast = Path(f"/proc/{daemon.process.pid}/root{daemon.database.parent}/ballast")
    with open(ballast, "wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass

    words = {f"{number:02}.txt": documents.rare_word() for number in range(20)}
    for name, word in words.items():
        (daemon.folder() / name).write_text(documents.note(name, word) + "and much more text to store. " * 200)
    found = eventually(lambda: failure(daemon, "StoreFull"), "a document fails because the disk is full")
    assert "free space" in found["error"]["message"] or "full" in found["error"]["message"]
    assert found["error"]["next_attempt_at"], "it is tried again"
    assert daemon.paths_with(first) == ["first.txt"], "what was stored is still found"
    check_inside(daemon)

    ballast.unlink()
    daemon.wait_until_idle(len(words) + 1)
    for name, word in list(words.items())[::5]:
        assert daemon.paths_with(word) == [name]
    assert daemon.status()["files_failed"] == []
    check_inside(daemon)


def test_database_that_another_process_holds_is_waited_for(make_daemon) -> None:
    daemon = make_daemon(retry=QUICK)
    daemon.start()
    daemon.wait_until_idle(0)
    with closing(sqlite3.connect(daemon.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        words = {f"{number}.txt": documents.rare_word() for number in range(4)}
        for name, word in words.items():
            (daemon.folder() / name).write_text(documents.note(name, word))
        found = eventually(lambda: failure(daemon, "StoreLocked"), "a document fails because of the lock")
        assert found["error"]["next_attempt_at"] and str(daemon.database) in found["error"]["message"]
        assert daemon.get("/health/live").status_code == 200
        other.execute("ROLLBACK")
    daemon.wait_until_idle(len(words))
    for name, word in words.items():
        assert daemon.paths_with(word) == [name]
    database.check(daemon.database)


def test_health_says_so_while_the_database_cannot_be_read(daemon: Daemon) -> None:
    daemon.start().wait_until_idle(0)
    assert (daemon.get("/health").status_code, daemon.get("/health/ready").status_code) == (200, 200)
    # What is in the log goes into the file, and nobody's copy of a page counts any more.
    with closing(sqlite3.connect(daemon.database)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    with open(daemon.database, "r+b", buffering=0) as file:
        page = file.read(4096)
        file.seek(0)
        file.write(b"\xff" * len(page))
        try:
            eventually(lambda: daemon.get("/health").status_code == 503, "it is told")
            health = daemon.get("/health").json()
            contract.check_body("health", health)
            assert (health["status"], health["store"]) == ("unhealthy", "unavailable")
            ready = daemon.get("/health/ready")
            contract.check_body("probe", ready.json())
            assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
            assert daemon.get("/health/live").status_code == 200
        finally:
            file.seek(0)
            file.write(page)
    # SQLite keeps what it read until somebody writes.
    with closing(sqlite3.connect(daemon.database)) as other:
        (version,) = other.execute("PRAGMA user_version").fetchone()
        other.execute(f"PRAGMA user_version = {version}")
    eventually(lambda: daemon.get("/health").status_code == daemon.get("/health/ready").status_code == 200, "it is back")
    database.check(daemon.database)


def test_database_that_may_not_be_written_is_read_all_the_same(daemon: Daemon) -> None:
    """As another user: for root nothing is forbidden."""
    word = documents.rare_word()
    (daemon.folder() / "a.txt").write_text(documents.note("what is stored", word))
    assert daemon.run("scan", "--once").returncode == 0
    config = daemon.write_config()
    daemon.database.chmod(0o444)
    daemon.database.parent.chmod(0o555)
    command: list[str] = []
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        for parent in daemon.database.parents:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [*command, CORPUSD, *arguments, "--config", config]
        return subprocess.run(line, capture_output=True, text=True, timeout=60)

    try:
        for arguments in (["scan", "--once"], ["verify", "--repair"], ["serve"]):
            result = run(*arguments)
            assert result.returncode == 1 and "may not" in result.stderr, (arguments, result)
        assert word in run("search", word).stdout
        assert run("plan", "--json").returncode == 0
        assert run("verify", "--deep").returncode == 0
    finally:
        daemon.database.parent.chmod(0o755)
        daemon.database.chmod(0o644)
    assert daemon.run("scan", "--once").returncode == 0
    database.check(daemon.database)
