"""Engine.IO protocol 4: what the published suite asks of a server, over polling and over WebSocket."""

import json
import time

import pytest
from conftest import Opener
from sessions import open_packet
from testserver import MAX_PAYLOAD, PING_INTERVAL, PING_TIMEOUT

POLLING = "/engine.io/?EIO=4&transport=polling"
WEBSOCKET = "/engine.io/?EIO=4&transport=websocket"

# A timer may be early by as much as a clock's tick; how late it is depends on what else the machine does.
EARLY = 0.02
LATE = 10.0

UNKNOWN_TRANSPORT = (400, {"code": 0, "message": "Transport unknown"})
UNKNOWN_SESSION = (400, {"code": 1, "message": "Session ID unknown"})
BAD_METHOD = (400, {"code": 2, "message": "Bad handshake method"})
BAD_REQUEST = (400, {"code": 3, "message": "Bad request"})
UNSUPPORTED_VERSION = (400, {"code": 5, "message": "Unsupported protocol version"})


@pytest.mark.parametrize(("transport", "upgrades"), [("polling", ["websocket"]), ("websocket", [])])
def test_handshake_tells_what_the_session_keeps_to(quick: Opener, transport: str, upgrades: list[str]) -> None:
    if transport == "polling":
        answer = quick.request("GET", POLLING).response()
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
        packet = open_packet(answer.text)
    else:
        packet = open_packet(quick.websocket(WEBSOCKET).receive())
    assert packet.pop("sid")
    assert packet == {
        "upgrades": upgrades,
        "pingInterval": PING_INTERVAL * 1000,
        "pingTimeout": PING_TIMEOUT * 1000,
        "maxPayload": MAX_PAYLOAD,
    }


@pytest.mark.parametrize(
    ("method", "query", "refusal"),
    [
        ("GET", "transport=polling", UNSUPPORTED_VERSION),
        ("GET", "EIO=abc&transport=polling", UNSUPPORTED_VERSION),
        ("GET", "EIO=4", UNKNOWN_TRANSPORT),
        ("GET", "EIO=4&transport=abc", UNKNOWN_TRANSPORT),
        ("GET", "EIO=4&transport=websocket", BAD_REQUEST),
        ("POST", "EIO=4&transport=polling", BAD_METHOD),
        ("PUT", "EIO=4&transport=polling", BAD_METHOD),
        ("GET", "EIO=4&transport=polling&sid=nobody", UNKNOWN_SESSION),
        ("POST", "EIO=4&transport=polling&sid=nobody", UNKNOWN_SESSION),
    ],
)
def test_handshake_over_http_is_refused(open: Opener, method: str, query: str, refusal: tuple[int, dict]) -> None:
    answer = open.request(method, f"/engine.io/?{query}", "" if method != "GET" else None).response()
    assert (answer.status, json.loads(answer.body)) == refusal
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("transport=websocket", UNSUPPORTED_VERSION),
        ("EIO=abc&transport=websocket", UNSUPPORTED_VERSION),
        ("EIO=4", UNKNOWN_TRANSPORT),
        ("EIO=4&transport=abc", UNKNOWN_TRANSPORT),
        ("EIO=4&transport=polling", BAD_REQUEST),
        ("EIO=4&transport=websocket&sid=nobody", UNKNOWN_SESSION),
    ],
)
def test_handshake_over_websocket_is_refused(open: Opener, query: str, refusal: tuple[int, dict]) -> None:
    answer = open.websocket(f"/engine.io/?{query}").refusal
    assert answer is not None
    assert (answer.status, json.loads(answer.body)) == refusal


PAYLOADS = {
    "text": "4hello",
    "empty": "4",
    "several": "4test1\x1e4test2\x1e4test3",
    "binary": "4hello\x1ebAQIDBA==",
    "empty-binary": "b",
    "unicode": "4ü€😀\x1e4\n\t\x00",
    "largest": "4" + "x" * (MAX_PAYLOAD - 1),
}
MESSAGES = {"text": "hello", "empty": "", "unicode": "ü€😀\n\x00", "largest": "x" * (MAX_PAYLOAD - 1)}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_payload_comes_back(open: Opener, payload: str) -> None:
    session = open.polling()
    session.send(payload)
    assert session.receive() == payload


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_text_frame_comes_back(open: Opener, message: str) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("4" + message)
    assert socket.receive() == "4" + message


