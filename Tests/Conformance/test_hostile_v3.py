"""What Engine.IO protocol 3 and Socket.IO 2 add to attack: lengths before packets, binary framing, old namespaces."""

import pytest
from conftest import Opener
from testserver import MAX_PAYLOAD
from wire import BINARY, TEXT, Closed, WebSocket, frame

WEBSOCKET = "/engine.io/?EIO=3&transport=websocket"
BASE64 = "&b64=1"
MALFORMED = 1008

PAYLOADS: dict[str, str | bytes] = {
    "empty": "",
    "no-length": ":4hello",
    "no-colon": "6",
    "only-digits": "1" * MAX_PAYLOAD,
    "length-negative": "-6:4hello",
    "length-with-plus": "+6:4hello",
    "length-with-space": " 6:4hello",
    "length-fraction": "6.0:4hello",
    "length-exponent": "1e1:4hello",
    "length-hexadecimal": "0x6:4hello",
    "length-of-30-digits": "9" * 30 + ":4hello",
    "length-2^63": f"{2**63}:4hello",
    "length-2^64-1": f"{2**64 - 1}:4hello",
    "length-too-large": "7:4hello",
    "length-too-small": "5:4hello",
    "length-in-bytes-of-a-text": "7:4h€llo",
    "length-inside-a-surrogate-pair": "2:4😀",
    "garbage-behind": "6:4helloX",
    "unknown-type": "2:9x",
    "version-4": "4hello\x1e4hello",
    "base64-without-type": "1:b",
    "base64-with-bad-characters": "6:b4!!!!",
    "base64-with-unknown-type": "6:b9AQID",
    "not-utf8": b"6:4\xff\xfe\xff\xfe\xff",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_bad_payload_ends_its_session(attack: Opener, payload: str | bytes) -> None:
    session = attack.polling(version=3, query=BASE64)
    assert session.post(payload).status == 400
    assert session.poll().status == 400


BINARY_PAYLOADS = {
    "empty": b"",
    "unknown-kind": b"\x02\x06\xff4hello",
    "no-length": b"\x00\xff4hello",
    "no-end-of-length": b"\x00" + b"\x01" * 1_000,
    "length-digit-above-9": b"\x00\x0a\xff4hello",
    "length-of-30-digits": b"\x00" + b"\x09" * 30 + b"\xff4hello",
    "length-of-400-digits": b"\x00" + b"\x09" * 400 + b"\xff4hello",
    "length-too-large": b"\x00\x07\xff4hello",
    "length-zero": b"\x00\x00\xff",
    "binary-without-type": b"\x01\x00\xff",
    "binary-of-unknown-type": b"\x01\x02\xff\x09x",
    "garbage-behind": b"\x00\x06\xff4helloX",
    "text-not-utf8": b"\x00\x03\xff4\xff\xfe",
    "many-empty-packets": b"\x00\x00\xff" * (MAX_PAYLOAD // 3),
}


@pytest.mark.parametrize("payload", BINARY_PAYLOADS.values(), ids=BINARY_PAYLOADS)
def test_bad_binary_payload_ends_its_session(attack: Opener, payload: bytes) -> None:
    session = attack.polling(version=3)
    headers = {"Content-Type": "application/octet-stream"}
    assert attack.request("POST", session.target, payload, headers).response().status == 400
    assert session.poll().status == 400


FRAMES = {
    "empty": frame(TEXT, ""),
    "empty-binary": frame(BINARY, b""),
    "unknown-type": frame(TEXT, "9x"),
    "binary-of-unknown-type": frame(BINARY, b"\x09x"),
    "binary-with-a-digit": frame(BINARY, b"4x"),
    "payload-framing": frame(TEXT, "b4AQID!"),
    "not-utf8": frame(TEXT, b"4\xff"),
    "upgrade": frame(TEXT, "5"),
}


@pytest.mark.parametrize("sent", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("glued", [True, False], ids=["glued-behind-the-upgrade", "later"])
def test_bad_frame_ends_its_session(attack: Opener, sent: bytes, glued: bool) -> None:
    socket = attack.websocket(WEBSOCKET, glued=sent if glued else b"")
    if not glued:
        socket.receive()
        socket.send(sent)
    assert socket.wait_for_close() in (MALFORMED, 1007)


def join(attack: Opener) -> WebSocket:
    socket = attack.websocket("/socket.io/?EIO=3&transport=websocket")
    assert [str(socket.receive())[:2] for _ in range(3)] == ["0{", "40", "42"]
    return socket


SOCKET_PACKETS: dict[str, list[str | bytes]] = {
    "event-without-payload": ["42"],
    "event-name-is-a-number": ["42[1]"],
    "reserved-event": ['42["disconnect"]'],
    "ack-id-of-30-digits": [f'42{"9" * 30}["message-with-ack"]'],
    "attachments-count-4599999": ['4599999-["message"]'],
    "attachment-without-its-type": ['451-["message",{"_placeholder":true,"num":0}]', b""],
    "attachment-index-out-of-range": ['451-["message",{"_placeholder":true,"num":9}]', b"\4x"],
    "attachment-nobody-waits-for": [b"\4x"],
    "json-nested-100000-deep": ["42" + "[" * 100_000],
    "event-of-a-namespace-not-joined": ['42/custom,["message"]'],
    "query-of-10000-bytes": ["40/custom?" + "a" * 10_000 + ","],
}


@pytest.mark.parametrize("messages", SOCKET_PACKETS.values(), ids=SOCKET_PACKETS)
def test_bad_socket_packet_ends_its_connection(attack: Opener, messages: list[str | bytes]) -> None:
    socket = join(attack)
    for message in messages:
        if isinstance(message, str):
            socket.send_text(message)
        else:
            socket.send_binary(message)
    assert socket.wait_for_close() == MALFORMED


QUERIES = ["?", "?token", "?token=%zz", "?token=%ff%fe", "?" + "&" * 100, "?__proto__=1", "?a=1?b=2", "#x"]


@pytest.mark.parametrize("query", QUERIES)
def test_odd_query_of_a_namespace_is_harmless(attack: Opener, query: str) -> None:
    socket = join(attack)
    socket.send_text(f"40/custom{query},", '421["message-with-ack"]')
    try:
        while socket.receive() != "431[]":
            pass
    except Closed as closing:
        assert closing.args[0][:2] == MALFORMED.to_bytes(2)
