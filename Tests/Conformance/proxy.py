"""A TCP proxy whose connections can be cut."""

import socket
import threading
from contextlib import suppress


class CuttingProxy:
    """Passes bytes on between clients and a server, except from `cut` to `restore`.

    With `cuts_before`, the first answer of the server that holds these bytes cuts the connections instead of passing.
    """

    def __init__(self, target: tuple[str, int], cuts_before: bytes | None = None) -> None:
        self._target = target
        self._cuts_before = cuts_before
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection, and each new one as soon as it opens."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def restore(self) -> None:
        """Lets new connections pass again."""
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
                if self._is_cut:
                    client.shutdown(socket.SHUT_RDWR)
            for source, drain in [(client, server), (server, client)]:
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(source, drain, source is server), daemon=True).start()

    def _pass(self, source: socket.socket, drain: socket.socket, comes_from_server: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if comes_from_server and self._cuts_before is not None and self._cuts_before in data:
                    self._cuts_before = None
                    self.cut()
                    break
                drain.sendall(data)
        for end in (source, drain):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {source, drain}
