"""What axe-core finds on the page's main states, in both colour schemes."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import documents
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import PATIENCE, Visit, told_otherwise, without_socket
from daemon import Daemon
from playwright.sync_api import Page, WebSocketRoute, expect
from waiting import eventually

pytestmark = pytest.mark.parametrize("scheme", ["light", "dark"])

RUN = """async () => {
    const { violations, passes } = await axe.run(document, { resultTypes: ["violations"] });
    return {
        passed: passes.length,
        found: violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`)),
    };
}"""


def check(page: Page) -> None:
    """Every rule that axe-core has on by default: WCAG 2.0 to 2.2, A and AA, and its best practices."""
    # A colour on its way to another one is neither.
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.effect.getComputedTiming().iterations"
                  " === Infinity ? null : each.finished.catch(() => null)))")
    page.evaluate(AXE_SCRIPT)
    result = page.evaluate(RUN)
    assert result["found"] == []
    assert result["passed"] > 15, "the rules were applied"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Daemon]:
    """A daemon with a pipeline that has a failed file and held deletions, and one whose folder is gone."""
    daemon = Daemon(tmp_path_factory.mktemp("troubled") / "daemon", ["docs", "gone"])
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / "locked.pdf")
    notes = [daemon.folder() / f"{index}.txt" for index in range(60)]
    for note in notes:
        note.write_text(documents.note(note.name))
    daemon.start().wait_until_idle(60, "docs")
    for note in notes:
        note.unlink()
    shutil.rmtree(daemon.folder("gone"))
    yield daemon
    daemon.close()


def test_troubles_are_accessible(scheme: str, troubled: Daemon, visit: Callable[..., Visit]) -> None:
    page = visit(troubled, scheme).page
    expect(page.get_by_test_id("failed-row")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("held")).to_be_visible(timeout=PATIENCE)
    expect(page.locator('[data-pipeline=gone][data-status=error]')).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("held").locator("summary").click()
    check(page)
    page.get_by_test_id("retry").click()
    expect(page.get_by_test_id("token-dialog")).to_be_visible()
    page.get_by_test_id("token-input").fill("not-the-right-token")
    page.get_by_test_id("token-input").press("Enter")
    expect(page.get_by_test_id("token-dialog")).to_contain_text("not known", timeout=PATIENCE)
    check(page)


@pytest.mark.parametrize("size", [(1280, 1000), (375, 812)], ids=["desk", "phone"])
def test_files_passages_and_hits_are_accessible(
    scheme: str, size: tuple[int, int], library: Daemon, visit: Callable[..., Visit]
) -> None:
    opened = visit(library, scheme, size=size)
    page = opened.page
    opened.expect_live()
    page.locator("#files-details summary").click()
    page.locator("#files-text").fill("fhs.pdf")
    expect(page.get_by_test_id("file-row")).to_have_count(1, timeout=PATIENCE)
    check(page)
    page.get_by_test_id("file-row").get_by_role("link").click()
    expect(page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    check(page)
    page.keyboard.press("Escape")
    page.get_by_test_id("search-input").fill("hierarchy of the file system")
    page.get_by_test_id("search-input").press("Enter")
    expect(page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    check(page)


def test_states_without_a_status_are_accessible(scheme: str, shared: Daemon, visit: Callable[..., Visit]) -> None:
    def hang(page: Page) -> None:
        page.route("**/socket.io/?*", lambda route: None)
        page.route("**/status", lambda route: None)

    def break_off(page: Page) -> None:
        page.route("**/socket.io/?*", lambda route: route.abort())
        page.route("**/status", lambda route: route.abort())

    def refuse(page: Page) -> None:
        page.route("**/socket.io/?*", lambda route: route.abort())
        page.route("**/status", lambda route: route.fulfill(status=401, json={}))

    for prepare, state in [(hang, "connecting"), (break_off, "offline"), (refuse, "unauthorised")]:
        page = visit(shared, scheme, prepare).page
        expect(page.get_by_test_id("connection")).to_have_attribute("data-state", state, timeout=PATIENCE)
        expect(page.get_by_test_id("verdict")).not_to_be_empty()
        check(page)


def test_work_in_progress_is_accessible(
    scheme: str, waits: tuple[Daemon, threading.Event], visit: Callable[..., Visit]
) -> None:
    daemon, released = waits
    opened = visit(daemon, scheme)
    opened.expect_live()
    page = opened.page
    expect(page.get_by_test_id("verdict")).to_have_text("Ready", timeout=PATIENCE)
    check(page)
    (daemon.folder() / "slow.txt").write_text(documents.note("what takes its time"))
    expect(opened.row("processing-row", "slow.txt").get_by_role("progressbar")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("verdict")).to_have_text("Working", timeout=PATIENCE)
    check(page)
    released.set()


def test_polling_and_stopping_are_accessible(scheme: str, daemon: Daemon, visit: Callable[..., Visit]) -> None:
    sockets: list[WebSocketRoute] = []

    def hold(socket: WebSocketRoute) -> None:
        # The page hears that the server stops, and not yet that it is gone.
        server = socket.connect_to_server()
        server.on_close(lambda code, reason: None)
        sockets.append(socket)

    polling = visit(daemon.start(), scheme, prepare=without_socket).page
    expect(polling.get_by_test_id("connection")).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    expect(polling.get_by_test_id("pipeline-card")).to_be_visible(timeout=PATIENCE)
    check(polling)
    opened = visit(daemon, scheme, prepare=lambda page: page.route_web_socket("**/socket.io/**", hold))
    opened.expect_live()
    eventually(lambda: opened.page.title() is not None and sockets, "the page is on a WebSocket")
    with ThreadPoolExecutor() as threads:
        # What the server says comes to the page by way of this thread, which must not wait for the end.
        stopped = threads.submit(daemon.stop)
        expect(opened.page.get_by_test_id("connection")).to_have_attribute("data-state", "stopping", timeout=PATIENCE)
        expect(opened.page.get_by_test_id("verdict")).to_have_text("Stopping", timeout=PATIENCE)
        check(opened.page)
        stopped.result()


def test_searches_that_find_little_are_accessible(scheme: str, shared: Daemon, visit: Callable[..., Visit]) -> None:
    answer: dict[str, object] = {"query": "lighthouse", "duration": 0.01, "hits": []}
    page = visit(shared, scheme, prepare=lambda page: page.route(
        "**/api/search?*", lambda route: route.fulfill(json=answer))).page
    page.get_by_test_id("search-input").fill("lighthouse")
    expect(page.get_by_test_id("search-message")).to_contain_text("No passage matches", timeout=PATIENCE)
    check(page)
    file = {"id": "f1", "name": "light.txt", "path": "shelf/light.txt"}
    hit = {"pipeline_id": "notes", "file": file, "content": "The lighthouse stands. " * 60, "score": 0.5, "page": 4}
    answer.update(hits=[hit], words_only=True)
    page.get_by_test_id("search-input").press("Enter")
    expect(page.get_by_test_id("caveat")).to_contain_text("By words alone", timeout=PATIENCE)
    check(page)


def test_refusals_and_warnings_are_accessible(scheme: str, troubled: Daemon, visit: Callable[..., Visit]) -> None:
    """What may not be done is hidden, many more failed than are listed, and a file's view has a message."""
    def many(status: dict[str, object]) -> None:
        status.update(failed_files=70, retrying_files=3)

    def prepare(page: Page) -> None:
        told_otherwise(many)(page)
        page.add_init_script(f"sessionStorage.setItem('corpusd-token', '{troubled.token}')")
        page.route("**/api/access", lambda route: route.fulfill(json={"role": "read", "pipelines": None}))

    page = visit(troubled, scheme, prepare).page
    expect(page.get_by_test_id("other-token")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("problems-all")).to_be_visible(timeout=PATIENCE)
    check(page)
    page.evaluate("() => { location.hash = '#file/docs/nothing'; }")
    expect(page.get_by_test_id("file-message")).to_be_visible(timeout=PATIENCE)
    check(page)
