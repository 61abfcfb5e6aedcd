"""Packets that the two protocols forbid: each ends its own session, and no other notices."""

import json

import pytest
from conftest import Opener
from testserver import MAX_PAYLOAD
from wire import Closed, WebSocket

ENGINE = "/engine.io/?EIO=4&transport=websocket"
SOCKETS = "/socket.io/?EIO=4&transport=websocket"

# What a WebSocket's close frame says of a packet that is no packet: a policy was violated.
MALFORMED = 1008

ENGINE_PACKETS = {
    "empty": "",
    "type-7": "7",
    "type-9": "9hello",
    "letter": "abc",
    "open": '0{"sid":"x"}',
    "close-with-body": "1x",
    "ping": "2",
    "probe-on-an-open-session": "2probe",
    "ping-with-body": "2x",
    "pong-of-a-probe": "3probe",
    "pong-with-body": "3x",
    "upgrade-of-a-websocket": "5",
    "upgrade-with-body": "5x",
    "noop-with-body": "6x",
    "polling-payload": "b" + "QUJD",
    "record-separator": "\x1e",
    "null": "\0",
    "emoji": "😀",
    "non-ascii-digit": "٤hello",
    "byte-order-mark": "\ufeff4hello",
}


@pytest.mark.parametrize("packet", ENGINE_PACKETS.values(), ids=ENGINE_PACKETS)
def test_bad_engine_packet_ends_its_session(attack: Opener, packet: str) -> None:
    socket = attack.websocket(ENGINE)
    socket.receive()
    socket.send_text(packet)
    assert socket.wait_for_close() == MALFORMED


