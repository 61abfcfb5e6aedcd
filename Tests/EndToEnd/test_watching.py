"""How soon changes are noticed, and what happens where the kernel does not tell of them."""

import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import documents
import pytest
from daemon import Daemon
from recorder import Recorder
from waiting import eventually

Connect = Callable[..., Recorder]


def test_closed_file_is_picked_up_within_a_tenth_of_a_second(shared: Daemon, connect: Connect) -> None:
    client = connect(shared)
    waits = []
    for number in range(10):
        name = f"latency/{number}.txt"
        path = shared.folder() / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(documents.note("speed", documents.rare_word()))
        closed = time.time()
        file = client.wait_for_completion(name).file
        started = client.events("file:processing", file=file)[0].payload["file"]["started_at"]
        waits.append(datetime.fromisoformat(started).timestamp() - closed)
    print(f"closed to processing: median {statistics.median(waits) * 1000:.0f} ms, least {min(waits) * 1000:.0f} ms")
    # The machine may be busy, but not all of the time.
    assert min(waits) < 0.1, waits


@pytest.mark.parametrize("editor", ["vim", "gio", "sed", "ed", "cp"])
def test_real_programs_save_once(editor: str, daemon: Daemon, connect: Connect, tmp_path: Path) -> None:
    path = daemon.folder() / "edited.txt"
    path.write_text(documents.note("editing", "oldword"))
    daemon.start()
    daemon.wait_until_idle(1)
    client = connect(daemon)
    word = documents.rare_word()
    script = f"1s/^/{word} /"
    new = tmp_path / "new.txt"
    new.write_text(documents.note("editing", word))
    commands: dict[str, list[str]] = {
        "vim": ["vim", "-u", "NONE", "-es", "-c", "set backup writebackup", "-c", script, "-c", "wq", str(path)],
        "gio": ["gio", "save", str(path)],
        "sed": ["sed", "-i", script, str(path)],
        "ed": ["ed", "-s", str(path)],
        "cp": ["cp", str(new), str(path)],
    }
    typed = {"ed": f"{script}\nw\nq\n".encode(), "gio": new.read_bytes()}
    subprocess.run(commands[editor], input=typed.get(editor, b""), check=True, timeout=60, env=os.environ)
    eventually(lambda: daemon.paths_with(word) == ["edited.txt"], "the new content is found")
    # Whatever else the save would have caused comes before a file that is written later.
    (daemon.folder() / "marker.txt").write_text(documents.note("marking", documents.rare_word()))
    client.wait_for_completion("marker.txt")
    completions = client.events("file:completed")
    assert [e.payload["file"]["name"] for e in completions] == ["edited.txt", "marker.txt"]
    assert daemon.status()["total_files"] == 2


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "stopped"])
def test_edits_that_the_times_hide_are_noticed(watched: bool, daemon: Daemon, connect: Connect) -> None:
    """Of the same size, with the time of modification set back: `touch -r`, `rsync -t`, `cp -p`."""
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    old = documents.rare_word()
    new = old[::-1]
    path, other = daemon.folder() / "edited.txt", daemon.folder() / "other.txt"
    path.write_text(documents.note("hiding", old))
    other.write_text(documents.note("hiding nothing", documents.rare_word()))
    daemon.start()
    daemon.wait_until_idle(2)
    if not watched:
        assert daemon.stop() == 0
    before = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
    if not watched:
        daemon.start()
    eventually(lambda: daemon.paths_with(new) == ["edited.txt"], "the new content is found")
    assert daemon.paths_with(old) == []

    # Looked at again, found to be what it was, and not announced.
    client = connect(daemon)
    skipped = daemon.status()["total_skipped"]
    text = other.read_text()
    with other.open("r+") as file:
        file.write(text)
    eventually(lambda: daemon.status()["total_skipped"] > skipped, "what was written was compared")
    skipped = daemon.status()["total_skipped"]
    other.chmod(0o600)
    eventually(lambda: daemon.status()["total_skipped"] > skipped, "what was touched was compared")
    (daemon.folder() / "marker.txt").write_text(documents.note("marking", documents.rare_word()))
    client.wait_for_completion("marker.txt")
    assert [e.payload["file"]["name"] for e in client.events("file:completed")] == ["marker.txt"]
    assert daemon.status()["total_failed"] == 0


def test_directories_without_a_watch_are_read_again_and_again(daemon: Daemon) -> None:
    probe = ["unshare", "-Ur", "sh", "-c", "echo 4 > /proc/sys/user/max_inotify_watches"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True).returncode != 0:
        pytest.skip("no user namespaces here")
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    for number in range(10):
        (daemon.folder() / f"d{number}").mkdir()
    # The daemon's own namespace allows four watches.
    daemon.wrapper = ["unshare", "-Ur", "sh", "-c", 'echo 4 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
    daemon.start()
    daemon.wait_until_idle(0)
    status = daemon.status()
    assert status["status"] == "online"
    assert re.fullmatch(
        r"7 of 11 directories have no inotify watch and are read every 10 s instead: "
        r"set 'fs.inotify.max_user_watches' to 11 or more \(it is 4\)",
        status["problem"],
    ), status["problem"]
    warnings = [line for line in daemon.log().splitlines() if "max_user_watches" in line]
    assert len(warnings) == 1 and "warning" in warnings[0].lower()
    words = [documents.rare_word() for _ in range(10)]
    for number, word in enumerate(words):
        (daemon.folder() / f"d{number}" / "new.txt").write_text(documents.note("polling", word))
    daemon.wait_until_idle(10)
    assert daemon.paths_with(words[9]) == ["d9/new.txt"]


def test_rules_of_ignore_files_take_effect_at_once(daemon: Daemon) -> None:
    for name in ["notes.txt", "drafts/one.txt", "drafts/two.txt"]:
        path = daemon.folder() / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(documents.note("ignoring", documents.rare_word()))
    daemon.start()
    daemon.wait_until_idle(3)
    (daemon.folder() / ".corpusignore").write_text("drafts/*\n!two.txt\n")
    daemon.wait_until_idle(2)
    assert daemon.status()["problem"] is None
    (daemon.folder() / ".corpusignore").unlink()
    daemon.wait_until_idle(3)


def test_file_that_is_too_large_fails_once(daemon: Daemon, connect: Connect) -> None:
    daemon.config["pipelines"][0]["max_file_size"] = "1kB"
    path = daemon.folder() / "large.txt"
    path.write_text("large " * 1_000)
    daemon.start()
    failed = eventually(lambda: daemon.status()["files_failed"], "the file failed")
    assert failed[0]["error"]["type"] == "FileTooLarge"
    assert failed[0]["error"]["retryable"] is False and failed[0]["error"]["next_attempt_at"] is None
    assert "raise 'max_file_size'" in failed[0]["error"]["message"]
    checked = daemon.status()["last_check_time"]
    eventually(lambda: daemon.status()["last_check_time"] > checked, "another check has been made")
    assert daemon.status()["total_failed"] == 1
    path.write_text("small enough now")
    daemon.wait_until_idle(1)
    # The limit is raised: what was too large is tried again without a change.
    path.write_text("large " * 1_000)
    eventually(lambda: daemon.status()["total_failed"] == 2, "it failed again")
    assert daemon.stop() == 0
    daemon.config["pipelines"][0]["max_file_size"] = "1MB"
    daemon.start()
    eventually(lambda: daemon.status()["total_processed"] == 1, "it got through")
