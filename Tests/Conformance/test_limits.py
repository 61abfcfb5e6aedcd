"""What an operator's limits do: foreign pages, foreign names, too many clients, too many packets."""

import json
from collections.abc import Callable, Iterator

import pytest
from conftest import Opener
from hostile import eventually
from testserver import TestServer
from wire import Closed, Response

POLLING = "/socket.io/?EIO=4&transport=polling"
WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
SLOW_HEARTBEAT = ("--ping-interval", "10000", "--ping-timeout", "10000")

MakeServer = Callable[..., TestServer]


@pytest.fixture(scope="module")
def strict_server() -> Iterator[TestServer]:
    running = TestServer("--origins", "none", *SLOW_HEARTBEAT)
    yield running
    running.kill()


@pytest.fixture
def strict(strict_server: TestServer) -> Iterator[Opener]:
    opener = Opener(strict_server)
    yield opener
    opener.close()


@pytest.fixture
def limited(make_server: MakeServer) -> Iterator[Callable[..., Opener]]:
    """Opens connections to a server with limits of the test's own."""
    openers: list[Opener] = []

    def start(*options: str) -> Opener:
        openers.append(Opener(make_server(*SLOW_HEARTBEAT, *options)))
        return openers[-1]

    yield start
    for opener in openers:
        opener.close()


FOREIGN_ORIGINS = [
    "https://attacker.example",
    "http://attacker.example",
    "http://localhost.attacker.example",
    "http://localhost@attacker.example",
    "http://localhost:1",
    "https://localhost",
    "null",
    "file://",
    "",
    "localhost",
]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_page_of_a_foreign_origin_is_refused(strict: Opener, origin: str) -> None:
    host = f"localhost:{strict.server.port}"
    headers = {"Origin": origin}
    polling = strict.connection()
    polling.send(f"GET {POLLING} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\r\n".encode())
    websocket = strict.websocket(WEBSOCKET, headers={"Host": host} | headers).refusal
    for answer in (polling.response(), websocket):
        assert answer is not None
        assert_forbidden(answer)


def assert_forbidden(answer: Response) -> None:
    assert (answer.status, json.loads(answer.body)["code"]) == (403, 4)
    assert "access-control-allow-origin" not in answer.headers


def test_preflight_of_a_foreign_origin_allows_nothing(strict: Opener) -> None:
    headers = {"Origin": "https://attacker.example", "Access-Control-Request-Method": "POST"}
    answer = strict.request("OPTIONS", POLLING, headers=headers).response()
    assert not [name for name in answer.headers if name.startswith("access-control-allow")]


def test_page_of_the_servers_own_origin_is_served(strict: Opener) -> None:
    host = f"localhost:{strict.server.port}"
    socket = strict.websocket(WEBSOCKET, headers={"Host": host, "Origin": f"http://{host}"})
    assert socket.receive().startswith("0{")


FOREIGN_HOSTS = ["attacker.example", "attacker.example:8003", "127.0.0.1.attacker.example", "localhostx", "10.0.0.1"]
OWN_HOSTS = ["localhost", "LOCALHOST:8003", "page.localhost", "127.0.0.1", "127.0.0.1:8003", "127.8.8.8", "[::1]:8003"]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_foreign_name_on_a_loopback_listener_is_refused(strict: Opener, host: str) -> None:
    """DNS rebinding: a page makes its own name lead here, so that the origin is the host's."""
    for origin in ([], [f"Origin: http://{host}"]):
        connection = strict.connection()
        connection.send("\r\n".join([f"GET {POLLING} HTTP/1.1", f"Host: {host}", *origin, "", ""]).encode())
        assert connection.response().status in (403, 421)
    refusal = strict.websocket(WEBSOCKET, headers={"Host": host, "Origin": f"http://{host}"}).refusal
    assert refusal is not None and refusal.status in (403, 421)


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_own_name_on_a_loopback_listener_is_served(strict: Opener, host: str) -> None:
    connection = strict.connection()
    connection.send(f"GET {POLLING} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert connection.response().status == 200


@pytest.mark.parametrize(
    ("option", "status"), [("--max-connections", 503), ("--max-connections-per-address", 429)]
)
def test_client_past_the_limit_is_turned_away(limited: Callable[..., Opener], option: str, status: int) -> None:
    opener = limited(option, "3")
    clients = [opener.join() for _ in range(3)]
    refusal = opener.websocket(WEBSOCKET).refusal
    assert refusal is not None and refusal.status == status
    assert opener.request("GET", POLLING).response().status == status
    clients.pop().close()
    assert eventually(lambda: opener.websocket(WEBSOCKET).refusal is None)
    clients[0].send_text('421["message-with-ack"]')
    assert clients[0].receive() == "431[]"


def test_client_past_the_packet_rate_is_ended(limited: Callable[..., Opener]) -> None:
    opener = limited("--max-packets-per-second", "50")
    polite, flooder = opener.join(), opener.join()
    with pytest.raises(Closed) as closing:
        for _ in range(100):
            flooder.send_text(*['42["nobody"]'] * 100)
        while True:
            flooder.receive()
    assert closing.value.args[0][:2] in (b"", (1008).to_bytes(2))
    polite.send_text('421["message-with-ack"]')
    assert polite.receive() == "431[]"


def test_polling_client_past_the_packet_rate_is_ended(limited: Callable[..., Opener]) -> None:
    session = limited("--max-packets-per-second", "50").polling("/socket.io/")
    session.send("40")
    assert session.post("\x1e".join(['42["nobody"]'] * 10_000)).status in (200, 400, 429)
    assert session.post("6").status == 400
