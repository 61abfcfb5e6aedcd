"""Frames that RFC 6455 forbids, or that a server must bound: each ends its own connection, with the right code."""

import random

import pytest
from conftest import Opener
from testserver import MAX_PAYLOAD
from wire import BINARY, CLOSE, PING, PONG, TEXT, frame

TARGET = "/engine.io/?EIO=4&transport=websocket"
CONTINUATION = 0

PROTOCOL_ERROR = {1002}
INVALID_TEXT = {1007}
TOO_BIG = {1009}


def head(*head_bytes: int) -> bytes:
    """A frame's first bytes as they are, with the mask of `frame` behind them."""
    return bytes(head_bytes) + b"\x12\x34\x56\x78"


def bad_text(data: bytes) -> bytes:
    return frame(TEXT, b"4" + data)


def fragments(count: int, payload: bytes) -> bytes:
    return frame(TEXT, b"4", is_last=False) + frame(CONTINUATION, payload, is_last=False) * count


FRAMES: dict[str, tuple[bytes, set[int]]] = {
    "rsv1": (frame(TEXT, "4x", reserved=4), PROTOCOL_ERROR),
    "rsv2": (frame(TEXT, "4x", reserved=2), PROTOCOL_ERROR),
    "rsv3": (frame(TEXT, "4x", reserved=1), PROTOCOL_ERROR),
    "rsv-all-binary": (frame(BINARY, b"x", reserved=7), PROTOCOL_ERROR),
    "rsv1-ping": (frame(PING, b"x", reserved=4), PROTOCOL_ERROR),
    "rsv1-continuation": (
        frame(TEXT, b"4", is_last=False) + frame(CONTINUATION, b"x", reserved=4),
        PROTOCOL_ERROR,
    ),
    "no-mask-text": (frame(TEXT, "4x", mask=None), PROTOCOL_ERROR),
    "no-mask-empty": (frame(TEXT, "", mask=None), PROTOCOL_ERROR),
    "no-mask-binary": (frame(BINARY, b"x" * 200, mask=None), PROTOCOL_ERROR),
    "no-mask-ping": (frame(PING, b"x", mask=None), PROTOCOL_ERROR),
    "no-mask-close": (frame(CLOSE, b"\x03\xe8", mask=None), PROTOCOL_ERROR),
    **{f"opcode-{code:x}": (frame(code, b"x"), PROTOCOL_ERROR) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "fragmented-ping": (frame(PING, b"x", is_last=False), PROTOCOL_ERROR),
    "fragmented-pong": (frame(PONG, b"x", is_last=False), PROTOCOL_ERROR),
    "fragmented-close": (frame(CLOSE, b"\x03\xe8", is_last=False), PROTOCOL_ERROR),
    "ping-of-126-bytes": (frame(PING, b"x" * 126), PROTOCOL_ERROR),
    "pong-of-1000-bytes": (frame(PONG, b"x" * 1000), PROTOCOL_ERROR),
    "close-of-126-bytes": (frame(CLOSE, b"\x03\xe8" + b"x" * 124), PROTOCOL_ERROR),
    "continuation-of-nothing": (frame(CONTINUATION, b"x"), PROTOCOL_ERROR),
    "continuation-after-the-last": (
        frame(TEXT, "4", is_last=False) + frame(CONTINUATION, b"x") + frame(CONTINUATION, b"x"),
        PROTOCOL_ERROR,
    ),
    "text-between-fragments": (frame(TEXT, "4", is_last=False) + frame(TEXT, "4x"), PROTOCOL_ERROR),
    "binary-between-fragments": (frame(TEXT, "4", is_last=False) + frame(BINARY, b"x"), PROTOCOL_ERROR),
    "length-2^63": (frame(TEXT, declared=2**63), PROTOCOL_ERROR | TOO_BIG),
    "length-2^64-1": (frame(BINARY, declared=2**64 - 1), PROTOCOL_ERROR | TOO_BIG),
    "length-2^63-1": (frame(BINARY, declared=2**63 - 1), TOO_BIG),
    "length-2^32": (frame(BINARY, declared=2**32), TOO_BIG),
    "length-2^31": (frame(TEXT, declared=2**31), TOO_BIG),
    "one-byte-over-the-limit": (frame(TEXT, "4" + "x" * MAX_PAYLOAD), TOO_BIG),
    "one-byte-over-the-limit-declared": (frame(BINARY, declared=MAX_PAYLOAD + 1), TOO_BIG),
    "length-of-5-in-16-bits": (head(0x81, 0xFE, 0, 5) + b"xxxxx", {1002, 1008}),
    "length-of-5-in-64-bits": (head(0x81, 0xFF, *[0] * 7, 5) + b"xxxxx", {1002, 1008}),
    "fragments-over-the-limit": (fragments(3, b"x" * 400_000), TOO_BIG),
    "endless-empty-fragments": (fragments(20_000, b""), {1002, 1008, 1009}),
    "endless-fragments-of-1-byte": (fragments(20_000, b"x"), {1002, 1008, 1009}),
    "close-of-1-byte": (frame(CLOSE, b"\x03"), PROTOCOL_ERROR),
    **{
        f"close-code-{code}": (frame(CLOSE, code.to_bytes(2)), PROTOCOL_ERROR)
        for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
    "close-reason-not-utf8": (frame(CLOSE, b"\x03\xe8\xff\xfe"), INVALID_TEXT | PROTOCOL_ERROR),
    "text-not-utf8": (bad_text(b"\xff\xfe"), INVALID_TEXT),
    "text-overlong": (bad_text(b"\xc0\x80"), INVALID_TEXT),
    "text-overlong-3": (bad_text(b"\xe0\x80\xaf"), INVALID_TEXT),
    "text-surrogate": (bad_text(b"\xed\xa0\x80"), INVALID_TEXT),
    "text-beyond-unicode": (bad_text(b"\xf4\x90\x80\x80"), INVALID_TEXT),
    "text-cut-inside-a-character": (bad_text(b"\xe2\x82"), INVALID_TEXT),
    "text-lone-continuation-byte": (bad_text(b"\x80"), INVALID_TEXT),
    "text-not-utf8-in-fragments": (
        frame(TEXT, b"4\xe2", is_last=False) + frame(CONTINUATION, b"\x82", is_last=False) + frame(CONTINUATION, b"x"),
        INVALID_TEXT,
    ),
    "text-not-utf8-in-a-large-frame": (bad_text(b"x" * 500_000 + b"\xc3("), INVALID_TEXT),
    "http-request": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", PROTOCOL_ERROR),
    "tls-hello": (bytes.fromhex("16030100f8010000f40303"), PROTOCOL_ERROR),
}


@pytest.mark.parametrize(("sent", "codes"), FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("glued", [True, False], ids=["glued-behind-the-upgrade", "later"])
def test_bad_frame_ends_its_connection(attack: Opener, sent: bytes, codes: set[int], glued: bool) -> None:
    socket = attack.websocket(TARGET, glued=sent if glued else b"")
    if not glued:
        socket.receive()
        socket.send(sent)
    assert socket.wait_for_close() in codes


@pytest.mark.parametrize("seed", range(10))
def test_noise_ends_its_connection(attack: Opener, seed: int) -> None:
    noise = random.Random(seed).randbytes(4_096)
    assert attack.websocket(TARGET, glued=noise).wait_for_close() is not None


def test_frame_that_never_becomes_whole_ends_with_the_session(attack: Opener) -> None:
    socket = attack.websocket(TARGET, answers_pings=False)
    socket.send(frame(TEXT, "4x", declared=500_000))
    assert socket.wait_for_close() is not None


GOOD: dict[str, tuple[bytes, list[str | bytes]]] = {
    "fragments": (
        frame(TEXT, "4", is_last=False) + frame(CONTINUATION, "a", is_last=False) + frame(CONTINUATION, "b"),
        ["4ab"],
    ),
    "fragments-cut-inside-a-character": (
        frame(TEXT, b"4\xe2", is_last=False) + frame(CONTINUATION, b"\x82\xac"),
        ["4€"],
    ),
    "ping-between-fragments": (
        frame(TEXT, "4", is_last=False) + frame(PING, b"x") + frame(CONTINUATION, "a"),
        ["4a"],
    ),
    "pong-nobody-asked-for": (frame(PONG, b"x" * 125) + frame(TEXT, "4a"), ["4a"]),
    "empty-fragments": (
        frame(BINARY, b"", is_last=False) + frame(CONTINUATION, b"", is_last=False) + frame(CONTINUATION, b"a"),
        [b"a"],
    ),
    "mask-of-zeros": (frame(TEXT, "4a", mask=b"\0\0\0\0"), ["4a"]),
}


@pytest.mark.parametrize(("sent", "answers"), GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("glued", [True, False], ids=["glued-behind-the-upgrade", "later"])
def test_odd_frame_that_is_allowed_is_read(
    attack: Opener, sent: bytes, answers: list[str | bytes], glued: bool
) -> None:
    socket = attack.websocket(TARGET, glued=sent if glued else b"")
    assert socket.receive().startswith("0{")
    if not glued:
        socket.send(sent)
    assert [socket.receive() for _ in answers] == answers


def test_ping_is_answered_with_its_bytes(attack: Opener) -> None:
    socket = attack.websocket(TARGET)
    socket.receive()
    socket.send(frame(PING, b"x" * 125))
    assert socket.read_frame() == (PONG, b"x" * 125)


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 4999])
def test_close_frame_is_answered_with_its_code(attack: Opener, code: int) -> None:
    socket = attack.websocket(TARGET)
    socket.receive()
    socket.send(frame(CLOSE, code.to_bytes(2) + "ü".encode()))
    assert socket.wait_for_close() == code
