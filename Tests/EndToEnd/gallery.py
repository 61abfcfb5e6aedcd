"""Pictures of the page's main states, each out of a real run on real documents; `make screenshots` takes them.

No tests: nothing is asserted but that the state was there. They go to `.build-test/screenshots`.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
import waiting
from browsing import PATIENCE, SCREENSHOTS, Visit, locked
from daemon import Daemon
from playwright.sync_api import Page, WebSocketRoute, expect

DESK = (1440, 1000)
PHONE = (375, 812)
SHELVES = ["handbook", "manuals"]


def take(opened: Visit, name: str, whole: bool = False) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")


def settle(opened: Visit) -> None:
    """Lets the connection be measured and the last figures be drawn."""
    opened.expect_live()
    expect(opened.page.locator("#connection-latency")).not_to_be_empty(timeout=PATIENCE)
    opened.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")


@pytest.fixture(scope="module")
def shelves(corpus: Path) -> Iterator[Daemon]:
    """Two pipelines with Debian's documentation, among it a book that is encrypted and one that is damaged."""
    # The path is in the pictures.
    root = Path(tempfile.mkdtemp(prefix="library-"))
    daemon = Daemon(root / "documents", SHELVES)
    handbook, manuals = (daemon.folder(name) for name in SHELVES)
    for name in ["html", "markdown"]:
        shutil.copytree(corpus / name, manuals / name)
    shutil.copytree(corpus / "text", handbook / "text")
    shutil.copy(corpus / "pdf/fhs.pdf", handbook / "Filesystem Hierarchy Standard.pdf")
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", handbook / "Audit 2026, confidential.pdf")
    (handbook / "scan-0412.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    daemon.start()
    # The rest comes while the pages look.
    daemon.wait_until_idle(count_of(manuals), "manuals", timeout=240)
    daemon.wait_until_idle(count_of(handbook) - 2, "handbook", timeout=240)
    yield daemon
    daemon.close()
    shutil.rmtree(root)


def count_of(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_busy(shelves: Daemon, corpus: Path, visit: Callable[..., Visit]) -> None:
    visits = {
        "busy-light": visit(shelves, "light", size=DESK), "busy-dark": visit(shelves, "dark", size=DESK),
        "busy-phone": visit(shelves, "light", size=PHONE), "busy-phone-dark": visit(shelves, "dark", size=PHONE),
    }
    for opened in visits.values():
        settle(opened)
    for name in ["debian-reference.pdf", "debian-policy.pdf", "debian-faq.pdf"]:
        shutil.copy(corpus / "pdf" / name, shelves.folder("handbook"))
    for number in range(120):
        (shelves.folder("manuals") / f"minutes-{number:03}.md").write_text(
            "\n\n".join(documents.note(f"the meeting of week {number}, item {item}") for item in range(12)))
    for name, opened in visits.items():
        bar = opened.row("processing-row", "debian-reference.pdf").get_by_role("progressbar")
        expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d$"), timeout=PATIENCE)
        opened.page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
        take(opened, name, whole=True)
    shelves.wait_until_idle(count_of(shelves.folder("manuals")), "manuals", timeout=400)
    shelves.wait_until_idle(count_of(shelves.folder("handbook")) - 2, "handbook", timeout=400)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_idle_search_and_file(scheme: str, shelves: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(shelves, scheme, size=DESK)
    settle(opened)
    take(opened, f"idle-{scheme}", whole=True)
    opened.page.locator("#files-details summary").click()
    expect(opened.page.get_by_test_id("file-row").first).to_be_visible(timeout=PATIENCE)
    opened.page.locator("#files").evaluate("(node) => node.scrollIntoView()")
    take(opened, f"files-{scheme}")
    opened.page.locator("#files-text").fill("debian-policy")
    expect(opened.page.get_by_test_id("file-row")).to_have_count(1, timeout=PATIENCE)
    opened.page.get_by_test_id("file-row").get_by_role("link").click()
    expect(opened.page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    settle(opened)
    take(opened, f"file-{scheme}")
    opened.page.keyboard.press("Escape")
    opened.page.get_by_test_id("search-input").fill("may a package change a configuration file of another package?")
    opened.page.get_by_test_id("search-input").press("Enter")
    expect(opened.page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    settle(opened)
    take(opened, f"search-{scheme}")


def test_phone(shelves: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(shelves, "light", size=PHONE)
    settle(opened)
    take(opened, "idle-phone", whole=True)
    opened.page.locator("#files-details summary").click()
    opened.page.locator("#files-text").fill("hierarchy")
    expect(opened.page.get_by_test_id("file-row")).to_have_count(1, timeout=PATIENCE)
    opened.page.get_by_test_id("file-row").get_by_role("link").click()
    expect(opened.page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    settle(opened)
    take(opened, "file-phone")
    opened.page.keyboard.press("Escape")
    opened.page.get_by_test_id("search-input").fill("where do configuration files belong?")
    opened.page.get_by_test_id("search-input").press("Enter")
    expect(opened.page.get_by_test_id("search-hit").first).to_be_visible(timeout=PATIENCE)
    settle(opened)
    take(opened, "search-phone")


def test_problem_and_stop(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    sockets: list[WebSocketRoute] = []

    def hold(socket: WebSocketRoute) -> None:
        # The page hears that the server stops, and not yet that it is gone.
        server = socket.connect_to_server()
        server.on_close(lambda code, reason: None)
        sockets.append(socket)

    opened = visit(daemon.start(), size=DESK)
    settle(opened)
    take(opened, "empty")
    (daemon.folder() / "note.txt").write_text(documents.note("what is there"))
    expect(opened.row("completed-row", "note.txt")).to_be_visible(timeout=PATIENCE)
    shutil.rmtree(daemon.folder())
    card = opened.page.get_by_test_id("pipeline-card")
    expect(card).to_have_attribute("data-status", "error", timeout=PATIENCE)
    settle(opened)
    take(opened, "error")
    daemon.folder().mkdir()
    (daemon.folder() / "note.txt").write_text(documents.note("what is there"))
    expect(card).to_have_attribute("data-status", "online", timeout=PATIENCE)
    held = visit(daemon, size=DESK, prepare=lambda page: page.route_web_socket("**/socket.io/**", hold))
    settle(held)
    waiting.eventually(lambda: held.page.title() is not None and sockets, "the page is on a WebSocket")
    daemon.stop()
    expect(held.page.get_by_test_id("connection")).to_have_attribute("data-state", "stopping", timeout=PATIENCE)
    expect(held.page.get_by_test_id("verdict")).to_have_text("Stopping", timeout=PATIENCE)
    take(held, "stopping")
    expect(opened.page.get_by_test_id("connection")).to_have_attribute("data-state", "offline", timeout=PATIENCE)
    opened.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")
    take(opened, "offline")


def test_loading_polling_and_locked(
    make_daemon: Callable[..., Daemon], tmp_path: Path, shelves: Daemon, visit: Callable[..., Visit]
) -> None:
    def hang(page: Page) -> None:
        page.route("**/socket.io/?*", lambda route: None)
        page.route("**/status*", lambda route: None)

    loading = visit(shelves, size=DESK, prepare=hang)
    take(loading, "loading")
    polling = visit(shelves, size=DESK, prepare=lambda page: page.route("**/socket.io/?*", lambda route: route.abort()))
    expect(polling.page.get_by_test_id("connection")).to_have_attribute("data-state", "polling", timeout=PATIENCE)
    polling.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")
    take(polling, "polling")
    daemon = locked(make_daemon, tmp_path)
    opened = visit(daemon, size=DESK)
    expect(opened.page.get_by_test_id("connection")).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    expect(opened.page.get_by_test_id("verdict")).to_have_text("Locked", timeout=PATIENCE)
    take(opened, "locked")
    opened.page.get_by_test_id("unlock").click()
    take(opened, "token")


def test_held(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    for index in range(60):
        (daemon.folder() / f"minutes-{index:02}.txt").write_text(documents.note(f"number {index}"))
    daemon.start().wait_until_idle(60)
    opened = visit(daemon, size=DESK)
    settle(opened)
    for path in list(daemon.folder().iterdir()):
        path.unlink()
    expect(opened.page.get_by_test_id("held")).to_be_visible(timeout=PATIENCE)
    settle(opened)
    opened.page.get_by_test_id("held").locator("summary").click()
    take(opened, "held")
    dark = visit(daemon, "dark", size=PHONE)
    expect(dark.page.get_by_test_id("held")).to_be_visible(timeout=PATIENCE)
    settle(dark)
    take(dark, "held-phone-dark", whole=True)
