"""What a daemon and its children took of the machine."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon import Daemon

# Seconds between two looks at the children; a child's peak is that of its last look.
PAUSE = 0.01


def peak_memory(process: int | Daemon) -> int:
    """The most memory that a process has had so far, in bytes; 0 if it has ended."""
    pid = process.process.pid if isinstance(process, Daemon) else process
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        return 0


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The children of a process, of all of its threads."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in path.read_text().split()]
        except OSError:
            continue
    return found


def is_extracting(pid: int) -> bool:
    """Whether a child has become what it is to be: until then it has its parent's memory."""
    try:
        return b"\0serve\0" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class ChildMemory:
    """Watches the children of a daemon. `peak` is the most that one of them had, in bytes."""

    def __init__(self, daemon: Daemon) -> None:
        self.parent = daemon.process.pid
        self.peak = 0
        self.seen: set[int] = set()
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(PAUSE):
            for child in children(self.parent):
                if is_extracting(child):
                    self.seen.add(child)
                    self.peak = max(self.peak, peak_memory(child))

    def end(self) -> None:
        self._ended.set()


@contextmanager
def watched_children(daemon: Daemon) -> Iterator[ChildMemory]:
    memory = ChildMemory(daemon)
    thread = threading.Thread(target=memory.run, daemon=True)
    thread.start()
    yield memory
    memory.end()
    thread.join(10)
