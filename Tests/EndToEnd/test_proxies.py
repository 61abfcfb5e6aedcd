"""What is counted for each client is counted for each client, also where all of them come by way of a proxy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from addresses import ANNA, BERTA, Client, lying
from daemon import Daemon
from guarding import READER, guard, start
from proxy import Proxy
from waiting import eventually

# Addresses of this machine: a proxy that is trusted, and one that is not.
TRUSTED, STRANGER = "127.0.0.10", "127.0.0.11"
CONNECTIONS = 2


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
