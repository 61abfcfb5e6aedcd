"""What `socketio` in the configuration says, clients meet."""

import json
import re
import resource
from collections.abc import Callable

import pytest
import requests
from daemon import Daemon
from raw import RawSocket
from waiting import eventually

MakeDaemon = Callable[..., Daemon]
Raw = Callable[..., RawSocket]


def handshake(daemon: Daemon, **parameters: str) -> requests.Response:
    return daemon.get("/socket.io/", **({"EIO": "4", "transport": "polling"} | parameters))


def counted(daemon: Daemon, name: str, label: str) -> bool:
    """Whether a counter with one label is above 0."""
    lines = daemon.get("/metrics").text.splitlines()
    return any(line.startswith(f"{name}{{{label}}} ") and not line.endswith(" 0") for line in lines)


def test_times_and_sizes_are_those_of_the_configuration(make_daemon: MakeDaemon) -> None:
    daemon = make_daemon(
        socketio={"ping_interval": "3s", "ping_timeout": "2s", "max_payload": "64kB", "cookie": "corpusd"}
    ).start()
    response = handshake(daemon)
    told = json.loads(response.text[1:])
    assert (told["pingInterval"], told["pingTimeout"], told["maxPayload"]) == (3_000, 2_000, 64_000)
    assert response.headers["set-cookie"].startswith(f"corpusd={told['sid']};")
    address = f"{daemon.url}/socket.io/?EIO=4&transport=polling&sid={told['sid']}"
    assert requests.post(address, data="4" + "x" * 64_001, timeout=30).status_code in (400, 413)


def test_cookie_is_only_set_when_it_has_a_name(shared: Daemon) -> None:
    assert "set-cookie" not in handshake(shared).headers


@pytest.mark.parametrize("is_allowed", [True, False])
def test_old_clients_are_served_when_that_is_allowed(is_allowed: bool, make_daemon: MakeDaemon) -> None:
    daemon = make_daemon(socketio={"allow_eio3": is_allowed}).start()
    assert (handshake(daemon, EIO="3").status_code == 200) is is_allowed


@pytest.mark.parametrize(
    "limits, cause",
    [
        ({"max_connections": 2}, "too_many_connections"),
        ({"max_connections_per_address": 2}, "too_many_connections_of_address"),
    ],
)
def test_one_client_too_many_is_turned_away(limits: dict, cause: str, make_daemon: MakeDaemon, raw: Raw) -> None:
    daemon = make_daemon(socketio=limits).start()
    clients = [raw(daemon), raw(daemon)]
    response = handshake(daemon)
    assert response.status_code in (429, 503), response.text
    assert counted(daemon, "corpusd_socketio_rejected_requests_total", f'cause="{cause}"')
    clients[0].drop()
    eventually(lambda: handshake(daemon).status_code == 200, "there is room again")


@pytest.mark.parametrize("limits", [{"packets_per_second": 5, "burst": "2s"}, {"bytes_per_second": "1kB", "burst": "2s"}])
def test_client_that_sends_too_much_is_disconnected(limits: dict, make_daemon: MakeDaemon, raw: Raw) -> None:
    daemon = make_daemon(socketio={"max_payload": "2kB", "rate_limit": limits}).start()
    patient, hasty = raw(daemon), raw(daemon)
    for _ in range(5):
        assert hasty.call("ping") > 0
    try:
        for _ in range(100):
            hasty.send("2", '["ping","' + "x" * 100 + '"]')
    except OSError:
        pass
    hasty.wait_for_end()
    assert patient.call("ping") > 0
    assert counted(daemon, "corpusd_socketio_connections_closed_total", 'reason="rate_limited"')


def test_message_with_too_many_attachments_is_refused(make_daemon: MakeDaemon, raw: Raw) -> None:
    daemon = make_daemon(socketio={"max_attachments": 1}).start()
    client = raw(daemon)
    client.send("51-", '["ping",{"_placeholder":true,"num":0}]')
    client.send_binary(b"\0")
    assert client.call("ping") > 0
    client.send("52-", '["ping",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
    client.wait_for_end()


def test_room_is_made_for_the_clients_that_are_allowed(make_daemon: MakeDaemon) -> None:
    """Many systems start a program with room for 1,024 open files, and let it ask for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    daemon = make_daemon(socketio={"max_connections": 1_000})
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        daemon.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert daemon.process is not None
    with open(f"/proc/{daemon.process.pid}/limits") as limits:
        (files,) = re.findall(r"Max open files +(\d+) +(\d+)", limits.read())
    assert [int(count) for count in files] == [min(2_512, hard), hard]