PAYLOADS: dict[str, str | bytes] = {
    "empty": "",
    "separator": "\x1e",
    "separators": "\x1e" * MAX_PAYLOAD,
    "separator-before": "\x1e4a",
    "separator-behind": "4a\x1e",
    "separators-between": "4a\x1e\x1e4b",
    "bad-packet-behind-a-good-one": "4a\x1e9",
    "base64-with-bad-characters": "b!!!!",
    "base64-of-one-character": "bA",
    "base64-with-padding-inside": "bAA==AAAA",
    "base64-with-too-much-padding": "bAAAA====",
    "base64-with-line-break": "bAAAA\n",
    "version-3": "6:4hello",
    "text-not-utf8": b"4\xff\xfe",
    "text-surrogate": b"4\xed\xa0\x80",
    "text-cut-inside-a-character": b"4\xe2\x82\x1e4\xac",
    "form": "d=4hello",
    "json": '{"a":1}',
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_bad_payload_ends_its_session(attack: Opener, payload: str | bytes) -> None:
    session = attack.polling()
    assert session.post(payload).status == 400
    assert session.poll().status == 400


def placeholder(number: str) -> str:
    return f'451-["message",{{"_placeholder":true,"num":{number}}}]'


THIRTY_DIGITS = "9" * 30
DEEP = 100_000

# Each after the namespace "/" has been joined; a list is several messages, bytes are a binary one.
SOCKET_PACKETS: dict[str, str | list[str | bytes]] = {
    "empty": "4",
    "type-7": "47",
    "type-letter": '4a["message"]',
    "type-minus": '4-2["message"]',
    "connect-twice": "40",
    "connect-with-array": ["41", "40[]"],
    "connect-with-string": ["41", '40"token"'],
    "connect-with-null": ["41", "40null"],
    "connect-with-broken-json": ["41", '40{"a":'],
    "connect-with-id": ["41", '4012{"a":1}x'],
    "disconnect-with-payload": "41{}",
    "disconnect-of-a-namespace-not-joined": "41/custom,",
    "event-of-a-namespace-not-joined": '42/custom,["message"]',
    "event-of-an-unknown-namespace": '42/nobody,["message"]',
    "namespace-of-10000-bytes": "40/" + "a" * 10_000 + ",",
    "event-without-payload": "42",
    "event-of-object": "42{}",
    "event-of-string": '42"message"',
    "event-of-null": "42null",
    "event-of-empty-array": "42[]",
    "event-name-is-a-number": "42[1]",
    "event-name-is-null": "42[null]",
    "event-name-is-an-object": "42[{}]",
    "event-name-is-an-array": '42[["message"]]',
    "event-name-is-a-boolean": "42[true]",
    "event-name-is-an-attachment": ['451-[{"_placeholder":true,"num":0}]', b"message"],
    **{
        f"reserved-event-{name}": f'42["{name}"]'
        for name in ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
    },
    "json-without-end": '42["message"',
    "json-with-text-behind": '42["message"]x',
    "json-twice": '42["message"]["message"]',
    "json-comma-at-the-end": '42["message",]',
    "json-single-quotes": "42['message']",
    "json-comment": '42["message"/**/]',
    "json-nan": '42["message",NaN]',
    "json-infinity": '42["message",-Infinity]',
    "json-leading-zero": '42["message",01]',
    "json-plus": '42["message",+1]',
    "json-point-without-digits": '42["message",1.]',
    "json-exponent-without-digits": '42["message",1e]',
    "json-hexadecimal": '42["message",0x10]',
    "json-bad-escape": '42["message","\\x41"]',
    "json-short-escape": '42["message","\\u12"]',
    "json-control-character": '42["message","\n"]',
    "json-unquoted-name": '42["message",{a:1}]',
    "json-without-colon": '42["message",{"a" 1}]',
    "json-arrays-nested-100000-deep": "42" + "[" * DEEP + "]" * DEEP,
    "json-arrays-nested-100000-deep-behind-a-name": '42["message",' + "[" * DEEP + "]" * DEEP + "]",
    "json-objects-nested-100000-deep": '42["message",' + '{"a":' * DEEP + "1" + "}" * DEEP + "]",
    "json-nested-100000-deep-without-end": '42["message",' + "[" * DEEP,
    "json-nested-100000-deep-in-auth": ["41", "40" + '{"a":' * DEEP + "1" + "}" * DEEP],
    "json-nested-100000-deep-in-an-ack": "431" + "[" * DEEP + "]" * DEEP,
    "ack-id-of-30-digits": f'42{THIRTY_DIGITS}["message-with-ack"]',
    "ack-id-of-900000-digits": "42" + "9" * 900_000 + '["message-with-ack"]',
    "ack-id-of-2^64": f'42{2**64}["message-with-ack"]',
    "ack-id-negative": '42-1["message-with-ack"]',
    "ack-id-not-a-number": '42abc["message-with-ack"]',
    "ack-without-id": "43[]",
    "ack-with-id-of-30-digits": f"43{THIRTY_DIGITS}[]",
    "ack-of-object": "431{}",
    "ack-without-payload": "431",
    "connect-error-from-a-client": '44{"message":"no"}',
    "attachments-without-count": '45["message"]',
    "attachments-without-number": '45-["message"]',
    "attachments-without-dash": '451["message"]',
    "attachments-count-of-30-digits": f'45{THIRTY_DIGITS}-["message"]',
    "attachments-count-4599999": '4599999-["message"]',
    "attachments-count-of-11": '4511-["message",' + ",".join(['{"_placeholder":true,"num":0}'] * 11) + "]",
    "attachments-count-negative": '45-1-["message"]',
    "attachments-count-fraction": '451.5-["message"]',
    "attachments-of-an-ack-count-of-30-digits": f"46{THIRTY_DIGITS}-1[]",
    "attachment-index-out-of-range": [placeholder("1"), b"x"],
    "attachment-index-negative": [placeholder("-1"), b"x"],
    "attachment-index-of-30-digits": [placeholder(THIRTY_DIGITS), b"x"],
    "attachment-index-2^63": [placeholder(str(2**63)), b"x"],
    "attachment-index-fraction": [placeholder("0.5"), b"x"],
    "attachment-index-1e999": [placeholder("1e999"), b"x"],
    "attachment-index-string": [placeholder('"0"'), b"x"],
    "attachment-index-null": [placeholder("null"), b"x"],
    "attachment-index-splice": [placeholder('"splice"'), b"x"],
    "attachment-index-missing": ['451-["message",{"_placeholder":true}]', b"x"],
    "attachment-nobody-waits-for": [b"x"],
    "attachment-more-than-announced": ['451-["nobody",{"_placeholder":true,"num":0}]', b"x", b"y"],
    "text-instead-of-an-attachment": [placeholder("0"), '42["message"]'],
    "attachments-over-the-limit": ['4510-["message"]', *[b"x" * 950_000] * 10],
}


@pytest.mark.parametrize("messages", SOCKET_PACKETS.values(), ids=SOCKET_PACKETS)
def test_bad_socket_packet_ends_its_connection(attack: Opener, messages: str | list[str | bytes]) -> None:
    socket = attack.join()
    send(socket, messages)
    assert socket.wait_for_close() == MALFORMED


def send(socket: WebSocket, messages: str | list[str | bytes]) -> None:
    for message in [messages] if isinstance(messages, str) else messages:
        if isinstance(message, bytes):
            socket.send_binary(message)
        else:
            socket.send_text(message)


EVENTS = {
    "name-proto": '["__proto__",1]',
    "key-proto": '["message",{"__proto__":{"admin":true},"constructor":{"prototype":1}}]',
    "key-twice": '["message",{"a":1,"a":2}]',
    "key-empty": '["message",{"":1}]',
    "lone-surrogate": '["message","\\ud800"]',
    "lone-low-surrogate": '["message","\\udc00x"]',
    "surrogates-in-the-wrong-order": '["message","\\udc00\\ud800"]',
    "lone-surrogate-in-a-key": '["message",{"\\ud83d":1}]',
    "lone-surrogate-in-the-name": '["\\ud800"]',
    "surrogate-pair": '["message","\\ud83d\\ude00"]',
    "null-character": '["message","\\u0000"]',
    "number-of-30-digits": f'["message",{THIRTY_DIGITS}]',
    "number-of-100000-digits": f'["message",{"9" * 100_000}]',
    "number-1e999": '["message",1e999,-1e999,1e-999]',
    "minus-zero": '["message",-0,-0.0]',
    "whitespace": ' [ "message" , { "a" : [ ] } ] ',
    "nested-50-deep": '["message",' + "[" * 50 + "]" * 50 + "]",
    "placeholder-in-an-event": '["message",{"_placeholder":true,"num":0}]',
    "one-long-string": '["message","' + "x" * 900_000 + '"]',
    "many-short-values": '["message",[' + "0," * 400_000 + "0]]",
    "many-short-keys": '["message",{' + ",".join(f'"{number}":0' for number in range(60_000)) + "}]",
    "name-of-900000-bytes": '["' + "x" * 900_000 + '"]',
    "ack-nobody-waits-for": None,
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_odd_event_is_answered_or_ends_its_connection(attack: Opener, event: str | None) -> None:
    """What a parser may take or refuse; what comes back must be JSON in UTF-8 either way."""
    socket = attack.join()
    socket.send_text(f"42{event}" if event else "431[]", '421["message-with-ack"]')
    try:
        while (answer := socket.receive()) != "431[]":
            assert isinstance(answer, str)
            json.loads(answer[2:])
    except Closed as closing:
        assert closing.args[0][:2] == MALFORMED.to_bytes(2), closing
