"""What is counted for each client is counted for each client, also where all of them come by way of a proxy."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from daemon import Daemon
from guarding import READER, guard, start
from proxy import Proxy
from requests.adapters import HTTPAdapter
from waiting import eventually

# Every address of 127.0.0.0/8 is this machine: two clients, a proxy that is trusted, and one that is not.
ANNA, BERTA, TRUSTED, STRANGER = "127.0.0.2", "127.0.0.3", "127.0.0.10", "127.0.0.11"
# Wrong tokens that an address may try before it has to wait.
ATTEMPTS = 10
# At least so long has an address to wait that a test begins with.
SECONDS_LEFT = 4
CONNECTIONS = 2


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


@pytest.fixture
def guarded(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Daemon:
    """A running daemon that trusts one proxy and shows nothing without a token; two connections for each address."""
    daemon = guard(make_daemon, tmp_path, "docs")
    daemon.config["server"]["trusted_proxies"] = [TRUSTED]
    daemon.config["socketio"] = {"max_connections_per_address": CONNECTIONS}
    return start(daemon)


@pytest.fixture
def through(guarded: Daemon) -> Iterator[Callable[..., Client]]:
    """Makes clients that ask by way of a proxy: `through(TRUSTED, ANNA)`."""
    proxies: dict[str, Proxy] = {}
    # Their connections last as long as they do.
    clients: list[Client] = []

    def make(proxy: str, client: str, **headers: str) -> Client:
        if proxy not in proxies:
            proxies[proxy] = Proxy(proxy, guarded.port)
        clients.append(Client(client, proxies[proxy].url, **headers))
        return clients[-1]

    yield make
    for client in clients:
        while client.sockets:
            client.close_socket()
    for proxy in proxies.values():
        proxy.stop()


def lying(client: str) -> dict[str, str]:
    """Headers of somebody who says to be another client."""
    return {"X-Forwarded-For": client, "Forwarded": f"for={client}", "X-Real-IP": client}


def test_wrong_tokens_are_counted_for_each_client(guarded: Daemon, through: Callable[..., Client]) -> None:
    anna, berta = through(TRUSTED, ANNA), through(TRUSTED, BERTA)
    anna.use_up_attempts()
    assert anna.get("/status", READER).status_code == 429
    assert berta.get("/status", READER).status_code == 200
    assert berta.get("/status", "a-wrong-token-of-berta").status_code == 401
    # The same count holds for sockets.
    assert anna.connect(READER)["data"]["status"] == 429
    assert berta.connect(READER)["isIn"]
    assert Client(TRUSTED, guarded.url).get("/status", READER).status_code == 200, "the proxy itself has done nothing"
    assert f"address={ANNA}" in guarded.log() and f"address={TRUSTED}" not in guarded.log()


def test_client_of_a_trusted_proxy_cannot_be_another_one(through: Callable[..., Client]) -> None:
    anna = through(TRUSTED, ANNA, **lying(BERTA))
    anna.use_up_attempts()
    # What she says of herself stands in front of what the proxy knows.
    assert through(TRUSTED, ANNA, **lying("192.0.2.7")).get("/status", READER).status_code == 429
    assert through(TRUSTED, BERTA).get("/status", READER).status_code == 200


def test_who_is_not_trusted_is_not_believed(guarded: Daemon, through: Callable[..., Client]) -> None:
    through(STRANGER, ANNA).use_up_attempts()
    # All that comes from there is one client, whatever it says.
    assert through(STRANGER, BERTA).get("/status", READER).status_code == 429
    assert through(STRANGER, BERTA, **lying("192.0.2.7")).get("/status", READER).status_code == 429
    assert f"address={STRANGER}" in guarded.log() and f"address={ANNA}" not in guarded.log()
    assert through(TRUSTED, ANNA).get("/status", READER).status_code == 200
    # Nor is a client that asks without any proxy.
    Client(ANNA, guarded.url, **lying(BERTA)).use_up_attempts()
    assert through(TRUSTED, BERTA).get("/status", READER).status_code == 200
    assert through(TRUSTED, ANNA).get("/status", READER).status_code == 429


def test_forwarded_header_is_no_address(guarded: Daemon, through: Callable[..., Client]) -> None:
    """Of a trusted proxy, too: those that are documented pass on what a client wrote there."""
    Client(TRUSTED, guarded.url, Forwarded=f"for={ANNA}").use_up_attempts()
    assert Client(TRUSTED, guarded.url, Forwarded=f"for={BERTA}").get("/status", READER).status_code == 429
    assert through(TRUSTED, ANNA).get("/status", READER).status_code == 200


def test_connections_are_counted_for_each_client(through: Callable[..., Client]) -> None:
    anna, berta = through(TRUSTED, ANNA), through(TRUSTED, BERTA)
    sessions = {client.open_socket()["sid"] for client in [anna, anna, berta]}
    assert len(sessions) == 3
    assert not anna.may_connect() and not through(TRUSTED, ANNA, **lying(BERTA)).may_connect()
    assert berta.may_connect()
    berta.open_socket()
    assert not berta.may_connect()
    anna.close_socket()
    eventually(anna.may_connect, "there is room for her again")
    assert not berta.may_connect()


def test_connections_of_an_untrusted_proxy_are_one_clients(through: Callable[..., Client]) -> None:
    for client in [ANNA, BERTA]:
        through(STRANGER, client).open_socket()
    assert not through(STRANGER, ANNA).may_connect()
    assert not through(STRANGER, BERTA, **lying("192.0.2.7")).may_connect()
    assert through(TRUSTED, ANNA).may_connect() and through(TRUSTED, BERTA).may_connect()


def test_machines_own_token_is_worth_nothing_through_a_proxy(guarded: Daemon, through: Callable[..., Client]) -> None:
    for proxy in [TRUSTED, STRANGER]:
        assert through(proxy, ANNA).get("/status", guarded.token).status_code == 401
    assert Client(ANNA, guarded.url).get("/status", guarded.token).status_code == 200
