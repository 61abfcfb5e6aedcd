"""Makes the documents that the corpus does not have: short ones, and bad ones."""

import os
import random
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

# Words that no real document has, so that a search for one finds only what a test wrote.
SYLLABLES = ["bra", "kel", "mor", "tun", "vix", "zol", "pex", "dra", "gim", "lof", "sut", "wem"]


def rare_word() -> str:
    """A word that occurs nowhere else; of letters only, so that any tokenizer keeps it together."""
    return "".join(random.choices(SYLLABLES, k=6))


def note(about: str, word: str = "") -> str:
    """A short text in plain English."""
    return f"A note about {about}.\n\nIt was written down so that it can be found again. {word}\n"


def replace_atomically(path: Path, text: str) -> None:
    """Writes as editors do: to a hidden name first, then renamed over the old file."""
    hidden = path.with_name(f".{path.name}.swp")
    hidden.write_text(text)
    hidden.rename(path)


def damaged_pdf(source: Path) -> bytes:
    """The head of a real PDF with its middle and its cross references gone."""
    content = source.read_bytes()
    return content[:600] + b"\0" * 2_000


def encrypt_pdf(source: Path, target: Path) -> None:
    subprocess.run(["qpdf", "--encrypt", "secret", "owner", "256", "--", source, target], check=True)


def binary(size: int = 40_000) -> bytes:
    """Bytes that are no text in any encoding; the same ones each time."""
    return bytes(random.Random(2).randbytes(size - 4)) + b"\0\0\0\0"


def sparse_file(path: Path, size: int) -> None:
    with open(path, "wb") as file:
        file.truncate(size)


def attribute_flood(count: int = 300_000) -> str:
    """One HTML element with so many attributes that parsers which compare each with all hang."""
    return "<html><body><p " + " ".join(f"a{index}=1" for index in range(count)) + ">text</p></body></html>"


def write_bytes_name(folder: Path, name: bytes, content: bytes) -> None:
    """Writes a file whose name is any bytes at all."""
    descriptor = os.open(os.path.join(os.fsencode(folder), name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with open(descriptor, "wb") as file:
        file.write(content)


def pdf_page_words(path: Path, page: int) -> set[str]:
    """The words that poppler finds on a page of a PDF."""
    result = subprocess.run(
        ["pdftotext", "-f", str(page), "-l", str(page), path, "-"], check=True, capture_output=True, text=True
    )
    return words(result.stdout)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}|[0-9]+", text.lower()))


def long_pdf(path: Path, pages: Iterable[str]) -> None:
    """Writes a PDF of many pages, one line of text on each, without holding them all in memory."""
    with open(path, "wb") as file:
        offsets = {}

        def add(number: int, body: str) -> None:
            offsets[number] = file.tell()
            file.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))

        file.write(b"%PDF-1.4\n")
        add(1, "<< /Type /Catalog /Pages 2 0 R >>")
        add(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        number = 4
        for text in pages:
            content = f"BT /F 12 Tf 72 770 Td ({text}) Tj ET"
            add(number, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                        f"/Resources << /Font << /F 3 0 R >> >> /Contents {number + 1} 0 R >>")
            add(number + 1, f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
            number += 2
        kids = " ".join(f"{page} 0 R" for page in range(4, number, 2))
        add(2, f"<< /Type /Pages /Count {(number - 4) // 2} /Kids [{kids}] >>")
        table = file.tell()
        entries = "".join(f"{offsets[entry]:010} 00000 n \n" for entry in range(1, number))
        file.write(f"xref\n0 {number}\n0000000000 65535 f \n{entries}"
                   f"trailer\n<< /Size {number} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())
