"""Names that somebody chose to do harm, in every part of the page that shows one: they are text everywhere."""

from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
from browsing import PATIENCE, Visit, check_clean, give_token
from daemon import Daemon
from playwright.sync_api import Page, expect
from waiting import eventually

HOSTILE = '<img src=x onerror="window.hacked=1">'
# As it is shown: what turns the direction of the text is visible.
TURNED, TURNED_SHOWN = "tax\u202efdp.txt", "tax⟨202E⟩fdp.txt"
NOTES = 60


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Daemon]:
    """A daemon with names that are markup: a file that moved, one that failed, a folder, and held deletions."""
    daemon = Daemon(tmp_path_factory.mktemp("hostile") / "daemon", ["docs", "shelf"])
    (daemon.folder() / "before.txt").write_text(documents.note("what was renamed"))
    (daemon.folder() / TURNED).write_text(documents.note("what looks like another thing"))
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / f"{HOSTILE}.pdf")
    folder = daemon.folder("shelf") / f"{HOSTILE}"
    folder.mkdir()
    for number in range(NOTES):
        (folder / f"{number}.txt").write_text(documents.note(f"number {number}"))
    daemon.start().wait_until_idle(2, "docs")
    daemon.wait_until_idle(NOTES, "shelf")
    (daemon.folder() / "before.txt").rename(daemon.folder() / f"{HOSTILE}.txt")
    for path in list(folder.iterdir()):
        path.unlink()
    eventually(lambda: {f"{HOSTILE}.txt", f"{HOSTILE}.pdf"} <= listed(daemon), "one has moved, one has failed")
    yield daemon
    daemon.close()


def listed(daemon: Daemon) -> set[str]:
    return {file["path"] for file in daemon.get("/api/files", pipeline="docs").json()["files"]}


def check_harmless(page: Page) -> None:
    assert page.evaluate("() => window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_list_of_files_and_a_files_view(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    page.locator("#files-details summary").click()
    page.locator("#files-text").fill("onerror")
    row = opened.row("file-row", f"{HOSTILE}.txt")
    expect(row).to_have_count(1, timeout=PATIENCE)
    expect(row.locator(".row-name")).to_have_attribute("title", f"{HOSTILE}.txt")
    row.get_by_role("link").click()
    expect(page.locator("#file-title")).to_have_text(f"{HOSTILE}.txt", timeout=PATIENCE)
    expect(page.locator(".file-path")).to_have_text(f"{HOSTILE}.txt")
    expect(page.get_by_test_id("file-history")).to_contain_text(f"to {HOSTILE}.txt")
    check_harmless(page)
    page.keyboard.press("Escape")
    page.locator("#files-text").fill("tax")
    expect(page.get_by_test_id("file-row")).to_have_count(1, timeout=PATIENCE)
    expect(page.get_by_test_id("file-row")).to_contain_text(TURNED_SHOWN)
    check_clean(opened, hostile)


def test_what_failed_and_what_is_said_of_it(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    row = opened.row("failed-row", f"{HOSTILE}.pdf")
    expect(row.locator(".row-name")).to_have_attribute("title", f"{HOSTILE}.pdf", timeout=PATIENCE)
    row.get_by_test_id("retry").click()
    give_token(opened, hostile.token)
    expect(page.get_by_test_id("toast")).to_have_text(f"{HOSTILE}.pdf is tried again.", timeout=PATIENCE)
    check_harmless(page)
    row.get_by_role("link").click()
    expect(page.locator("#file-title")).to_have_text(f"{HOSTILE}.pdf", timeout=PATIENCE)
    page.get_by_test_id("file-retry").click()
    expect(page.get_by_test_id("file-toast")).to_have_text(f"{HOSTILE}.pdf is tried again.", timeout=PATIENCE)
    check_harmless(page)
    check_clean(opened, hostile)


def test_held_deletions(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    held = page.get_by_test_id("held")
    expect(held).to_contain_text(f"{NOTES} files", timeout=PATIENCE)
    held.locator("summary").click()
    expect(held.get_by_test_id("held-row")).to_have_count(NOTES)
    expect(held.get_by_test_id("held-row").first).to_contain_text(f"{HOSTILE}/")
    check_harmless(page)
    check_clean(opened, hostile)
