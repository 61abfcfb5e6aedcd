"""The official JavaScript client, in Node and in Chromium, over each transport."""

import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from proxy import CuttingProxy
from testserver import CLIENT, TestServer

SCRIPTS = Path(__file__).parent / "client"
# The whole scenario takes less than two seconds on an idle machine.
TIMEOUT = 50.0

MODES = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
SLOW_HEARTBEAT = ("--ping-interval", "10000", "--ping-timeout", "10000")
BINARY = {"bytes": "binary:1,2,3", "deep": [{"view": "binary:255,0"}, "text"]}

Reports = dict[str, Any]
Report = Callable[[str, Any], None]


@pytest.fixture
def proxy(server: TestServer) -> Iterator[CuttingProxy]:
    running = CuttingProxy(server.address)
    yield running
    running.close()


@pytest.fixture
def forgetful_proxy(make_server: Callable[..., TestServer]) -> Iterator[CuttingProxy]:
    """Before a server whose clients may come back; it loses an answer, and with it the connection."""
    running = CuttingProxy(make_server("--recovery", "60", *SLOW_HEARTBEAT).address, cuts_before=b"missed")
    yield running
    running.close()


class Recorder:
    """Keeps what the scenario reports; cuts its connections when it asks for that, until it has noticed."""

    def __init__(self, proxy: CuttingProxy) -> None:
        self.reports: Reports = {}
        self._proxy = proxy

    def report(self, name: str, value: Any) -> None:
        self.reports[name] = value
        if name == "cut":
            self._proxy.cut()
        elif name == "lost":
            self._proxy.restore()


def expect_success(reports: Reports, mode: str) -> None:
    assert "error" not in reports, reports
    lost = reports.pop("lost")
    assert lost in ("transport close", "transport error"), lost
    assert reports == {
        "connected": {"hasID": True, "recovered": False},
        "auth": [{"token": "123"}],
        "in order": True,
        "transport": "polling" if mode == "polling" else "websocket",
        "echo": [1, "2", {"3": [True]}, None, "ü€😀"],
        "nothing": [],
        "binary": [BINARY],
        "large": 300_000,
        "large binary": 300_000,
        "ack": [1, "2"],
        "binary ack": BINARY,
        "custom auth": [{"token": "abc"}],
        "unknown namespace": {"message": "Invalid namespace", "active": False},
        "left": "io client disconnect",
        "echo after leaving": ["still here"],
        "cut": None,
        "reconnected": {"hasNewID": True},
        "echo after reconnecting": ["back"],
        "disconnected": "io client disconnect",
        "done": None,
    }


def expect_recovery(reports: Reports) -> None:
    assert "error" not in reports, reports
    lost = reports.pop("lost")
    assert lost in ("transport close", "transport error"), lost
    assert reports == {
        "connected": {"recovered": False},
        "echo": "first",
        "reconnected": {"recovered": True, "isTheSame": True},
        "received": ["missed", "back"],
        "disconnected": "io client disconnect",
        "done": None,
    }


def run_in_node(proxy: CuttingProxy, mode: str, scenario: str) -> Reports:
    recorder = Recorder(proxy)
    command = ["node", SCRIPTS / "node.js", CLIENT, proxy.url, ",".join(MODES[mode]), scenario]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(TIMEOUT, process.kill)
        watchdog.start()
        assert process.stdout is not None
        for line in process.stdout:
            recorder.report(*json.loads(line))
        process.wait()
        watchdog.cancel()
    assert process.returncode == 0, recorder.reports
    return recorder.reports


@pytest.mark.parametrize("mode", MODES)
def test_client_in_node(proxy: CuttingProxy, mode: str) -> None:
    expect_success(run_in_node(proxy, mode, "all"), mode)


@pytest.mark.parametrize("mode", MODES)
def test_client_in_node_comes_back_with_what_it_missed(forgetful_proxy: CuttingProxy, mode: str) -> None:
    expect_recovery(run_in_node(forgetful_proxy, mode, "recovery"))


class PageHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the page, its scenario and the client, on an origin that is not the test server's."""

    def translate_path(self, path: str) -> str:
        return str(CLIENT if path == f"/{CLIENT.name}" else SCRIPTS / Path(path).name)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def page_url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), PageHandler) as pages:
        threading.Thread(target=partial(pages.serve_forever, poll_interval=0.1), daemon=True).start()
        yield f"http://127.0.0.1:{pages.server_address[1]}/page.html"
        pages.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


def run_in_chromium(proxy: CuttingProxy, browser: Browser, page_url: str, mode: str, scenario: str) -> Reports:
    recorder = Recorder(proxy)
    page = browser.new_page()
    page.expose_function("report", recorder.report)
    page.goto(page_url)
    page.evaluate(
        "([scenario, url, transports]) => scenarios[scenario](io, url, transports, report)",
        [scenario, proxy.url, MODES[mode]],
    )
    page.close()
    return recorder.reports


@pytest.mark.parametrize("mode", MODES)
def test_client_in_chromium(proxy: CuttingProxy, browser: Browser, page_url: str, mode: str) -> None:
    expect_success(run_in_chromium(proxy, browser, page_url, mode, "all"), mode)


@pytest.mark.parametrize("mode", MODES)
def test_client_in_chromium_comes_back_with_what_it_missed(
    forgetful_proxy: CuttingProxy, browser: Browser, page_url: str, mode: str
) -> None:
    expect_recovery(run_in_chromium(forgetful_proxy, browser, page_url, mode, "recovery"))
