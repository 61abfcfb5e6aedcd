"""Clients that ask from addresses of their own, each as somebody else."""

import json
import socket
from typing import Any

import requests
import websocket
from requests.adapters import HTTPAdapter
from waiting import eventually

# Every address of 127.0.0.0/8 is this machine.
ANNA, BERTA = "127.0.0.2", "127.0.0.3"
# Wrong tokens that an address may try before it has to wait.
ATTEMPTS = 10
# At least so long has an address to wait that a test begins with.
SECONDS_LEFT = 4


class From(HTTPAdapter):
    """Sends requests from one of this machine's addresses."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **options)


class Client:
    """Somebody with an address, who asks a server or a proxy."""

    def __init__(self, address: str, url: str, **headers: str) -> None:
        self.address, self.url, self.headers = address, url, headers
        self.sockets: list[websocket.WebSocket] = []

    def ask(self, method: str, path: str, data: str | None = None, **headers: str) -> requests.Response:
        """Each time over a connection of its own, as the proxy keeps none."""
        with requests.Session() as session:
            session.mount("http://", From(self.address))
            return session.request(method, self.url + path, data=data, headers=self.headers | headers, timeout=30)

    def get(self, path: str, token: str | None = None) -> requests.Response:
        return self.ask("GET", path, **({"Authorization": f"Bearer {token}"} if token else {}))

    def use_up_attempts(self) -> None:
        """Until a token is not looked at for some seconds, however slow the machine is."""
        answers: list[int] = []

        def is_done() -> bool:
            answer = self.get("/status", f"guess-number-{len(answers):04}")
            answers.append(answer.status_code)
            return answer.status_code == 429 and int(answer.headers["retry-after"]) >= SECONDS_LEFT

        eventually(is_done, "too many wrong tokens came from there")
        assert answers[:ATTEMPTS] == [401] * ATTEMPTS and set(answers) == {401, 429}, answers

    def open_socket(self) -> dict[str, Any]:
        """Makes a WebSocket; answers what its handshake says."""
        address = self.url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        # The package binds no address of its own accord.
        host, port = self.url.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)), timeout=30, source_address=(self.address, 0))
        self.sockets.append(websocket.create_connection(address, socket=connection, header=self.headers))
        return json.loads(self.sockets[-1].recv()[1:])

    def close_socket(self) -> None:
        self.sockets.pop().close()

    def may_connect(self) -> bool:
        """Whether one more connection is let in; it is given up at once."""
        answer = self.get("/socket.io/?EIO=4&transport=polling")
        if answer.status_code == 200:
            session = json.loads(answer.text[1:])["sid"]
            self.ask("POST", f"/socket.io/?EIO=4&transport=polling&sid={session}", "1")
        return answer.status_code == 200

    def connect(self, token: str) -> dict[str, Any]:
        """Joins a namespace with a token, by long polling; answers the packet that says what came of it."""
        path = "/socket.io/?EIO=4&transport=polling"
        path += f"&sid={json.loads(self.get(path).text[1:])['sid']}"
        self.ask("POST", path, "40/pipeline," + json.dumps({"token": token}))
        packet = self.get(path).text.split("\x1e")[0]
        self.ask("POST", path, "1")
        return {"isIn": packet.startswith("40"), **json.loads(packet.partition(",")[2])}


def lying(client: str) -> dict[str, str]:
    """Headers of somebody who says to be another client."""
    return {"X-Forwarded-For": client, "Forwarded": f"for={client}", "X-Real-IP": client}
