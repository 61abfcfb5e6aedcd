"""The page when far more happens than anybody can read: it stays bounded, and it stays usable."""

from collections.abc import Callable, Iterator

import pytest
from browsing import PATIENCE, Visit
from daemon import Daemon
from flooding import BATCH, flood, on_websocket, stream
from playwright.sync_api import expect

FILES = 4_000


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon of which nothing is heard, so that what is told in its name stays."""
    daemon = Daemon(tmp_path_factory.mktemp("quiet") / "daemon")
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    daemon.start().wait_until_idle(0)
    yield daemon
    daemon.close()


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


# Milliseconds without a frame that nobody would call frozen, on a slow machine that does other things besides.
FROZEN = 1_000


def test_page_does_not_freeze_under_a_thousand_events_a_second(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    opened = on_websocket(quiet, visit)
    seen = stream(opened.page, 1_000, 5, 100_000)
    assert seen["told"] >= 5_000, seen
    assert seen["longest"] < FROZEN, seen
    assert seen["busy"] < seen["took"] / 2, seen
    expect(opened.row("completed-row", "file 101")).not_to_have_count(0, timeout=PATIENCE)
    assert opened.complaints == []


# Notes at what time of the page's clock what is said to screen readers changes.
LISTEN = """() => {
    window.said = [];
    const node = document.getElementById("announcer");
    new MutationObserver(() => window.said.push([performance.now(), node.textContent]))
        .observe(node, { childList: true, characterData: true, subtree: true });
}"""
# Seconds that the announcer is silent after it said something.
QUIET = 10


def test_screen_readers_are_not_shouted_at(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    opened = on_websocket(quiet, visit, prepare=lambda page: page.clock.install())
    page = opened.page
    page.evaluate(LISTEN)
    # A minute of the page's time, in which more and more files fail.
    for number in range(12):
        flood(page, 20, 10_000 + number * 20)
        page.clock.run_for(5_000)
    said = page.evaluate("() => window.said")
    assert len(said) >= 2, said
    moments = [moment for moment, _ in said]
    assert all(after - before >= QUIET * 1_000 for before, after in zip(moments, moments[1:])), said
    # What was so before the flood may be said first.
    assert all("file " not in text for _, text in said) and "failed." in said[-1][1], said
    # Nothing else of the page is a live region that a flood moves.
    assert page.evaluate(
        "() => [...document.querySelectorAll('[role=status], [role=alert], [role=log], [aria-live]')]"
        ".filter((node) => node.checkVisibility() && node.textContent.trim()).map((node) => node.id)"
    ) == ["announcer"]
