"""Engine.IO protocol 3, for clients 1.x and 2.x: lengths before packets, and pings by the client."""

import json
import time

import pytest
from conftest import Opener
from sessions import open_packet
from testserver import MAX_PAYLOAD, PING_INTERVAL, PING_TIMEOUT
from wire import Closed, WebSocket

POLLING = "/engine.io/?EIO=3&transport=polling"
WEBSOCKET = "/engine.io/?EIO=3&transport=websocket"
BASE64 = "&b64=1"


@pytest.mark.parametrize("query", ["", BASE64], ids=["binary", "base64"])
def test_polling_handshake_has_its_length(quick: Opener, query: str) -> None:
    answer = quick.request("GET", POLLING + query).response()
    assert answer.status == 200
    text = answer.text
    if not text[0].isdigit():
        pytest.fail(f"the handshake is readable text in either framing: {text!r}")
    opened = open_packet(text, 3)
    assert isinstance(opened["sid"], str)
    assert opened["upgrades"] == ["websocket"]
    assert opened["pingInterval"] == PING_INTERVAL * 1000
    assert opened["pingTimeout"] == PING_TIMEOUT * 1000
    assert opened.get("maxPayload") in (None, MAX_PAYLOAD)


def test_websocket_handshake_has_no_length(quick: Opener) -> None:
    opened = open_packet(quick.websocket(WEBSOCKET).receive())
    assert isinstance(opened["sid"], str)
    assert opened["upgrades"] == []
    assert (opened["pingInterval"], opened["pingTimeout"]) == (PING_INTERVAL * 1000, PING_TIMEOUT * 1000)


@pytest.mark.parametrize(
    ("method", "query", "code"),
    [("GET", "EIO=3", 0), ("GET", "EIO=3&transport=abc", 0), ("POST", "EIO=3&transport=polling", 2)],
)
def test_polling_handshake_is_refused(open: Opener, method: str, query: str, code: int) -> None:
    answer = open.request(method, f"/engine.io/?{query}", None if method == "GET" else "").response()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)


@pytest.mark.parametrize(
    "query", ["transport=websocket", "EIO=abc&transport=websocket", "EIO=3", "EIO=3&transport=abc"]
)
def test_websocket_handshake_is_refused(open: Opener, query: str) -> None:
    refusal = open.websocket(f"/engine.io/?{query}").refusal
    assert refusal is not None and refusal.status == 400


