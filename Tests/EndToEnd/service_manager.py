"""The service manager's side of the notification protocol, and a debugger's grip on one thread."""

import ctypes
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waiting import eventually


class NotifySocket:
    """Receives what a daemon says of itself: `lines` in their order, and `pings` by the time they came."""

    def __init__(self, path: Path) -> None:
        self.environment = {"NOTIFY_SOCKET": str(path)}
        self.lines: list[str] = []
        self.pings: list[float] = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.thread = threading.Thread(target=self.receive, daemon=True)
        self.thread.start()

    def receive(self) -> None:
        while datagram := self.socket.recv(65_536).decode():
            for line in datagram.splitlines():
                if line == "WATCHDOG=1":
                    self.pings.append(time.monotonic())
                else:
                    self.lines.append(line)

    def wait_for(self, text: str, after: int = 0) -> int:
        """Waits for a line that begins with `text`; returns the number of lines up to it."""

        def position() -> int | None:
            return next((n + 1 for n, line in enumerate(self.lines) if n >= after and line.startswith(text)), None)

        return eventually(position, f"a notification that begins with {text!r}")

    def wait_for_ping(self) -> None:
        count = len(self.pings)
        eventually(lambda: len(self.pings) > count, "a sign of life")

    def is_silent(self, seconds: float) -> bool:
        """Whether no sign of life has come for some time."""
        return bool(self.pings) and time.monotonic() - self.pings[-1] > seconds

    @property
    def statuses(self) -> list[str]:
        return [line.removeprefix("STATUS=") for line in self.lines if line.startswith("STATUS=")]


def threads(process: int, name: str) -> list[int]:
    """The ids of a process's threads whose names begin so."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(task.name) for task in tasks if (task / "comm").read_text().startswith(name)]


@contextmanager
def stopped(thread: int) -> Iterator[None]:
    """Holds one thread of another process still, as a debugger does, and lets it go on at the end."""
    seize, interrupt, detach = 0x4206, 0x4207, 17
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]

    def ptrace(request: int) -> None:
        if libc.ptrace(request, thread, None, None) == -1:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    ptrace(seize)
    ptrace(interrupt)
    os.waitpid(thread, 0x40000000)
    try:
        yield
    finally:
        ptrace(detach)
