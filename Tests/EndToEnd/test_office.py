"""Office documents, books, images and scans: what is in them is found, with its page, heading or sheet."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import documents
import pytest
from daemon import Daemon
from msoffcrypto.format.ooxml import OOXMLFile
from recorder import Recorder

OFFICE = Path(os.environ.get("CORPUSD_OFFICE", Path(__file__).parents[2] / ".build-test/office"))
REPORTS = ["report.docx", "report.odt", "report.epub", "report.rtf", "report.doc", "libreoffice/report.docx"]
SHEETS = ["sheets.xlsx", "sheets.ods", "sheets.xls"]
IMAGES = ["picture.png", "picture.jpg", "picture.tiff", "picture.webp", "picture.gif"]
BROKEN = {
    "truncated.docx": "DamagedDocument",
    "truncated.xlsx": "DamagedDocument",
    "malformed.docx": "DamagedDocument",
    "entities.docx": "DamagedDocument",
    "bomb.docx": "ExpandsTooMuch",
    "locked.docx": "EncryptedDocument",
    "encrypted.odt": "EncryptedDocument",
    "protected.docx": "EncryptedDocument",
    "protected.xlsx": "EncryptedDocument",
}
# A document of Word's old format under a new name is read; one nested too deeply for any text still has its footnotes.
NOT_BROKEN = ["broken/renamed.docx", "broken/deep.docx"]
STORED = len([*REPORTS, *SHEETS, *IMAGES, *NOT_BROKEN, "slides.pptx", "slides.odp", "scan.pdf"])


def protect(source: Path, target: Path) -> None:
    """Writes a document as Office does when it asks for a password."""
    with open(source, "rb") as plain, open(target, "wb") as protected:
        OOXMLFile(plain).encrypt("secret", protected)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon with every document, the broken ones in a folder of their own."""
    daemon = Daemon(tmp_path_factory.mktemp("office") / "daemon", processing={"ocr": True})
    for name in [*REPORTS, "slides.pptx", "slides.odp", *SHEETS, *IMAGES, "scan.pdf"]:
        target = daemon.folder() / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(OFFICE / name, target)
    shutil.copytree(OFFICE / "broken", daemon.folder() / "broken")
    for source, target in [("report.docx", "protected.docx"), ("sheets.xlsx", "protected.xlsx")]:
        protect(OFFICE / source, daemon.folder() / "broken" / target)
    daemon.start()
    daemon.wait_until_idle(STORED, timeout=240)
    yield daemon
    daemon.close()


def passages(daemon: Daemon, name: str) -> list[dict]:
    found = [file for file in daemon.get("/api/files", limit=100).json()["files"] if file["path"] == name]
    assert found and found[0]["state"] == "stored", found
    return daemon.get(f"/api/files/{found[0]['id']}/chunks", limit=100).json()["chunks"]


def passage(daemon: Daemon, name: str, text: str) -> dict:
    matching = [chunk for chunk in passages(daemon, name) if text in chunk["content"]]
    assert matching, f"'{text}' is not in '{name}': {passages(daemon, name)}"
    return matching[0]


@pytest.mark.parametrize("name", REPORTS)
def test_text_of_a_report_is_searchable(office: Daemon, name: str) -> None:
    assert name in office.paths_found("zephyr measured nine knots over the harbour", k=50)
    for text in ["first item", "second item", "Closing words", "pelicans", "marimba"]:
        passage(office, name, text)


@pytest.mark.parametrize("name", [name for name in REPORTS if not name.endswith(".rtf")])
def test_passage_of_a_report_stands_under_its_heading(office: Daemon, name: str) -> None:
    assert passage(office, name, "marimba")["heading_path"][-1] == "Outlook"


@pytest.mark.parametrize("name", ["report.docx", "report.odt", "report.epub"])
def test_table_in_a_report_keeps_its_rows(office: Daemon, name: str) -> None:
    chunk = passage(office, name, "beta | 34")
    assert chunk["heading_path"] == ["Introduction", "Results"]


@pytest.mark.parametrize("name", ["slides.pptx", "slides.odp"])
def test_passage_of_a_slide_names_the_slide(office: Daemon, name: str) -> None:
    for text, page, heading in [("zephyr", 2, "Opening"), ("gondolas", 3, "Figures"), ("Thank you", 4, "Closing")]:
        chunk = passage(office, name, text)
        assert (chunk["page"], chunk["heading_path"][0]) == (page, heading)
    assert passage(office, name, "pelicans")["heading_path"] == ["Opening", "Notes"]


@pytest.mark.parametrize("name", ["sheets.xlsx", "sheets.ods"])
def test_passage_of_a_sheet_names_the_sheet(office: Daemon, name: str) -> None:
    assert passage(office, name, "zephyr point")["sheet"] == "Harbour"
    assert passage(office, name, "marimba")["sheet"] == "Crew"
    assert "Visited: 2024-05-17" in passage(office, name, "zephyr point")["content"]


def test_old_workbook_is_searchable(office: Daemon) -> None:
    assert "Knots: 9.5" in passage(office, "sheets.xls", "zephyr point")["content"]


@pytest.mark.parametrize("name", IMAGES)
def test_image_is_found_by_name_size_and_text(office: Daemon, name: str) -> None:
    chunk = passage(office, name, name)
    assert "900 × 160 pixels" in chunk["content"]
    passage(office, name, "invoice 4711")


def test_image_tells_what_the_camera_wrote(office: Daemon) -> None:
    content = passage(office, "picture.jpg", "picture.jpg")["content"]
    assert "Description: A red fox, asleep" in content and "Taken: 2024:05:17 10:30:00" in content


def test_scan_is_searchable_by_page(office: Daemon) -> None:
    pages = [chunk["page"] for chunk in passages(office, "scan.pdf")]
    assert pages[0] == 1 and all("4711" in chunk["content"] for chunk in passages(office, "scan.pdf"))


@pytest.mark.parametrize("name, error", BROKEN.items())
def test_broken_document_fails_and_says_why(office: Daemon, name: str, error: str) -> None:
    files = {file["path"]: file for file in office.get("/api/files", limit=100).json()["files"]}
    failed = files[f"broken/{name}"]
    assert failed["state"] == "failed" and failed["error"]["type"] == error, failed
    assert failed["error"]["retryable"] is False


def test_harmful_content_is_not_tried_again_under_another_name(office: Daemon) -> None:
    client = Recorder(office.url)
    client.connect(["/local_files"], ["websocket"])
    shutil.copy(OFFICE / "broken/bomb.docx", office.folder() / "copy.docx")
    end = client.wait_for_end("copy.docx")
    assert end.name == "file:failed" and end.payload["error"]["type"] == "ExpandsTooMuch"
    files = {file["path"]: file for file in office.get("/api/files", limit=100).json()["files"]}
    # Nothing looked at it: not even its type is known.
    assert files["copy.docx"]["mime_type"] is None, files["copy.docx"]
    note = documents.rare_word()
    (office.folder() / "note.txt").write_text(documents.note("life going on", note))
    assert client.wait_for_end("note.txt").name == "file:completed"
    client.disconnect()
    assert "note.txt" in office.paths_found(note)
