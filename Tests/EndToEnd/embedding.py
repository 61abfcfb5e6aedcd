"""A service with the embeddings API of OpenAI on 127.0.0.1, which fails when it is told to."""

import json
import re
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class EmbeddingService:
    """Counts words into vectors of `dimensions` numbers. `requests` holds what was asked for, oldest first."""

    def __init__(self, dimensions: int = 32, key: str | None = None) -> None:
        self.dimensions = dimensions
        self.key = key
        self.requests: list[dict[str, Any]] = []
        # Answers (status, headers) instead of vectors, or None for vectors; called with every request.
        self.fault: Callable[[dict[str, Any]], tuple[int, dict[str, str]] | None] = lambda _: None
        self.port = 0
        self.server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """All texts that were asked for, in order."""
        return [text for request in list(self.requests) for text in request["input"]]

    def start(self) -> None:
        """Listens, at the same port as before if it did already."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler(self))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Is gone: connections are refused."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimensions
        vector[0] = 0.1
        for word in re.findall(r"\w+", text.lower()):
            vector[1 + zlib.crc32(word.encode()) % (self.dimensions - 1)] += 1.0
        return vector

    def configuration(self, model: str = "words", **more: Any) -> dict[str, Any]:
        """The section `embedding` for it."""
        return {
            "provider": "openai",
            "base_url": self.url,
            "model": model,
            "dimensions": self.dimensions,
            "patience": "1s",
            **more,
        }


def handler(service: EmbeddingService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if service.server is None:
                self.close_connection = True
                return
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if service.key is not None and self.headers["Authorization"] != f"Bearer {service.key}":
                # As some services do, it says which key it did not like.
                return self.answer(401, {"error": {"code": "invalid_api_key", "message": self.headers["Authorization"]}})
            service.requests.append(request)
            fault = service.fault(request)
            if fault is not None:
                return self.answer(fault[0], {"error": {"message": request["input"][0]}}, fault[1])
            data = [{"index": i, "embedding": service.vector(text)} for i, text in enumerate(request["input"])]
            # The order is no promise of the API.
            self.answer(200, {"object": "list", "data": data[::-1]})

        def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
