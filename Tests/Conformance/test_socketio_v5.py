"""Socket.IO protocol 5: what the published suite asks of a server."""

import json
import time
from collections.abc import Callable

import pytest
from conftest import Opener
from testserver import CONNECT_TIMEOUT
from wire import WebSocket

WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
Connect = Callable[..., WebSocket]


def session(open: Opener) -> WebSocket:
    socket = open.websocket(WEBSOCKET)
    assert socket.receive().startswith("0{")
    return socket


@pytest.mark.parametrize("auth", ["", "{}", '{"token":"123"}', '{"token":{"a":[1,null,"ü"]}}'])
@pytest.mark.parametrize(
    ("prefix", "answered"), [("", ""), ("/,", ""), ("/custom,", "/custom,")], ids=["main", "main-named", "custom"]
)
def test_client_joins_a_namespace(open: Opener, prefix: str, answered: str, auth: str) -> None:
    socket = session(open)
    socket.send_text(f"40{prefix}{auth}")
    answer = socket.receive()
    assert answer.startswith(f"40{answered}{{")
    welcome = json.loads(answer[2 + len(answered) :])
    assert list(welcome) == ["sid"]
    assert isinstance(welcome["sid"], str)
    assert socket.receive() == f'42{answered}["auth",{auth or "{}"}]'


def test_socket_id_is_not_the_sessions(open: Opener) -> None:
    socket = open.websocket(WEBSOCKET)
    opened = json.loads(socket.receive()[1:])
    socket.send_text("40", "40/custom,")
    ids = {json.loads(text[text.index("{") :])["sid"] for text in (socket.receive() for _ in range(4)) if "sid" in text}
    assert len(ids | {opened["sid"]}) == 3


def test_custom_namespace_without_comma_is_joined(open: Opener) -> None:
    socket = session(open)
    socket.send_text("40/custom")
    assert socket.receive().startswith('40/custom,{"sid":"')


@pytest.mark.parametrize("packet", ["40/random", "40/random,", '40/random,{"a":1}'])
def test_unknown_namespace_is_refused(open: Opener, packet: str) -> None:
    socket = session(open)
    socket.send_text(packet)
    assert socket.receive() == '44/random,{"message":"Invalid namespace"}'
    socket.send_text("40")
    assert socket.receive().startswith("40{")


def test_packet_before_any_namespace_ends_the_connection(open: Opener) -> None:
    socket = session(open)
    socket.send_text("4abc")
    assert socket.wait_for_close() is not None


def test_client_without_a_namespace_is_closed_at_the_timeout(open: Opener) -> None:
    before = time.monotonic()
    socket = open.websocket(WEBSOCKET)
    assert socket.wait_for_close() is not None
    assert CONNECT_TIMEOUT - 0.02 <= time.monotonic() - before < 10


def test_client_with_a_refused_namespace_is_closed_at_the_timeout(open: Opener) -> None:
    before = time.monotonic()
    socket = open.websocket(WEBSOCKET)
    socket.send_text("40/random")
    assert socket.wait_for_close() is not None
    assert CONNECT_TIMEOUT - 0.02 <= time.monotonic() - before < 10


def test_client_stays_after_it_left_its_only_namespace(quick: Opener) -> None:
    socket = quick.join(answers_pings=False)
    socket.send_text("41")
    assert socket.receive() == "2"


def test_client_leaves_one_namespace_and_stays_in_another(connect: Connect) -> None:
    socket = connect()
    socket.send_text("40/custom")
    assert socket.receive().startswith("40/custom,{")
    assert socket.receive() == '42/custom,["auth",{}]'
    socket.send_text("41/custom,", '42["message","message to main namespace"]')
    assert socket.receive() == '42["message-back","message to main namespace"]'


def test_client_joins_again_what_it_has_left(connect: Connect) -> None:
    socket = connect()
    socket.send_text("41", "40")
    assert socket.receive().startswith("40{")
    assert socket.receive() == '42["auth",{}]'


