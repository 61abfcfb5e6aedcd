"""Engine.IO sessions as a client sees them."""

import json
from typing import Any, Protocol

from wire import Connection, Response


class Opens(Protocol):
    """What a session needs of the fixture that opens its connections."""

    def request(self, method: str, target: str, *arguments: Any, **options: Any) -> Connection: ...


def open_packet(text: str, version: int = 4) -> dict[str, Any]:
    """Reads the packet that opens a session; of version 3 it has its length before it."""
    if version == 3:
        length, _, text = text.partition(":")
        assert int(length) == len(text)
    assert text.startswith("0"), text
    return json.loads(text[1:])


class PollingSession:
    """A session over HTTP long-polling; each request has a connection of its own."""

    def __init__(self, opens: Opens, path: str, version: int, query: str = "") -> None:
        self._opens = opens
        self._path = f"{path}?EIO={version}"
        with opens.request("GET", f"{self._path}&transport=polling{query}") as connection:
            answer = connection.response()
        assert answer.status == 200, answer
        self.opened = open_packet(answer.text, version)
        self.sid = self.opened["sid"]
        self.target = f"{self._path}&transport=polling&sid={self.sid}"
        self.websocket_target = f"{self._path}&transport=websocket&sid={self.sid}"

    def begin_poll(self) -> Connection:
        """Asks for packets; the answer is `.response()`, whenever it comes."""
        return self._opens.request("GET", self.target)

    def poll(self) -> Response:
        with self.begin_poll() as connection:
            return connection.response()

    def post(self, body: bytes | str) -> Response:
        with self._opens.request("POST", self.target, body) as connection:
            return connection.response()

    def receive(self) -> str:
        """The text of one poll that is answered."""
        answer = self.poll()
        assert answer.status == 200, answer
        return answer.text

    def send(self, body: bytes | str) -> None:
        answer = self.post(body)
        assert (answer.status, answer.body) == (200, b"ok"), answer
