"""How clients are told of a stop: what happened, that it ends, and not all at once."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime

import documents
import pytest
import requests
from daemon import Daemon
from raw import RawSocket
from waiting import PATIENCE, eventually

GOING_AWAY = 1001
SEPARATOR = "\x1e"


class PollingClient:
    """A client that polls, spoken by hand; joins `/local_files`."""

    def __init__(self, daemon: Daemon) -> None:
        self.address = f"{daemon.url}/socket.io/?EIO=4&transport=polling"
        self.session = requests.Session()
        handshake = self.session.get(self.address, timeout=PATIENCE).text
        self.address += "&sid=" + handshake.split('"sid":"')[1].split('"')[0]
        assert self.session.post(self.address, data="40/local_files,", timeout=PATIENCE).text == "ok"
        self.packets: list[str] = []
        self.codes: list[int] = []
        self.thread = threading.Thread(target=self._poll, daemon=True)

    def start(self) -> "PollingClient":
        self.thread.start()
        return self

    def _poll(self) -> None:
        """Polls until the server closes the session or does not know it any more."""
        while not self.packets or self.packets[-1] != "1":
            response = self.session.get(self.address, timeout=PATIENCE)
            self.codes.append(response.status_code)
            if response.status_code != 200:
                return
            self.packets += response.text.split(SEPARATOR)


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_websocket_clients_hear_why_and_are_told_to_go_away(
    with_signal: signal.Signals, daemon: Daemon, raw: Callable[..., RawSocket]
) -> None:
    daemon.start()
    clients = [raw(daemon, namespace) for namespace in ("/local_files", "/pipeline") for _ in range(5)]
    for client in clients:
        client.wait_for("pipeline:status")
    assert daemon.stop(with_signal) == 0
    for client in clients:
        client.wait_for_end()
        assert client.close_code == GOING_AWAY
        offline = client.events("pipeline:offline")
        assert len(offline) == 1 and offline[0].payload["reason"] == "normal_shutdown"
        last = client.events()[-1]
        assert last.name in ("pipeline:offline", "status:update"), last
        # A client that is put out of its namespace would not come back by itself.
        assert not any(packet.startswith("41") for packet in client.last_packets)


def test_polls_that_wait_are_answered_with_the_end(daemon: Daemon) -> None:
    daemon.start()
    clients = [PollingClient(daemon).start() for _ in range(10)]
    eventually(lambda: all(any("pipeline:status" in packet for packet in client.packets) for client in clients), "all")
    eventually(lambda: daemon.get("/health").json()["connected_clients"] == 10, "all are counted")
    assert daemon.stop() == 0
    for client in clients:
        client.thread.join(PATIENCE)
        assert not client.thread.is_alive(), "a poll was left waiting"
        assert set(client.codes) == {200}, client.codes
        assert sum('["pipeline:offline"' in packet for packet in client.packets) == 1
        assert client.packets[-1] == "1"


def test_many_clients_are_not_sent_away_in_one_instant(daemon: Daemon, raw: Callable[..., RawSocket]) -> None:
    daemon.start()
    clients = [raw(daemon) for _ in range(300)]
    for client in clients:
        client.wait_for("pipeline:status")
    assert daemon.stop() == 0
    for client in clients:
        client.wait_for_end()
        assert client.close_code == GOING_AWAY
        assert len(client.events("pipeline:offline")) == 1
    # By the daemon's own clock: each event loop, at most one a core, takes a millisecond for each client, where all at
    # once takes a few on the whole.
    ends = [
        datetime.fromisoformat(line.split()[0])
        for line in daemon.log().splitlines()
        if "session ended" in line and "reason=server_shutdown" in line
    ]
    assert len(ends) == len(clients)
    assert (ends[-1] - ends[0]).total_seconds() > 0.05
    assert (ends[len(ends) // 2] - ends[0]).total_seconds() > 0.03


def test_client_that_does_not_answer_holds_nothing_up(daemon: Daemon, raw: Callable[..., RawSocket]) -> None:
    daemon.start()
    # It never polls again after its first poll, and a WebSocket close gets no answer from it.
    PollingClient(daemon)
    client = raw(daemon)
    client.wait_for("pipeline:status")
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 15


def test_new_clients_are_turned_away_while_it_stops(
    daemon: Daemon, raw: Callable[..., RawSocket]
) -> None:
    daemon.start()
    client = raw(daemon)
    (daemon.folder() / "note.txt").write_text(documents.note("a note"))
    client.wait_for_file("note.txt")
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGTERM)
    client.wait_for_end()
    try:
        response = requests.get(f"{daemon.url}/socket.io/?EIO=4&transport=polling", timeout=PATIENCE)
        assert response.status_code >= 400, response.text
    except requests.ConnectionError:
        pass
    assert daemon.wait_for_exit() == 0
