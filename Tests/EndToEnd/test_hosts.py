"""Under which names the server may be asked for: a page must not reach it by a name of its own that leads here."""

from collections.abc import Callable

import pytest
import requests
from daemon import Daemon


@pytest.mark.parametrize(
    "host, is_served",
    [
        ("127.0.0.1:{port}", True), ("localhost:{port}", True), ("localhost", True), ("[::1]:{port}", True),
        ("127.9.9.9:1", True), ("attacker.example:{port}", False), ("127.0.0.1.attacker.example", False),
        ("localhost.attacker.example:{port}", False), ("192.168.1.1", False),
    ],
)
@pytest.mark.parametrize("path", ["/status", "/socket.io/?EIO=4&transport=polling", "/"])
def test_page_that_leads_its_own_name_here_gets_nothing(path: str, host: str, is_served: bool, shared: Daemon) -> None:
    headers = {"Host": host.format(port=shared.port)}
    response = requests.get(shared.url + path, headers=headers, timeout=30)
    assert (response.status_code == 200) is is_served, response.text
    if not is_served:
        assert response.status_code in (400, 403, 421), response.status_code
        assert "docs" not in response.text


def test_names_of_the_configuration_are_served(make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon(server={"allowed_hosts": ["search.example"]}).start()
    for host, is_served in [("search.example", True), ("SEARCH.example:80", True), ("other.example", False)]:
        response = requests.get(f"{daemon.url}/status", headers={"Host": host}, timeout=30)
        assert (response.status_code == 200) is is_served, host