ARGUMENTS = [
    '1,"2",{"3":[true]}',
    '"ü€😀","\\n\\u0000"',
    '0,-1,1.5,9007199254740991,null,false',
    '[],{},[[]],[{}],""',
    '{"_placeholder":false,"num":0}',
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_event_comes_back(connect: Connect, arguments: str) -> None:
    socket = connect()
    socket.send_text(f'42["message",{arguments}]')
    answer = socket.receive()
    assert answer.startswith('42["message-back",')
    assert json.loads(answer[2:]) == ["message-back", *json.loads(f"[{arguments}]")]


def test_event_without_arguments_comes_back(connect: Connect) -> None:
    socket = connect()
    socket.send_text('42["message"]')
    assert socket.receive() == '42["message-back"]'


@pytest.mark.parametrize("number", [0, 1, 456, 9_007_199_254_740_991])
def test_event_is_acknowledged(connect: Connect, number: int) -> None:
    socket = connect()
    socket.send_text(f'42{number}["message-with-ack",1,"2",{{"3":[false]}}]')
    assert socket.receive() == f'43{number}[1,"2",{{"3":[false]}}]'


def test_event_that_nobody_knows_is_ignored(connect: Connect) -> None:
    socket = connect()
    socket.send_text('42["nobody knows me",1]', '42["message",2]')
    assert socket.receive() == '42["message-back",2]'


PLACEHOLDERS = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'


def test_attachments_come_back(connect: Connect) -> None:
    socket = connect()
    socket.send_text(f'452-["message",{PLACEHOLDERS}]')
    socket.send_binary(b"\1\2\3")
    socket.send_binary(b"\4\5\6")
    assert socket.receive() == f'452-["message-back",{PLACEHOLDERS}]'
    assert [socket.receive(), socket.receive()] == [b"\1\2\3", b"\4\5\6"]


def test_event_with_attachments_is_acknowledged(connect: Connect) -> None:
    socket = connect()
    socket.send_text(f'452-789["message-with-ack",{PLACEHOLDERS}]')
    socket.send_binary(b"\1\2\3")
    socket.send_binary(b"\4\5\6")
    assert socket.receive() == f"462-789[{PLACEHOLDERS}]"
    assert [socket.receive(), socket.receive()] == [b"\1\2\3", b"\4\5\6"]


def test_attachments_keep_their_place_inside_the_arguments(connect: Connect) -> None:
    socket = connect()
    first, second = PLACEHOLDERS.split(",{")
    socket.send_text(f'452-1["message-with-ack",{{"b":[{{{second}],"a":{first}}}]')
    socket.send_binary(b"zero")
    socket.send_binary(b"")
    answer = socket.receive()
    assert answer.startswith("462-1[")
    attachments = [socket.receive(), socket.receive()]
    argument = json.loads(answer[5:])[0]
    assert attachments[argument["a"]["num"]] == b"zero"
    assert attachments[argument["b"][0]["num"]] == b""


def test_event_and_attachments_travel_by_polling(open: Opener) -> None:
    session = open.polling("/socket.io/")
    session.send("40")
    received: list[str] = []
    while len(received) < 2:
        received += session.receive().split("\x1e")
    assert received[0].startswith("40{") and received[1] == '42["auth",{}]'
    session.send('451-7["message-with-ack",{"_placeholder":true,"num":0}]\x1ebAQID')
    assert session.receive().split("\x1e") == ['461-7[{"_placeholder":true,"num":0}]', "bAQID"]


@pytest.mark.parametrize(
    "packet",
    ["4abc", "42{}", '42abc["message-with-ack",1,"2",{"3":[false]}]'],
    ids=["unknown-type", "payload", "ack-id"],
)
def test_invalid_packet_ends_the_connection(connect: Connect, packet: str) -> None:
    socket = connect()
    socket.send_text(packet)
    assert socket.wait_for_close() is not None
