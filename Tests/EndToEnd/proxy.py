"""A reverse proxy as small as one can be: it adds whom it was asked by, and passes everything else on."""

import re
import select
import socket
import threading

HEAD_END = b"\r\n\r\n"


class Proxy:
    """Listens at an address of its own and asks from the same one, so that who is asked can tell proxies apart.

    Like nginx with `$proxy_add_x_forwarded_for` it adds the address of whoever asked it to what the header says
    already. One request a connection, unless it becomes a WebSocket.
    """

    def __init__(self, address: str, port: int, upstream: str = "127.0.0.1") -> None:
        self.address = address
        self.upstream = (upstream, port)
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    def stop(self) -> None:
        """Ends the listener, and every connection; each is closed by the thread that serves it."""
        for each in [self.listener, *self.open]:
            end(each)
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, (address, _) = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, address), daemon=True).start()

    def _serve(self, client: socket.socket, address: str) -> None:
        self.open.add(client)
        try:
            with client, socket.create_connection(self.upstream, source_address=(self.address, 0)) as server:
                head, rest = read_head(client)
                server.sendall(forwarded(head, address) + rest)
                pass_on(client, server)
        except (OSError, EOFError):
            pass
        finally:
            self.open.discard(client)


def read_head(client: socket.socket) -> tuple[bytes, bytes]:
    """What stands before the empty line, and what came behind it already."""
    received = b""
    while HEAD_END not in received:
        received += (more := client.recv(65_536))
        if not more:
            raise EOFError
    head, _, rest = received.partition(HEAD_END)
    return head, rest


def forwarded(head: bytes, address: str) -> bytes:
    lines = head.split(b"\r\n")
    said = [line.partition(b":")[2].strip() for line in lines if re.match(rb"(?i)x-forwarded-for:", line)]
    kept = [line for line in lines if not re.match(rb"(?i)x-forwarded-for:", line)]
    if not any(re.match(rb"(?i)upgrade:", line) for line in lines):
        kept = [line for line in kept if not re.match(rb"(?i)connection:", line)] + [b"Connection: close"]
    return b"\r\n".join([*kept, b"X-Forwarded-For: " + b", ".join([*said, address.encode()])]) + HEAD_END


def pass_on(client: socket.socket, server: socket.socket) -> None:
    """Until either side ends."""
    while True:
        for source in select.select([client, server], [], [])[0]:
            data = source.recv(65_536)
            if not data:
                return
            (server if source is client else client).sendall(data)


def end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
