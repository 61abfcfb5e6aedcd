"""What people see who work in a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import documents
import pytest
from daemon import CORPUSD, Daemon, run_corpusd
from waiting import PATIENCE

COMMANDS = ["serve", "check", "search", "status", "files", "retry", "deletions list", "deletions confirm",
            "deletions discard", "version"]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
WIDTH = 90


class Terminal:
    """A corpusd command in a terminal of its own, and all that it has written there."""

    def __init__(self, *arguments: str) -> None:
        self.text = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(CORPUSD, ["corpusd", *arguments])
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 30, WIDTH, 0, 0))

    def wait_for(self, pattern: str) -> str:
        """Reads until the last picture has `pattern` in it, without colours; returns that picture."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            picture = ESCAPE.sub("", self.text.split("\x1b[H")[-1])
            if re.search(pattern, picture):
                return picture
            if select.select([self.descriptor], [], [], 1)[0]:
                self.text += os.read(self.descriptor, 65_536).decode(errors="replace")
        raise AssertionError(f"'{pattern}' was not shown:\n{self.text[-3_000:]}")

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


def test_following_shows_the_work_in_colours_and_within_the_width(daemon: Daemon) -> None:
    daemon.start()
    terminal = Terminal("status", "--follow", "--interval", "1", "--config", str(daemon.write_config()))
    try:
        terminal.wait_for("0 files")
        (daemon.folder() / "seen.txt").write_text(documents.note("what is seen"))
        picture = terminal.wait_for("1 file, 1 passage, ")
        assert re.search(r"● docs +online", picture), picture
        assert max(len(line) for line in picture.splitlines()) <= WIDTH
        assert "\x1b[32m●" in terminal.text, "colours on a terminal"
    finally:
        terminal.end()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run_corpusd(*command.split(), "--help")
    assert result.returncode == 0 and f"USAGE: corpusd {command}" in result.stdout, result
    assert "\x1b" not in result.stdout
    if command != "version":
        assert "--config" in result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_every_command(shell: str) -> None:
    script = run_corpusd("--generate-completion-script", shell)
    assert script.returncode == 0
    for word in {word for command in COMMANDS for word in command.split()} | {"follow", "config", "pipeline"}:
        assert word in script.stdout, word
    if shell == "bash":
        ask = f'{script.stdout}\nCOMP_WORDS=(corpusd sta); COMP_CWORD=1; _corpusd corpusd sta corpusd; echo "${{COMPREPLY[@]}}"'
        answer = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=30)
        assert answer.stdout.split() == ["status"], answer
