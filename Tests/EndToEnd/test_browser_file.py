"""A file's own view: what is done in it, and what came of it."""

from collections.abc import Callable

from browsing import PATIENCE, Visit, give_token
from daemon import Daemon
from embedding import EmbeddingService
from playwright.sync_api import expect


def test_another_try_is_told_of_where_it_was_asked_for(
    rejected: Daemon, picky: EmbeddingService, visit: Callable[..., Visit]
) -> None:
    opened = visit(rejected)
    opened.expect_live()
    page = opened.page
    opened.row("failed-row", "note.txt").get_by_role("link").click()
    sheet = page.get_by_test_id("file-dialog")
    state, told = sheet.get_by_test_id("file-state"), sheet.get_by_test_id("file-toast")
    attempts = sheet.get_by_test_id("file-history").get_by_role("listitem")
    expect(state).to_have_text("Failed", timeout=PATIENCE)
    expect(attempts).to_have_count(1)
    sheet.get_by_test_id("file-retry").click()
    give_token(opened, rejected.token)
    expect(told).to_have_text("note.txt is tried again.", timeout=PATIENCE)
    expect(told).to_be_in_viewport()
    expect(page.get_by_test_id("toast")).to_be_empty()
    # In vain: the view tells of this attempt, too, and the next one is a key away.
    expect(attempts).to_have_count(2, timeout=PATIENCE)
    expect(state).to_have_text("Failed")
    expect(sheet.get_by_test_id("file-retry")).to_be_focused()
    picky.fault = lambda _: None
    page.keyboard.press("Enter")
    expect(state).to_have_text("Stored", timeout=PATIENCE)
    expect(sheet.get_by_test_id("passage")).to_have_count(1)
    expect(sheet.get_by_test_id("file-retry")).to_have_count(0)
    expect(page.locator("#file-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert opened.complaints == []
