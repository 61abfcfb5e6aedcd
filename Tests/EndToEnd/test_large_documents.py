"""Documents of ten thousand pages and a million rows: taken in or refused with a reason, in bounded memory."""

import os
from collections.abc import Iterator
from pathlib import Path

import database
import documents
import pytest
from daemon import Daemon
from embedding import EmbeddingService
from memory import peak_memory, watched_children
from recorder import Recorder

PAGES = 10_000
# Of the larger table; a million takes half a minute.
ROWS = int(os.environ.get("CORPUSD_ROWS", 250_000))
# What a document of that size may add to the daemon, and what a child that reads it may take.
DAEMON_BYTES, CHILD_BYTES = 120_000_000, 150_000_000


@pytest.fixture
def quick(make_daemon) -> Iterator[Daemon]:
    """A running daemon whose vectors cost next to nothing, so that what is left is extraction and storing."""
    service = EmbeddingService()
    daemon = make_daemon(processing={"ocr": True})
    daemon.config["embedding"] = service.configuration()
    (daemon.folder() / "first.txt").write_text(documents.note("warming up"))
    daemon.start().wait_until_idle(1)
    yield daemon
    daemon.close()
    service.stop()


def client_of(daemon: Daemon) -> Recorder:
    client = Recorder(daemon.url)
    client.connect(["/local_files"], ["websocket"])
    return client


def test_ten_thousand_pages_are_stored_by_page_while_others_go_on(quick: Daemon) -> None:
    word = documents.rare_word()
    lines = (f"The log of day {page}: {page * 7919 % 10_007} miles to the harbour." for page in range(1, PAGES))
    before, client = peak_memory(quick), client_of(quick)
    hidden = quick.folder() / ".long.pdf"
    documents.long_pdf(hidden, [*lines, f"The last one arrives at {word}."])
    with watched_children(quick) as memory:
        hidden.rename(quick.folder() / "long.pdf")
        client.id_of("long.pdf")
        for number in range(5):
            (quick.folder() / f"note{number}.txt").write_text(documents.note("what goes on", documents.rare_word()))
        assert all(client.wait_for_end(f"note{number}.txt").name == "file:completed" for number in range(5))
        results = client.wait_for_completion("long.pdf").payload["results"]
    client.disconnect()
    (hit,) = [hit for hit in quick.search(word) if word in hit["content"]]
    # A passage begins some pages before the one that it ends on.
    assert hit["file"]["path"] == "long.pdf" and PAGES - 30 < hit["page"] <= PAGES
    assert results["content_length"] > 45 * PAGES, "all of its text"
    daemon_bytes = peak_memory(quick) - before
    print(f"{results} · daemon +{daemon_bytes / 1e6:.0f} MB, largest child {memory.peak / 1e6:.0f} MB")
    assert memory.seen and memory.peak < CHILD_BYTES and daemon_bytes < DAEMON_BYTES, (memory.peak, daemon_bytes)


def test_scan_of_ten_thousand_pages_is_refused_with_a_reason(quick: Daemon) -> None:
    client = client_of(quick)
    documents.long_pdf(quick.folder() / "scan.pdf", [""] * PAGES)
    error = client.wait_for_failure("scan.pdf").payload["error"]
    client.disconnect()
    assert (error["type"], error["stage"], error["retryable"]) == ("TooMuchText", "extraction", False)
    assert "a scan of 10000 pages" in error["message"] and "split it" in error["message"]
    assert quick.get("/health").json()["status"] == "healthy"


def write_rows(path: Path, count: int) -> None:
    """A table of this many rows, each thousandth with a line break in quotes."""
    with open(path, "w") as file:
        file.write("number,word,remark\n")
        for number in range(count):
            remark = f"the remark on {number}"
            if number % 1_000 == 0:
                remark = f'"{remark},\nand more"'
            file.write(f"{number},word{number % 9973},{remark}\n")


def test_more_rows_need_no_more_memory(quick: Daemon) -> None:
    peaks = []
    for name, rows in [("few.csv", 50_000), ("many.csv", ROWS)]:
        client = client_of(quick)
        with watched_children(quick) as memory:
            write_rows(quick.folder() / f".{name}", rows)
            (quick.folder() / f".{name}").rename(quick.folder() / name)
            client.wait_for_completion(name, timeout=600)
        client.disconnect()
        assert memory.seen
        peaks.append((peak_memory(quick), memory.peak))
    with database.copy_of(quick.database) as db:
        counts = db.execute(
            "SELECT count(*), max(chunk_count), count(DISTINCT row_data ->> '$.number') FROM document_metadata "
            "JOIN document_rows ON dataset_id = document_metadata.id GROUP BY document_metadata.id ORDER BY 1"
        ).fetchall()
    assert [(rows, different) for rows, _, different in counts] == [(50_000, 50_000), (ROWS, ROWS)]
    assert all(50 < chunks < 2_000 for _, chunks, _ in counts), "the first rows are passages, not all"
    (daemon, child), (daemon_later, child_later) = peaks
    print(f"daemon {daemon / 1e6:.0f}, then {daemon_later / 1e6:.0f} MB; child {child / 1e6:.0f}, {child_later / 1e6:.0f} MB")
    # Five times the rows: 200,000 more would show as 10 MB if as little as 50 bytes of each were kept.
    assert daemon_later - daemon < 10_000_000 and child_later - child < 4_000_000, peaks
    assert child_later < CHILD_BYTES and daemon_later < 300_000_000, peaks
