"""nginx, Caddy and Apache in front of corpusd, as docs/access.md says: what is told there works."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
import requests
from addresses import ANNA, BERTA, Client, lying
from browsing import PATIENCE, Visit
from daemon import Daemon
from guarding import READER, guard
from playwright.sync_api import Browser, Page, expect
from waiting import eventually
from web_servers import NAME, PREPARATIONS, WebServer, settings


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """One that finds the public name here."""
    rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    finding = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", rules])
    yield finding
    finding.close()


@pytest.fixture
def behind(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Daemon:
    """A running daemon with the settings that are documented; nobody sees anything without a token."""
    daemon = guard(make_daemon, tmp_path, "docs")
    documented = settings()
    auth = daemon.config["server"]["auth"] | documented.pop("auth")
    assert auth["anonymous"] == "none"
    daemon.config["server"] |= {**documented, "auth": auth}
    daemon.start(ready=False)

    def answers() -> bool:
        try:
            return daemon.get(f"{documented['base_path']}/health/live").status_code == 200
        except requests.RequestException:
            return False

    eventually(answers, "it answers below its path")
    return daemon


@pytest.fixture(params=list(PREPARATIONS))
def server(request: pytest.FixtureRequest, behind: Daemon, tmp_path: Path) -> Iterator[WebServer]:
    folder = tmp_path / "server"
    folder.mkdir()
    made = WebServer(request.param, folder, behind)
    yield made
    made.stop()


def asking(server: WebServer, address: str, **headers: str) -> Client:
    return Client(address, server.url, Host=server.host, **headers)


def keep_token(page: Page) -> None:
    page.add_init_script(f"sessionStorage.setItem('corpusd-token', '{READER}')")


def test_page_is_live_over_websocket(server: WebServer, behind: Daemon, visit: Callable[..., Visit]) -> None:
    # Without the slash at the end, as people write it.
    opened = visit(behind, prepare=keep_token, url=f"http://{server.host}{server.path}")
    opened.expect_live()
    page = opened.page
    expect(page.locator("#connection")).to_have_attribute("title", re.compile("over WebSocket"), timeout=PATIENCE)
    (behind.folder() / "proxied.txt").write_text(documents.note("what lies behind a proxy"))
    expect(opened.row("completed-row", "proxied.txt")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("search-input").fill("behind a proxy")
    page.get_by_test_id("search-hit").get_by_role("link").click()
    expect(page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    assert page.url.startswith(f"http://{server.host}{server.path}/")
    # Without TLS, which has nothing to do with this, a browser passes over one header and says so.
    complaints = [each for each in opened.complaints if "Cross-Origin-Opener-Policy" not in each]
    assert (complaints, opened.hosts) == ([], {server.host})


def test_wrong_tokens_are_counted_for_each_client(server: WebServer, behind: Daemon) -> None:
    # Whatever she says of herself.
    anna, berta = asking(server, ANNA, **lying(BERTA)), asking(server, BERTA)
    anna.use_up_attempts()
    assert asking(server, ANNA).get("/status", READER).status_code == 429
    assert anna.connect(READER)["data"]["status"] == 429
    assert berta.get("/status", READER).status_code == 200
    assert berta.connect(READER)["isIn"]
    assert f"token. address={ANNA}\n" in behind.log() and "token. address=127.0.0.1\n" not in behind.log()


@pytest.mark.parametrize("address", [ANNA, "127.0.0.1"])
def test_machines_own_token_is_worth_nothing(address: str, server: WebServer, behind: Daemon) -> None:
    assert asking(server, address).get("/status", behind.token).status_code == 401
    assert Client(address, behind.url + server.path).get("/status", behind.token).status_code == 200
