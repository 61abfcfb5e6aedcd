"""A watched folder whose disk goes away, or may be read only, while the daemon runs: nothing is lost, nothing removed."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import documents
import pytest
from daemon import Daemon
from embedding import EmbeddingService
from waiting import eventually

FILES = 12


class Disk:
    """A disk with the watched folder of a daemon on it, or one below it, mounted where that daemon alone sees it."""

    def __init__(self, daemon: Daemon, below: str = "") -> None:
        self.daemon = daemon
        self.place = daemon.folder() / below
        self.place.mkdir(exist_ok=True)
        self.back = daemon.root / "disk"
        self.back.mkdir()
        namespaces = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        back, place = (shlex.quote(str(path)) for path in (self.back, self.place))
        mount = f'mount -t tmpfs none {back} && mount --bind {back} {place} && exec "$@"'
        daemon.wrapper = [*namespaces, "bash", "-c", mount, "bash"]

    def path(self, name: str) -> Path:
        """Where a file of the disk can be written, also while the daemon does not see it."""
        return Path(f"/proc/{self.daemon.process.pid}/root{self.back}/{name}")

    def run(self, *command: str | Path) -> None:
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        enter = ["nsenter", "--target", str(self.daemon.process.pid), "--mount", *user]
        subprocess.run([*enter, *command], check=True, timeout=30)

    def unmount(self) -> None:
        self.run("umount", "--lazy", self.place)

    def mount(self) -> None:
        self.run("mount", "--bind", self.back, self.place)


@pytest.fixture
def service() -> Iterator[EmbeddingService]:
    service = EmbeddingService()
    yield service
    service.stop()


@pytest.fixture
def daemon(make_daemon, service) -> Daemon:
    # What failed is not tried again within this test unless something hastens it.
    daemon = make_daemon(retry={"max_attempts": 2, "first_delay": "1h", "max_delay": "1h"})
    daemon.config["embedding"] = service.configuration()
    daemon.config["pipelines"][0]["check_interval"] = "1s"
    return daemon


def fill(disk: Disk, count: int, start: int = 0) -> list[str]:
    words = [documents.rare_word() for _ in range(count)]
    for number, word in enumerate(words, start):
        disk.path(f"{number}.txt").write_text(documents.note(f"disk {number}", word))
    return words


def wait_for_distrust(daemon: Daemon) -> None:
    def is_distrusted() -> bool:
        status = daemon.status()
        assert status["status"] == "error" and status["problem"].startswith("cannot trust"), status
        return True

    eventually(is_distrusted, "the pipeline says that something is wrong with its folder")


def test_disk_that_goes_away_while_documents_are_in_work(daemon: Daemon, service: EmbeddingService) -> None:
    disk = Disk(daemon)
    daemon.start()
    words = fill(disk, FILES)
    daemon.wait_until_idle(FILES)

    # More are queued than are in work when the disk goes.
    service.fault = lambda _: (503, {})
    words += fill(disk, FILES, start=FILES)
    eventually(lambda: daemon.status()["files_processing"], "some are in work")
    disk.unmount()
    service.fault = lambda _: None
    wait_for_distrust(daemon)
    eventually(lambda: not daemon.status()["files_processing"] and not daemon.status()["files_queued"], "all were tried")
    assert daemon.status()["total_removed"] == 0 and daemon.paths_with(words[0]) == ["0.txt"]
    listed = daemon.get("/api/files", limit=100).json()["files"]
    assert len(listed) == len(words) and all(file["state"] in ("stored", "retrying") for file in listed), listed

    disk.mount()
    status = daemon.wait_until_idle(len(words))
    assert status["status"] == "online" and status["problem"] is None and status["total_removed"] == 0
    for number in (0, FILES, len(words) - 1):
        assert daemon.paths_with(words[number]) == [f"{number}.txt"]
    (late,) = fill(disk, 1, start=99)
    eventually(lambda: daemon.paths_with(late) == ["99.txt"], "what is written after that is noticed")


def test_disk_that_may_only_be_read_is_read(daemon: Daemon) -> None:
    disk = Disk(daemon)
    daemon.start()
    fill(disk, FILES)
    daemon.wait_until_idle(FILES)
    disk.run("mount", "-o", "remount,bind,ro", daemon.folder())
    (late,) = fill(disk, 1, start=99)
    status = daemon.wait_until_idle(FILES + 1)
    assert daemon.paths_with(late) == ["99.txt"] and status["problem"] is None and status["total_failed"] == 0


@pytest.mark.parametrize("below", ["", "archive disk"], ids=["folder", "below"])
def test_disk_is_missed_and_seen_again_at_once(below: str, daemon: Daemon) -> None:
    """No check is due for an hour: the table of mounts tells."""
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    disk = Disk(daemon, below)
    prefix = f"{below}/" if below else ""
    if below:
        (daemon.folder() / "own.txt").write_text(documents.note("what is on no disk", documents.rare_word()))
    own = 1 if below else 0
    daemon.start()
    fill(disk, FILES)
    daemon.wait_until_idle(FILES + own)

    disk.unmount()
    wait_for_distrust(daemon)
    assert daemon.status()["total_removed"] == 0
    (new,) = fill(disk, 1, start=50)
    disk.mount()
    status = daemon.wait_until_idle(FILES + own + 1)
    assert status["status"] == "online" and status["problem"] is None and status["total_removed"] == 0
    assert daemon.paths_with(new) == [f"{prefix}50.txt"]
    (late,) = fill(disk, 1, start=99)
    eventually(lambda: daemon.paths_with(late) == [f"{prefix}99.txt"], "what is written after that is noticed")


def test_mounts_elsewhere_are_no_reason_for_a_check(daemon: Daemon) -> None:
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    disk = Disk(daemon, "disk")
    daemon.start()
    fill(disk, 1)
    checked = daemon.wait_until_idle(1)["last_check_time"]
    elsewhere = daemon.root / "elsewhere"
    elsewhere.mkdir()
    disk.run("mount", "--bind", disk.back, elsewhere)
    disk.run("umount", elsewhere)
    # What comes later is noticed after a check for the mount would have been made.
    fill(disk, 1, start=2)
    assert daemon.wait_until_idle(2)["last_check_time"] == checked
