"""Bounded waiting for a condition: the only way these tests let time pass."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

# Seconds; generous, because the machine may be busy with something else. A condition that holds is seen at once.
PATIENCE = float(os.environ.get("CORPUSD_PATIENCE", 90))


def eventually(check: Callable[[], Value], what: str, timeout: float = PATIENCE, interval: float = 0.05) -> Value:
    """Calls `check` until it answers something true, and returns that.

    An AssertionError of `check` counts as "not yet". After `timeout` seconds the wait fails, saying `what` was
    awaited and what the last answer was.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            answer = check()
        except AssertionError as error:
            answer, last = None, f"{error}"
        else:
            last = repr(answer)
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout:g} s; the last look showed {last[:2000]}")
        time.sleep(interval)
