"""The HTTP interface under questions that are made from its own description, each answer checked with it."""

import os
import subprocess
from pathlib import Path

import documents
import requests
from daemon import REPOSITORY, Daemon

SCHEMATHESIS = Path(os.environ.get("SCHEMATHESIS", REPOSITORY / ".build-test/api-fuzzing/bin/schemathesis"))
HERE = Path(__file__).resolve().parent


def test_interface_is_as_described_whatever_is_asked(daemon: Daemon, tmp_path: Path) -> None:
    for number in range(5):
        (daemon.folder() / f"{number}.txt").write_text(documents.note(f"number {number}"))
    daemon.start().wait_until_idle(5)
    result = subprocess.run(
        [
            SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", f"{daemon.url}/openapi.json",
            "--header", f"Authorization: Bearer {daemon.token}", "--phases", "examples,coverage,fuzzing",
            "--max-examples", "15", "--continue-on-failure", "--no-shrink", "--no-color",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )
    report = result.stdout.replace(daemon.token, "…")
    assert result.returncode == 0, report[-20_000:] + result.stderr
    described = requests.get(f"{daemon.url}/openapi.json", timeout=30).json()["paths"]
    operations = sum(len(methods) for methods in described.values())
    assert f"Tested: {operations}" in report, report[-3_000:]
    assert daemon.get("/health").status_code == 200
