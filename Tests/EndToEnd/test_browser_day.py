"""A page that is open for a day, and a server that pages come to and leave: neither keeps what is over."""

from collections.abc import Callable, Iterator

import documents
import pytest
import requests
from browsing import PATIENCE, Visit
from daemon import Daemon
from flooding import expect_websocket, flood, on_websocket
from playwright.sync_api import CDPSession, Page, expect
from raw import RawSocket
from waiting import eventually

# Of four hours each; the first ones compile the code and fill the lists.
ROUNDS = 6
WARM = 2
# Three events each: 72,000 in a day.
FILES = 4_000
NOTES = 55


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon with more files than one page of the list shows, of which nothing is heard any more."""
    daemon = Daemon(tmp_path_factory.mktemp("day") / "daemon", log={"level": "info"})
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    for number in range(NOTES):
        (daemon.folder() / f"note {number}.txt").write_text(documents.note(f"shelf {number}"))
    daemon.start().wait_until_idle(NOTES)
    yield daemon
    daemon.close()


def measured(session: CDPSession) -> dict[str, int]:
    """Bytes of live objects, nodes and listeners, after everything that can go has gone."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    kept = ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")
    return {each["name"]: int(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]
            if each["name"] in kept}


def look_around(page: Page) -> None:
    """Opens everything that can be opened, and closes it again."""
    page.get_by_test_id("search-input").fill("shelf")
    page.get_by_test_id("search-input").press("Enter")
    expect(page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("search-hit").get_by_role("link").first.click()
    expect(page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("file-dialog")).to_be_hidden()
    page.get_by_test_id("search-clear").click()
    expect(page.locator("#dashboard")).to_be_visible()
    page.locator("#files-details summary").click()
    expect(page.get_by_test_id("file-row")).to_have_count(50, timeout=PATIENCE)
    page.locator("#files-more").click()
    expect(page.get_by_test_id("file-row")).to_have_count(NOTES, timeout=PATIENCE)
    page.locator("#files-details summary").click()
    page.get_by_test_id("pause").click()
    expect(page.get_by_test_id("token-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("token-dialog")).to_be_hidden()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)


def four_hours(opened: Visit, number: int) -> None:
    """Much is told; ten minutes of ticks, pings and questions; a look around; the connection is lost and comes back."""
    page = opened.page
    flood(page, FILES, number * FILES)
    page.clock.run_for("10:00")
    look_around(page)
    wires = page.evaluate("() => window.wires")
    # No ping for so long: the client gives its connection up.
    page.clock.fast_forward("03:50:00")
    page.wait_for_function("(before) => window.wires > before", arg=wires, timeout=PATIENCE)
    expect_websocket(opened)


def test_page_keeps_nothing_of_a_day(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    opened = on_websocket(quiet, visit, prepare=lambda page: page.clock.install())
    session = opened.page.context.new_cdp_session(opened.page)
    session.send("Performance.enable")
    seen = []
    for number in range(ROUNDS):
        four_hours(opened, number)
        seen.append(measured(session))
    # What was just taken away may be counted still; what stays for good is counted every time.
    least = {name: min(after[name] for after in seen[WARM + 1:]) for name in seen[0]}
    grown = {name: value - seen[WARM - 1][name] for name, value in least.items()}
    # Thousands of events, views of each kind, connections: nothing of them may stay.
    assert grown["JSHeapUsedSize"] < 600_000, seen
    assert grown["Nodes"] < 60 and grown["JSEventListeners"] < 2 and grown["Documents"] <= 0, seen


# What a browser asks for when it opens the page; the last ones anew each time.
LOADS = ["/", "/css/tokens.css", "/css/layout.css", "/js/main.js", "/vendor/socket.io.min.js", "/api/pipelines",
         "/api/files?limit=1", "/status"]
VISITS = 80


def come_and_go(daemon: Daemon, browser: requests.Session) -> None:
    """Pages are opened, are told the state of things, and are closed again, every second one without a word."""
    for number in range(VISITS):
        for path in LOADS if number % 10 == 0 else LOADS[-3:]:
            assert browser.get(daemon.url + path, timeout=30).status_code == 200
        socket = RawSocket(daemon, "/pipeline")
        socket.wait_for("pipeline:status")
        if number % 2:
            socket.send("1", "")
        socket.drop()


def test_daemon_keeps_nothing_of_pages_that_left(quiet: Daemon) -> None:
    def resident() -> int:
        lines = quiet.get("/metrics").text.splitlines()
        assert 'corpusd_socketio_connections{transport="websocket"} 0' in lines
        return next(int(float(line.split()[1])) for line in lines if line.startswith("process_resident_memory_bytes "))

    seen = []
    with requests.Session() as browser:
        for _ in range(ROUNDS):
            come_and_go(quiet, browser)
            seen.append(eventually(resident, "all pages are gone"))
    # 10 kB a page; a session with its snapshot has more.
    assert max(seen[ROUNDS // 2:]) - max(seen[:ROUNDS // 2]) < ROUNDS // 2 * VISITS * 10_000, seen
