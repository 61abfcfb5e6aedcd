"""Clients that connect in the middle of work miss nothing and get nothing twice."""

from collections.abc import Callable
from pathlib import Path

import contract
import pytest
from daemon import Daemon
from recorder import Event, Recorder
from waiting import eventually

FILES = 60


def story(events: list[Event]) -> list[tuple[str, str]]:
    """Events as texts that can be compared."""
    return [(event.name, repr(event.payload)) for event in events]


def check_latecomer(latecomer: list[Event], witness: list[Event]) -> None:
    """The late client has a snapshot, then exactly what the other client received from some point on."""
    snapshot, *later = latecomer
    assert snapshot.name == "pipeline:status"
    told = story(witness)
    assert story(later) == told[len(told) - len(later) :]
    check_continuation(snapshot.payload, later)


def check_continuation(snapshot: dict, later: list[Event]) -> None:
    """The events begin exactly where the snapshot ends: replayed on it they neither clash nor leave a gap."""
    active = {file["id"]: file["progress"] for file in snapshot["files_processing"]}
    completed = snapshot["total_processed"]
    for event in later:
        if event.name == "file:processing":
            assert event.file not in active, f"begun before the snapshot and told again: {event}"
            active[event.file] = 0.0
        elif event.name == "file:progress":
            assert event.file in active, f"its beginning is missing: {event}"
            assert event.payload["progress"] >= active[event.file], f"older than the snapshot: {event}"
            active[event.file] = event.payload["progress"]
        elif event.name in contract.ENDS:
            assert event.file in active, f"its beginning is missing: {event}"
            del active[event.file]
            completed += event.name == "file:completed"
        elif event.name == "status:update":
            current = event.payload["current_status"]
            assert current["total_processed"] == completed, f"an end is missing or doubled before: {event}"
    assert not active, f"ends are missing: {active}"
    assert completed == snapshot["total_processed"] + sum(event.name == "file:completed" for event in later)


def test_clients_that_connect_in_the_middle_miss_nothing(
    daemon: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    daemon.start()
    witness = connect(daemon, transports=["websocket"])
    witness.wait_for("pipeline:status")
    (daemon.folder() / "long.pdf").write_bytes((corpus / "pdf/fhs.pdf").read_bytes())
    for number, part in enumerate(parts(corpus / "text/debian-faq.txt", FILES)):
        (daemon.folder() / f"{number:02}.txt").write_text(part)

    latecomers = []
    for count, transports in [(2, ["polling"]), (12, ["websocket"]), (25, None)]:
        eventually(lambda: len(witness.events("file:completed")) >= count, f"{count} files are complete")
        latecomers.append(connect(daemon, transports=transports))
    status = daemon.wait_until_idle(FILES + 1)
    assert status["total_processed"] == FILES + 1

    everyone = [witness, *latecomers]
    daemon_says_bye(daemon, everyone)
    for latecomer in latecomers:
        check_latecomer(latecomer.events(), witness.events())
    assert contract.check_order(witness.events()) == []
    assert len(witness.events("file:completed")) == FILES + 1


@pytest.mark.parametrize("transports", [["polling"], ["websocket"]])
def test_client_that_stops_reading_for_a_while_gets_everything_afterwards(
    transports: list[str], daemon: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    daemon.start()
    witness, client = connect(daemon, transports=["websocket"]), connect(daemon, transports=transports)
    client.wait_for("pipeline:status")
    with client.paused():
        for number, part in enumerate(parts(corpus / "text/debian-faq.txt", FILES)):
            (daemon.folder() / f"{number:02}.txt").write_text(part[:300])
        eventually(lambda: len(witness.events("file:completed")) == FILES, "all files are complete")
    eventually(lambda: len(client.events("file:completed")) == FILES, "the client has caught up")
    daemon_says_bye(daemon, [witness, client])
    assert story(client.events())[1:] == story(witness.events())[1:]


def parts(path: Path, count: int) -> list[str]:
    """A text in `count` pieces of about the same length."""
    text = path.read_text()
    length = len(text) // count
    return [text[number * length : (number + 1) * length] for number in range(count)]


def daemon_says_bye(daemon: Daemon, clients: list[Recorder]) -> None:
    """Stops the daemon, so that all clients have one and the same last event."""
    assert daemon.stop() == 0
    for client in clients:
        client.wait_for_goodbye()
