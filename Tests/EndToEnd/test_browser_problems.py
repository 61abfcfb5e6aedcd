"""The list of what failed: what is done about it, and where that leaves who did it."""

from collections.abc import Callable

from browsing import PATIENCE, Visit, give_token, told_otherwise
from daemon import Daemon
from embedding import EmbeddingService
from playwright.sync_api import expect


def test_focus_stays_with_the_file_that_is_tried_again(
    rejected: Daemon, picky: EmbeddingService, visit: Callable[..., Visit]
) -> None:
    opened = visit(rejected)
    opened.expect_live()
    page = opened.page
    rows = page.get_by_test_id("failed-row")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    # The one that failed first stands last; when it fails again it moves up.
    last = rows.nth(1)
    file = last.get_attribute("data-file")
    retry = page.locator(f'[data-file="{file}"]').get_by_test_id("retry")
    retry.focus()
    page.keyboard.press("Enter")
    give_token(opened, rejected.token)
    expect(rows.nth(0)).to_have_attribute("data-file", file, timeout=PATIENCE)
    expect(retry).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("total-failed")).to_contain_text("4", timeout=PATIENCE)
    expect(retry).to_be_focused()
    # It gets through, and its row is gone: the reader is where the others are.
    picky.fault = lambda _: None
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#problems-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(rows.get_by_role("link")).to_be_focused()
    assert opened.complaints == []


def test_all_that_failed_are_counted_and_can_be_seen(rejected: Daemon, visit: Callable[..., Visit]) -> None:
    counts = {"failed_files": 1_200, "retrying_files": 34}
    opened = visit(rejected, prepare=told_otherwise(lambda status: status.update(counts)))
    page = opened.page
    rows = page.get_by_test_id("failed-row")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    expect(page.get_by_test_id("answer-problems")).to_contain_text("1,234 failed")
    expect(page.get_by_test_id("alert")).to_have_text("1,234 failed")
    expect(page).to_have_title("Ready, 1,234 failed · corpusd")
    expect(page.locator("#problems-count")).to_have_text("1,234 files, 34 tried again")
    more = page.get_by_test_id("problems-all")
    expect(more).to_have_text("and 1,232 more")
    expect(page.locator("#files")).to_be_visible(timeout=PATIENCE)
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("file-row")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#files-state")).to_have_value("failed")
    expect(page.locator("#files-details summary")).to_be_focused()
    expect(page.locator("#files-details summary")).to_be_in_viewport()
    assert page.evaluate("() => location.hash") == ""
    # None is left for good: what is seen then are those that are tried again.
    counts.update(failed_files=0, retrying_files=3)
    expect(more).to_have_text("and 1 more", timeout=PATIENCE)
    more.click()
    expect(page.get_by_test_id("file-row")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#files-state")).to_have_value("retrying")


def test_file_that_waits_for_a_change_says_so_wherever_it_is_told_of(
    rejected: Daemon, visit: Callable[..., Visit]
) -> None:
    opened = visit(rejected)
    row = opened.row("failed-row", "note.txt")
    expect(row).to_contain_text("In embedding, tried again when the file changes", timeout=PATIENCE)
    row.get_by_role("link").click()
    sheet = opened.page.get_by_test_id("file-dialog")
    expect(sheet.get_by_test_id("file-state")).to_have_text("Failed", timeout=PATIENCE)
    expect(sheet.locator(".file-problem")).to_contain_text(", tried again when the file changes")
