"""What the page says when not all is well, and what it no longer says then."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import documents
import waiting
from browsing import PATIENCE, Visit, told_otherwise, without_socket
from daemon import Daemon
from embedding import EmbeddingService
from playwright.sync_api import WebSocketRoute, expect


def test_backlog_has_an_estimate_until_the_server_stops(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    sockets: list[WebSocketRoute] = []

    def hold(socket: WebSocketRoute) -> None:
        # The page hears that the server stops, and not yet that it is gone.
        server = socket.connect_to_server()
        server.on_close(lambda code, reason: None)
        sockets.append(socket)

    opened = visit(daemon.start(), prepare=lambda page: page.route_web_socket("**/socket.io/**", hold))
    opened.expect_live()
    page = opened.page
    waiting.eventually(lambda: page.title() is not None and sockets, "the page is on a WebSocket")
    card = page.get_by_test_id("pipeline-card")
    expect(card.get_by_test_id("eta")).to_be_hidden()
    shutil.copytree(corpus / "html", daemon.folder() / "html")
    shutil.copy(corpus / "pdf/debian-reference.pdf", daemon.folder())
    for number in range(200):
        (daemon.folder() / f"{number}.txt").write_text(documents.note(f"number {number} of many"))
    expect(card.get_by_test_id("eta")).to_contain_text("about", timeout=PATIENCE)
    expect(page.get_by_test_id("verdict")).to_have_text("Working")
    expect(page.get_by_test_id("answer-keeping-up")).to_contain_text("waiting")
    # A page that comes now has the last hour from the server.
    fresh = visit(daemon)
    expect(fresh.page.locator(".plot-key-done")).to_have_text(re.compile(r"^[1-9][\d,]* finished$"), timeout=PATIENCE)

    daemon.stop()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "stopping", timeout=PATIENCE)
    expect(page.get_by_test_id("verdict")).to_have_text("Stopping", timeout=PATIENCE)
    expect(page.get_by_test_id("answer-now")).to_contain_text("Stopping")
    expect(page.get_by_test_id("answer-keeping-up")).not_to_contain_text("waiting")
    expect(card).to_have_attribute("data-status", "offline")
    expect(card.get_by_test_id("eta")).to_be_hidden()
    expect(card.get_by_test_id("figure-rate")).to_have_text("–")
    expect(card.get_by_test_id("pause")).to_be_hidden()
    expect(page.get_by_test_id("processing-row")).to_have_count(0)


def test_search_by_words_alone_says_so(make_daemon: Callable[..., Daemon], visit: Callable[..., Visit]) -> None:
    service = EmbeddingService()
    daemon = make_daemon()
    daemon.config["embedding"] = service.configuration()
    word = documents.rare_word()
    (daemon.folder() / "note.txt").write_text(documents.note("a service that goes away", word))
    daemon.start().wait_until_idle(1)
    page = visit(daemon).page
    search = page.get_by_test_id("search-input")
    search.fill(word)
    expect(page.locator(".hit")).to_have_count(1, timeout=PATIENCE)
    expect(page.get_by_test_id("caveat")).to_have_count(0)
    service.stop()
    search.press("Enter")
    expect(page.get_by_test_id("caveat")).to_contain_text("By words alone", timeout=PATIENCE)
    expect(page.locator(".hit")).to_have_count(1)


def test_folder_that_is_gone_is_said_first(
    make_daemon: Callable[..., Daemon], visit: Callable[..., Visit]
) -> None:
    daemon = make_daemon(["docs", "notes"])
    (daemon.folder("docs") / "note.txt").write_text(documents.note("what is there"))
    opened = visit(daemon.start())
    page = opened.page
    expect(opened.row("completed-row", "note.txt")).to_be_visible(timeout=PATIENCE)
    shutil.rmtree(daemon.folder("docs"))
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_text("Partly working", timeout=PATIENCE)
    expect(page.get_by_test_id("verdict-detail")).to_contain_text("docs: cannot watch")
    expect(page.get_by_test_id("hero")).to_have_attribute("data-tone", "bad")
    expect(page.get_by_test_id("answer-problems")).to_contain_text("1 pipeline")
    expect(page).to_have_title("Partly working · corpusd")
    expect(page.locator('[data-pipeline=notes][data-status=online]')).to_be_visible()
    daemon.folder("docs").mkdir()
    (daemon.folder("docs") / "note.txt").write_text(documents.note("what is there"))
    expect(verdict).to_have_text("Up to date", timeout=PATIENCE)
    expect(page.get_by_test_id("hero")).to_have_attribute("data-tone", "good")


def test_what_cannot_be_watched_is_a_warning(shared: Daemon, visit: Callable[..., Visit]) -> None:
    text = "3 of 9 directories have no inotify watch: raise <b>the limit</b>"
    warned: set[str] = set()

    def warn(status: dict[str, object]) -> None:
        if status["pipeline_id"] in warned:
            status["problem"] = text

    page = visit(shared, prepare=told_otherwise(warn)).page
    problems = page.get_by_test_id("answer-problems")
    expect(problems).to_contain_text("nothing has failed", timeout=PATIENCE)
    warned.add("notes")
    expect(problems).to_contain_text("1 warning", timeout=PATIENCE)
    expect(problems).to_contain_text(text)
    expect(page.get_by_test_id("hero")).to_have_attribute("data-tone", "warn")
    expect(page.get_by_test_id("verdict")).to_have_text("Warning")
    expect(page.get_by_test_id("verdict-detail")).to_have_text(f"notes: {text}")
    warned.add("docs")
    expect(problems).to_contain_text("2 warnings", timeout=PATIENCE)
    expect(page.get_by_test_id("verdict-detail")).to_contain_text("And 1 more pipeline.")
    warned.clear()
    expect(problems).to_contain_text("nothing has failed", timeout=PATIENCE)
    expect(page.get_by_test_id("hero")).to_have_attribute("data-tone", "good")


def test_embedding_service_that_is_down_is_called_that(
    make_daemon: Callable[..., Daemon], visit: Callable[..., Visit]
) -> None:
    service = EmbeddingService()
    daemon = make_daemon()
    daemon.config["embedding"] = service.configuration()
    daemon.start()
    opened = visit(daemon)
    opened.expect_live()
    service.stop()
    (daemon.folder() / "note.txt").write_text(documents.note("a service that is down"))
    page = opened.page
    problems = page.get_by_test_id("answer-problems")
    expect(problems).to_contain_text("1 pipeline", timeout=PATIENCE)
    expect(problems).to_contain_text("cannot reach the embedding service")
    expect(page.get_by_test_id("verdict-detail")).to_contain_text("cannot reach the embedding service")
    expect(page.get_by_test_id("answer-keeping-up")).to_contain_text("nothing gets through")
    expect(page.get_by_test_id("hero")).not_to_contain_text("be read")


def test_lost_connection_is_made_again_before_the_page_polls(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    opened = visit(daemon.start(), prepare=lambda page: page.route_web_socket("**/socket.io/**", pass_on))
    opened.expect_live()
    page = opened.page
    waiting.eventually(lambda: page.title() is not None and sockets, "the page is on a WebSocket")
    page.evaluate(
        """() => {
            const node = document.getElementById("connection");
            window.states = [];
            new MutationObserver(() => window.states.push(`${node.dataset.state} ${node.innerText.trim()}`))
                .observe(node, { attributeFilter: ["data-state"] });
        }"""
    )
    without_socket(page)
    sockets[0].close(code=1011)
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    states = [state.split()[0] for state in page.evaluate("() => window.states")]
    assert states == ["reconnecting", "polling"]
