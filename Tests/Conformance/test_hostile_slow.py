"""Clients that take their time: each has a deadline, and holds nothing after it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import Opener
from hostile import Victim, eventually
from wire import CLOSE, TEXT, Closed, Connection, frame

POLLING = "/engine.io/?EIO=4&transport=polling"
WEBSOCKET = "/engine.io/?EIO=4&transport=websocket"

# The test server gives a whole request 2 s and an idle connection 5 s. A slow client is not ended at once, but soon.
REQUEST_TIMEOUT = 2.0
EARLY = 0.1
LATE = 15.0

HEAD = f"POST {POLLING}&sid=nobody HTTP/1.1\r\nHost: localhost\r\n".encode()

TRICKLES = {
    "headers": (HEAD, b"X: " + b"a" * 1_000),
    "header-lines": (HEAD, b"a:b\r\n" * 1_000),
    "request-line": (b"GET ", b"/" * 1_000),
    "body": (HEAD + b"Content-Length: 1000\r\n\r\n", b"4" * 1_000),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n4\r\n" * 1_000),
}
SILENCES = {
    "headers": HEAD,
    "body": HEAD + b"Content-Length: 1000\r\n\r\n",
    "body-of-a-chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    "handshake-without-end": f"GET {WEBSOCKET} HTTP/1.1\r\nUpgrade: websocket\r\n".encode(),
}


@contextmanager
def trickling(connection: Connection, data: bytes, pause: float = 0.1) -> Iterator[None]:
    """Writes a byte now and then, beside what the test does, as long as the server takes it."""
    ended = threading.Event()

    def write() -> None:
        for byte in data:
            if ended.wait(pause):
                return
            connection.send(bytes([byte]))

    writer = threading.Thread(target=write)
    writer.start()
    yield
    ended.set()
    writer.join()


def seconds_until_the_end(connection: Connection) -> float:
    before = time.monotonic()
    connection.read_to_end()
    return time.monotonic() - before


@pytest.mark.parametrize(("at_once", "slowly"), TRICKLES.values(), ids=TRICKLES)
def test_slow_request_ends_at_its_deadline(attack: Opener, at_once: bytes, slowly: bytes) -> None:
    connection = attack.connection()
    connection.send(at_once)
    with trickling(connection, slowly):
        assert REQUEST_TIMEOUT - EARLY <= seconds_until_the_end(connection) < LATE


@pytest.mark.parametrize("sent", SILENCES.values(), ids=SILENCES)
def test_request_that_never_ends_is_ended(attack: Opener, sent: bytes) -> None:
    connection = attack.connection()
    connection.send(sent)
    assert REQUEST_TIMEOUT - EARLY <= seconds_until_the_end(connection) < LATE


def test_connection_without_a_request_is_ended(attack: Opener) -> None:
    assert seconds_until_the_end(attack.connection()) < LATE


def test_connection_that_asks_for_no_more_is_ended(attack: Opener) -> None:
    connection = attack.request("GET", POLLING)
    assert connection.response().status == 200
    assert seconds_until_the_end(connection) < LATE


def test_poll_whose_answer_is_not_read_is_ended(attack: Opener, attacked: Victim) -> None:
    before = attacked.server.descriptors()
    for _ in range(5):
        session = attack.polling()
        for _ in range(4):
            session.send("4" + "x" * 900_000)
        attack.connection(receive_buffer=4_096).request("GET", session.target)
    assert eventually(lambda: attacked.server.descriptors() <= before)


def test_client_that_does_not_answer_a_close_frame_is_ended(attack: Opener) -> None:
    socket = attack.websocket(WEBSOCKET)
    socket.receive()
    socket.send(frame(TEXT, "9"))
    before = time.monotonic()
    with pytest.raises(Closed):
        while True:
            opcode, _ = socket.read_frame()
            assert opcode in (TEXT, CLOSE)
    assert time.monotonic() - before < LATE


def test_slow_but_steady_client_is_served(attack: Opener) -> None:
    """A request whose bytes come one by one, but in time."""
    connection = attack.connection()
    for byte in f"GET {POLLING} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode():
        connection.send(bytes([byte]))
    assert connection.response().status == 200
