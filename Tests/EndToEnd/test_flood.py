"""Many small files do not flood whoever watches; CORPUSD_MANY_FILES says how many (1,000)."""

import os
from collections.abc import Callable
from datetime import datetime

import documents
from daemon import Daemon
from recorder import Recorder
from waiting import eventually

MANY = int(os.environ.get("CORPUSD_MANY_FILES", 1_000))
# Ten a second, less what two clocks of a machine and the rounding to milliseconds may differ by.
LEAST_SECONDS_BETWEEN = 0.095


def test_many_files_change_the_status_ten_times_a_second_at_most(
    daemon: Daemon, connect: Callable[..., Recorder]
) -> None:
    daemon.start()
    client = connect(daemon, transports=["websocket"])
    client.wait_for("pipeline:status")
    for number in range(MANY):
        (daemon.folder() / f"{number}.txt").write_text(documents.note("the same in all of them"))
    client.wait_for(
        "status:update", lambda event: event.payload["current_status"]["total_files"] == MANY, timeout=600
    )
    daemon.wait_until_idle(MANY, timeout=600)
    now = daemon.status()

    def told() -> bool:
        last = client.events("status:update")[-1].payload["current_status"]
        fields = ("total_files", "total_chunks", "total_processed", "files_queued", "files_processing")
        assert {field: last[field] for field in fields} == {field: now[field] for field in fields}
        return True

    eventually(told, "what was told last is how it is")
    assert now["total_processed"] == MANY
    updates = client.events("status:update")
    times = [datetime.fromisoformat(event.payload["timestamp"]).timestamp() for event in updates]
    gaps = [after - before for before, after in zip(times, times[1:])]
    assert min(gaps) >= LEAST_SECONDS_BETWEEN, sorted(gaps)[:5]
    assert len(updates) < MANY / 2, "several files share an update"
