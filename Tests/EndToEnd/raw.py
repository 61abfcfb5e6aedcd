"""A Socket.IO client spoken by hand over a WebSocket: nothing is hidden, and nothing but pongs is done by itself."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import websocket
from daemon import Daemon
from waiting import PATIENCE


@dataclass(frozen=True)
class RawEvent:
    name: str
    payload: Any
    # What stands behind the payload, when the server remembers its events.
    offset: str | None


class RawSocket:
    """One socket in one namespace; it has been answered when the constructor returns."""

    def __init__(self, daemon: Daemon, namespace: str = "/local_files", auth: Any = None) -> None:
        self.namespace = namespace
        self._events: list[RawEvent] = []
        self._answer: dict[str, Any] | None = None
        self.acknowledgements: dict[int, Any] = {}
        # How the connection ended: the code of the close frame; None for none.
        self.close_code: int | None = None
        self.last_packets: list[str] = []
        self.ended_at: float | None = None
        self._changed = threading.Condition()
        address = f"ws://127.0.0.1:{daemon.port}/socket.io/?EIO=4&transport=websocket"
        self._connection = websocket.create_connection(address, timeout=PATIENCE)
        self.handshake = json.loads(self._connection.recv()[1:])
        self.send("0", "" if auth is None else json.dumps(auth))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait(lambda: self._answer is not None, "the answer to CONNECT")

    @property
    def sid(self) -> str:
        return self._answer["sid"]

    @property
    def pid(self) -> str | None:
        return self._answer.get("pid")

    @property
    def offset(self) -> str | None:
        """That of the last event."""
        return self.events()[-1].offset

    def send(self, kind: str, body: str) -> None:
        self._connection.send(f"4{kind}{self.namespace},{body}")

    def send_binary(self, attachment: bytes) -> None:
        self._connection.send_binary(attachment)

    def call(self, event: str, *arguments: Any) -> Any:
        """Sends an event and returns what it is answered."""
        number = len(self.acknowledgements)
        self.send("2", f"{number}{json.dumps([event, *arguments])}")
        self._wait(lambda: number in self.acknowledgements, f"the answer to '{event}'")
        return self.acknowledgements[number]

    def events(self, *names: str) -> list[RawEvent]:
        with self._changed:
            return [event for event in self._events if not names or event.name in names]

    def wait_for(self, name: str, matches: Callable[[RawEvent], bool] = lambda event: True) -> RawEvent:
        def found() -> list[RawEvent]:
            return [event for event in self._events if event.name == name and matches(event)]

        self._wait(lambda: bool(found()), f"'{name}'")
        with self._changed:
            return found()[0]

    def wait_for_file(self, name: str) -> RawEvent:
        """The `file:completed` of a file of that name."""
        return self.wait_for("file:completed", lambda event: event.payload["file"]["name"] == name)

    def wait_for_end(self) -> None:
        self._wait(lambda: self.ended_at is not None, "the end of the connection")

    def drop(self) -> None:
        """Loses the connection as a network does: without a word, by a reset."""
        connection = self._connection.sock
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
        self.wait_for_end()
        connection.close()

    def close(self) -> None:
        if self.ended_at is None:
            self.drop()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, PATIENCE):
                raise AssertionError(f"{what}: not within {PATIENCE:g} s; the last packets: {self.last_packets}")

    def _read(self) -> None:
        try:
            while True:
                opcode, data = self._connection.recv_data(control_frame=True)
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    self.close_code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else 1005
                    return
                if opcode == websocket.ABNF.OPCODE_TEXT:
                    self._receive(data.decode())
        except (OSError, websocket.WebSocketException):
            pass
        finally:
            with self._changed:
                self.ended_at = time.monotonic()
                self._changed.notify_all()

    def _receive(self, packet: str) -> None:
        if packet == "2":
            return self._connection.send("3")
        with self._changed:
            self.last_packets = [*self.last_packets[-7:], packet[:200]]
            kind, _, body = packet.partition(f"{self.namespace},")
            if kind in ("40", "44"):
                self._answer = json.loads(body)
            elif kind == "42":
                name, payload, *rest = json.loads(body)
                self._events.append(RawEvent(name, payload, rest[0] if rest else None))
            elif kind == "43":
                number, _, answer = body.partition("[")
                self.acknowledgements[int(number)] = json.loads("[" + answer)[0]
            self._changed.notify_all()
        return None
