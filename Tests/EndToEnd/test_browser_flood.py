"""The page when far more happens than anybody can read: it stays bounded, and it stays usable."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import PATIENCE, Visit
from daemon import Daemon
from playwright.sync_api import CDPSession, Page, Route, expect

# Events that come between two animation frames; a thousand a second is 17.
BATCH = 500
FILES = 4_000
DAY = 40_000

# Keeps the page's WebSocket at hand: what is dispatched on it takes the whole way through the official client.
KEEP_WIRE = """() => {
    const Native = WebSocket;
    window.WebSocket = class extends Native {
        constructor(...given) { super(...given); window.wire = this; }
    };
}"""

# Tells of `files` files, each processed, moved on and ended, `batch` events at a time; between the batches the page
# gets one animation frame. Answers how often the lists were rendered in how many frames.
FLOOD = """async ([files, batch, first]) => {
    let renders = 0;
    let frames = 0;
    let isWatching = true;
    const count = () => { frames += 1; if (isWatching) requestAnimationFrame(count); };
    requestAnimationFrame(count);
    const observer = new MutationObserver(() => { renders += 1; });
    observer.observe(document.getElementById("finished-list"), { childList: true });
    const tell = (name, payload) => wire.dispatchEvent(
        new MessageEvent("message", { data: `42/pipeline,${JSON.stringify([name, payload])}` }));
    let told = 0;
    for (let number = first; number < first + files; number += 1) {
        const time = new Date().toISOString();
        const file = { id: `f${number}`, name: `file ${number}.txt`, path: `a/file ${number}.txt`, size: 1000,
            mime_type: "text/plain", started_at: time, completed_at: time, failed_at: time };
        const common = { pipeline_id: "docs", pipeline_type: "local_files", timestamp: time, file };
        tell("file:processing", { ...common, processing_stage: "extraction", estimated_duration: null });
        tell("file:progress", { ...common, processing_stage: "embedding", progress: 0.5 });
        if (number % 10) tell("file:completed", { ...common, results: { chunks_created: 3 }, success: true });
        else tell("file:failed", { ...common, error: { message: "damaged", stage: "extraction" }, success: false });
        told += 3;
        if (told % batch < 3) await new Promise(requestAnimationFrame);
    }
    // Reading the clock moves on only with frames, so the last events are shown by then.
    for (let left = 60; left > 0; left -= 1) await new Promise(requestAnimationFrame);
    isWatching = false;
    observer.disconnect();
    return { told, renders, frames };
}"""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon of which nothing is heard, so that what is told in its name stays."""
    daemon = Daemon(tmp_path_factory.mktemp("quiet") / "daemon")
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    daemon.start().wait_until_idle(0)
    yield daemon
    daemon.close()


def flood(page: Page, files: int, first: int) -> dict[str, int]:
    return page.evaluate(FLOOD, [files, BATCH, first])


def measured(session: CDPSession) -> dict[str, float]:
    """Bytes of live objects, and elements, after everything that can go has gone."""
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.collectGarbage")
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def on_websocket(daemon: Daemon, visit: Callable[..., Visit]) -> Visit:
    opened = visit(daemon, prepare=lambda page: page.add_init_script(f"({KEEP_WIRE})()"))
    opened.expect_live()
    opened.page.wait_for_function("() => window.wire?.readyState === 1 && document.getElementById('connection').title"
                                  ".includes('over WebSocket')", timeout=PATIENCE)
    return opened


def test_flood_is_drawn_frame_by_frame_and_stays_bounded(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    opened = on_websocket(quiet, visit)
    page = opened.page
    seen = flood(page, FILES, 0)
    assert seen["told"] == 3 * FILES
    assert 0 < seen["renders"] <= seen["frames"], "drawn at most once a frame"
    assert seen["frames"] >= 3 * FILES // BATCH, "frames went on meanwhile"
    expect(opened.row("completed-row", f"file {FILES - 1}.txt")).to_be_visible(timeout=PATIENCE)
    assert page.get_by_test_id("completed-row").count() <= 10
    assert page.get_by_test_id("failed-row").count() <= 10
    assert page.evaluate("() => document.querySelectorAll('*').length") < 1_500
    # What a person does is still answered.
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "search-input"
    assert opened.complaints == []


def test_many_thousand_events_leave_nothing_behind(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    page = on_websocket(quiet, visit).page
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    # The lists are full and the code is compiled after this.
    flood(page, FILES, 0)
    before = measured(session)
    flood(page, DAY, FILES)
    after = measured(session)
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 2_000_000, (before, after)
    assert after["Nodes"] - before["Nodes"] < 500, (before, after)
    assert after["JSEventListeners"] - before["JSEventListeners"] < 100, (before, after)


def test_fifty_thousand_files_are_shown_a_page_at_a_time(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    asked: list[int] = []

    def answer(route: Route) -> None:
        start = int(route.request.url.partition("cursor=")[2].partition("&")[0] or 0)
        size = int(route.request.url.partition("limit=")[2].partition("&")[0])
        asked.append(size)
        files = [ledger_entry(number) for number in range(start, start + size)]
        route.fulfill(json={"files": files, "next_cursor": str(start + size) if start + size < 50_000 else None})

    opened = visit(quiet, prepare=lambda page: page.route("**/api/files?*", answer))
    opened.expect_live()
    page = opened.page
    page.locator("#files-details summary").click()
    more = page.locator("#files-more")
    expect(page.get_by_test_id("file-row")).to_have_count(50, timeout=PATIENCE)
    pages = 1
    while more.is_visible():
        more.click()
        pages += 1
        expect(page.get_by_test_id("file-row")).to_have_count(50 * pages, timeout=PATIENCE)
    assert pages == 10, "who looks for more narrows the question"
    assert max(asked) <= 50
    expect(page.locator("#files-note")).to_contain_text("narrow")


def ledger_entry(number: int) -> dict[str, Any]:
    return {
        "id": f"f{number}", "pipeline_id": "docs", "name": f"{number}.txt", "path": f"a/{number}.txt", "size": number,
        "mime_type": "text/plain", "state": "stored", "updated_at": "2026-11-22T18:00:14.420Z", "results": None,
        "error": None, "skip_reason": None,
    }