PAYLOADS = {
    "one": "6:4hello",
    "several": "6:4test16:4test26:4test3",
    "base64": "6:4hello10:b4AQIDBA==",
    "empty-message": "1:4",
    # Lengths count what JavaScript does: units of UTF-16.
    "unicode": "5:4ü€😀3:4ab",
    "digits-and-colons": "6:41:2:3",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_payload_comes_back(open: Opener, payload: str) -> None:
    session = open.polling(version=3, query=BASE64)
    session.send(payload)
    assert session.receive() == payload


def test_binary_comes_back_in_binary_framing(open: Opener) -> None:
    session = open.polling(version=3)
    session.send("6:4hello10:b4AQIDBA==")
    answer = session.poll()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.body == b"\x00\x06\xff4hello" + b"\x01\x05\xff\x04\1\2\3\4"


def test_binary_framing_is_read(open: Opener) -> None:
    session = open.polling(version=3)
    posted = b"\x00\x06\xff4hello" + b"\x01\x05\xff\x04\1\2\3\4"
    answer = open.request("POST", session.target, posted, {"Content-Type": "application/octet-stream"}).response()
    assert (answer.status, answer.text) == (200, "ok")
    assert session.poll().body == posted


def test_invalid_payload_ends_the_session(open: Opener) -> None:
    session = open.polling(version=3, query=BASE64)
    assert session.post("abc").status == 400
    assert session.poll().status == 400


def test_second_poll_ends_both_and_the_session(open: Opener) -> None:
    session = open.polling(version=3, query=BASE64)
    first = session.begin_poll()
    session.send("1:6")
    assert session.poll().status == 400
    answer = first.response()
    assert (answer.status, answer.text) == (200, "1:1")
    assert session.poll().status == 400


def test_text_frame_comes_back(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("4hello ü€😀")
    assert socket.receive() == "4hello ü€😀"


def test_binary_frame_has_its_type_before_it(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_binary(b"\4\1\2\3\4")
    assert socket.receive() == b"\4\1\2\3\4"


@pytest.mark.parametrize("packet", ["abc", b"\x09abc", b""], ids=["text", "binary", "empty"])
def test_invalid_frame_ends_the_session(open: Opener, packet: str | bytes) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    if isinstance(packet, str):
        socket.send_text(packet)
    else:
        socket.send_binary(packet)
    assert socket.wait_for_close() is not None


def test_polling_client_pings(open: Opener) -> None:
    session = open.polling(version=3, query=BASE64)
    for _ in range(3):
        session.send("1:2")
        assert session.receive() == "1:3"


def test_silent_polling_client_is_dropped_at_the_deadline(quick: Opener) -> None:
    session = quick.polling(version=3, query=BASE64)
    time.sleep(PING_INTERVAL + PING_TIMEOUT)
    assert session.post("1:2").status == 400


def test_websocket_client_pings(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    for _ in range(3):
        socket.send_text("2")
        assert socket.receive() == "3"


def test_pings_keep_a_session_alive(quick: Opener) -> None:
    socket = quick.websocket(WEBSOCKET)
    socket.receive()
    end = time.monotonic() + 2 * (PING_INTERVAL + PING_TIMEOUT)
    while time.monotonic() < end:
        socket.send_text("2")
        assert socket.receive() == "3"
        time.sleep(0.05)


def test_silent_websocket_client_is_closed_after_the_deadline(quick: Opener) -> None:
    before = time.monotonic()
    socket = quick.websocket(WEBSOCKET)
    assert socket.wait_for_close() is not None
    assert PING_INTERVAL + PING_TIMEOUT - 0.02 <= time.monotonic() - before < 10


def test_close_packet_ends_a_polling_session(open: Opener) -> None:
    session = open.polling(version=3, query=BASE64)
    waiting = session.begin_poll()
    session.send("1:6")
    session.send("1:1")
    answer = waiting.response()
    assert (answer.status, answer.text) == (200, "1:6")
    assert session.poll().status == 400


def test_close_packet_ends_a_websocket_session(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    socket.receive()
    socket.send_text("1")
    with pytest.raises(Closed):
        socket.receive()


def test_probe_upgrades_a_session(open: Opener) -> None:
    session = open.polling(version=3, query=BASE64)
    socket = open.websocket(session.websocket_target)
    socket.send_text("2probe")
    assert socket.receive() == "3probe"
    assert session.receive() == "1:6"
    socket.send_text("5", "4hello")
    assert socket.receive() == "4hello"
    assert session.poll().status == 400
    second = open.websocket(session.websocket_target)
    assert second.refusal is not None or second.wait_for_close() is not None
    socket.send_text("4still here")
    assert socket.receive() == "4still here"


def join(open: Opener) -> tuple[WebSocket, list[str | bytes]]:
    """Opens a client of Socket.IO 2, and takes what it is greeted with."""
    socket = open.websocket("/socket.io/?EIO=3&transport=websocket")
    return socket, [socket.receive() for _ in range(3)]


def test_client_of_socketio_2_is_in_the_main_namespace_at_once(open: Opener) -> None:
    socket, packets = join(open)
    assert packets[0].startswith("0{")
    assert packets[1:] == ["40", '42["auth",{}]']


@pytest.mark.parametrize("packet", ["40/custom", "40/custom,", "40/custom?token=abc", "40/custom?token=abc,"])
def test_client_of_socketio_2_joins_a_namespace(open: Opener, packet: str) -> None:
    socket, _ = join(open)
    socket.send_text(packet)
    assert socket.receive().rstrip(",") == "40/custom"
    assert socket.receive().startswith('42/custom,["auth",')


def test_client_of_socketio_2_hears_that_a_namespace_is_unknown(open: Opener) -> None:
    socket, _ = join(open)
    socket.send_text("40/random,")
    assert socket.receive() == '44/random,"Invalid namespace"'


def test_client_of_socketio_2_talks(open: Opener) -> None:
    socket, _ = join(open)
    socket.send_text('42["message",1,{"a":[]}]', '427["message-with-ack",1]')
    assert [socket.receive(), socket.receive()] == ['42["message-back",1,{"a":[]}]', "437[1]"]
    socket.send_text('451-["message",{"_placeholder":true,"num":0}]')
    socket.send_binary(b"\4\1\2\3")
    assert socket.receive() == '451-["message-back",{"_placeholder":true,"num":0}]'
    assert socket.receive() == b"\4\1\2\3"
