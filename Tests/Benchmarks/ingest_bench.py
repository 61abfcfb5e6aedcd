"""Takes real documents in, with corpusd and with a Python pipeline of the usual kind beside it, in one run.

usage: python Tests/Benchmarks/ingest_bench.py --bench .build/release/ingest-bench --model models/all-MiniLM-L6-v2 \\
           --corpus .build-bench-corpus [--seconds 120]

Each part of the corpus is measured twice: everything but the embedding (extraction, chunking, storing), and all of it.
Embedding takes most of the time, so there it is a sample: each side gets the same files, as many as the slower one is
expected to manage in --seconds. Python's PDFs are a sample without embedding, too. Figures are per second of the wall
clock and per second of processor time; the latter hardly depend on what else the machine does.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
# Files a second that Python manages on a slow core, by kind, without and with embedding: sizes of samples only.
EXPECTED = {"html": (40.0, 2.0), "text": (150.0, 0.8), "pdf": (0.7, 0.15)}


def sample(files: list[pathlib.Path], count: float) -> list[pathlib.Path]:
    """Evenly spread over the list, so that no package is left out."""
    count = max(4, min(len(files), int(count)))
    return [files[index * len(files) // count] for index in range(count)]


def pages(files: list[pathlib.Path]) -> int:
    total = 0
    for file in files:
        said = subprocess.run(["pdfinfo", file], capture_output=True, text=True, errors="replace").stdout
        total += next((int(line.split()[1]) for line in said.splitlines() if line.startswith("Pages:")), 0)
    return total


def measure(command: list[str | os.PathLike[str]]) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return json.loads(result.stdout.splitlines()[-1])


class Bench:
    def __init__(self, arguments: argparse.Namespace, scratch: pathlib.Path) -> None:
        self.arguments = arguments
        self.scratch = scratch
        self.runs = 0

    def place(self, name: str) -> pathlib.Path:
        self.runs += 1
        return self.scratch / f"{self.runs}-{name}"

    def corpusd(self, files: list[pathlib.Path], mode: str) -> dict[str, float]:
        folder = self.place("folder")
        folder.mkdir()
        for file in files:
            os.link(file, folder / file.name)
        return measure([
            self.arguments.bench, folder, self.place("corpusd.sqlite"), self.arguments.model, mode,
            str(self.arguments.workers),
        ])

    def python(self, files: list[pathlib.Path], mode: str) -> dict[str, float]:
        names = self.place("files")
        names.write_text("".join(f"{file}\n" for file in files))
        script = HERE / "ingest_python.py"
        return measure([sys.executable, script, names, self.place("python.sqlite"), self.arguments.model, mode])

    def compare(self, kind: str, files: list[pathlib.Path], mode: str) -> None:
        expected = EXPECTED[kind][mode == "embed"]
        few = sample(files, expected * self.arguments.seconds)
        mine = few if mode == "embed" else files
        what = "with embedding" if mode == "embed" else "extraction, chunking, storing"
        print(f"{kind}, {what}")
        ours, theirs = self.corpusd(mine, mode), self.python(few, mode)
        for name, result, of in (("corpusd", ours, mine), ("Python", theirs, few)):
            show(name, result, pages(of) if kind == "pdf" else None)
        wall = rate(ours, "wall") / rate(theirs, "wall")
        cpu = rate(ours, "cpu") / rate(theirs, "cpu")
        memory = theirs["peak_bytes"] / ours["peak_bytes"]
        print(f"  corpusd / Python: {wall:.1f} × MB/s, {cpu:.1f} × MB per CPU-second, 1/{memory:.1f} of the memory")
        sys.stdout.flush()


def rate(result: dict[str, float], of: str) -> float:
    return result["bytes"] / 1e6 / result[of]


def show(name: str, result: dict[str, float], pages: int | None) -> None:
    parts = [f"{result['files']:.0f} files"]
    if result["failed"]:
        parts.append(f"{result['failed']:.0f} failed")
    parts += [
        f"{result['bytes'] / 1e6:.1f} MB", f"{result['chunks']:.0f} chunks",
        f"{result['files'] / result['wall']:.1f} files/s", f"{rate(result, 'wall'):.2f} MB/s",
    ]
    if pages:
        parts.append(f"{pages / result['wall']:.0f} pages/s, {pages / result['cpu']:.0f} pages per CPU-second")
    parts += [
        f"{result['cpu']:.1f} CPU-s", f"{rate(result, 'cpu'):.2f} MB per CPU-second",
        f"peak {result['peak_bytes'] / 1e6:.0f} MB",
    ]
    print(f"  {name}: {', '.join(parts)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--corpus", type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=60, help="for each of Python's measurements, about")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.corpus) as scratch:
        bench = Bench(arguments, pathlib.Path(scratch))
        found = {kind: sorted((arguments.corpus / kind).resolve().iterdir()) for kind in EXPECTED}
        print(f"{sum(map(len, found.values()))} documents, {arguments.workers} workers")
        for kind, files in found.items():
            for mode in ("constant", "embed"):
                bench.compare(kind, files, mode)


if __name__ == "__main__":
    main()
