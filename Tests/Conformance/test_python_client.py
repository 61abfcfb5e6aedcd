"""python-socketio's client, today's and the one of protocol 3, over each transport."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio
from proxy import CuttingProxy
from testserver import REPOSITORY, TestServer

TIMEOUT = 20.0
MODES = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}

# Where the client of protocol 3 is installed, apart from today's.
OLD_CLIENT = Path(os.environ.get("SOCKETIO_OLD_CLIENT", REPOSITORY / ".build-test/old-client")).resolve()


class Received:
    """Events of a client, by name, to be awaited."""

    def __init__(self, client: socketio.Client, *namespaces: str) -> None:
        self._changed = threading.Condition()
        self._events: list[tuple[str, str, list[Any]]] = []
        for namespace in namespaces:
            client.on("*", self._handler(namespace), namespace=namespace)
            for name in ("connect", "disconnect", "connect_error"):
                client.on(name, self._handler(namespace, name), namespace=namespace)

    def _handler(self, namespace: str, name: str | None = None) -> Any:
        def handle(*values: Any) -> None:
            event = name or values[0]
            with self._changed:
                self._events.append((namespace, event, list(values if name else values[1:])))
                self._changed.notify_all()

        return handle

    def take(self, namespace: str, name: str) -> list[Any]:
        """Waits for an event and forgets it."""
        with self._changed:
            found = self._changed.wait_for(
                lambda: next((event for event in self._events if event[:2] == (namespace, name)), None), TIMEOUT
            )
            assert found, f"no '{name}' in '{namespace}', but {self._events}"
            self._events.remove(found)
            return found[2]


@pytest.fixture
def client() -> Iterator[socketio.Client]:
    made = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.1, request_timeout=TIMEOUT)
    yield made
    made.shutdown()


@pytest.mark.parametrize("mode", MODES)
def test_client_talks(server: TestServer, client: socketio.Client, mode: str) -> None:
    received = Received(client, "/", "/custom")
    client.connect(server.url, transports=MODES[mode], auth={"token": "123"}, namespaces=["/", "/custom"])
    assert client.transport() == ("polling" if mode == "polling" else "websocket")
    assert received.take("/", "auth") == [{"token": "123"}]
    assert received.take("/custom", "auth") == [{"token": "123"}]
    assert client.get_sid("/") != client.get_sid("/custom")

    for values in [(1, "2", {"3": [True]}), ("ü€😀", None), (b"\1\2\3", {"deep": [b""]}), ("x" * 300_000,), ()]:
        client.emit("message", values)
        assert received.take("/", "message-back") == list(values)
    assert client.call("message-with-ack", (1, "2"), timeout=TIMEOUT) == (1, "2")
    assert client.call("message-with-ack", b"\0" * 300_000, timeout=TIMEOUT) == b"\0" * 300_000
    for number in range(100):
        client.emit("message", number)
    # The client has a thread for each event, so their order is not the server's.
    assert sorted(received.take("/", "message-back") for _ in range(100)) == [[number] for number in range(100)]

    client.disconnect()
    received.take("/", "disconnect")
    received.take("/custom", "disconnect")


@pytest.mark.parametrize("mode", MODES)
def test_client_hears_that_a_namespace_is_unknown(server: TestServer, client: socketio.Client, mode: str) -> None:
    received = Received(client, "/unknown")
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(server.url, transports=MODES[mode], namespaces=["/unknown"], wait_timeout=TIMEOUT)
    assert received.take("/unknown", "connect_error") == [{"message": "Invalid namespace"}]


@pytest.mark.parametrize("mode", MODES)
def test_client_comes_back_after_a_cut(server: TestServer, client: socketio.Client, mode: str) -> None:
    proxy = CuttingProxy(server.address)
    received = Received(client, "/")
    client.connect(proxy.url, transports=MODES[mode], namespaces=["/"])
    received.take("/", "connect")
    before = client.get_sid("/")
    proxy.cut()
    received.take("/", "disconnect")
    proxy.restore()
    received.take("/", "connect")
    assert client.get_sid("/") != before
    client.emit("message", "back")
    assert received.take("/", "message-back") == ["back"]
    client.disconnect()
    proxy.close()


@pytest.mark.parametrize("mode", MODES)
def test_client_of_protocol_3_talks(make_server: Callable[..., TestServer], mode: str) -> None:
    server = make_server("--ping-interval", "1000", "--ping-timeout", "10000")
    assert (OLD_CLIENT / "socketio").is_dir(), f"'{OLD_CLIENT}' has no python-socketio 4; run 'make test-conformance'"
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name("old_client.py"), server.url, ",".join(MODES[mode] or [])],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(OLD_CLIENT)},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout) == {
        "transport": "polling" if mode == "polling" else "websocket",
        "auth": [{}],
        "custom auth": [{}],
        "echo": [[1, "2", {"3": [True]}], ["ü€😀", None], ["x" * 300_000]],
        "binary": "010203",
        "large binary": 300_000,
        "ack": [1, "2"],
        "each once": True,
        "pings": True,
        "disconnected": True,
    }
