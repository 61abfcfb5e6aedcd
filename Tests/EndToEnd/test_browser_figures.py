"""The figures of a pipeline, and what the page says of a file's past and of its next try."""

import re
from collections.abc import Callable, Iterator

import documents
import pytest
from browsing import PATIENCE, Visit, check_clean
from daemon import Daemon
from embedding import EmbeddingService
from playwright.sync_api import Locator, expect
from waiting import eventually

FILES = 3
# Of the note that changes: so many sections, each about a passage long.
SECTIONS = 12


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that has stored, changed, removed and not read files, and does nothing for the next hour."""
    daemon = Daemon(tmp_path_factory.mktemp("counted") / "daemon")
    daemon.config["pipelines"][0]["check_interval"] = "1h"
    for number in range(FILES):
        (daemon.folder() / f"note {number}.txt").write_text(documents.note(f"number {number}"))
    (daemon.folder() / "data.bin").write_bytes(documents.binary())
    (daemon.folder() / "report.md").write_text(report("as it was"))
    daemon.start().wait_until_idle(FILES + 1)
    (daemon.folder() / "note 0.txt").unlink()
    daemon.wait_until_idle(FILES)
    documents.replace_atomically(daemon.folder() / "report.md", report("as it is now"))
    daemon.wait_until_idle(FILES)
    yield daemon
    daemon.close()


def report(end: str) -> str:
    sections = [f"# Part {number}\n\n{documents.note(f'the lighthouse in its year {number}') * 12}"
                for number in range(SECTIONS)]
    return "\n\n".join([*sections, f"# The end\n\n{documents.note(end)}"])


def seconds_left(countdown: Locator) -> int:
    minutes, seconds = re.search(r"in (\d+):(\d\d)", countdown.text_content()).groups()
    return int(minutes) * 60 + int(seconds)


def test_figures_are_those_of_the_status(counted: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(counted)
    opened.expect_live()
    status = counted.status()
    card = opened.page.get_by_test_id("pipeline-card")
    for figure, name in [("figure-files", "total_files"), ("figure-chunks", "total_chunks"),
                         ("figure-queue", "files_queued"), ("total-processed", "total_processed"),
                         ("total-failed", "total_failed"), ("total-skipped", "total_skipped"),
                         ("total-removed", "total_removed")]:
        expect(card.get_by_test_id(figure)).to_have_text(f"{status[name]}", timeout=PATIENCE)
    assert status["total_files"] == FILES and status["total_chunks"] > SECTIONS
    assert status["total_processed"] >= FILES + 2 and status["total_skipped"] >= 1 and status["total_removed"] == 1
    check_clean(opened, counted)


# Tells a store of the page of the last hour before, or after, it has heard of the pipeline itself.
TELL_STORE = """async ([isFirst, status, pipelines]) => {
    const { Store } = await import(new URL("js/state/store.js", document.baseURI));
    const store = new Store(() => {});
    if (isFirst) store.takeHours(pipelines);
    store.apply("pipeline:status", status);
    if (!isFirst) store.takeHours(pipelines);
    return store.pipelines.get("docs").hour.done.reduce((sum, files) => sum + files, 0);
}"""


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_last_hour_may_come_before_the_first_status(
    is_first: bool, counted: Daemon, visit: Callable[..., Visit]
) -> None:
    page = visit(counted).page
    pipelines = counted.get("/api/pipelines").json()["pipelines"]
    assert page.evaluate(TELL_STORE, [is_first, counted.status(), pipelines]) >= FILES + 2


def test_next_check_is_counted_down(counted: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(counted)
    opened.expect_live()
    page = opened.page
    countdown, drain = page.get_by_test_id("next-check"), page.locator(".countdown-fill")
    expect(countdown).to_have_text(re.compile(r"^in \d+:\d\d$"), timeout=PATIENCE)
    before = seconds_left(countdown)
    assert 0 < before <= 3_600

    def share() -> float:
        return drain.evaluate("(node) => Number(node.style.transform.slice(7, -1))")

    full = share()
    assert abs(full - before / 3_600) < 0.01
    eventually(lambda: seconds_left(countdown) <= before - 2, "it goes on")
    eventually(lambda: share() < full, "so does the bar")
    expect(page.get_by_test_id("answer-now")).to_contain_text(re.compile(r"checks in \d+:\d\d"))


def test_changed_file_tells_what_was_reused_and_its_past(counted: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(counted)
    opened.expect_live()
    row = opened.row("completed-row", "report.md").first
    newest = next(file for file in counted.status()["files_completed"] if file["name"] == "report.md")
    reused = newest["results"]["embeddings_reused"]
    assert 0 < reused < newest["results"]["chunks_created"]
    expect(row).to_contain_text(f" · {reused} reused · ", timeout=PATIENCE)
    row.get_by_role("link").click()
    sheet = opened.page.get_by_test_id("file-dialog")
    past = sheet.get_by_test_id("file-history").get_by_role("listitem")
    expect(past).to_have_count(2, timeout=PATIENCE)
    for number in range(2):
        expect(past.nth(number)).to_contain_text(re.compile(r"Stored\d+ passages in [\d.]+ (ms|s)"))
    moments = past.locator("time").evaluate_all("(times) => times.map((time) => time.dateTime)")
    assert moments == sorted(moments, reverse=True), "the newest first"
    expect(sheet.locator(".file-facts")).to_contain_text(f"Reused{reused}")
    check_clean(opened, counted)


def test_file_that_is_tried_again_says_when(
    picky: EmbeddingService, make_daemon: Callable[..., Daemon], visit: Callable[..., Visit]
) -> None:
    picky.fault = lambda _: (503, {})
    daemon = make_daemon()
    daemon.config["embedding"] = picky.configuration()
    (daemon.folder() / "note.txt").write_text(documents.note("what has to wait"))
    opened = visit(daemon.start())
    row = opened.row("failed-row", "note.txt")
    expect(row).to_contain_text(re.compile(r"In embedding, next try in \d+:\d\d"), timeout=PATIENCE)
    row.get_by_role("link").click()
    sheet = opened.page.get_by_test_id("file-dialog")
    expect(sheet.get_by_test_id("file-state")).to_have_text("Failed, tried again", timeout=PATIENCE)
    expect(sheet).to_contain_text(re.compile(r"In embedding, next try in \d+:\d\d"))
    expect(sheet.get_by_test_id("file-history")).to_contain_text("FailedIn embedding: the embedding service")
