"""WebSocket handshakes and upgrades that are wrong, unfinished or abandoned."""

import base64

import pytest
from conftest import Opener
from hostile import Victim, eventually
from wire import BINARY, TEXT, Closed, Connection, frame

WEBSOCKET = "/engine.io/?EIO=4&transport=websocket"
KEY = base64.b64encode(b"0123456789abcdef").decode()

GOOD = {
    "Host": "localhost",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}
# What is built to make a backtracking parser try every way of reading it.
BACKTRACKING = {
    "commas": "," * 7_000,
    "spaces": "a" + " " * 7_000 + "b",
    "spaces-and-commas": ", " * 3_500,
    "tabs-before-a-semicolon": "a" + "\t" * 7_000 + ";",
    "semicolons": ";" * 7_000,
    "open-quote": 'a;b="' + "\\" * 7_000,
    "quoted-pairs": 'a;b="' + '\\"' * 3_500,
    "parameters": "permessage-deflate" + ";a=b" * 1_700,
    "parameters-without-value": "permessage-deflate" + ";server_max_window_bits=" * 280,
    "equal-signs": "a;b" + "=" * 7_000,
    "many-extensions": ",".join(["permessage-deflate;client_max_window_bits=8"] * 150),
    "repeated-token": "a" * 7_000 + "!",
}


def handshake(connection: Connection, method: str = "GET", version: str = "1.1", **changes: str | None) -> int | None:
    """Sends a handshake with some headers changed (underscores are dashes) or left out; returns the status."""
    headers = GOOD | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    connection.send(f"{method} {WEBSOCKET} HTTP/{version}\r\n{lines}\r\n".encode())
    try:
        return connection.response().status
    except Closed:
        return None


@pytest.mark.parametrize("header", ["Sec_WebSocket_Extensions", "Sec_WebSocket_Protocol", "Sec_WebSocket_Key"])
@pytest.mark.parametrize("value", BACKTRACKING.values(), ids=BACKTRACKING)
def test_header_built_to_backtrack_costs_nothing(attack: Opener, attacked: Victim, header: str, value: str) -> None:
    before = attacked.server.cpu_seconds()
    status = handshake(attack.connection(), **{header: value})
    assert status == (400 if header.endswith("Key") else 101)
    assert attacked.server.cpu_seconds() - before < 0.5


