"""Everything that a mouse can do on the page, by the keyboard alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
from browsing import PATIENCE, READER_TOKEN, Visit, check_clean, locked
from daemon import Daemon
from playwright.sync_api import Locator, Page, expect

NOTES = 70

# What has the focus, and whether that can be seen: it lies in the window, and it or what frames it has an outline.
FOCUS = """() => {
    const node = document.activeElement;
    const box = node.getBoundingClientRect();
    const isFramed = (each) => each && getComputedStyle(each).outlineStyle !== "none"
        && parseFloat(getComputedStyle(each).outlineWidth) >= 1;
    return {
        name: node.id || node.dataset.testid || node.className || node.tagName,
        isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
            && (isFramed(node) || isFramed(node.closest(".search-field"))),
    };
}"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Goes on until `target` has the focus; at each step one must see where one is."""
    passed = []
    for _ in range(120):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUS)
        passed.append(focus["name"])
        if target.evaluate("(node) => node === document.activeElement"):
            assert focus["isSeen"], f"'{focus['name']}' has the focus and does not show it"
            return
        assert focus["isSeen"] or focus["name"] == "BODY", f"'{focus['name']}' has the focus and does not show it"
    raise AssertionError(f"not reached: {passed}")


def expect_focus(target: Locator) -> None:
    expect(target).to_be_focused(timeout=PATIENCE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Daemon]:
    """A daemon with more notes than one page of the list shows, a long text, and a book that cannot be read."""
    daemon = Daemon(tmp_path_factory.mktemp("keys") / "daemon")
    for number in range(NOTES):
        (daemon.folder() / f"note {number:02}.txt").write_text(documents.note(f"shelf {number}"))
    long = "\n\n".join(f"# Part {number}\n\n{documents.note(f'the lighthouse in its year {number}') * 4}"
                       for number in range(40))
    (daemon.folder() / "lighthouse.md").write_text(long)
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / "locked.pdf")
    daemon.start().wait_until_idle(NOTES + 1)
    yield daemon
    daemon.close()


