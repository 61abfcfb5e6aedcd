"""What the tests of hostile input share: a server of their own and a client that must not notice anything."""

import queue
import threading
import time
from collections.abc import Callable

from testserver import TestServer
from wire import CLOSE, TEXT, Closed, WebSocket, frame

# Sessions still end soon by themselves, but a loaded machine does not make honest clients miss a heartbeat.
HEARTBEAT = ("--ping-interval", "300", "--ping-timeout", "2500")
# What one server may hold for a moment while it deals with one megabyte of the worst.
PEAK_LIMIT = 160 << 20
# What one server may keep of all that a table of hostile input did to it: what an allocator does not give back.
GROWTH_LIMIT = 96 << 20
# Every timeout of the server's own is well below this.
SETTLE_TIMEOUT = 25.0


def eventually(condition: Callable[[], bool], timeout: float = SETTLE_TIMEOUT) -> bool:
    """Waits for a condition; whether it came true."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class HonestClient:
    """A client that keeps to the protocol and asks for an echo now and then."""

    def __init__(self, server: TestServer) -> None:
        self._socket = WebSocket(server.address, "/socket.io/?EIO=4&transport=websocket")
        self._lock = threading.Lock()
        self._received: queue.Queue[str] = queue.Queue()
        self._number = 0
        self._end: bytes | None = None
        self._send("40")
        threading.Thread(target=self._read, daemon=True).start()

    def _send(self, text: str) -> None:
        with self._lock:
            self._socket.send(frame(TEXT, text))

    def _read(self) -> None:
        try:
            while True:
                opcode, payload = self._socket.read_frame()
                if payload == b"2":
                    self._send("3")
                elif opcode == CLOSE:
                    raise Closed(payload)
                elif payload.startswith(b"43"):
                    self._received.put(payload.decode())
        except (Closed, OSError) as error:
            self._received.put(f"the connection ended: {error}")

    def check_echo(self) -> None:
        """Fails if the server does not serve this client as if nothing had happened."""
        self._number += 1
        self._send(f'42{self._number}["message-with-ack","honest"]')
        assert self._received.get(timeout=SETTLE_TIMEOUT) == f'43{self._number}["honest"]'

    def close(self) -> None:
        self._socket.close()


class Victim:
    """A server under attack, with an honest client that watches it."""

    def __init__(self) -> None:
        self.server = TestServer(*HEARTBEAT)
        self.honest = HonestClient(self.server)
        self._warm_up()
        self._descriptors = self.server.descriptors()
        self._resident = self.server.resident_bytes()

    def _warm_up(self) -> None:
        """Has the server allocate what it keeps anyway: one large message over each transport."""
        self.honest.check_echo()
        with WebSocket(self.server.address, "/engine.io/?EIO=4&transport=websocket") as socket:
            socket.receive()
            for _ in range(8):
                socket.send_text("4" + "x" * 900_000)
                assert len(socket.receive()) == 900_001
        eventually(lambda: False, 0.5)

    def growth(self) -> int:
        """By how many bytes the server has grown."""
        return self.server.resident_bytes() - self._resident

    def check(self) -> None:
        """Fails if the server ended, or serves honest clients no longer."""
        assert self.server.is_running(), self.server.log()
        self.honest.check_echo()

    def check_for_leaks(self) -> None:
        """Fails if the server holds a connection that has ended, or has grown by more than an allocator's reserve."""
        freed = eventually(lambda: self.server.descriptors() <= self._descriptors)
        assert freed, f"{self.server.descriptors()} files are open, {self._descriptors} were before"
        assert eventually(lambda: self.growth() < GROWTH_LIMIT), f"grown by {self.growth() >> 20} MiB"

    def close(self) -> None:
        self.honest.close()
        self.server.kill()
