"""The passages in a file's own view: a page at a time, as many as there may be, and when they do not come."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from browsing import PATIENCE, Visit
from daemon import Daemon
from playwright.sync_api import Locator, Page, Route, expect

PAGE = 20
MOST = 500


class Passages:
    """A server that has `total` passages of a file; `asked` are the cursors that it was asked for."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[str | None] = []
        self.is_away = False

    def prepare(self, page: Page) -> None:
        page.route("**/api/files/*/chunks?*", self.answer)
        page.route("**/api/files/*?pipeline=*", self.tell)

    def tell(self, route: Route) -> None:
        response = route.fetch()
        body = response.json()
        body["results"]["chunks_created"] = self.total
        route.fulfill(response=response, json=body)

    def answer(self, route: Route) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}
        self.asked.append(query.get("cursor"))
        if self.is_away:
            route.abort()
            return
        first = int(query.get("cursor", 0))
        last = min(self.total, first + int(query["limit"]))
        route.fulfill(json={"chunks": [passage(number) for number in range(first, last)],
                            "next_cursor": str(last) if last < self.total else None})


def passage(number: int) -> dict[str, Any]:
    return {"index": number, "content": f"passage number {number}", "page": None, "sheet": None, "heading_path": []}


def open_file(daemon: Daemon, visit: Callable[..., Visit], passages: Passages) -> tuple[Page, Locator, Locator]:
    """The page with the view of some file, its passages, and the button for more of them."""
    file = daemon.get("/api/files", state="stored", limit=1).json()["files"][0]["id"]
    page = visit(daemon, prepare=passages.prepare, url=f"{daemon.url}/#file/docs/{file}").page
    sheet = page.get_by_test_id("file-dialog")
    expect(sheet.get_by_test_id("file-state")).to_have_text("Stored", timeout=PATIENCE)
    return page, sheet.get_by_test_id("passage"), sheet.get_by_test_id("passages-more")


def test_second_press_meanwhile_shows_no_passage_twice(library: Daemon, visit: Callable[..., Visit]) -> None:
    passages = Passages(3 * PAGE)
    _, rows, more = open_file(library, visit, passages)
    expect(rows).to_have_count(PAGE)
    more.evaluate("(button) => { button.click(); button.click(); }")
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    more.click()
    expect(rows).to_have_count(3 * PAGE, timeout=PATIENCE)
    expect(more).to_be_hidden()
    assert rows.locator(".hit-text").all_text_contents() == [f"passage number {n}" for n in range(3 * PAGE)]
    assert passages.asked == [None, "20", "40"]


def test_first_passages_that_do_not_come_are_asked_for_again(library: Daemon, visit: Callable[..., Visit]) -> None:
    passages = Passages(2 * PAGE)
    passages.is_away = True
    page, rows, again = open_file(library, visit, passages)
    sheet = page.get_by_test_id("file-dialog")
    expect(sheet).to_contain_text("The passages did not come.")
    expect(sheet).to_contain_text("40 passages")
    expect(again).to_have_text("Try again")
    expect(rows).to_have_count(0)
    passages.is_away = False
    again.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(PAGE, timeout=PATIENCE)
    expect(rows.first).to_be_focused()
    expect(sheet).not_to_contain_text("did not come")
    expect(again).to_have_text("Show more passages")


def test_more_passages_that_do_not_come_are_asked_for_again(library: Daemon, visit: Callable[..., Visit]) -> None:
    passages = Passages(2 * PAGE)
    page, rows, more = open_file(library, visit, passages)
    expect(rows).to_have_count(PAGE)
    passages.is_away = True
    more.click()
    sheet = page.get_by_test_id("file-dialog")
    expect(sheet).to_contain_text("The passages did not come.", timeout=PATIENCE)
    expect(more).to_have_text("Try again")
    passages.is_away = False
    more.click()
    expect(rows).to_have_count(2 * PAGE, timeout=PATIENCE)
    expect(sheet).not_to_contain_text("did not come")
    assert passages.asked == [None, "20", "20"]


def test_page_keeps_so_many_passages_and_no_more(library: Daemon, visit: Callable[..., Visit]) -> None:
    passages = Passages(MOST + 1)
    page, rows, more = open_file(library, visit, passages)
    sheet = page.get_by_test_id("file-dialog")
    for number in range(PAGE, MOST, PAGE):
        expect(rows).to_have_count(number)
        expect(sheet).not_to_contain_text("search for others")
        more.click()
    expect(rows).to_have_count(MOST, timeout=PATIENCE)
    expect(more).to_be_hidden()
    expect(sheet).to_contain_text("501 passages")
    expect(sheet).to_contain_text("500 passages shown; search for others")


def test_file_with_just_so_many_passages_is_shown_whole(library: Daemon, visit: Callable[..., Visit]) -> None:
    page, rows, more = open_file(library, visit, Passages(MOST))
    for number in range(PAGE, MOST, PAGE):
        expect(rows).to_have_count(number)
        more.focus()
        page.keyboard.press("Enter")
    expect(rows).to_have_count(MOST, timeout=PATIENCE)
    expect(more).to_be_hidden()
    expect(rows.nth(MOST - PAGE)).to_be_focused()
    expect(page.get_by_test_id("file-dialog")).not_to_contain_text("search for others")
