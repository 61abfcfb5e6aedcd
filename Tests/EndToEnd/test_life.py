"""Stopping, being killed, and starting again: nothing is lost, half done or done twice."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import contract
import database
import documents
import pytest
from daemon import Daemon, processes_mentioning
from recorder import Recorder
from waiting import eventually

Connect = Callable[..., Recorder]
BOOK = "fhs.pdf"


def begin_book(daemon: Daemon, corpus: Path, client: Recorder) -> None:
    """Adds a book of 50 pages and waits until its embedding is under way."""
    shutil.copy(corpus / "pdf" / BOOK, daemon.folder())
    file = client.id_of(BOOK)
    client.wait_for(
        "file:progress",
        lambda event: event.file == file
        and event.payload["processing_stage"] == "embedding"
        and event.payload["progress"] > 0.2,
    )
    assert not client.events(*contract.ENDS, file=file), "too late: the book is done"


def check_book_completes(daemon: Daemon, library: Daemon) -> None:
    """Starts the daemon again: the book is stored exactly as a run without interruption stores it."""
    daemon.start().wait_until_idle(1)
    assert database.chunk_counts(daemon.database)[BOOK] == database.chunk_counts(library.database)[f"pdf/{BOOK}"]
    assert daemon.paths_found("purpose of /srv: data for services provided by this system") == [BOOK]
    database.check(daemon.database)


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("transports", [["polling"], ["websocket"]])
def test_clients_hear_of_the_stop_before_they_are_disconnected(
    transports: list[str], with_signal: signal.Signals, daemon: Daemon, connect: Connect
) -> None:
    daemon.start()
    client = connect(daemon, "/pipeline", "/local_files", transports=transports)
    client.wait_for("pipeline:status")
    assert daemon.stop(with_signal, timeout=15) == 0
    client.wait_for_goodbye()
    for event in client.events():
        contract.check_event(event)
    assert processes_mentioning(str(daemon.root)) == []


def test_stop_in_the_middle_of_a_book_leaves_it_whole_or_absent(
    daemon: Daemon, library: Daemon, corpus: Path, connect: Connect
) -> None:
    daemon.start()
    client = connect(daemon, transports=["websocket"])
    begin_book(daemon, corpus, client)
    assert daemon.stop() == 0
    client.wait_for_goodbye()
    assert processes_mentioning(str(daemon.root)) == []

    database.check(daemon.database)
    whole = database.chunk_counts(library.database)[f"pdf/{BOOK}"]
    assert database.chunk_counts(daemon.database).get(BOOK, 0) in (0, whole)
    check_book_completes(daemon, library)


def test_kill_in_the_middle_of_a_book_leaves_nothing_half_stored(
    daemon: Daemon, library: Daemon, corpus: Path, connect: Connect
) -> None:
    daemon.start()
    begin_book(daemon, corpus, connect(daemon, transports=["websocket"]))
    daemon.kill()
    eventually(lambda: processes_mentioning(str(daemon.root)) == [], "its children end with it")
    database.check(daemon.database)
    assert BOOK not in database.chunk_counts(daemon.database)
    check_book_completes(daemon, library)


def test_kill_between_many_small_files_loses_none(daemon: Daemon, connect: Connect) -> None:
    words = {f"{number:03}.txt": documents.rare_word() for number in range(150)}
    daemon.start()
    client = connect(daemon, transports=["websocket"])
    for name, word in words.items():
        (daemon.folder() / name).write_text(documents.note(name, word))
    eventually(lambda: len(client.events("file:completed")) >= 20, "some files are stored")
    daemon.kill()
    database.check(daemon.database)
    stored = len(database.chunk_counts(daemon.database))
    assert 20 <= stored

    status = daemon.start().wait_until_idle(len(words))
    assert status["total_processed"] == len(words) - stored, "what was stored is not processed again"
    for name, word in list(words.items())[::10]:
        assert daemon.paths_with(word) == [name]
    database.check(daemon.database)


def test_restart_processes_nothing_twice(daemon: Daemon, corpus: Path) -> None:
    shutil.copytree(corpus / "markdown", daemon.folder() / "markdown")
    shutil.copy(corpus / "html/faq-kernel.html", daemon.folder())
    (daemon.folder() / "broken.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    (daemon.folder() / "empty.txt").touch()
    files = len(list((daemon.folder() / "markdown").iterdir())) + 1
    daemon.start()
    before = daemon.wait_until_idle(files)
    assert before["total_processed"] == files and before["total_failed"] == 1
    assert daemon.stop() == 0

    daemon.start()
    after = daemon.wait_until_idle(files)
    assert after["last_check_time"] > before["last_check_time"]
    assert (after["total_processed"], after["total_failed"]) == (0, 0)
    for kept in ("total_files", "total_chunks", "files_completed", "files_failed"):
        assert after[kept] == before[kept], kept


def test_changes_made_while_it_was_down_are_caught_up_with(daemon: Daemon) -> None:
    words = {name: documents.rare_word() for name in ("kept.txt", "edited.txt", "deleted.txt", "renamed.txt")}
    for name, word in words.items():
        (daemon.folder() / name).write_text(documents.note(name, word))
    daemon.start().wait_until_idle(4)
    assert daemon.stop() == 0

    new = documents.rare_word()
    (daemon.folder() / "edited.txt").write_text(documents.note("edited", new))
    (daemon.folder() / "deleted.txt").unlink()
    (daemon.folder() / "renamed.txt").rename(daemon.folder() / "moved.txt")
    (daemon.folder() / "added.txt").write_text(documents.note("added"))
    status = daemon.start().wait_until_idle(4)
    assert daemon.paths_with(words["kept.txt"]) == ["kept.txt"]
    assert daemon.paths_with(words["renamed.txt"]) == ["moved.txt"]
    assert daemon.paths_with(new) == ["edited.txt"]
    assert daemon.paths_with(words["edited.txt"]) == daemon.paths_with(words["deleted.txt"]) == []
    assert status["total_processed"] <= 3, "at most the edited, the added and the renamed file"


def test_folder_that_vanishes_is_an_error_and_never_a_deletion(daemon: Daemon, connect: Connect) -> None:
    word = documents.rare_word()
    (daemon.folder() / "safe.txt").write_text(documents.note("what must not be lost", word))
    daemon.start().wait_until_idle(1)
    client = connect(daemon)
    away = daemon.folder().rename(daemon.root / "away")
    eventually(lambda: daemon.status()["status"] == "error", "the status says error")
    client.wait_for("status:update", lambda event: event.payload["current_status"]["status"] == "error")
    assert daemon.paths_with(word) == ["safe.txt"]
    assert daemon.status()["total_files"] == 1

    away.rename(daemon.folder())
    (daemon.folder() / "next.txt").write_text(documents.note("what comes next"))
    client.wait_for_completion("next.txt")
    eventually(lambda: daemon.status()["status"] == "online", "the status says online again")
    assert daemon.wait_until_idle(2)["total_removed"] == 0
    assert client.events("file:removed") == []
