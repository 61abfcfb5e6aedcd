"""A pipeline of the usual kind: pypdf, html.parser, chunks of fixed size, MiniLM in onnxruntime, SQLite.

usage: python Tests/Benchmarks/ingest_python.py LIST DATABASE MODEL embed|constant

LIST names a file a line. Prints what it cost as one line of JSON.
"""

import html.parser
import json
import pathlib
import resource
import sqlite3
import sys
import time

CHUNK, OVERLAP = 800, 100
BATCH = 32


class Text(html.parser.HTMLParser):
    """The text of a page without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def extract(path: pathlib.Path) -> str:
    if path.suffix == ".pdf":
        import pypdf

        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        parser = Text()
        parser.feed(text)
        return "".join(parser.parts)
    return text


def chunks(text: str) -> list[str]:
    found = (text[start : start + CHUNK].strip() for start in range(0, len(text), CHUNK - OVERLAP))
    return [chunk for chunk in found if chunk]


def main() -> None:
    files, database, model, mode = sys.argv[1:]
    paths = [pathlib.Path(line) for line in pathlib.Path(files).read_text().splitlines()]
    start = time.monotonic()
    embedder = None
    if mode == "embed":
        from embed_bench import Onnx

        embedder = Onnx(pathlib.Path(model))
    store = sqlite3.connect(database)
    store.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT, content TEXT, embedding BLOB)")
    counts = {"files": 0, "failed": 0, "bytes": 0, "chunks": 0}
    constant = bytes(384 * 4)
    for path in paths:
        try:
            texts = chunks(extract(path))
        except Exception:  # whatever pypdf throws at a file that it cannot read
            counts["failed"] += 1
            continue
        vectors = [constant] * len(texts)
        if embedder:
            vectors = [vector.astype("float32").tobytes() for at in range(0, len(texts), BATCH)
                       for vector in embedder.embed(texts[at : at + BATCH])]
        rows = [(str(path), text, vector) for text, vector in zip(texts, vectors)]
        store.executemany("INSERT INTO documents (path, content, embedding) VALUES (?, ?, ?)", rows)
        store.commit()
        counts["files"] += 1
        counts["bytes"] += path.stat().st_size
        counts["chunks"] += len(texts)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        **counts, "wall": time.monotonic() - start, "cpu": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
