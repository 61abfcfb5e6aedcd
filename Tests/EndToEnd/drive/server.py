"""Serves a `FakeDrive` over HTTP on the loopback interface."""

import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .fake import FakeDrive
from .messages import Content, Refused, Request, as_json

SERVICE = "/drive/v3/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    drive: FakeDrive

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, *arguments: Any) -> None:
        pass

    def _serve(self, method: str) -> None:
        self.drive.arrived += 1
        if self.drive.is_down:
            self.close_connection = True
            return
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = address.path.removeprefix(SERVICE).removeprefix("/")
        request = Request(method, path, parse_qsl(address.query, keep_blank_values=True), headers, body)
        target = f"{method} {address.path} " + request.target.partition(" ")[2].partition(" ")[2]
        if self._misbehave(target):
            return
        if path == "auth":
            return self._send(302, b"", {"Location": self.drive.tokens.consent(request.parameters)})
        if path == "token":
            status, answer = self.drive.token(request)
            return self._send(status, as_json(answer))
        if not self.drive.tokens.is_valid(self.headers.get("Authorization")):
            return self._refuse(Refused(401, "authError", "Invalid Credentials"))
        try:
            is_prepared = path.startswith("prepared/")
            answer = self.drive.prepared(request) if is_prepared else self.drive.answer(request)
        except Refused as refused:
            return self._refuse(refused)
        if isinstance(answer, Content):
            return self._content(answer, target)
        self._send(200, as_json(answer), target=target)

    def _misbehave(self, target: str) -> bool:
        """Whether a fault has already taken care of the request."""
        if fault := self.drive.faults.take({"slow"}, target):
            time.sleep(fault.seconds)
        if self.drive.faults.take({"drop"}, target):
            self.close_connection = True
            return True
        if self.drive.outage_status is not None:
            self._refuse(Refused(self.drive.outage_status, "backendError"))
            return True
        if fault := self.drive.faults.take({"error"}, target):
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            self._refuse(Refused(fault.status, fault.reason), headers)
            return True
        return False

    def _refuse(self, refused: Refused, headers: dict[str, str] | None = None) -> None:
        self._send(refused.status, as_json(refused.body), headers)

    def _content(self, content: Content, target: str) -> None:
        data, status, headers = content.data, 200, {}
        if fault := self.drive.faults.take({"short"}, target):
            data = data[: fault.bytes]
        if wanted := self.headers.get("Range"):
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            if start >= len(data):
                return self._refuse(Refused(416, "requestedRangeNotSatisfiable"))
            headers = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            data, status = data[start:], 206
        self._send(status, data, headers, content.mime_type, target)

    def _send(
        self,
        status: int,
        body: bytes,
        headers: dict[str, str] | None = None,
        mime_type: str = "application/json; charset=UTF-8",
        target: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if fault := self.drive.faults.take({"truncate"}, target):
            body = body[: fault.bytes]
            self.close_connection = True
        try:
            if fault := self.drive.faults.take({"stall"}, target):
                self.wfile.write(body[: fault.bytes])
                self.wfile.flush()
                time.sleep(fault.seconds)
                body = body[fault.bytes :]
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of the server."""


class DriveServer:
    """A `FakeDrive` that listens; while `drive.is_down` it hangs up on everybody, as Google in an outage."""

    def __init__(self, ssl_context: ssl.SSLContext | None = None) -> None:
        self.drive = FakeDrive()
        self._handler = type("DriveHandler", (Handler,), {"drive": self.drive})
        self._server = Server(("127.0.0.1", 0), self._handler)
        port = self._server.server_address[1]
        self.drive.base = f"http://127.0.0.1:{port}"
        if ssl_context:
            self._server.socket = ssl_context.wrap_socket(self._server.socket, server_side=True)
            self.drive.base = f"https://localhost:{port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def refuse(self) -> None:
        """Has connections refused, and ends those that are open with their next request."""
        self.drive.is_down = True
        self._server.shutdown()
        self._server.server_close()

    def listen(self) -> None:
        """Listens again, at the same port."""
        self._server = Server(self._server.server_address, self._handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.drive.is_down = False

    def stop(self) -> None:
        self.refuse()
