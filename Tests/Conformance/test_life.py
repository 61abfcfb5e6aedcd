"""What a session goes through besides messages: compression, a lost connection and its recovery, the server's stop."""

import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Opener
from testserver import TestServer
from wire import Closed, WebSocket

WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
SLOW_HEARTBEAT = ("--ping-interval", "10000", "--ping-timeout", "10000")

MakeServer = Callable[..., TestServer]


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "deflate;q=0.5, gzip;q=1.0"])
def test_large_answer_is_compressed_for_clients_that_take_it(open: Opener, accepted: str) -> None:
    session = open.polling()
    session.send("4" + "x" * 10_000)
    answer = open.request("GET", session.target, headers={"Accept-Encoding": accepted}).response()
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body).decode() == "4" + "x" * 10_000
    assert len(answer.body) < 1_000


@pytest.mark.parametrize(
    ("size", "accepted"), [(100, "gzip"), (10_000, "identity"), (10_000, "gzip;q=0"), (10_000, "")]
)
def test_other_answers_are_not_compressed(open: Opener, size: int, accepted: str) -> None:
    session = open.polling()
    session.send("4" + "x" * size)
    headers = {"Accept-Encoding": accepted} if accepted else {}
    answer = open.request("GET", session.target, headers=headers).response()
    assert "content-encoding" not in answer.headers
    assert answer.text == "4" + "x" * size


def rejoin(opener: Opener, auth: dict[str, Any] | None = None) -> tuple[WebSocket, dict[str, Any]]:
    """Joins the main namespace, perhaps as a client that was there before."""
    socket = opener.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("40" + (json.dumps(auth) if auth else ""))
    answer = str(socket.receive())
    assert answer.startswith("40{"), answer
    return socket, json.loads(answer[2:])


@pytest.fixture
def recovering(make_server: MakeServer) -> Opener:
    return Opener(make_server("--recovery", "60", *SLOW_HEARTBEAT))


def last_offset(socket: WebSocket, number: int) -> str:
    """Has an event sent back, and returns the offset that comes behind its arguments."""
    socket.send_text(f'42["message",{number}]')
    name, value, offset = json.loads(str(socket.receive())[2:])
    assert (name, value) == ("message-back", number)
    assert isinstance(offset, str)
    return offset


def test_client_that_comes_back_is_who_it_was(recovering: Opener) -> None:
    socket, welcome = rejoin(recovering)
    assert set(welcome) == {"sid", "pid"}
    socket.receive()
    offset = last_offset(socket, 1)
    socket.reset()

    again, welcomed = rejoin(recovering, {"pid": welcome["pid"], "offset": offset})
    assert welcomed == welcome
    assert str(again.receive()).startswith('42["auth",{"offset":')
    assert last_offset(again, 2) != offset


@pytest.mark.parametrize(
    "auth",
    [
        {"pid": "nobody", "offset": "nothing"},
        {"pid": "__proto__", "offset": "__proto__"},
        {"pid": 1, "offset": 2},
        {"pid": {}, "offset": []},
        {"pid": "x" * 100_000, "offset": "y" * 100_000},
        {"pid": None},
        {"offset": "1"},
    ],
    ids=lambda auth: str(auth)[:40],
)
def test_client_that_was_never_there_starts_anew(recovering: Opener, auth: dict[str, Any]) -> None:
    socket, welcome = rejoin(recovering, auth)
    assert set(welcome) == {"sid", "pid"}
    assert str(socket.receive()).startswith('42["auth",')


def test_client_that_left_by_itself_does_not_come_back(recovering: Opener) -> None:
    socket, welcome = rejoin(recovering)
    socket.receive()
    offset = last_offset(socket, 1)
    socket.send_text("41", "1")
    with pytest.raises(Closed):
        socket.receive()
    _, welcomed = rejoin(recovering, {"pid": welcome["pid"], "offset": offset})
    assert welcomed["sid"] != welcome["sid"]


def test_stop_closes_every_session_as_its_transport_does(make_server: MakeServer) -> None:
    running = make_server(*SLOW_HEARTBEAT)
    opener = Opener(running)
    sockets = [opener.join() for _ in range(20)]
    polls = [(session := opener.polling("/engine.io/"), session.begin_poll()) for _ in range(5)]
    for session, _ in polls:
        session.send("6")
    before = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - before < 15
    assert {socket.wait_for_close() for socket in sockets} == {1001}
    assert {(answer := poll.response()).status for _, poll in polls} == {200}
    assert answer.text in ("1", "6\x1e1")
    opener.close()
