"""A corpusd command in a terminal of its own."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from daemon import CORPUSD
from waiting import PATIENCE

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A command in a terminal, and all that it has written there."""

    def __init__(self, *arguments: str, width: int = 90, height: int = 30) -> None:
        self.text = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.environ.pop("NO_COLOR", None)
            # The size must be there before the command asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            os.execv(CORPUSD, ["corpusd", *arguments])

    def resize(self, width: int, height: int) -> None:
        """Tells the command of another size, as a window does."""
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self) -> bool:
        """Reads what there is, for a second at most; False at the end."""
        if not select.select([self.descriptor], [], [], 1)[0]:
            return True
        try:
            data = os.read(self.descriptor, 65_536)
        except OSError:
            # What Linux says when nobody has the other side open.
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    @property
    def picture(self) -> list[str]:
        """The last whole picture, line by line, without colours."""
        pictures = self.text.split("\x1b[H")[1:]
        whole = [picture for picture in pictures if "\x1b[J" in picture]
        return ESCAPE.sub("", whole[-1].split("\x1b[J")[0]).replace("\r", "").split("\n") if whole else []

    def wait_for(self, pattern: str) -> list[str]:
        """Reads until the last picture has `pattern` in it; returns that picture."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if re.search(pattern, "\n".join(self.picture)):
                return self.picture
            if not self.read():
                break
        raise AssertionError(f"'{pattern}' was not shown:\n{self.text[-3_000:]}")

    def wait_for_end(self, with_signal: int | None = None) -> int:
        """Reads until the command has ended, after a signal if one is given; returns its exit code."""
        if with_signal is not None:
            os.kill(self.pid, with_signal)
        deadline = time.monotonic() + PATIENCE
        while self.read():
            assert time.monotonic() < deadline, f"it has not ended:\n{self.text[-3_000:]}"
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def press(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    @property
    def echoes(self) -> bool:
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.descriptor)[3] & termios.ECHO)

    def close(self) -> None:
        """Ends the command if it still runs."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ChildProcessError, ProcessLookupError):
            pass
        os.close(self.descriptor)
