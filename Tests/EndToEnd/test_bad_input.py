"""Bad files fail or are skipped, each with a reason, and nothing else is touched."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import contract
import documents
import pytest
from daemon import Daemon
from recorder import Event, Recorder
from waiting import eventually

GOOD_FILES = 12
NEWLINE_NAME = "first line\nsecond line.txt"
MARKUP_NAME = "<img src=x onerror=alert(1)>.txt"
BYTES_NAME = b"caf\xe9 \xff\xfe.txt"


@dataclass
class Hostile:
    """A daemon that has been given every bad file at once, between good ones."""

    daemon: Daemon
    client: Recorder
    words: dict[str, str]

    def end(self, path: str) -> Event:
        return self.client.wait_for_end(path)

    def error(self, path: str) -> dict:
        end = self.end(path)
        assert end.name == "file:failed", f"'{path}' was to fail: {end.payload}"
        return end.payload["error"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Hostile]:
    daemon = Daemon(tmp_path_factory.mktemp("hostile") / "daemon")
    daemon.start()
    client = Recorder(daemon.url)
    client.connect(["/local_files"], ["websocket"])
    folder = daemon.folder()
    words = {f"good{number:02}.txt": documents.rare_word() for number in range(GOOD_FILES)}
    words |= {name: documents.rare_word() for name in (NEWLINE_NAME, MARKUP_NAME, "--config.txt", " .txt")}

    (folder / "flood.html").write_text(documents.attribute_flood())
    (folder / "damaged.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/debian-faq.pdf"))
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", folder / "encrypted.pdf")
    (folder / "binary.txt").write_bytes(documents.binary())
    (folder / "empty.txt").touch()
    documents.sparse_file(folder / "huge.txt", 2 << 30)
    documents.write_bytes_name(folder, BYTES_NAME, documents.note("bytes").encode())
    (folder / "not-a-pdf.pdf").write_text(documents.note("a text that is called PDF"))
    (folder / "deep.html").write_text("<div>" * 100_000 + "deep" + "</div>" * 100_000)
    for name, word in words.items():
        (folder / name).write_text(documents.note(name, word))
    yield Hostile(daemon, client, words)
    client.disconnect()
    daemon.close()


def test_damaged_pdf_fails_for_good(hostile: Hostile) -> None:
    error = hostile.error("damaged.pdf")
    assert error["stage"] == "extraction" and error["retryable"] is False
    assert error["next_attempt_at"] is None


def test_encrypted_pdf_fails_and_says_why(hostile: Hostile) -> None:
    error = hostile.error("encrypted.pdf")
    assert error["type"] == "EncryptedDocument" and error["retryable"] is False
    assert "password" in error["message"] or "encrypted" in error["message"]


def test_file_over_the_limit_fails_and_names_the_limit(hostile: Hostile) -> None:
    error = hostile.error("huge.txt")
    assert error["retryable"] is False
    assert "max_file_size" in error["message"], error


def test_attribute_flood_is_given_up_within_its_bounds(hostile: Hostile) -> None:
    end = hostile.client.wait_for_end("flood.html", timeout=150)
    if end.name == "file:failed":
        assert end.payload["error"]["stage"] == "extraction"


def test_binary_and_empty_files_are_skipped(hostile: Hostile) -> None:
    eventually(lambda: hostile.daemon.status()["total_skipped"] >= 2, "the binary and the empty file are skipped")
    ended = {event.payload["file"]["name"] for event in hostile.client.events("file:completed", "file:failed")}
    assert not ended & {"binary.txt", "empty.txt"}, "a skipped file is neither processing nor failed"


@pytest.mark.parametrize("name", [NEWLINE_NAME, MARKUP_NAME, "--config.txt", " .txt"])
def test_odd_name_is_only_a_name(name: str, hostile: Hostile) -> None:
    end = hostile.end(name)
    assert end.name == "file:completed", end.payload
    assert hostile.daemon.paths_with(hostile.words[name]) == [name]


def test_name_that_is_not_utf8_fails_or_is_read_and_is_shown_as_text(hostile: Hostile) -> None:
    def ends() -> list[Event]:
        events = hostile.client.events("file:completed", "file:failed")
        return [event for event in events if event.payload["file"]["name"].startswith("caf")]

    (end,) = eventually(ends, "the file with the odd name ends")
    contract.check_event(end)


def test_good_files_between_them_are_all_stored(hostile: Hostile) -> None:
    for number in range(GOOD_FILES):
        name = f"good{number:02}.txt"
        assert hostile.end(name).name == "file:completed"
        assert hostile.daemon.paths_with(hostile.words[name]) == [name]


def test_every_event_of_bad_files_keeps_the_contract(hostile: Hostile) -> None:
    def idle() -> bool:
        status = hostile.daemon.status()
        return not status["files_queued"] and not status["files_processing"]

    eventually(idle, "all bad files have ended", timeout=150)
    for event in hostile.client.events():
        contract.check_event(event)
    assert contract.check_order(hostile.client.events()) == []
    contract.check_body("pipeline.status", hostile.daemon.status())


def test_failed_files_are_shown_with_their_errors(hostile: Hostile) -> None:
    for path in ("damaged.pdf", "encrypted.pdf", "huge.txt"):
        hostile.end(path)
    status = hostile.daemon.status()
    assert status["total_failed"] >= 3
    assert status["files_failed"] and all(file["error"]["message"] for file in status["files_failed"])
    assert hostile.daemon.get("/health").status_code == 200


def test_files_that_vanish_leave_nothing_behind(daemon: Daemon) -> None:
    daemon.start()
    for number in range(300):
        path = daemon.folder() / f"vanishing{number}.txt"
        path.write_text(documents.note("what is gone"))
        path.unlink()
    word = documents.rare_word()
    (daemon.folder() / "staying.txt").write_text(documents.note("what stays", word))
    eventually(lambda: daemon.paths_with(word) == ["staying.txt"], "the last file alone is found")
    status = daemon.wait_until_idle(1)
    assert status["files_failed"] == [], "a file that is gone is not a failure to look into"


def test_damaged_file_that_is_mended_is_stored(shared: Daemon, corpus: Path, connect) -> None:
    client, path = connect(shared), shared.folder() / "mended.pdf"
    path.write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    client.wait_for_failure("mended.pdf")
    client.clear()
    path.write_bytes((corpus / "pdf/fhs.pdf").read_bytes())
    client.wait_for("file:completed", lambda event: event.payload["file"]["name"] == "mended.pdf")
    failed = shared.status("docs")["files_failed"]
    assert "mended.pdf" not in {file["name"] for file in failed}
