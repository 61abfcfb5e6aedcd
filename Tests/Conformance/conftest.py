"""Fixtures: test servers and connections, each ended with the tests that used it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hostile import Victim
from sessions import PollingSession
from testserver import CLIENT, PROGRAM, TestServer
from wire import Connection, WebSocket


def pytest_sessionstart() -> None:
    for path, remedy in [
        (PROGRAM, "build it, or name it in SOCKETIO_TESTSERVER"),
        (CLIENT, "run 'scripts/get-client'"),
    ]:
        if not path.exists():
            pytest.exit(f"'{path}' is missing; {remedy}", returncode=1)


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """A server whose heartbeat is so slow that it comes into no test's way, however loaded the machine is."""
    running = TestServer("--ping-interval", "10000", "--ping-timeout", "10000")
    yield running
    running.kill()


@pytest.fixture(scope="session")
def quick_server() -> Iterator[TestServer]:
    """A server with the heartbeat of the published suites."""
    running = TestServer()
    yield running
    running.kill()


@pytest.fixture
def make_server() -> Iterator[Callable[..., TestServer]]:
    """Starts servers with options of the test's own."""
    started: list[TestServer] = []

    def start(*options: str) -> TestServer:
        started.append(TestServer(*options))
        return started[-1]

    yield start
    for running in started:
        running.kill()


class Opener:
    """Opens connections to one server, and ends them with the test."""

    def __init__(self, server: TestServer) -> None:
        self.server = server
        self._opened: list[Connection] = []

    def keep(self, connection: Any) -> Any:
        self._opened.append(connection)
        return connection

    def connection(self, **options: Any) -> Connection:
        return self.keep(Connection(self.server.address, **options))

    def request(self, method: str, target: str, *arguments: Any, **options: Any) -> Connection:
        """Writes a request on a connection of its own; its answer is `.response()`."""
        return self.connection().request(method, target, *arguments, **options)

    def websocket(self, target: str, **options: Any) -> WebSocket:
        return self.keep(WebSocket(self.server.address, target, **options))

    def join(self, **options: Any) -> WebSocket:
        """Opens a WebSocket that has joined the main namespace."""
        socket = self.websocket("/socket.io/?EIO=4&transport=websocket", **options)
        socket.send_text("40")
        assert [str(socket.receive())[:3] for _ in range(3)] == ['0{"', "40{", "42["]
        return socket

    def polling(self, path: str = "/engine.io/", version: int = 4, query: str = "") -> PollingSession:
        return PollingSession(self, path, version, query)

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


@pytest.fixture
def open(server: TestServer) -> Iterator[Opener]:
    opener = Opener(server)
    yield opener
    opener.close()


@pytest.fixture
def quick(quick_server: TestServer) -> Iterator[Opener]:
    """As `open`, with the heartbeat of the published suites."""
    opener = Opener(quick_server)
    yield opener
    opener.close()


@pytest.fixture
def connect(open: Opener) -> Callable[..., WebSocket]:
    """Opens WebSockets that have joined the main namespace."""

    return open.join


@pytest.fixture(scope="module")
def attacked() -> Iterator[Victim]:
    """A server for one table of hostile input; after the last row it must have let go of everything."""
    victim = Victim()
    yield victim
    try:
        victim.check_for_leaks()
    finally:
        victim.close()


@pytest.fixture
def attack(attacked: Victim) -> Iterator[Opener]:
    """Opens hostile connections; when they have done their worst, an honest client still gets its echo."""
    opener = Opener(attacked.server)
    yield opener
    try:
        attacked.check()
    finally:
        opener.close()
