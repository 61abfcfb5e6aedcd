"""Much of what is allowed, at once: bounded in memory, and no other client waits."""

from collections.abc import Callable

import pytest
from conftest import Opener
from hostile import PEAK_LIMIT, Victim
from testserver import MAX_PAYLOAD
from wire import BINARY, PING, PONG, TEXT, Closed, WebSocket, frame

ENGINE = "/engine.io/?EIO=4&transport=websocket"
SOCKETS = "/socket.io/?EIO=4&transport=websocket"

BATCH = 2_000


def count_answers(socket: WebSocket, batches: int, sent: bytes, per_batch: int = BATCH) -> int | None:
    """Sends batches and reads an answer to each of their packets; nil if the server ended it before."""
    received = 0
    try:
        for _ in range(batches):
            socket.send(sent)
            for _ in range(per_batch):
                socket.receive()
                received += 1
    except Closed:
        return None
    return received


FLOODS: dict[str, tuple[str, bytes]] = {
    "tiny-text-packets": (ENGINE, frame(TEXT, "4") * BATCH),
    "tiny-binary-packets": (ENGINE, frame(BINARY, b"") * BATCH),
    "tiny-events-with-acks": (SOCKETS, frame(TEXT, '421["message-with-ack"]') * BATCH),
    "connects-to-unknown-namespaces": (SOCKETS, b"".join(frame(TEXT, f"40/nobody{n},") for n in range(BATCH))),
}


@pytest.mark.parametrize(("target", "sent"), FLOODS.values(), ids=FLOODS)
def test_flood_is_served_or_ends_its_connection(
    attack: Opener, attacked: Victim, target: str, sent: bytes
) -> None:
    if target == SOCKETS:
        socket = attack.join()
    else:
        socket = attack.websocket(target)
        socket.receive()
    assert count_answers(socket, 20, sent) in (None, 20 * BATCH)
    assert attacked.growth() < PEAK_LIMIT


SILENT_FLOODS = {
    "noops": frame(TEXT, "6") * BATCH,
    "pongs-nobody-asked-for": frame(TEXT, "3") * BATCH,
    "websocket-pongs": frame(PONG, b"x" * 125) * BATCH,
    "acks-nobody-waits-for": frame(TEXT, "431[]") * BATCH,
    "events-nobody-knows": frame(TEXT, '42["nobody"]') * BATCH,
    "joins-and-leaves": (frame(TEXT, "41/custom,") + frame(TEXT, "40/custom,")) * (BATCH // 4),
}


@pytest.mark.parametrize("sent", SILENT_FLOODS.values(), ids=SILENT_FLOODS)
def test_silent_flood_is_bounded(attack: Opener, attacked: Victim, sent: bytes) -> None:
    socket = attack.join()
    socket.send_text("40/custom,")
    for _ in range(20):
        socket.send(sent)
    socket.send_text('421["message-with-ack"]')
    try:
        while socket.receive() != "431[]":
            pass
    except Closed:
        pass
    assert attacked.growth() < PEAK_LIMIT


def flood_of_pings(socket: WebSocket) -> bytes:
    return frame(PING, b"x" * 125) * 4_000


def flood_of_echoes(socket: WebSocket) -> bytes:
    return frame(TEXT, f'421["message-with-ack","{"x" * 400_000}"]')


def flood_of_refusals(socket: WebSocket) -> bytes:
    return frame(TEXT, f"40/{'n' * 200},") * 4_000


@pytest.mark.parametrize("make", [flood_of_pings, flood_of_echoes, flood_of_refusals])
def test_client_that_does_not_read_is_ended(
    attack: Opener, attacked: Victim, make: Callable[[WebSocket], bytes]
) -> None:
    """A slow reader: what waits for it is bounded, and past the bound its connection ends."""
    socket = attack.join(receive_buffer=4_096)
    sent = make(socket)
    for _ in range(200):
        try:
            socket.socket.sendall(sent)
        except (BrokenPipeError, ConnectionResetError):
            break
        except TimeoutError:
            pytest.fail("the server stopped reading, but kept the connection")
        assert attacked.growth() < PEAK_LIMIT
    else:
        pytest.fail("the server took everything")


PAYLOAD_FLOODS = {
    "noops": ("6\x1e" * (MAX_PAYLOAD // 2), {400}),
    "noops-to-the-end": ("6\x1e" * (MAX_PAYLOAD // 2 - 1) + "6", {200, 400}),
    "messages": ("4\x1e" * (MAX_PAYLOAD // 2 - 1) + "4", {200, 400}),
    "binary-messages": ("b\x1e" * (MAX_PAYLOAD // 2 - 1) + "b", {200, 400}),
    "pongs": ("3\x1e" * (MAX_PAYLOAD // 2 - 1) + "3", {200, 400}),
}


@pytest.mark.parametrize(("payload", "statuses"), PAYLOAD_FLOODS.values(), ids=PAYLOAD_FLOODS)
def test_payload_of_tiny_packets_is_bounded(
    attack: Opener, attacked: Victim, payload: str, statuses: set[int]
) -> None:
    session = attack.polling()
    assert session.post(payload).status in statuses
    assert attacked.growth() < PEAK_LIMIT


def test_messages_that_nobody_polls_for_are_bounded(attack: Opener, attacked: Victim) -> None:
    session = attack.polling()
    message = "4" + "x" * (MAX_PAYLOAD - 1)
    while session.post(message).status == 200:
        assert attacked.growth() < PEAK_LIMIT


def test_many_sessions_that_never_come_back_are_forgotten(attack: Opener, attacked: Victim) -> None:
    connection = attack.connection()
    for _ in range(2_000):
        assert connection.request("GET", "/socket.io/?EIO=4&transport=polling").response().status == 200
    assert attacked.growth() < PEAK_LIMIT