@pytest.mark.parametrize("size", [0, 4, 125, 126, 65_535, 65_536, MAX_PAYLOAD])
def test_binary_frame_comes_back(open: Opener, size: int) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    data = bytes(range(256)) * (size // 256 + 1)
    socket.send_binary(data[:size])
    assert socket.receive() == data[:size]


def test_messages_keep_their_order_over_both_transports(open: Opener) -> None:
    messages = [f"4{number}" for number in range(100)]
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text(*messages)
    assert [socket.receive() for _ in messages] == messages

    session = open.polling()
    session.send("\x1e".join(messages))
    received: list[str] = []
    while len(received) < len(messages):
        received += session.receive().split("\x1e")
    assert received == messages


def test_invalid_payload_ends_the_session(open: Opener) -> None:
    session = open.polling()
    assert session.post("abc").status == 400
    assert session.poll().status == 400


def test_invalid_frame_ends_the_session(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("abc")
    assert socket.wait_for_close() is not None


def test_second_poll_ends_both_and_the_session(open: Opener) -> None:
    session = open.polling()
    first = session.begin_poll()
    # Both connections are read by one thread, or by two: the posted packet shows that the first poll has been seen.
    session.send("6")
    second = session.poll()
    assert second.status == 400
    answer = first.response()
    assert (answer.status, answer.text) == (200, "1")
    assert session.poll().status == 400


def test_polling_client_is_pinged(quick: Opener) -> None:
    session = quick.polling()
    for _ in range(3):
        assert session.receive() == "2"
        session.send("3")


def test_websocket_client_is_pinged_at_the_interval(quick: Opener) -> None:
    before = time.monotonic()
    socket = quick.websocket(WEBSOCKET, answers_pings=False)
    socket.receive()
    for _ in range(3):
        assert socket.receive() == "2"
        elapsed = time.monotonic() - before
        assert PING_INTERVAL - EARLY <= elapsed < LATE
        before = time.monotonic()
        socket.send_text("3")


def test_silent_polling_client_is_dropped_at_the_deadline(quick: Opener) -> None:
    session = quick.polling()
    time.sleep(PING_INTERVAL + PING_TIMEOUT)
    assert session.poll().status == 400


def test_silent_websocket_client_is_closed_after_the_deadline(quick: Opener) -> None:
    before = time.monotonic()
    socket = quick.websocket(WEBSOCKET, answers_pings=False)
    assert socket.wait_for_close() is not None
    assert PING_INTERVAL + PING_TIMEOUT - EARLY <= time.monotonic() - before < LATE


def test_close_packet_ends_a_polling_session(open: Opener) -> None:
    session = open.polling()
    waiting = session.begin_poll()
    session.send("6")
    session.send("1")
    answer = waiting.response()
    assert (answer.status, answer.text) == (200, "6")
    assert session.poll().status == 400


def test_close_packet_ends_a_websocket_session(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("1")
    assert socket.wait_for_close() is not None


def test_probe_upgrades_a_session(open: Opener) -> None:
    session = open.polling()
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe")
    assert socket.receive() == "3probe"
    assert session.receive() == "6"
    socket.send_text("5", "4hello")
    assert socket.receive() == "4hello"


def test_waiting_poll_is_released_by_the_probe(open: Opener) -> None:
    session = open.polling()
    waiting = session.begin_poll()
    session.send("6")
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe")
    assert socket.receive() == "3probe"
    assert waiting.response().text == "6"


def test_what_waits_at_the_upgrade_comes_over_the_websocket(open: Opener) -> None:
    session = open.polling()
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe")
    assert socket.receive() == "3probe"
    session.send("4one\x1e4two")
    socket.send_text("5")
    assert [socket.receive(), socket.receive()] == ["4one", "4two"]


@pytest.mark.parametrize("repetition", range(20))
def test_polling_is_over_after_the_upgrade(open: Opener, repetition: int) -> None:
    """The order between two connections holds: what was written first counts first."""
    session = open.polling()
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe")
    socket.send_text("5")
    assert session.poll().status == 400
    assert session.post("4lost").status == 400
    assert socket.receive() == "3probe"
    socket.send_text("4hello")
    assert socket.receive() == "4hello"


def test_second_websocket_is_refused_after_the_upgrade(open: Opener) -> None:
    session = open.polling()
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe", "5")
    assert socket.receive() == "3probe"
    second = open.websocket(session.websocket_target)
    assert second.refusal is not None or second.wait_for_close() is not None
    socket.send_text("4hello")
    assert socket.receive() == "4hello"


def test_session_over_websocket_ends_with_its_connection(open: Opener) -> None:
    session = open.polling()
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe", "5", "4hello")
    assert [socket.receive(), socket.receive()] == ["3probe", "4hello"]
    socket.reset()
    second = open.websocket(session.websocket_target)
    assert second.refusal is not None or second.wait_for_close() is not None


def test_ids_of_sessions_do_not_repeat(open: Opener) -> None:
    ids = {open.polling().sid for _ in range(50)}
    assert len(ids) == 50
    assert all(len(sid) >= 20 for sid in ids)


def test_connection_serves_many_requests(open: Opener) -> None:
    connection = open.connection()
    sid = open_packet(connection.request("GET", POLLING).response().text)["sid"]
    for number in range(20):
        assert connection.request("POST", f"{POLLING}&sid={sid}", f"4{number}").response().text == "ok"
        assert connection.request("GET", f"{POLLING}&sid={sid}").response().text == f"4{number}"


def test_page_of_any_origin_may_read_the_answers(open: Opener) -> None:
    headers = {"Origin": "https://page.example"}
    answer = open.request("GET", POLLING, headers=headers).response()
    assert answer.headers["access-control-allow-origin"] in ("*", "https://page.example")
    preflight = open.request(
        "OPTIONS",
        POLLING,
        headers=headers | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"},
    ).response()
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] in ("*", "https://page.example")
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"].lower() == "content-type"
