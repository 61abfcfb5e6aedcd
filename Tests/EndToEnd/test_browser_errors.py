"""What the page says of what does not come, in words for people, and that it goes on when it does."""

import json
from collections.abc import Callable
from pathlib import Path

import documents
import pytest
from browsing import (
    PATIENCE, READER_TOKEN, WRONG, Visit, give_token, kept, locked, use_up_attempts, with_kept, without_socket,
)
from daemon import Daemon
from guarding import get
from playwright.sync_api import Locator, Page, Route, expect
from waiting import eventually

WORD = documents.rare_word()
# An Engine.IO packet that says nothing.
NOOP = "6"
# What the server says to programs.
JARGON = ["Unauthorized", "Bearer", "Too Many Requests", "Internal Server Error"]


@pytest.fixture
def guarded(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Daemon:
    """A locked daemon in which one note is found by `WORD`."""
    daemon = locked(make_daemon, tmp_path)
    (daemon.folder() / "note.txt").write_text(documents.note("what is locked away", WORD))
    eventually(lambda: hits(daemon), "the note is found")
    return daemon


def hits(daemon: Daemon) -> int:
    answer = get(daemon, f"/api/search?q={WORD}", READER_TOKEN)
    return len(answer.json()["hits"]) if answer.ok else 0


def expect_words(place: Locator, words: str) -> None:
    expect(place).to_contain_text(words, timeout=PATIENCE)
    for word in JARGON:
        expect(place).not_to_contain_text(word)


def test_locked_page_answers_what_was_asked_when_it_is_unlocked(
    guarded: Daemon, visit: Callable[..., Visit]
) -> None:
    opened = visit(guarded, url=f"{guarded.url}/?q={WORD}")
    page = opened.page
    connection = page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    # It is said once that all is locked, and not of the search besides.
    expect(page.get_by_test_id("search-results")).to_be_hidden()
    expect(page.get_by_role("button", name="Enter the token")).to_have_count(1)
    page.get_by_test_id("unlock").click()
    give_token(opened, READER_TOKEN)
    expect(page.get_by_test_id("search-hit")).to_have_count(1, timeout=PATIENCE)
    opened.expect_live()
    expect(page.locator("#dashboard")).to_be_hidden()


def test_search_that_is_refused_takes_a_token(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    (daemon.folder() / "note.txt").write_text(documents.note("what is locked away", WORD))
    daemon.start().wait_until_idle(1)
    problem = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "send it as 'Bearer'"}

    def refuse(route: Route) -> None:
        if "authorization" in route.request.headers:
            route.continue_()
        else:
            route.fulfill(status=401, json=problem)

    opened = visit(daemon, url=f"{daemon.url}/?q={WORD}", prepare=lambda page: page.route("**/api/search?*", refuse))
    opened.expect_live()
    page = opened.page
    expect_words(page.get_by_test_id("search-results"), "Locked")
    page.get_by_test_id("search-unlock").focus()
    page.keyboard.press("Enter")
    give_token(opened, WRONG)
    expect(page.get_by_test_id("token-dialog")).to_contain_text("not known", timeout=PATIENCE)
    give_token(opened, daemon.token)
    expect(page.get_by_test_id("search-hit")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#results-title")).to_be_focused()
    assert kept(opened) == daemon.token


def test_search_waits_while_there_were_too_many_wrong_tokens(guarded: Daemon, visit: Callable[..., Visit]) -> None:
    use_up_attempts(guarded)
    opened = visit(guarded, url=f"{guarded.url}/?q={WORD}", prepare=with_kept(READER_TOKEN))
    page = opened.page
    expect_words(page.get_by_test_id("search-message"), "Too many wrong tokens")
    # The server looks at tokens again after a while, and nobody has to do anything.
    expect(page.get_by_test_id("search-hit")).to_have_count(1, timeout=PATIENCE)
    assert kept(opened) == READER_TOKEN


def test_search_that_failed_is_asked_again_by_its_button(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library, prepare=lambda page: page.route("**/api/search?*", lambda route: route.abort()))
    opened.expect_live()
    page = opened.page
    page.get_by_test_id("search-input").fill("hierarchy of directories")
    page.get_by_test_id("search-input").press("Enter")
    message, retry = page.get_by_test_id("search-message"), page.get_by_test_id("search-retry")
    expect(message).to_contain_text("The server does not answer", timeout=PATIENCE)
    expect(page.locator("#results-note")).to_have_text("The search failed")
    expect(page.get_by_test_id("search-unlock")).to_have_count(0)
    page.unroute_all()
    retry.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("search-hit")).to_have_count(10, timeout=PATIENCE)
    expect(page.locator("#results-title")).to_be_focused()


def test_search_is_asked_again_when_the_server_is_back(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    (daemon.folder() / "note.txt").write_text(documents.note("what comes back", WORD))
    daemon.start().wait_until_idle(1)
    opened = visit(daemon)
    opened.expect_live()
    page = opened.page
    daemon.stop()
    page.get_by_test_id("search-input").fill(WORD)
    expect(page.get_by_test_id("search-message")).to_contain_text("The server does not answer", timeout=PATIENCE)
    daemon.start()
    expect(page.get_by_test_id("search-hit")).to_have_count(1, timeout=PATIENCE)


def test_files_that_do_not_come_are_asked_for_again(library: Daemon, visit: Callable[..., Visit]) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    opened = visit(library, prepare=lambda page: page.route("**/api/files?*", hold))
    opened.expect_live()
    page = opened.page
    note, more, rows = page.locator("#files-note"), page.locator("#files-more"), page.get_by_test_id("file-row")
    page.locator("#files-details summary").click()
    expect(note).to_have_text("Loading…")
    eventually(lambda: page.title() is not None and asked, "the files are asked for")
    asked.pop().abort()
    expect(note).to_have_text("The files did not come.", timeout=PATIENCE)
    expect(more).to_have_text("Try again")
    page.unroute_all()
    more.focus()
    page.keyboard.press("Enter")
    expect(rows.first.get_by_role("link")).to_be_focused(timeout=PATIENCE)
    expect(note).to_contain_text("file")
    expect(more).to_have_text("Show more")
    # What is shown of another question does not stay.
    page.route("**/api/files?*", answer_broken)
    page.locator("#files-state").select_option("skipped")
    expect_words(page.locator("#files"), "The files did not come.")
    expect(rows).to_have_count(0)


def answer_broken(route: Route) -> None:
    problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": "the disk is full"}
    route.fulfill(status=500, json=problem)


def show_nothing(page: Page) -> None:
    """No live connection, and a status that is refused as to a token that covers no pipeline."""
    problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no pipeline is configured"}
    without_socket(page)
    page.route("**/status", lambda route: route.fulfill(
        status=404, body=json.dumps(problem), content_type="application/problem+json"))


def tell_nothing(page: Page) -> None:
    """A live connection, by long polling alone, on which no pipeline is told of."""

    def hide(route: Route) -> None:
        response = route.fetch()
        told = [packet for packet in response.text().split("\x1e") if "pipeline_id" not in packet]
        route.fulfill(response=response, body="\x1e".join(told) or NOOP)

    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.route("**/socket.io/?*", hide)


@pytest.mark.parametrize(("state", "prepare"), [("polling", show_nothing), ("live", tell_nothing)])
def test_server_that_shows_no_pipeline_is_told_of_in_words_for_people(
    state: str, prepare: Callable[[Page], None], shared: Daemon, visit: Callable[..., Visit]
) -> None:
    page = visit(shared, prepare=prepare).page
    expect(page.get_by_test_id("verdict")).to_have_text("No pipelines", timeout=PATIENCE)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", state)
    expect(page.get_by_test_id("verdict-detail")).to_contain_text("your token covers none")
    expect(page.get_by_test_id("hero")).not_to_contain_text("404")
    expect(page.get_by_test_id("hero")).to_have_attribute("data-tone", "idle")
    page.unroute_all(behavior="ignoreErrors")
    expect(page.get_by_test_id("pipeline-card")).to_have_count(2, timeout=PATIENCE)


def test_answer_of_a_proxy_in_between_is_called_that(shared: Daemon, visit: Callable[..., Visit]) -> None:
    def prepare(page: Page) -> None:
        without_socket(page)
        page.route("**/status", lambda route: route.fulfill(status=404, body="<h1>Not Found</h1>"))

    page = visit(shared, prepare=prepare).page
    expect(page.get_by_test_id("verdict-detail")).to_contain_text("a proxy before it, answers 404", timeout=PATIENCE)
