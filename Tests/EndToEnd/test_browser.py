"""The status page in a real browser, and the official JavaScript client in it."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import contract
import documents
import pytest
import waiting
from browsing import PATIENCE, SCREENSHOTS, Visit, check_clean
from daemon import Daemon
from playwright.sync_api import Page, WebSocketRoute, expect
from recorder import Event, Recorder

HOSTILE_NAME = '<img src=x onerror="window.hacked=1">.txt'


def test_file_appears_moves_and_completes_without_a_reload(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    expect(opened.page.get_by_test_id("pipeline-card")).to_have_count(1, timeout=PATIENCE)
    shares = watch_progress(opened.page, "debian-faq.pdf")
    shutil.copy(corpus / "pdf/debian-faq.pdf", daemon.folder())

    expect(opened.row("completed-row", "debian-faq.pdf")).to_be_visible(timeout=PATIENCE)
    expect(opened.row("processing-row", "debian-faq.pdf")).to_have_count(0, timeout=PATIENCE)
    moved = shares()
    assert len(moved) >= 3 and moved == sorted(moved), moved

    (daemon.folder() / "debian-faq.pdf").unlink()
    expect(opened.page.get_by_test_id("removed-row")).to_be_visible(timeout=PATIENCE)
    check_clean(opened, daemon)


def watch_progress(page: Page, name: str) -> Callable[[], list[int]]:
    """Records every value that the bar of a file takes from now on; returns a function that answers them."""
    page.evaluate(
        """name => {
            window.shares = [];
            new MutationObserver(() => {
                const rows = [...document.querySelectorAll("[data-testid=processing-row]")];
                const bar = rows.find((row) => row.textContent.includes(name))?.querySelector("[role=progressbar]");
                const share = Number(bar?.getAttribute("aria-valuenow") ?? 0);
                if (share && share !== window.shares.at(-1)) window.shares.push(share);
            }).observe(document.body, { subtree: true, childList: true, attributes: true });
        }""",
        name,
    )
    return lambda: page.evaluate("() => window.shares")


def test_hostile_name_is_text_and_runs_nothing(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    (daemon.folder() / HOSTILE_NAME).write_text(documents.note("markup in names"))
    (daemon.folder() / '"><svg onload=hacked=1>.pdf').write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    (daemon.folder() / "two\nlines.txt").write_text("<script>window.hacked = 1</script> <b>bold</b> needle in text")
    for kind, text in [("completed-row", HOSTILE_NAME), ("failed-row", "<svg onload"), ("completed-row", "lines.txt")]:
        expect(opened.row(kind, text)).to_be_visible(timeout=PATIENCE)
    opened.page.get_by_test_id("search-input").fill("needle in text")
    opened.page.get_by_test_id("search-input").press("Enter")
    expect(opened.page.get_by_test_id("search-hit").first).to_contain_text("<script>", timeout=PATIENCE)
    assert opened.page.evaluate("() => window.hacked") is None
    assert opened.page.locator("main img[src=x], main script, main b").count() == 0
    check_clean(opened, daemon)


def test_search_from_the_page_shows_the_right_file(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library)
    opened.expect_live()
    opened.page.get_by_test_id("search-input").fill("Can I make and sell Debian CDs?")
    opened.page.get_by_test_id("search-input").press("Enter")
    hits = opened.page.get_by_test_id("search-hit")
    expect(hits.filter(has_text="faq-redistributing.html").first).to_be_visible(timeout=PATIENCE)
    check_clean(opened, library)


def test_page_comes_back_after_a_restart(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    assert daemon.stop() == 0
    expect(opened.page.get_by_test_id("connection")).not_to_have_attribute("data-state", "live", timeout=PATIENCE)
    (daemon.folder() / "meanwhile.txt").write_text(documents.note("what was written meanwhile"))
    daemon.start()
    opened.expect_live()
    expect(opened.row("completed-row", "meanwhile.txt")).to_be_visible(timeout=PATIENCE)
    assert opened.loads == 1, "it came back by itself"
    unexpected = [complaint for complaint in opened.complaints if "ERR_CONNECTION" not in complaint]
    unexpected = [complaint for complaint in unexpected if "WebSocket connection to" not in complaint]
    # A client that tries again before the daemon is gone is told that it is stopping.
    unexpected = [complaint for complaint in unexpected if "503" not in complaint]
    assert unexpected == []


def test_page_that_lost_its_connection_goes_on_where_it_was(
    daemon: Daemon, visit: Callable[..., Visit]
) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    def has(metric: str) -> bool:
        return metric in daemon.get("/metrics").text.splitlines()

    # Nothing happens by itself, so what the page shows is what it kept.
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    (daemon.folder() / "before.txt").write_text(documents.note("what was there before"))
    daemon.start().wait_until_idle(1)
    opened = visit(daemon, prepare=lambda page: page.route_web_socket(re.compile("/socket.io/"), pass_on))
    opened.expect_live()
    upgraded = 'corpusd_socketio_connections{transport="websocket"} 1'
    waiting.eventually(lambda: opened.page.title() is not None and has(upgraded), "the page is on a WebSocket")
    expect(opened.row("completed-row", "before.txt")).to_be_visible(timeout=PATIENCE)

    sockets[0].close(code=1011)
    waiting.eventually(
        lambda: opened.page.title() is not None and has('corpusd_socketio_recoveries_total{result="hit"} 1'),
        "the page comes back",
    )
    # Without snapshots a page that waits for them would forget the pipeline by then.
    opened.page.wait_for_function("time => Date.now() > time", arg=time.time() * 1_000 + 4_000)
    opened.expect_live()
    expect(opened.row("completed-row", "before.txt")).to_be_visible()
    (daemon.folder() / "after.txt").write_text(documents.note("what came afterwards"))
    expect(opened.row("completed-row", "after.txt")).to_be_visible(timeout=PATIENCE)
    assert opened.loads == 1


def test_page_in_the_middle_of_a_run_is_pictured(
    daemon: Daemon, corpus: Path, visit: Callable[..., Visit]
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    shutil.copytree(corpus / "html", daemon.folder() / "html")
    (daemon.folder() / "damaged.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    daemon.start().wait_until_idle(len(list((daemon.folder() / "html").iterdir())))
    visits = {scheme: visit(daemon, scheme) for scheme in ("light", "dark")}
    for opened in visits.values():
        opened.expect_live()
    shutil.copy(corpus / "pdf/debian-reference.pdf", daemon.folder())
    shutil.copytree(corpus / "markdown", daemon.folder() / "markdown")
    for scheme, opened in visits.items():
        row = opened.row("processing-row", "debian-reference.pdf")
        expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuenow", any_share(), timeout=PATIENCE)
        expect(opened.page.get_by_test_id("completed-row").first).to_be_visible(timeout=PATIENCE)
        picture = opened.page.screenshot(path=SCREENSHOTS / f"run-{scheme}.png")
        expect(row).to_be_visible()
        assert len(picture) > 20_000
        check_clean(opened, daemon)


def any_share() -> re.Pattern[str]:
    """A progress that can be seen and is not at its end."""
    return re.compile(r"^[1-9]\d$")


IO_SCRIPT = """async ([transports, namespace, pipeline]) => {
    const socket = io(namespace, { transports, forceNew: true, reconnection: false, path: "/socket.io/" });
    const events = [];
    socket.onAny((name, payload) => events.push([name, payload]));
    const wait = (emitter, event) => new Promise((resolve, reject) => {
        emitter.once(event, resolve);
        socket.once("connect_error", reject);
        setTimeout(() => reject(new Error(`no '${event}'`)), 30000);
    });
    // Before anything is answered: an upgrade may be through when 'connect' comes.
    const engine = socket.io.engine;
    const first = engine.transport.name;
    await wait(socket, "connect");
    if (transports.length > 1 && engine.transport.name === "polling") await wait(engine, "upgrade");
    const time = await socket.timeout(20000).emitWithAck("ping", Date.now());
    const subscribed = await socket.timeout(20000).emitWithAck("subscribe", { pipeline_id: pipeline });
    const refused = await socket.timeout(20000).emitWithAck("subscribe", { pipeline_id: "nowhere" });
    const binary = await socket.timeout(20000).emitWithAck("client:status", new Uint8Array([0, 1, 255]));
    if (!events.some(([name]) => name === "heartbeat")) await wait(socket, "heartbeat");
    const last = engine.transport.name;
    socket.disconnect();
    return { first, last, time, subscribed, refused, binary, events };
}"""


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]], ids="-".join)
@pytest.mark.parametrize("namespace", ["/pipeline", "/local_files"])
def test_official_client_works_in_every_mode(
    namespace: str, transports: list[str], shared: Daemon, visit: Callable[..., Visit]
) -> None:
    opened = visit(shared)
    result = opened.page.evaluate(IO_SCRIPT, [transports, namespace, "docs"])
    assert (result["first"], result["last"]) == (transports[0], transports[-1])
    assert abs(result["time"] - opened.page.evaluate("() => Date.now()")) < 30_000
    assert result["subscribed"]["ok"] is True and result["subscribed"]["rooms"] == ["pipeline:docs"]
    assert result["refused"]["ok"] is False and result["refused"]["error"]
    assert result["binary"]["ok"] is False and result["binary"]["error"]
    events = [Event(namespace, name, payload) for name, payload in result["events"]]
    assert [event.payload["pipeline_id"] for event in events[:2]] == ["docs", "notes"]
    for event in events:
        contract.check_event(event)
    check_clean(opened, shared)


def test_page_and_other_clients_agree(
    shared: Daemon, visit: Callable[..., Visit], connect: Callable[..., Recorder]
) -> None:
    opened, client = visit(shared), connect(shared)
    opened.expect_live()
    (shared.folder("notes") / "agreed.txt").write_text(documents.note("agreement"))
    file = client.wait_for_completion("agreed.txt").file
    row = opened.page.locator(f'[data-testid=completed-row][data-file="{file}"]')
    expect(row).to_contain_text("agreed.txt", timeout=PATIENCE)
    check_clean(opened, shared)
