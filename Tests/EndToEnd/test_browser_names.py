"""Names that somebody chose to do harm, in every part of the page that shows one: they are text everywhere."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import documents
import pytest
from browsing import PATIENCE, Visit, check_clean, give_token, told_otherwise
from daemon import Daemon
from flooding import on_websocket
from playwright.sync_api import Page, expect
from waiting import eventually

MARKUP = '<img src=x onerror="window.hacked=1">'
# What each is called, without its extension, and how it is shown.
NAMES = {
    MARKUP: MARKUP,
    "\"'><svg onload=window.hacked=1>": "\"'><svg onload=window.hacked=1>",
    "javascript:window.hacked=1": "javascript:window.hacked=1",
    "&lt;b&gt;&#60;script&#62;": "&lt;b&gt;&#60;script&#62;",
    "two\nlines": "two↵lines",
    "tax\u202efdp": "tax⟨202E⟩fdp",
    "same\u2060\u00ad": "same⟨2060⟩⟨AD⟩",
    "pile" + "\u0301" * 40: "pile" + "\u0301" * 6 + "⟨+34⟩",
    "x" * 251: "x" * 251,
}
BYTES, BYTES_SHOWN = b"caf\xe9 \xff\xc0\x80.txt", re.compile("^caf\ufffd \ufffd+\\.txt$")
NOTES = 60
# In all files of `docs` that can be read; ten, as many as a search shows.
WORD = documents.rare_word()

# Whatever became markup, could run, or leads elsewhere than it says; and texts, tooltips and labels with characters
# that nobody sees.
HARM = """() => {
    const hidden = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c"
        + "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f]");
    const found = [];
    if (window.hacked !== undefined) found.push("a script ran");
    for (const node of document.body.querySelectorAll("main *, dialog *, .toast, .toast *")) {
        if (node.matches("img, script, b, iframe, svg[onload]")) found.push(node.outerHTML);
        for (const { name, value } of node.attributes) {
            if (name.startsWith("on")) found.push(`${name} of ${node.tagName}`);
            if (hidden.test(value)) found.push(`${name}=${JSON.stringify(value)}`);
        }
        if (node.href && node.tagName === "A" && !["http:", "https:"].includes(node.protocol)) found.push(node.href);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { data } = walker.currentNode;
        if (hidden.test(data)) found.push(JSON.stringify(data));
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than its window");
    return found;
}"""


def check_harmless(page: Page) -> None:
    assert page.evaluate(HARM) == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Daemon]:
    """A daemon with such names: files that are stored, one that moved, one that failed, a folder, held deletions."""
    daemon = Daemon(tmp_path_factory.mktemp("hostile") / "daemon", ["docs", "shelf"])
    before = daemon.folder() / "before.txt"
    before.write_text(documents.note("what was renamed", WORD))
    for name in NAMES:
        if name != MARKUP:
            (daemon.folder() / f"{name}.txt").write_text(documents.note("what is called badly", WORD))
    documents.write_bytes_name(daemon.folder(), BYTES, documents.note("what is called badly", WORD).encode())
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / f"{MARKUP}.pdf")
    folder = daemon.folder("shelf") / MARKUP
    folder.mkdir()
    for number in range(NOTES):
        (folder / f"{number} two\nlines.md").write_text(documents.note(f"number {number}"))
    daemon.start().wait_until_idle(len(NAMES) + 1, "docs")
    daemon.wait_until_idle(NOTES, "shelf")
    before.rename(daemon.folder() / f"{MARKUP}.txt")
    for path in list(folder.iterdir()):
        path.unlink()
    eventually(lambda: {f"{MARKUP}.txt", f"{MARKUP}.pdf"} <= listed(daemon), "one has moved, one has failed")
    yield daemon
    daemon.close()


def listed(daemon: Daemon) -> set[str]:
    return {file["path"] for file in daemon.get("/api/files", pipeline="docs").json()["files"]}


@pytest.mark.parametrize("size", [(1280, 1120), (375, 812)], ids=["desk", "phone"])
def test_list_of_all_files(size: tuple[int, int], hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile, size=size)
    opened.expect_live()
    page = opened.page
    page.locator("#files-details summary").click()
    rows = page.get_by_test_id("file-row")
    page.locator("#files-text").fill(".txt")
    page.locator("#files-state").select_option("stored")
    names = rows.locator(".row-name")
    expect(names).to_have_count(len(NAMES) + 1, timeout=PATIENCE)
    texts = names.all_text_contents()
    for shown in NAMES.values():
        assert f"{shown}.txt" in texts, texts
    assert any(BYTES_SHOWN.match(text) for text in texts), texts
    assert names.evaluate_all("(nodes) => nodes.map((node) => node.title)") == texts
    # A pile of accents is no higher than its line.
    heights = rows.evaluate_all("(nodes) => nodes.map((node) => Math.round(node.getBoundingClientRect().height))")
    assert len(set(heights)) == 1, heights
    check_harmless(page)
    check_clean(opened, hostile)


def test_view_of_a_file_that_moved(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    page.locator("#files-details summary").click()
    # What is asked for fits on one page of the list: the folder of held files has the same name.
    page.locator("#files-text").fill(f"{MARKUP}.txt")
    opened.row("file-row", f"{MARKUP}.txt").get_by_role("link").click()
    expect(page.locator("#file-title")).to_have_text(f"{MARKUP}.txt", timeout=PATIENCE)
    expect(page.locator(".file-path")).to_have_text(f"{MARKUP}.txt")
    expect(page.get_by_test_id("file-history")).to_contain_text(f"to {MARKUP}.txt")
    expect(page.get_by_test_id("passage")).to_have_count(1)
    check_harmless(page)
    check_clean(opened, hostile)


@pytest.mark.parametrize("name", NAMES)
def test_view_of_each_file(name: str, hostile: Daemon, visit: Callable[..., Visit]) -> None:
    files = hostile.get("/api/files", pipeline="docs").json()["files"]
    file = next(file for file in files if file["path"] == f"{name}.txt")
    opened = visit(hostile, url=f"{hostile.url}/#file/docs/{file['id']}", size=(375, 812))
    page = opened.page
    expect(page.locator("#file-title")).to_have_text(f"{NAMES[name]}.txt", timeout=PATIENCE)
    expect(page.get_by_test_id("passage")).to_have_count(1)
    assert page.locator("#file-dialog").evaluate("(node) => node.scrollWidth <= node.clientWidth")
    check_harmless(page)
    check_clean(opened, hostile)


def test_what_failed_and_what_is_said_of_it(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    row = opened.row("failed-row", f"{MARKUP}.pdf")
    expect(row.locator(".row-name")).to_have_attribute("title", f"{MARKUP}.pdf", timeout=PATIENCE)
    row.get_by_test_id("retry").click()
    give_token(opened, hostile.token)
    expect(page.get_by_test_id("toast")).to_have_text(f"{MARKUP}.pdf is tried again.", timeout=PATIENCE)
    check_harmless(page)
    row.get_by_role("link").click()
    expect(page.locator("#file-title")).to_have_text(f"{MARKUP}.pdf", timeout=PATIENCE)
    page.get_by_test_id("file-retry").click()
    expect(page.get_by_test_id("file-toast")).to_have_text(f"{MARKUP}.pdf is tried again.", timeout=PATIENCE)
    check_harmless(page)
    check_clean(opened, hostile)


def test_held_deletions(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    held = opened.page.get_by_test_id("held")
    expect(held).to_contain_text(f"{NOTES} files", timeout=PATIENCE)
    held.locator("summary").click()
    rows = held.get_by_test_id("held-row")
    expect(rows).to_have_count(NOTES)
    expect(rows.first).to_contain_text(f"{MARKUP}/")
    expect(rows.first).to_contain_text("two↵lines.md")
    check_harmless(opened.page)
    check_clean(opened, hostile)


def test_hits(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(hostile)
    opened.expect_live()
    page = opened.page
    page.get_by_test_id("search-input").fill(WORD)
    page.get_by_test_id("search-input").press("Enter")
    hits = page.get_by_test_id("search-hit")
    expect(hits).to_have_count(10, timeout=PATIENCE)
    paths = hits.locator(".hit-path").all_text_contents()
    assert {f"{shown}.txt" for shown in NAMES.values()} < set(paths), paths
    check_harmless(page)
    check_clean(opened, hostile)


def test_hits_with_texts_and_addresses_that_do_harm(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    """What a document says of itself: its title, its headings, its sheets, and where it says it can be opened."""
    urls = ["javascript:window.hacked=1", "data:text/html,<script>window.hacked=1</script>", "JAVASCRIPT:hacked=1//",
            "\u0001javascript:window.hacked=1", "file:///etc/passwd", "https://docs.example.org/d/1"]
    hits: list[dict[str, Any]] = [{
        "pipeline_id": "docs",
        "file": {"id": f"f{number}", "name": "a.txt", "path": f"{MARKUP}\n\u202e.txt", "url": url},
        "title": f"{MARKUP}\u202e", "mime_type": "text/html", "chunk_index": 0, "page": None,
        "sheet": f"{MARKUP}\u2066", "heading_path": [f"{MARKUP}\u202e", "two\nlines"],
        "content": f"<script>window.hacked=1</script> harm {MARKUP}",
        "score": 0.5,
    } for number, url in enumerate(urls)]
    answer = {"query": "harm", "duration": 0.01, "words_only": False, "hits": hits}
    opened = visit(hostile, prepare=lambda page: page.route(
        "**/api/search?*", lambda route: route.fulfill(json=answer)))
    page = opened.page
    page.get_by_test_id("search-input").fill("harm")
    expect(page.get_by_test_id("search-hit")).to_have_count(len(urls), timeout=PATIENCE)
    addresses = page.locator(".hit a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert addresses == [*(f"#file/docs/f{number}" for number in range(5)), urls[-1]]
    assert page.locator(".hit a[target]").evaluate_all("(links) => links.map((link) => link.rel)") == [
        "noopener noreferrer"]
    expect(page.get_by_test_id("search-hit").first).to_contain_text(f"{MARKUP}⟨202E⟩ › two↵lines")
    expect(page.locator(".hit mark").first).to_have_text("harm")
    check_harmless(page)


# Tells the page of an event of each name through the official client.
TELL = """([names, event]) => names.forEach((name, number) => {
    const time = new Date().toISOString();
    const file = { id: `t${number}`, name, path: `${name}/${name}`, size: 1, mime_type: name, started_at: time,
        failed_at: time, completed_at: time, removed_at: time };
    const error = { type: name, message: `cannot read '${name}'`, stage: "extraction", retryable: false, attempt: 1,
        next_attempt_at: null };
    const results = { chunks_created: 3, embeddings_generated: 3, embeddings_reused: 0, processing_duration: 0.1,
        content_length: 9 };
    const rest = { processing_stage: "extraction", estimated_duration: null, error, results, chunks_removed: 3 };
    const payload = { pipeline_id: "docs", pipeline_type: "local_files", timestamp: time, file, ...rest };
    wire.dispatchEvent(new MessageEvent("message", { data: `42/pipeline,${JSON.stringify([event, payload])}` }));
})"""


def test_what_happens_to_files(quiet: Daemon, visit: Callable[..., Visit]) -> None:
    opened = on_websocket(quiet, visit)
    page = opened.page
    # The server's own status has no file in progress, and would end those.
    page.evaluate("() => { window.isDeaf = true; }")
    # As many as the list of those in progress has rows.
    names = list(NAMES)[:8]
    page.evaluate(TELL, [names, "file:processing"])
    rows = page.get_by_test_id("processing-row")
    expect(rows).to_have_count(len(names), timeout=PATIENCE)
    shown = [NAMES[name] for name in names]
    eventually(lambda: rows.locator(".row-name").all_text_contents() == shown, "they are named")
    bars = rows.get_by_role("progressbar")
    eventually(lambda: bars.evaluate_all("(bars) => bars.map((bar) => bar.ariaLabel)")
               == [f"Progress of {name}" for name in shown], "their bars are named")
    expect(page.get_by_test_id("answer-now").locator(".answer-detail")).to_have_text(re.compile("^extraction: "))
    check_harmless(page)
    page.evaluate(TELL, [names, "file:failed"])
    failed = page.get_by_test_id("failed-row")
    expect(failed).to_have_count(len(names), timeout=PATIENCE)
    for name in shown:
        expect(failed.filter(has_text=f"cannot read '{name}'")).to_have_count(1)
    buttons = failed.get_by_test_id("retry")
    eventually(lambda: sorted(buttons.evaluate_all("(buttons) => buttons.map((button) => button.ariaLabel)"))
               == sorted(f"Retry {name}" for name in shown), "their buttons are named")
    expect(page.get_by_test_id("answer-problems")).to_contain_text("8 failed")
    check_harmless(page)
    for event, kind in [("file:completed", "completed-row"), ("file:removed", "removed-row")]:
        page.evaluate(TELL, [names, event])
        rows = page.get_by_test_id(kind)
        expect(rows).to_have_count(len(names), timeout=PATIENCE)
        told = rows.locator(".row-name")
        eventually(lambda: sorted(told.all_text_contents()) == sorted(shown), f"{event} names them")
        expect(rows.locator(".row-path")).to_have_text([re.compile(".") for _ in names])
        check_harmless(page)
    assert opened.complaints == []


@pytest.fixture
def quiet(make_daemon: Callable[..., Daemon]) -> Daemon:
    """A daemon of which nothing is heard, so that what is told in its name stays."""
    daemon = make_daemon()
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    daemon.start().wait_until_idle(0)
    return daemon


def test_places_and_problems_of_a_pipeline(hostile: Daemon, visit: Callable[..., Visit]) -> None:
    def rename(status: dict[str, Any]) -> None:
        status["watch_location"] = f"/srv/{MARKUP}\u202e"
        status["problem"] = f"cannot watch '{MARKUP}\n\u202e'"
        status["status"] = "error"

    opened = visit(hostile, prepare=told_otherwise(rename))
    page = opened.page
    card = page.locator("[data-pipeline=docs]")
    expect(card).to_contain_text(f"/srv/{MARKUP}⟨202E⟩", timeout=PATIENCE)
    expect(card).to_contain_text(f"cannot watch '{MARKUP}↵⟨202E⟩'")
    expect(page.get_by_test_id("verdict-detail")).to_contain_text(f"cannot watch '{MARKUP}↵⟨202E⟩'")
    expect(page.get_by_test_id("answer-problems")).to_contain_text(MARKUP)
    check_harmless(page)
