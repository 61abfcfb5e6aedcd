"""Measures how long it takes from saving a file until a search can find it, by the real daemon.

usage: python Tests/Benchmarks/save_bench.py --corpus .build-corpus [--repeats 10]

CORPUSD and CORPUSD_MODEL name the program and its model. Small texts are new each time, and so are the PDFs: ten pages each
of the Debian policy manual. The machine should have nothing else to do; with its load the best of many is what counts.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parent.parent / "EndToEnd"))

import documents  # noqa: E402
from daemon import Daemon  # noqa: E402
from memory import cpu_seconds  # noqa: E402

PAGES = 10
# Seconds between two looks at the ledger.
PAUSE = 0.003


def is_stored(daemon: Daemon, name: str) -> bool:
    return any(file["state"] == "stored" for file in daemon.get("/api/files", q=name).json()["files"])


def seconds_to_found(daemon: Daemon, prepared: pathlib.Path, question: str) -> tuple[float, float]:
    """Saves a file by renaming it, as editors do; returns seconds by the clock and of the daemon's processor time."""
    name = prepared.name.removeprefix(".")
    used, start = cpu_seconds(daemon.process.pid), time.monotonic()
    prepared.rename(prepared.with_name(name))
    while not is_stored(daemon, name):
        time.sleep(PAUSE)
    assert name in daemon.paths_found(question), f"'{name}' is stored and not found"
    return time.monotonic() - start, cpu_seconds(daemon.process.pid) - used


def text_file(daemon: Daemon, number: int) -> tuple[pathlib.Path, str]:
    word = documents.rare_word()
    path = daemon.folder() / f".text{number}.txt"
    path.write_text(documents.note(f"what was saved as number {number}", word))
    return path, word


def pdf_file(daemon: Daemon, number: int, book: pathlib.Path) -> tuple[pathlib.Path, str]:
    """Ten pages that no other of these files has, and the words in the middle of the fifth."""
    first = 21 + PAGES * number
    path = daemon.folder() / f".pages{number}.pdf"
    subprocess.run(["qpdf", book, "--pages", book, f"{first}-{first + PAGES - 1}", "--", path], check=True)
    said = subprocess.run(["pdftotext", "-f", "5", "-l", "5", path, "-"], check=True, capture_output=True, text=True)
    words = said.stdout.split()
    return path, " ".join(words[len(words) // 2 :][:12])


def show(what: str, goal: float, found: list[tuple[float, float]]) -> None:
    walls = [wall for wall, _ in found]
    cpu = statistics.median(used for _, used in found)
    print(f"{what:18} best {min(walls) * 1000:5.0f} ms   median {statistics.median(walls) * 1000:5.0f} ms   "
          f"slowest {max(walls) * 1000:5.0f} ms   processor {cpu * 1000:5.0f} ms   goal {goal * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    book = (arguments.corpus / "pdf/debian-policy.pdf").resolve()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as scratch:
        daemon = Daemon(pathlib.Path(scratch) / "daemon")
        daemon.config["log"] = {"level": "info"}
        daemon.config["pipelines"][0]["check_interval"] = "1h"
        daemon.start().wait_until_idle(0)
        try:
            show("a small text", 0.5, [
                seconds_to_found(daemon, *text_file(daemon, number)) for number in range(arguments.repeats)])
            show("ten pages of PDF", 1, [
                seconds_to_found(daemon, *pdf_file(daemon, number, book)) for number in range(arguments.repeats)])
        finally:
            daemon.close()


if __name__ == "__main__":
    main()
