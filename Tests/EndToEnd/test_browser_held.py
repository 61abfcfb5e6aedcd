"""Deletions on hold, as many as there may be: they are shown a page at a time."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import documents
from browsing import PATIENCE, Visit, check_clean, told_otherwise
from daemon import Daemon
from playwright.sync_api import Page, Route, expect
from waiting import eventually

PAGE = 100
HELD = 250


class HeldPages:
    """A server that holds `HELD` deletions of `notes` and tells of them in pages; `asked` is what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def prepare(self, page: Page) -> None:
        def warn(status: dict[str, object]) -> None:
            if status["pipeline_id"] == "notes":
                status["problem"] = f"{HELD} files are gone and their documents are kept until someone decides"

        page.clock.install()
        told_otherwise(warn)(page)
        page.route("**/api/deletions?*", self.answer)

    def answer(self, route: Route) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}
        self.asked.append(query)
        assert query["pipeline"] == "notes" and query["state"] == "held"
        first, limit = int(query.get("cursor", 0)), int(query["limit"])
        common = {"state": "held", "since": "2026-11-01T10:00:00Z"}
        files = [{"id": f"f{number}", "path": f"shelf/{number:03}.txt", **common}
                 for number in range(first, min(HELD, first + limit))]
        held = {"pipeline_id": "notes", "held": HELD, "kept": 0, "files": files}
        following = str(first + limit) if first + limit < HELD else None
        route.fulfill(json={"pipelines": [held], "next_cursor": following})


def test_held_deletions_are_fetched_a_page_at_a_time(shared: Daemon, visit: Callable[..., Visit]) -> None:
    pages = HeldPages()
    page = visit(shared, prepare=pages.prepare).page
    held, rows = page.get_by_test_id("held"), page.get_by_test_id("held-row")
    expect(page.get_by_test_id("answer-problems")).to_contain_text("250 held", timeout=PATIENCE)
    held.locator("summary").click()
    expect(rows).to_have_count(PAGE)
    expect(held).to_contain_text("and 150 more")
    expect(held.get_by_test_id("deletions-confirm")).to_have_text("Remove 250 documents")
    more = held.get_by_test_id("deletions-more")
    more.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(HELD, timeout=PATIENCE)
    expect(more).to_be_hidden()
    expect(held.locator(".held-list")).to_be_focused()
    expect(rows.last).to_contain_text("shelf/249.txt")
    assert [query.get("cursor") for query in pages.asked] == [None, "100", "200"]
    # Half a minute later it is asked for again, the first page of it; what was opened stays.
    page.clock.run_for("00:40")
    eventually(lambda: page.title() is not None and len(pages.asked) > 3, "it is asked for again")
    assert {query["limit"] for query in pages.asked} == {str(PAGE)} and "cursor" not in pages.asked[-1]
    expect(rows).to_have_count(HELD)


def test_second_press_meanwhile_shows_no_deletion_twice(shared: Daemon, visit: Callable[..., Visit]) -> None:
    pages = HeldPages()
    page = visit(shared, prepare=pages.prepare).page
    held, rows = page.get_by_test_id("held"), page.get_by_test_id("held-row")
    expect(held).to_be_visible(timeout=PATIENCE)
    held.locator("summary").click()
    more = held.get_by_test_id("deletions-more")
    more.evaluate("(button) => { button.click(); button.click(); }")
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    more.click()
    expect(rows).to_have_count(HELD, timeout=PATIENCE)
    paths = rows.locator("bdi").all_text_contents()
    assert paths == [f"shelf/{number:03}.txt" for number in range(HELD)]
    assert [query.get("cursor") for query in pages.asked] == [None, "100", "200"]


def test_deletions_that_do_not_come_are_asked_for_again(shared: Daemon, visit: Callable[..., Visit]) -> None:
    pages = HeldPages()
    page = visit(shared, prepare=pages.prepare).page
    held, rows = page.get_by_test_id("held"), page.get_by_test_id("held-row")
    expect(held).to_be_visible(timeout=PATIENCE)
    held.locator("summary").click()
    more = held.get_by_test_id("deletions-more")
    page.route("**/api/deletions?*", lambda route: route.abort(), times=1)
    more.focus()
    page.keyboard.press("Enter")
    expect(held.get_by_role("status")).to_have_text("The files did not come.", timeout=PATIENCE)
    expect(more).to_have_text("Try again")
    expect(more).to_be_focused()
    expect(rows).to_have_count(PAGE)
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    expect(held.get_by_role("status")).to_have_text("and 50 more")
    expect(more).to_have_text("Show more")


def test_held_deletions_of_a_real_run_can_all_be_seen(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    for number in range(PAGE + 30):
        (daemon.folder() / f"{number:03}.txt").write_text(documents.note(f"number {number}"))
    daemon.start().wait_until_idle(PAGE + 30)
    opened = visit(daemon)
    opened.expect_live()
    page = opened.page
    for path in list(daemon.folder().iterdir()):
        path.unlink()
    held, rows = page.get_by_test_id("held"), page.get_by_test_id("held-row")
    expect(held).to_contain_text("130 files went at once", timeout=PATIENCE)
    held.locator("summary").click()
    expect(rows).to_have_count(PAGE)
    held.get_by_test_id("deletions-more").click()
    expect(rows).to_have_count(PAGE + 30, timeout=PATIENCE)
    paths = rows.locator("bdi").all_text_contents()
    assert sorted(paths) == [f"{number:03}.txt" for number in range(PAGE + 30)]
    check_clean(opened, daemon)
