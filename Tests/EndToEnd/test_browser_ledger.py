"""The list of all files on the page, out of a ledger of 50,000."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import database
import documents
import pytest
from browsing import PATIENCE, Visit, check_clean
from daemon import Daemon
from playwright.sync_api import Page, expect
from waiting import eventually

FILES = 50_000
SHELF = 1_000
# Every file with this number on its shelf is one that failed.
FAILED = 500
PAGE = 50


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon with three notes and a ledger of 50,000 other files; it is paused, so that it removes none of them."""
    daemon = Daemon(tmp_path_factory.mktemp("archive") / "daemon")
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    for name in ["one.md", "two.md", "three.md"]:
        (daemon.folder() / name).write_text(documents.note(name))
    daemon.start().wait_until_idle(3)
    assert daemon.post("/api/pipelines/docs/pause").status_code in (200, 202)
    eventually(lambda: daemon.status()["status"] == "paused", "the pipeline is paused")
    assert daemon.stop() == 0
    database.fill_ledger(daemon.database, "docs", ledger_paths(), failed=f"%/{FAILED}.bin")
    daemon.start()
    assert daemon.status()["status"] == "paused"
    yield daemon
    daemon.close()


def ledger_paths() -> list[str]:
    return [f"shelf-{number // SHELF:02}/{number % SHELF:03}.bin" for number in range(FILES)]


def shown(page: Page) -> list[str]:
    """The rows of the list as `folder/name`."""
    return page.get_by_test_id("file-row").evaluate_all(
        "(rows) => rows.map((row) => [row.querySelector('.row-path').textContent, "
        "row.querySelector('.row-name').textContent].filter(Boolean).join('/'))")


def test_api_lists_all_of_them_once(archive: Daemon) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = archive.get("/api/files", limit=1_000, **cursor).json()
        seen += [file["path"] for file in answer["files"]]
        if answer["next_cursor"] is None:
            break
        cursor = {"cursor": answer["next_cursor"]}
    assert len(seen) == FILES + 3
    assert seen[3:] == ledger_paths()
    assert len(archive.get("/api/files", limit=1_000, state="failed").json()["files"]) == FILES // SHELF


def test_page_shows_them_a_page_at_a_time(archive: Daemon, visit: Callable[..., Visit]) -> None:
    asked: list[dict[str, list[str]]] = []

    def note(page: Page) -> None:
        page.on("request", lambda request: "/api/files?" in request.url and
                asked.append(parse_qs(urlsplit(request.url).query)))

    opened = visit(archive, prepare=note)
    opened.expect_live()
    page = opened.page
    before = page.evaluate("() => document.querySelectorAll('*').length")
    page.locator("#files-details summary").click()
    rows = page.get_by_test_id("file-row")
    expect(rows).to_have_count(PAGE, timeout=PATIENCE)
    more = page.locator("#files-more")
    for count in range(2 * PAGE, 10 * PAGE + 1, PAGE):
        more.click()
        expect(rows).to_have_count(count, timeout=PATIENCE)
    expect(more).to_be_hidden()
    expect(page.locator("#files-note")).to_contain_text("500 files shown; narrow the question")
    names = shown(page)
    assert sorted(names[:3]) == ["one.md", "three.md", "two.md"]
    assert names[3:] == ledger_paths()[:497], "in their order, none twice and none left out"
    assert {query["limit"][0] for query in asked} == {str(PAGE)}, "never all of them"
    assert page.evaluate("() => document.querySelectorAll('*').length") - before < 500 * 20

    page.locator("#files-text").fill("shelf-33/9")
    expect(rows).to_have_count(PAGE, timeout=PATIENCE)
    expect(rows.first).to_contain_text("900.bin", timeout=PATIENCE)
    assert shown(page) == [f"shelf-33/{number}.bin" for number in range(900, 900 + PAGE)]
    more.click()
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    expect(more).to_be_hidden()
    expect(page.locator("#files-note")).to_have_text("100 files")

    page.locator("#files-text").fill("")
    page.locator("#files-state").select_option("failed")
    expect(page.locator("#files-note")).to_have_text("50 files", timeout=PATIENCE)
    assert shown(page) == [f"shelf-{shelf:02}/{FAILED}.bin" for shelf in range(FILES // SHELF)]
    page.locator("#files-text").fill("SHELF-07")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    assert shown(page) == [f"shelf-07/{FAILED}.bin"]
    page.locator("#files-text").fill("nowhere")
    expect(page.locator("#files-note")).to_have_text("No file matches.", timeout=PATIENCE)
    expect(rows).to_have_count(0)
    check_clean(opened, archive)