REFUSED: dict[str, dict[str, str | None]] = {
    "no-key": {"Sec_WebSocket_Key": None},
    "empty-key": {"Sec_WebSocket_Key": ""},
    "short-key": {"Sec_WebSocket_Key": base64.b64encode(b"short").decode()},
    "long-key": {"Sec_WebSocket_Key": base64.b64encode(bytes(17)).decode()},
    "key-of-8000-bytes": {"Sec_WebSocket_Key": "a" * 8_000},
    "key-not-base64": {"Sec_WebSocket_Key": "!" * 24},
    "no-version": {"Sec_WebSocket_Version": None},
    "version-8": {"Sec_WebSocket_Version": "8"},
    "version-of-30-digits": {"Sec_WebSocket_Version": "1" * 30},
    "version-list": {"Sec_WebSocket_Version": "13, 8"},
    "upgrade-to-something-else": {"Upgrade": "h2c"},
    "no-upgrade": {"Upgrade": None},
    "no-connection": {"Connection": None},
    "connection-keep-alive": {"Connection": "keep-alive"},
    "method-post": {"method": "POST"},
    "method-options": {"method": "OPTIONS"},
    "http-1.0": {"version": "1.0"},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_bad_handshake_is_refused(attack: Opener, changes: dict[str, str]) -> None:
    assert handshake(attack.connection(), **changes) in (400, 405, 426, None)


ACCEPTED: dict[str, dict[str, str]] = {
    "upgrade-in-capitals": {"Upgrade": "WEBSOCKET"},
    "connection-list": {"Connection": "keep-alive, Upgrade"},
    "compression-offered": {"Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits"},
    "subprotocol-offered": {"Sec_WebSocket_Protocol": "chat, superchat"},
}


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_odd_handshake_is_accepted(attack: Opener, changes: dict[str, str]) -> None:
    assert handshake(attack.connection(), **changes) == 101


PROBES = {
    "message": frame(TEXT, "4hello"),
    "ping-without-probe": frame(TEXT, "2"),
    "pong": frame(TEXT, "3probe"),
    "upgrade-without-probe": frame(TEXT, "5"),
    "probe-misspelt": frame(TEXT, "2prob"),
    "probe-twice": frame(TEXT, "2probe") * 2,
    "close": frame(TEXT, "1"),
    "binary": frame(BINARY, b"2probe"),
    "empty": frame(TEXT, ""),
    "unknown-type": frame(TEXT, "9"),
    "not-utf8": frame(TEXT, b"\xff"),
    "rsv1": frame(TEXT, "2probe", reserved=4),
    "message-behind-the-probe": frame(TEXT, "2probe") + frame(TEXT, "4hello"),
}


@pytest.mark.parametrize("sent", PROBES.values(), ids=PROBES)
@pytest.mark.parametrize("glued", [True, False], ids=["glued-behind-the-upgrade", "later"])
def test_bad_probe_is_closed_and_the_session_goes_on(attack: Opener, sent: bytes, glued: bool) -> None:
    session = attack.polling()
    socket = attack.websocket(session.websocket_target, glued=sent if glued else b"")
    if not glued:
        socket.send(sent)
    assert socket.wait_for_close() is not None
    session.send("4still here")
    assert "4still here" in session.receive().split("\x1e")


def test_second_probe_is_closed_and_the_first_goes_on(attack: Opener) -> None:
    """Two WebSockets for one sid."""
    session = attack.polling()
    first = attack.websocket(session.websocket_target)
    first.send_text("2probe")
    assert first.receive() == "3probe"
    second = attack.websocket(session.websocket_target)
    assert second.refusal is not None or second.wait_for_close() is not None
    first.send_text("5", "4hello")
    assert first.receive() == "4hello"


def test_upgrade_refused_and_then_reset(attack: Opener) -> None:
    for _ in range(20):
        connection = attack.connection()
        connection.request("GET", f"{WEBSOCKET}&sid=nobody", headers={**GOOD, "Host": "again"})
        connection.reset()
    session = attack.polling()
    for _ in range(20):
        attack.request("GET", session.websocket_target, headers=GOOD).reset()
    session.send("4hello")
    assert "4hello" in session.receive().split("\x1e")


def test_unfinished_upgrades_do_not_leak(attack: Opener, attacked: Victim) -> None:
    before = attacked.server.descriptors()
    sockets = []
    for number in range(40):
        session = attack.polling()
        socket = attack.websocket(session.websocket_target, answers_pings=False)
        if number % 2:
            socket.send_text("2probe")
        sockets.append(socket)
    for socket in sockets:
        assert socket.wait_for_close() is not None
    assert eventually(lambda: attacked.server.descriptors() <= before)


def test_upgrades_abandoned_by_reset_do_not_leak(attack: Opener, attacked: Victim) -> None:
    before = attacked.server.descriptors()
    for number in range(40):
        session = attack.polling()
        socket = attack.websocket(session.websocket_target)
        if number % 2:
            socket.send_text("2probe")
            assert socket.receive() == "3probe"
        socket.reset()
    assert eventually(lambda: attacked.server.descriptors() <= before)


def test_abandoned_polls_end_their_sessions(attack: Opener, attacked: Victim) -> None:
    before = attacked.server.descriptors()
    for number in range(40):
        session = attack.polling()
        waiting = session.begin_poll()
        session.send("6")
        if number % 2:
            waiting.reset()
        else:
            waiting.close()
        assert eventually(lambda: session.post("6").status == 400)
    assert eventually(lambda: attacked.server.descriptors() <= before)
