"""The parts of the page that a person opens, and the states that nobody wants to see."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import documents
import pytest
import waiting
from browsing import PATIENCE, READER_TOKEN, SCREENSHOTS, Visit, check_clean, give_token, locked, told_otherwise
from daemon import Daemon
from playwright.sync_api import Page, expect

PHONE = (390, 844)


def picture(opened: Visit, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def only_refusals(opened: Visit) -> None:
    """A refused request is told by the browser itself; nothing else may be."""
    wrong = [complaint for complaint in opened.complaints if "401" not in complaint]
    assert wrong == []


def test_failed_file_is_tried_again_with_the_token(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / "locked.pdf")
    opened = visit(daemon.start())
    row = opened.row("failed-row", "locked.pdf")
    expect(row).to_be_visible(timeout=PATIENCE)
    picture(opened, "failed")
    row.get_by_test_id("retry").click()
    expect(opened.page.get_by_test_id("token-dialog")).to_be_visible()
    picture(opened, "token")
    give_token(opened, "not-the-right-token")
    expect(opened.page.get_by_test_id("token-dialog")).to_contain_text("not known", timeout=PATIENCE)
    give_token(opened, daemon.token)
    expect(opened.page.get_by_test_id("toast")).to_contain_text("tried again", timeout=PATIENCE)
    expect(row).to_be_visible(timeout=PATIENCE)
    only_refusals(opened)


def test_pipeline_is_paused_and_goes_on(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    card = opened.page.get_by_test_id("pipeline-card")
    card.get_by_test_id("pause").click()
    give_token(opened, daemon.token)
    expect(card).to_have_attribute("data-status", "paused", timeout=PATIENCE)
    (daemon.folder() / "waits.txt").write_text(documents.note("what waits"))
    expect(card.get_by_test_id("figure-queue")).to_have_text("1", timeout=PATIENCE)
    picture(opened, "paused")
    card.get_by_test_id("pause").click()
    expect(opened.row("completed-row", "waits.txt")).to_be_visible(timeout=PATIENCE)
    check_clean(opened, daemon)


def test_locked_server_asks_for_the_token_once(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    opened = visit(daemon)
    connection = opened.page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    picture(opened, "locked")
    opened.page.get_by_test_id("unlock").click()
    give_token(opened, READER_TOKEN)
    opened.expect_live()
    expect(opened.page.get_by_test_id("pipeline-card")).to_have_count(1)
    opened.page.reload()
    opened.expect_live()
    assert opened.page.evaluate("() => document.cookie") == ""


def test_file_has_a_view_of_its_own(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library)
    opened.expect_live()
    opened.page.locator("#files-details summary").click()
    opened.page.locator("#files-text").fill("fhs.pdf")
    row = opened.page.get_by_test_id("file-row")
    expect(row).to_have_count(1, timeout=PATIENCE)
    picture(opened, "files")
    row.get_by_role("link").click()
    dialog = opened.page.get_by_test_id("file-dialog")
    expect(dialog.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    expect(dialog).to_contain_text("Where the time went")
    picture(opened, "file")
    opened.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert opened.page.evaluate("() => location.hash") == ""
    check_clean(opened, library)


def test_page_without_a_live_connection_polls(shared: Daemon, visit: Callable[..., Visit]) -> None:
    (shared.folder("notes") / "before.txt").write_text(documents.note("what was there before"))
    waiting.eventually(lambda: shared.status("notes")["total_processed"] > 0, "the last hour is not empty")
    opened = visit(shared, prepare=lambda page: page.route("**/socket.io/**", lambda route: route.abort()))
    connection = opened.page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    # It is as whole as a live one: the last hour as the server counts it, long before it asks for that again, and the
    # list of all files.
    plot = opened.page.locator("[data-pipeline=notes]").get_by_test_id("plot")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("^Last hour: [1-9]"), timeout=20_000)
    expect(opened.page.locator("#files")).to_be_visible()
    (shared.folder("notes") / "polled.txt").write_text(documents.note("what was polled"))
    expect(opened.row("completed-row", "polled.txt")).to_be_visible(timeout=PATIENCE)
    picture(opened, "polling")
    expect(opened.page.locator("#connection-latency")).to_have_text(re.compile(r"^\d[\d.,]* m?s$"), timeout=PATIENCE)
    # What was in the way is gone: the page is live again by itself, and asks for nothing any more.
    opened.page.unroute("**/socket.io/**")
    opened.expect_live()
    expect(opened.page.locator("#connection-latency")).to_have_text(re.compile(r"^\d[\d.,]* m?s$"), timeout=PATIENCE)
    assert opened.loads == 1


# Adds up what moved without anybody having touched the page, as browsers count it (CLS).
WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


SIZES = pytest.mark.parametrize("size", [(1440, 1000), (820, 1100), PHONE], ids=["desk", "tablet", "phone"])


@SIZES
def test_nothing_moves_while_the_page_fills(
    size: tuple[int, int], shared: Daemon, visit: Callable[..., Visit]
) -> None:
    name = f"steady-{size[0]}.txt"
    opened = visit(shared, size=size, prepare=lambda page: page.add_init_script(f"({WATCH_SHIFTS})()"))
    opened.expect_live()
    expect(opened.page.get_by_test_id("pipeline-card")).to_have_count(2, timeout=PATIENCE)
    expect(opened.page.locator("#files")).to_be_visible(timeout=PATIENCE)
    (shared.folder("notes") / name).write_text(documents.note("what is steady"))
    expect(opened.row("completed-row", name)).to_be_visible(timeout=PATIENCE)
    expect(opened.page.locator("#connection-latency")).not_to_be_empty(timeout=PATIENCE)
    assert opened.page.evaluate("() => window.shifted") < 0.02


@SIZES
def test_nothing_moves_when_a_backlog_comes_and_goes(
    size: tuple[int, int], shared: Daemon, visit: Callable[..., Visit]
) -> None:
    more = {"files_queued": 0, "total_processed": 0}

    def tell(status: dict[str, Any]) -> None:
        status.update({name: status[name] + count for name, count in more.items()})

    def prepare(page: Page) -> None:
        told_otherwise(tell)(page)
        page.add_init_script(f"({WATCH_SHIFTS})()")

    # So high that the cards are in sight: what moves elsewhere is not counted.
    page = visit(shared, size=(size[0], 1800), prepare=prepare).page
    card = page.locator("[data-pipeline=notes]")
    expect(card.get_by_test_id("last-activity")).not_to_be_empty(timeout=PATIENCE)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    before = page.evaluate("() => window.shifted")
    more.update(files_queued=7_000, total_processed=90)
    expect(card.get_by_test_id("eta")).to_contain_text("about", timeout=PATIENCE)
    expect(page.get_by_test_id("verdict")).to_have_text("Working")
    more.update(files_queued=0)
    expect(card.get_by_test_id("eta")).to_be_hidden(timeout=PATIENCE)
    assert page.evaluate("() => window.shifted") - before < 0.005


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_a_phone(scheme: str, library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library, scheme, size=PHONE)
    opened.expect_live()
    expect(opened.page.get_by_test_id("completed-row").first).to_be_visible(timeout=PATIENCE)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    small = opened.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select")]
            .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 32)
            .map((node) => node.outerHTML)"""
    )
    assert small == [], "what is touched is large enough"
    picture(opened, f"phone-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_and_parts_have_names(
    scheme: str, library: Daemon, visit: Callable[..., Visit]
) -> None:
    opened = visit(library, scheme)
    opened.expect_live()
    expect(opened.page.get_by_test_id("completed-row").first).to_be_visible(timeout=PATIENCE)
    assert opened.page.evaluate(CONTRAST) == [], "every text has a contrast of 4.5 or, if it is large, 3"
    assert opened.page.evaluate(NAMELESS) == []
    landmarks = opened.page.evaluate("() => ['header', 'main', 'footer'].map((t) => document.querySelectorAll(t).length)")
    assert landmarks == [1, 1, 1]
    assert opened.page.evaluate("() => document.querySelectorAll('h1').length") == 1


