"""Files that the daemon may not read: told of once, and read as soon as they may be."""

import os
from collections.abc import Callable
from pathlib import Path

import documents
import pytest
from daemon import Daemon
from recorder import Recorder
from waiting import eventually

Connect = Callable[..., Recorder]
# Nobody is tried again within a test by the clock alone.
SELDOM = {"max_attempts": 2, "first_delay": "1h", "max_delay": "1h"}


@pytest.fixture
def make_unprivileged(make_daemon) -> Callable[..., Daemon]:
    """Daemons that run as another user: for root nothing is forbidden."""

    def make(check_interval: str, retry: dict[str, object]) -> Daemon:
        daemon = make_daemon(retry=retry)
        daemon.config["pipelines"][0]["check_interval"] = check_interval
        if os.geteuid() == 0:
            daemon.wrapper = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            os.chown(daemon.database.parent, 65534, 65534)
            for parent in daemon.database.parents:
                if parent.stat().st_uid == 0 and parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        return daemon

    return make


def write(path: Path) -> str:
    word = documents.rare_word()
    path.parent.mkdir(exist_ok=True)
    path.write_text(documents.note("what is kept from others", word))
    return word


def only(daemon: Daemon, state: str) -> dict:
    found = daemon.get("/api/files", state=state).json()["files"]
    assert len(found) == 1, found
    return found[0]


def test_file_that_may_not_be_read_is_told_of_once(make_unprivileged, connect: Connect) -> None:
    """Checks and attempts go on meanwhile, beyond `max_attempts`."""
    daemon = make_unprivileged("1s", {"max_attempts": 2, "first_delay": "200ms", "max_delay": "300ms"})
    (daemon.folder() / "open.txt").write_text(documents.note("what everybody may read"))
    daemon.start()
    daemon.wait_until_idle(1)
    client = connect(daemon)
    # Made where nobody watches, so that it may be read at no time.
    secret = daemon.root / "secret.txt"
    word = write(secret)
    secret.chmod(0)
    secret = secret.rename(daemon.folder() / "secret.txt")
    entry = eventually(lambda: only(daemon, "retrying"), "the file waits for its next attempt")
    assert entry["path"] == "secret.txt" and entry["error"]["type"] == "FileUnreadable"
    assert "may not" in entry["error"]["message"] and "chmod" in entry["error"]["message"]
    eventually(lambda: only(daemon, "retrying")["error"]["attempt"] >= 5, "it is tried again and again")
    # Another mode that helps nobody is no news either.
    secret.chmod(0o200)
    checked = daemon.status()["last_check_time"]
    eventually(lambda: daemon.status()["last_check_time"] > checked, "another check has been made")
    status = daemon.status()
    assert status["status"] == "online" and status["total_failed"] == 1 and len(status["files_failed"]) == 1
    assert len(client.events("file:failed")) == 1 and len(client.events("file:processing")) == 1
    history = daemon.get(f"/api/files/{entry['id']}").json()["history"]
    assert [outcome["outcome"] for outcome in history] == ["failed"], history

    secret.chmod(0o644)
    daemon.wait_until_idle(2)
    assert daemon.paths_with(word) == ["secret.txt"] and daemon.status()["files_failed"] == []
    secret.chmod(0)
    secret.write_text(documents.note("what is kept from others again"))
    eventually(lambda: len(client.events("file:failed")) == 2, "that it may not be read any more is news")


@pytest.mark.parametrize("what", ["file", "directory", "folder"])
def test_file_that_may_be_read_again_is_read_at_once(what: str, make_unprivileged) -> None:
    """No check and no attempt are due for an hour: the change of the mode tells."""
    daemon = make_unprivileged("1h", SELDOM)
    path = daemon.folder() / "d" / "secret.txt"
    write(path)
    closed = {"file": path, "directory": path.parent, "folder": daemon.folder()}[what]
    mode = closed.stat().st_mode & 0o777
    daemon.start()
    daemon.wait_until_idle(1)
    assert daemon.post("/api/pipelines/docs/pause").status_code == 202
    word = write(path)
    eventually(lambda: daemon.status()["files_queued"] == 1, "the change has been noticed")
    closed.chmod(0o200 if what == "file" else 0o744)
    assert daemon.post("/api/pipelines/docs/resume").status_code == 202
    eventually(lambda: only(daemon, "retrying"), "the file waits for its next attempt")
    closed.chmod(mode)
    eventually(lambda: daemon.paths_with(word) == ["d/secret.txt"], "it has been read")
    status = daemon.wait_until_idle(1)
    assert status["files_failed"] == [] and status["total_failed"] == 1