def test_first_key_skips_to_the_status(desk: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(desk)
    opened.expect_live()
    page = opened.page
    tab_to(page, page.locator(".skip-link"))
    press(page, "Enter")
    expect_focus(page.locator("#status"))
    tab_to(page, page.get_by_test_id("alert"))
    press(page, "Enter")
    expect_focus(page.locator("#problems"))
    check_clean(opened, desk)


def test_hit_is_found_read_and_left(desk: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(desk)
    opened.expect_live()
    page = opened.page
    press(page, "/")
    expect_focus(page.get_by_test_id("search-input"))
    page.keyboard.type("lighthouse in its year")
    press(page, "Enter")
    hit = page.get_by_test_id("search-hit").first.get_by_role("link")
    expect(hit).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE)
    tab_to(page, hit)
    press(page, "Enter")
    dialog = page.get_by_test_id("file-dialog")
    expect(dialog.get_by_test_id("passage")).to_have_count(20, timeout=PATIENCE)
    tab_to(page, dialog.get_by_role("button", name="Show more passages"))
    press(page, "Enter")
    expect_focus(dialog.get_by_test_id("passage").nth(20))
    # The page below takes no part while the view is open.
    for _ in range(6):
        press(page, "Tab")
        assert page.evaluate("() => document.activeElement === document.body "
                             "|| Boolean(document.activeElement.closest('dialog'))")
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect_focus(hit)
    assert page.evaluate("() => location.hash") == ""
    more = page.get_by_role("button", name="Show the whole passage")
    if more.count():
        tab_to(page, more.first)
        press(page, "Enter")
        expect(page.get_by_role("button", name="Show less").first).to_have_attribute("aria-expanded", "true")
    press(page, "/", "Escape")
    expect(page.locator("#dashboard")).to_be_visible()
    expect_focus(page.get_by_test_id("search-input"))
    page.keyboard.type("shelf")
    expect(page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    tab_to(page, page.get_by_test_id("search-clear"))
    press(page, "Space")
    expect(page.locator("#dashboard")).to_be_visible()
    check_clean(opened, desk)


def test_list_of_files_is_opened_paged_and_narrowed(desk: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(desk)
    opened.expect_live()
    page = opened.page
    expect(page.locator("#files")).to_be_visible(timeout=PATIENCE)
    rows = page.get_by_test_id("file-row")
    tab_to(page, page.locator("#files-details summary"))
    press(page, "Enter")
    expect(rows).to_have_count(50, timeout=PATIENCE)
    tab_to(page, page.locator("#files-more"))
    press(page, "Enter")
    expect(rows).to_have_count(NOTES + 2, timeout=PATIENCE)
    expect_focus(rows.nth(50).get_by_role("link"))
    press(page, "Enter")
    expect(page.get_by_test_id("file-dialog").get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    tab_to(page, page.locator("#file-close"))
    press(page, "Enter")
    expect_focus(rows.nth(50).get_by_role("link"))
    tab_to(page, page.locator("#files-state"), key="Shift+Tab")
    page.keyboard.type("Failed")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    expect(rows).to_contain_text("locked.pdf")
    press(page, "Home")
    tab_to(page, page.locator("#files-text"), key="Shift+Tab")
    page.keyboard.type("note 6")
    expect(rows).to_have_count(10, timeout=PATIENCE)
    check_clean(opened, desk)


def test_minutes_of_the_plot_are_told_by_the_arrow_keys(desk: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(desk)
    opened.expect_live()
    page = opened.page
    plot = page.get_by_test_id("plot")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^Last hour: 71 files finished, \d+ failed"),
                                   timeout=PATIENCE)
    tab_to(page, plot)
    for key, minute in [("ArrowLeft", "This minute"), ("ArrowLeft", "1 min ago"), ("PageDown", "11 min ago"),
                        ("ArrowRight", "10 min ago"), ("Home", "59 min ago"), ("ArrowLeft", "59 min ago"),
                        ("End", "This minute"), ("ArrowRight", "This minute"), ("Escape", "Last hour")]:
        press(page, key)
        expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{minute}: "))
        expect(page.locator(".plot-head")).to_contain_text(minute)
    press(page, "ArrowLeft", "Tab")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("^Last hour: "))
    check_clean(opened, desk)


def test_pipeline_and_file_are_controlled(desk: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(desk)
    opened.expect_live()
    page = opened.page
    card = page.get_by_test_id("pipeline-card")
    dialog = page.get_by_test_id("token-dialog")
    pause = card.get_by_test_id("pause")
    tab_to(page, pause)
    press(page, "Space")
    expect_focus(page.get_by_test_id("token-input"))
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect_focus(pause)
    press(page, "Space")
    page.keyboard.type(desk.token)
    press(page, "Enter")
    expect(card).to_have_attribute("data-status", "paused", timeout=PATIENCE)
    expect_focus(pause)
    press(page, "Enter")
    expect(card).to_have_attribute("data-status", "online", timeout=PATIENCE)
    tab_to(page, card.get_by_test_id("rescan"), key="Shift+Tab")
    press(page, "Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("is checked now", timeout=PATIENCE)
    tab_to(page, page.get_by_test_id("failed-row").get_by_test_id("retry"))
    press(page, "Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("locked.pdf is tried again", timeout=PATIENCE)
    check_clean(opened, desk)


def test_token_is_entered_and_refused(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    opened = visit(daemon)
    page = opened.page
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    unlock = page.get_by_test_id("unlock")
    tab_to(page, unlock)
    press(page, "Enter")
    expect_focus(page.get_by_test_id("token-input"))
    tab_to(page, page.locator("#token-cancel"))
    press(page, "Enter")
    expect_focus(unlock)
    press(page, "Enter")
    page.keyboard.type("not-the-right-token")
    press(page, "Enter")
    expect(page.get_by_test_id("token-dialog")).to_be_hidden()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    tab_to(page, unlock)
    press(page, "Enter")
    expect(page.locator("#token-problem")).to_be_visible()
    page.keyboard.type(READER_TOKEN)
    press(page, "Enter")
    opened.expect_live()
    expect(page.get_by_test_id("pipeline-card")).to_have_count(1, timeout=PATIENCE)


def test_held_deletions_are_looked_at_and_kept(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    for number in range(60):
        (daemon.folder() / f"{number}.txt").write_text(documents.note(f"number {number}"))
    daemon.start().wait_until_idle(60)
    opened = visit(daemon)
    opened.expect_live()
    page = opened.page
    for path in list(daemon.folder().iterdir()):
        path.unlink()
    held = page.get_by_test_id("held")
    expect(held).to_be_visible(timeout=PATIENCE)
    tab_to(page, held.locator("summary"))
    press(page, "Enter")
    tab_to(page, held.locator(".held-list"))
    press(page, "End")
    expect(held.get_by_test_id("held-row").last).to_be_in_viewport(timeout=PATIENCE)
    tab_to(page, held.get_by_test_id("deletions-confirm"))
    tab_to(page, held.get_by_test_id("deletions-discard"), key="Shift+Tab")
    press(page, "Enter")
    page.keyboard.type(daemon.token)
    press(page, "Enter")
    expect(held).to_have_count(0, timeout=PATIENCE)
    expect_focus(page.locator("#status"))
    daemon.wait_until_idle(60)
    check_clean(opened, daemon)