# Texts whose contrast with what is painted behind them is below the AA level of WCAG 2.
CONTRAST = """() => {
    const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (node) => {
        for (let n = node; n; n = n.parentElement) {
            const color = parse(getComputedStyle(n).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
        if (node.closest(".visually-hidden, .skip-link, option, script, noscript")) continue;
        const style = getComputedStyle(node);
        const [a, b] = [light(parse(style.color)), light(behind(node))].sort((x, y) => y - x);
        const size = parseFloat(style.fontSize);
        const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < least) found.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)}`);
    }
    return [...new Set(found)];
}"""

# What can be used and has no name for those who do not see it.
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, [role=progressbar], svg[role=img]")]
    .filter((node) => node.checkVisibility() && !node.closest("[aria-hidden=true]") && !(node.getAttribute("aria-label") || node.textContent.trim()
        || node.labels?.length || node.getAttribute("aria-labelledby")))
    .map((node) => node.outerHTML.slice(0, 120))"""


def test_held_deletions_are_decided_on_the_page(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    for index in range(60):
        (daemon.folder() / f"{index}.txt").write_text(documents.note(f"number {index}"))
    daemon.start().wait_until_idle(60)
    opened = visit(daemon)
    opened.expect_live()
    for path in list(daemon.folder().iterdir()):
        path.unlink()
    held = opened.page.get_by_test_id("held")
    expect(held).to_be_visible(timeout=PATIENCE)
    held.locator("summary").click()
    expect(held.get_by_test_id("held-row").first).to_be_visible()
    picture(opened, "deletions")
    held.get_by_test_id("deletions-confirm").click()
    give_token(opened, daemon.token)
    expect(held).to_have_count(0, timeout=PATIENCE)
    daemon.wait_until_idle(0)


def test_main_states_are_pictured(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    expect(opened.page.get_by_test_id("verdict")).to_have_text("Ready", timeout=PATIENCE)
    picture(opened, "empty")
    shutil.copytree(corpus / "html", daemon.folder() / "html")
    expect(opened.page.get_by_test_id("processing-row").first).to_be_visible(timeout=PATIENCE)
    picture(opened, "working")
    # Without a single passage there is no hit.
    expect(opened.page.get_by_test_id("completed-row").first).to_be_visible(timeout=PATIENCE)
    opened.page.goto(f"{daemon.url}/?q=install%20a%20package")
    expect(opened.page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    picture(opened, "search")
    opened.page.goto(daemon.url)
    daemon.stop()
    expect(opened.page.get_by_test_id("connection")).to_have_attribute("data-state", "offline", timeout=PATIENCE)
    picture(opened, "offline")
