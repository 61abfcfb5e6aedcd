"""What people see who work in a terminal."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
from daemon import CORPUSD, Daemon
from embedding import EmbeddingService
from terminal import ESCAPE, Terminal
from test_deletions import wait_until_held
from waiting import eventually

HOSTILE = "evil\x1b[2J\u202etxt.exe\nname.txt"


@pytest.fixture
def open_terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(daemon: Daemon, *arguments: str, **size: int) -> Terminal:
        opened.append(Terminal(*arguments, "--config", str(daemon.write_config()), **size))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


def follow(open_terminal: Callable[..., Terminal], daemon: Daemon, **size: int) -> Terminal:
    return open_terminal(daemon, "status", "--follow", "--interval", "1", **size)


def test_following_shows_the_work_in_colours(daemon: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    daemon.start()
    terminal = follow(open_terminal, daemon)
    terminal.wait_for("Ready +Copy files")
    (daemon.folder() / HOSTILE).write_text(documents.note("what is seen"))
    picture = terminal.wait_for("✓ evil")
    assert re.search(r"● docs +online", "\n".join(picture)) and re.search("1 file +1 passage", "\n".join(picture))
    assert f"http://127.0.0.1:{daemon.port}" in picture[0] and "● live" in picture[0]
    assert "\x1b[32m● live" in terminal.text, "colours on a terminal"
    assert not re.search("[\u202a-\u202e\u2066-\u2069]|\x1b\\[2J[^\x1b]", terminal.text), "a name steers nothing"
    assert terminal.wait_for("Up to date +1 file, 1 passage searchable")


def test_it_fits_any_window_and_keeps_up_with_it(shared: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    for number in range(12):
        (shared.folder() / f"window{number}-{'long' * 30}.txt").write_text(documents.note(f"window {number}"))
    terminal = follow(open_terminal, shared, width=90, height=30)
    terminal.wait_for("✓ docs: window")
    for width, height in [(60, 12), (40, 6), (20, 3), (120, 40)]:
        before = len(terminal.text)
        terminal.resize(width, height)

        def fits(start: int = before, width: int = width, height: int = height) -> bool:
            terminal.read()
            picture = terminal.picture if "\x1b[J" in terminal.text[start:] else []
            longest = max(map(len, picture), default=width + 1)
            assert longest < width and len(picture) <= height, picture
            return True

        eventually(fits, f"it fits into {width} columns and {height} lines")
    assert terminal.wait_for("Completed")


def test_ctrl_c_gives_the_terminal_back(daemon: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    daemon.start()
    for end in [lambda each: each.press("typed\x03"), lambda each: os.kill(each.pid, signal.SIGTERM)]:
        terminal = follow(open_terminal, daemon)
        terminal.wait_for("● docs")
        assert not terminal.echoes, "what is typed does not stand in the picture"
        end(terminal)
        assert terminal.wait_for_end() == 0
        assert "typed" not in terminal.text
        assert terminal.text.count("\x1b[?1049h") == 1 and terminal.text.count("\x1b[?25l") == 1
        assert terminal.text.rstrip().endswith("\x1b[?7h\x1b[?25h\x1b[?1049l")


def test_it_waits_for_a_daemon_that_is_started_again(
    daemon: Daemon, open_terminal: Callable[..., Terminal]
) -> None:
    daemon.start()
    terminal = follow(open_terminal, daemon)
    terminal.wait_for("● live")
    assert daemon.stop() == 0
    picture = terminal.wait_for("○ reconnecting")
    assert picture[1].startswith("Reconnecting  No answer for")
    (daemon.folder() / "later.txt").write_text(documents.note("what comes later"))
    daemon.start()
    terminal.wait_for("● live(.|\n)*✓ later.txt")


def test_work_failures_and_decisions_are_shown(
    waits: tuple[Daemon, threading.Event], picky: EmbeddingService, open_terminal: Callable[..., Terminal]
) -> None:
    daemon, released = waits
    (daemon.folder() / "slow.txt").write_text(documents.note("what takes its time"))
    terminal = follow(open_terminal, daemon)
    picture = terminal.wait_for(r"In progress +1 file\n +[█▉▊▋▌▍▎▏░]{16} +\d+% +embedding +slow.txt")
    assert picture[1].startswith("Working  1 file in progress, none waiting.")
    released.set()
    terminal.wait_for("✓ slow.txt +1 passage")
    picky.fault = lambda _: (400, {})
    (daemon.folder() / "bad.txt").write_text(documents.note("what is not taken"))
    picture = terminal.wait_for("✗ bad.txt")
    assert any(re.search(r"Failed +1 file", line) for line in picture), picture


def test_held_deletions_come_with_what_to_type(daemon: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    for number in range(30):
        path = daemon.folder() / "tree" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(documents.note("trees", str(number)))
    daemon.start().wait_until_idle(30)
    shutil.rmtree(daemon.folder() / "tree")
    wait_until_held(daemon, 30)
    terminal = follow(open_terminal, daemon, width=200)
    picture = terminal.wait_for("docs: 30 files went at once")
    (proposed,) = [line.split("remove", 1)[1].strip() for line in picture if " remove " in line]
    assert proposed.startswith("corpusd deletions confirm --pipeline docs --config")
    done = subprocess.run(proposed.replace("corpusd", str(CORPUSD), 1), shell=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    terminal.wait_for("Ready")


def test_into_a_pipe_come_plain_lines_when_something_changes(daemon: Daemon) -> None:
    daemon.start()
    output = daemon.root / "followed.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", CORPUSD, "status", "--follow", "--interval", "1", "--config",
             daemon.write_config()], stdout=file, stderr=subprocess.STDOUT)
    try:
        def wait_for(pattern: str) -> str:
            def found() -> str:
                text = output.read_text()
                assert re.search(pattern, text, re.MULTILINE), text
                return text

            return eventually(found, f"'{pattern}' is written")

        wait_for("^docs: online, local folder ")
        (daemon.folder() / HOSTILE).write_text(documents.note("what is seen"))
        wait_for("^docs: completed: evil.*: 1 passage, ")
        wait_for("^docs: 1 file, 1 passage, 0 waiting, 0 failed, 0 tried again$")
        assert daemon.stop() == 0
        wait_for("^corpusd: no answer: ")
        daemon.start()
        text = wait_for("^corpusd: it answers again$")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e█░▏]", text), text
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def test_a_reader_that_goes_ends_it(daemon: Daemon) -> None:
    daemon.start()
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", CORPUSD, "status", "--follow", "--json", "--interval", "1", "--config",
         daemon.write_config()], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline().startswith('{"pipelines":')
    process.stdout.close()
    assert process.wait(30) in (0, -signal.SIGPIPE)


@pytest.mark.parametrize("command", [["scan", "--once"], ["plan"], ["verify", "--deep"], ["reembed"]])
def test_progress_is_shown_on_a_terminal_alone(
    command: list[str], daemon: Daemon, corpus: Path, open_terminal: Callable[..., Terminal]
) -> None:
    shutil.copytree(corpus / "markdown", daemon.folder() / "markdown")
    (daemon.folder() / HOSTILE).write_text(documents.note("hostile"))
    if command[0] in ("verify", "reembed"):
        assert daemon.run("scan", "--once", timeout=240).returncode == 0
    terminal = open_terminal(daemon, *command)
    assert terminal.wait_for_end() == 0
    if command[0] != "reembed":
        assert re.search(r"\r[^\r]*(files? read|files? processed|comparing|looking)[^\r]*\x1b\[K", terminal.text)
        assert "\r\x1b[K" in terminal.text, "the line goes before the answer comes"
    assert "\x1b[2J" not in terminal.text and "\u202e" not in terminal.text
    quiet = open_terminal(daemon, *command, "--json")
    assert quiet.wait_for_end() == 0
    assert not ESCAPE.search(quiet.text), quiet.text


def test_files_say_from_where_they_are(daemon: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    (daemon.folder() / HOSTILE).write_text(documents.note("what is listed"))
    assert daemon.run("scan", "--once").returncode == 0
    listed = open_terminal(daemon, "files")
    assert listed.wait_for_end() == 0
    assert "the daemon does not run; from the database" in listed.text and str(daemon.database) in listed.text
    assert "\x1b" not in listed.text and "\u202e" not in listed.text and len(listed.text.splitlines()) == 2
    assert "from the database" not in daemon.run("files").stderr


def test_a_daemon_that_hangs_is_not_shown_as_live(daemon: Daemon, open_terminal: Callable[..., Terminal]) -> None:
    daemon.start()
    terminal = follow(open_terminal, daemon)
    terminal.wait_for("● live")
    os.kill(daemon.process.pid, signal.SIGSTOP)
    try:
        picture = terminal.wait_for("○ reconnecting")
        assert "It takes long" in picture[1]
    finally:
        os.kill(daemon.process.pid, signal.SIGCONT)
    terminal.wait_for("● live")
