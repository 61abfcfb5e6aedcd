"""HTTP and WebSocket as bytes on a socket, with nothing between a test and what it sends."""

import base64
import hashlib
import os
import socket
from dataclasses import dataclass

# Far above what an answer takes on a loaded machine.
TIMEOUT = 20.0

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_ACCEPT_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Closed(Exception):
    """The server ended the connection while something was awaited from it."""


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Connection:
    """One TCP connection to the server."""

    def __init__(self, address: tuple[str, int], receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = bytearray()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        """Writes; a server that has already ended the connection is no error, the answer will show it."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Ends the connection with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def _fill(self) -> None:
        try:
            data = self.socket.recv(65_536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed(bytes(self._unread[:200]))
        self._unread += data

    def read(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._fill()
        data = bytes(self._unread[:count])
        del self._unread[:count]
        return data

    def read_line(self) -> bytes:
        """A line without its CRLF."""
        while (end := self._unread.find(b"\r\n")) < 0:
            self._fill()
        return self.read(end + 2)[:-2]

    def read_to_end(self) -> bytes:
        """Everything until the server ends the connection."""
        try:
            while True:
                self._fill()
        except Closed:
            return bytes(self._unread)

    def request(
        self, method: str, target: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> "Connection":
        """Writes a request; the answer is `response()`'s."""
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        return self

    def response(self, has_body: bool = True) -> Response:
        status = int(self.read_line().split(b" ")[1])
        headers: dict[str, str] = {}
        while line := self.read_line():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if status == 101 or status == 204 or not has_body:
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body = self._read_chunks()
        else:
            body = self.read(int(headers.get("content-length", "0")))
        return Response(status, headers, body)

    def _read_chunks(self) -> bytes:
        body = b""
        while size := int(self.read_line(), 16):
            body += self.read(size)
            self.read_line()
        self.read_line()
        return body


def frame(
    opcode: int,
    payload: bytes | str = b"",
    *,
    is_last: bool = True,
    reserved: int = 0,
    mask: bytes | None = b"\x12\x34\x56\x78",
    declared: int | None = None,
) -> bytes:
    """A WebSocket frame; `declared` is a length that may be a lie, `reserved` the three bits behind FIN."""
    payload = payload.encode() if isinstance(payload, str) else payload
    length = len(payload) if declared is None else declared
    head = bytes([is_last << 7 | reserved << 4 | opcode])
    masked = 0 if mask is None else 0x80
    if length < 126:
        head += bytes([masked | length])
    elif length < 65_536:
        head += bytes([masked | 126]) + length.to_bytes(2)
    else:
        head += bytes([masked | 127]) + length.to_bytes(8)
    return head + payload if mask is None else head + mask + masking(payload, mask)


def masking(data: bytes, mask: bytes) -> bytes:
    """Applies a mask, or takes it away."""
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(key)).to_bytes(len(data))


class WebSocket(Connection):
    """A WebSocket over a `Connection`; Engine.IO's pings are answered while something else is awaited."""

    def __init__(
        self,
        address: tuple[str, int],
        target: str,
        *,
        glued: bytes = b"",
        answers_pings: bool = True,
        receive_buffer: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Opens it; `glued` is written in one go with the handshake."""
        super().__init__(address, receive_buffer)
        self.answers_pings = answers_pings
        key = base64.b64encode(os.urandom(16))
        lines = {
            "Host": "localhost",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key.decode(),
        } | (headers or {})
        head = f"GET {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.send(f"{head}\r\n".encode() + glued)
        self.refusal: Response | None = None
        answer = self.response()
        if answer.status != 101:
            self.refusal = answer
            return
        expected = base64.b64encode(hashlib.sha1(key + _ACCEPT_SUFFIX).digest()).decode()
        assert answer.headers["sec-websocket-accept"] == expected

    def __enter__(self) -> "WebSocket":
        return self

    def send_text(self, *messages: str) -> None:
        """Sends messages, all in one write."""
        self.send(b"".join(frame(TEXT, message) for message in messages))

    def send_binary(self, data: bytes) -> None:
        self.send(frame(BINARY, data))

    def read_frame(self) -> tuple[int, bytes]:
        first, second = self.read(2)
        assert first & 0xF0 == 0x80, f"a server's frame is whole and has no reserved bits: {first:#x}"
        assert second < 0x80, "a server's frame is not masked"
        length = second
        if second == 126:
            length = int.from_bytes(self.read(2))
        elif second == 127:
            length = int.from_bytes(self.read(8))
        return first & 0x0F, self.read(length)

    def receive(self) -> str | bytes:
        """The next message; Engine.IO's pings are answered and left out if `answers_pings`."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == BINARY:
                return payload
            if opcode == TEXT:
                text = payload.decode()
                if not (self.answers_pings and text == "2"):
                    return text
                self.send_text("3")
            if opcode == CLOSE:
                raise Closed(payload)

    def wait_for_close(self) -> int | None:
        """Waits until the server has ended the connection, and returns the code of its close frame if it sent one."""
        code = None
        try:
            while True:
                opcode, payload = self.read_frame()
                if opcode == CLOSE:
                    code = int.from_bytes(payload[:2])
                    self.send(frame(CLOSE, payload))
                elif opcode == TEXT and payload == b"2" and self.answers_pings:
                    self.send_text("3")
        except Closed:
            return code
