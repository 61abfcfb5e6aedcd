"""What can go wrong between a program and Google, on demand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Fault:
    """Something that happens to the next `times` requests that match."""

    # `error` answers with `status` and `reason`; `truncate` breaks the connection after `bytes` of the body; `slow`
    # waits `seconds`; `empty` answers a query for several folders with nothing; `shuffle` doubles the entries of a
    # page of changes and turns their order around; `incomplete` says that the search was; `drop` closes unanswered;
    # `stall` sends `bytes` of the body and the rest after `seconds`; `short` sends `bytes` as if that was all.
    kind: str
    matches: Callable[[str], bool]
    times: int = 1
    status: int = 500
    reason: str = "backendError"
    retry_after: int | str | None = None
    bytes: int = 0
    seconds: float = 0.0


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, path: str = "", times: int = 1, **details: object) -> Fault:
        """A fault for requests whose path and query have `path` in them."""

        def matches(target: str) -> bool:
            return path in target

        fault = Fault(kind, matches, times, **details)
        with self.lock:
            self.waiting.append(fault)
        return fault

    def take(self, kinds: set[str], target: str) -> Fault | None:
        with self.lock:
            for fault in self.waiting:
                if fault.kind in kinds and fault.matches(target):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.waiting.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()
