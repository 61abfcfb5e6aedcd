"""A file's own view: what is done in it, and what came of it."""

import threading
from collections.abc import Callable
from pathlib import Path

import documents
import requests
from browsing import PATIENCE, READER_TOKEN, Visit, give_token, locked
from daemon import Daemon
from embedding import EmbeddingService
from playwright.sync_api import Route, expect
from waiting import eventually


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
    expect(page.locator("#file-close")).to_be_focused()
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


def answer_late(route: Route, released: threading.Event, daemon: Daemon) -> None:
    response = route.fetch()
    released.set()
    daemon.wait_until_idle(1)
    route.fulfill(response=response)


def test_file_in_progress_leads_to_its_view(
    waits: tuple[Daemon, threading.Event], visit: Callable[..., Visit]
) -> None:
    daemon, released = waits
    opened = visit(daemon)
    opened.expect_live()
    page = opened.page
    (daemon.folder() / "slow.txt").write_text(documents.note("what takes its time"))
    link = opened.row("processing-row", "slow.txt").get_by_role("link")
    expect(link).to_be_visible(timeout=PATIENCE)
    link.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_test_id("file-dialog")
    expect(sheet.get_by_test_id("file-message")).to_contain_text("In progress", timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    # What is on its way while the file gets through is of before.
    page.route("**/api/files/*?*", lambda route: answer_late(route, released, daemon), times=1)
    page.keyboard.press("Enter")
    expect(sheet.get_by_test_id("file-state")).to_have_text("Stored", timeout=PATIENCE)
    page.keyboard.press("Escape")
    # What it was opened from leads nowhere any more.
    expect(page.locator("#status")).to_be_focused()


def test_focus_goes_to_the_heading_when_a_file_leaves_its_row(
    waits: tuple[Daemon, threading.Event], visit: Callable[..., Visit]
) -> None:
    daemon, released = waits
    opened = visit(daemon)
    opened.expect_live()
    (daemon.folder() / "slow.txt").write_text(documents.note("what takes its time"))
    link = opened.row("processing-row", "slow.txt").get_by_role("link")
    link.focus()
    released.set()
    expect(opened.row("completed-row", "slow.txt")).to_be_visible(timeout=PATIENCE)
    expect(opened.page.locator("#processing-title")).to_be_focused()


def test_file_that_is_not_there_is_told_of_in_words_for_people(shared: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(shared, url=f"{shared.url}/#file/notes/nothing-of-the-kind")
    message = opened.page.get_by_test_id("file-message")
    expect(message).to_contain_text("This file is not here", timeout=PATIENCE)
    expect(message).not_to_contain_text("nothing-of-the-kind")
    expect(opened.page.get_by_test_id("file-unlock")).to_have_count(0)


def test_file_of_a_locked_server_asks_for_the_token(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    (daemon.folder() / "note.txt").write_text(documents.note("what is locked away"))

    def stored() -> str | None:
        headers = {"Authorization": f"Bearer {READER_TOKEN}"}
        files = requests.get(f"{daemon.url}/api/files", headers=headers, timeout=30).json()["files"]
        return files[0]["id"] if files and files[0]["state"] == "stored" else None

    file = eventually(stored, "the note is stored")
    opened = visit(daemon, url=f"{daemon.url}/#file/docs/{file}")
    page = opened.page
    sheet = page.get_by_test_id("file-dialog")
    expect(sheet.get_by_test_id("file-message")).to_contain_text("Locked", timeout=PATIENCE)
    sheet.get_by_test_id("file-unlock").click()
    give_token(opened, "not-the-right-token")
    expect(page.get_by_test_id("token-dialog")).to_contain_text("not known", timeout=PATIENCE)
    give_token(opened, READER_TOKEN)
    expect(sheet.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#file-title")).to_be_focused()
    # The page below has come to life with it.
    opened.expect_live()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("pipeline-card")).to_be_visible(timeout=PATIENCE)
