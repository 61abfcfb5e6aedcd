"""Tables, data, e-mail and old encodings from the file to the database and to a search's hits."""

import csv
import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

import contract
import database
from daemon import Daemon
from waiting import eventually

ROWS = [
    ["Tromsø", "harbour, north", "1952", ""],
    ["Bergen", 'called "the gate"', "00501", "rain\nand more rain"],
    ["Ålesund", "", "3.50", "x"],
]


def table(rows: list[list[str]], **dialect: str) -> str:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows([["city", "note", "year", "note"], *rows])
    return text.getvalue()


def stored(daemon: Daemon, path: str) -> tuple[list[str] | None, list[dict]]:
    """The columns and rows of a file, as any program reads them."""
    with database.copy_of(daemon.database) as db:
        schema, file = db.execute(
            "SELECT m.schema, m.id FROM document_metadata m JOIN ledger l ON l.id = m.ledger_id WHERE l.path = ?", [path]
        ).fetchone()
        rows = db.execute("SELECT row_data FROM document_rows WHERE dataset_id = ? ORDER BY id", [file]).fetchall()
    return json.loads(schema) if schema else None, [json.loads(row) for (row,) in rows]


def test_rows_and_columns_are_in_the_database_and_passages_are_found(daemon: Daemon) -> None:
    (daemon.folder() / "ports.csv").write_text(table(ROWS), newline="")
    (daemon.folder() / "alt.csv").write_bytes(table(ROWS, delimiter=";").encode("cp1252"))
    (daemon.folder() / "ports.tsv").write_text(table(ROWS, delimiter="\t"), encoding="utf-16", newline="")
    daemon.start().wait_until_idle(3)
    columns = ["city", "note", "year", "note_2"]
    for path in ["ports.csv", "alt.csv", "ports.tsv"]:
        found, rows = stored(daemon, path)
        assert found == columns, path
        assert [[row.get(column) or "" for column in columns] for row in rows] == ROWS, path
    hits = daemon.search("which harbour is in the north")
    assert {hit["file"]["path"] for hit in hits} == {"ports.csv", "alt.csv", "ports.tsv"}
    assert all(hit["sheet"] is None and "city: Tromsø | note: harbour, north" in hit["content"] for hit in hits)
    contract.check_body("search", daemon.get("/api/search", q="harbour").json())
    database.check(daemon.database)


def opendocument_sheet(path: Path, rows: str) -> None:
    """Writes an ODS of one sheet by hand: no program makes one that stands for so many rows."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet">{rows}</table:table></office:spreadsheet></office:body></office:document-content>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)


def row(*cells: str, repeated: int = 1) -> str:
    texts = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{texts}</table:table-row>'


def test_rows_that_stand_for_many_are_all_stored_or_the_file_fails(daemon: Daemon) -> None:
    head = row("name", "place")
    opendocument_sheet(daemon.folder() / "many.ods", head + row("Ada", "London", repeated=12_345) + row("Grace", "Arlington")
                       + "<table:table-row table:number-rows-repeated='1048576'><table:table-cell/></table:table-row>")
    opendocument_sheet(daemon.folder() / "too-many.ods", head + row("Ada", "London", repeated=2_000_000_000))
    opendocument_sheet(daemon.folder() / "absurd.ods", head + row("Ada", "London", repeated=2**62) * 3)
    daemon.start().wait_until_idle(1)
    schema, rows = stored(daemon, "many.ods")
    assert schema == [{"sheet": "Sheet", "columns": ["name", "place"]}] and len(rows) == 12_346
    assert rows[0] == {"name": "Ada", "place": "London"} and rows[-1] == {"name": "Grace", "place": "Arlington"}
    failed = {file["path"]: file["error"]["type"] for file in daemon.get("/api/files", state="failed").json()["files"]}
    assert failed == {"too-many.ods": "ExpandsTooMuch", "absurd.ods": "ExpandsTooMuch"}


def test_changed_table_is_swapped_and_a_removed_one_leaves_nothing(daemon: Daemon) -> None:
    file = daemon.folder() / "a.csv"
    file.write_text("name,age\nAda,36\nGrace,85\n")
    daemon.start().wait_until_idle(1)
    assert stored(daemon, "a.csv")[1] == [{"name": "Ada", "age": "36"}, {"name": "Grace", "age": "85"}]
    file.write_text("name,born\nAda,1815\n")
    new = (["name", "born"], [{"name": "Ada", "born": "1815"}])
    eventually(lambda: stored(daemon, "a.csv") == new, "the new rows are in the place of the old ones")
    file.unlink()
    eventually(lambda: database.chunk_counts(daemon.database) == {}, "the document is removed")
    with database.copy_of(daemon.database) as db:
        assert db.execute("SELECT count(*) FROM document_rows").fetchone() == (0,)


def test_mail_json_and_xml_are_found_by_what_they_say(daemon: Daemon) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Jürgen <j@example.org>", "ada@example.org"
    message["Subject"] = "Frühjahrsputz im Leuchtturm"
    message.set_content("The lighthouse is cleaned in spring.\n\nÜber den Dächern.", cte="base64")
    message.add_alternative("<p>dressed</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    (daemon.folder() / "mail.eml").write_bytes(bytes(message))
    (daemon.folder() / "log.jsonl").write_text('{"event": "avalanche", "level": 4}\n{"event": "thaw"}\n')
    (daemon.folder() / "data.xml").write_text("<birds><bird><name>puffin</name><eggs>1</eggs></bird></birds>")
    (daemon.folder() / "koi8.txt").write_bytes("Все счастливые семьи похожи друг на друга.".encode("koi8-r"))
    daemon.start().wait_until_idle(4)
    (mail,) = [hit for hit in daemon.search("lighthouse cleaned in spring") if hit["file"]["path"] == "mail.eml"]
    assert mail["title"] == "Frühjahrsputz im Leuchtturm" and mail["heading_path"] == [mail["title"]]
    for part in ["Jürgen", "cleaned in spring", "Über den Dächern", "plan.pdf (application/pdf, 8 bytes)"]:
        assert part in mail["content"], part
    assert "dressed" not in mail["content"]
    assert daemon.search("avalanche")[0]["content"].startswith("event: avalanche\nlevel: 4")
    assert daemon.search("puffin")[0]["content"] == "name: puffin\neggs: 1"
    assert daemon.search("счастливые семьи")[0]["content"] == "Все счастливые семьи похожи друг на друга."
