"""What keeps corpusd from starting: one line that says what failed, and an exit code."""

import os
import re
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from daemon import MODEL, REPOSITORY, Daemon, run_corpusd

# Those of sysexits.h, where a service manager must know whether starting again can help.
RUN_TIME, DATABASE, CONFIGURATION = 1, 65, 78
TRACES = re.compile(r"fatal error|stack dump|backtrace|crash|\bat 0x|Swift runtime|\$s[0-9]\w{8}", re.IGNORECASE)


def refusal(daemon: Daemon, code: int) -> str:
    """Starts a daemon that must end by itself with `code`, and returns the one line that it says."""
    daemon.config["log"] = {"level": "error"}
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == code, daemon.log()
    lines = daemon.log().splitlines()
    assert len(lines) == 1, f"one line was to be written, not:\n{daemon.log()}"
    assert not TRACES.search(lines[0]), lines[0]
    return lines[0]


def test_folder_is_missing(daemon: Daemon) -> None:
    daemon.folder().rmdir()
    line = refusal(daemon, RUN_TIME)
    assert str(daemon.folder()) in line and "no such directory" in line


def test_folder_is_a_file(daemon: Daemon) -> None:
    daemon.folder().rmdir()
    daemon.folder().touch()
    line = refusal(daemon, RUN_TIME)
    assert str(daemon.folder()) in line and "not a directory" in line


def test_port_is_in_use(daemon: Daemon) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", daemon.port))
        other.listen()
        line = refusal(daemon, RUN_TIME)
    assert str(daemon.port) in line and "another program" in line


def test_address_is_not_of_this_machine(daemon: Daemon) -> None:
    daemon.config["server"] |= {"listen": f"192.0.2.1:{daemon.port}", "auth": "none"}
    assert "192.0.2.1" in refusal(daemon, RUN_TIME)


def test_database_is_a_directory(daemon: Daemon) -> None:
    daemon.database.mkdir()
    assert str(daemon.database) in refusal(daemon, RUN_TIME)


def test_database_is_something_else(daemon: Daemon) -> None:
    daemon.database.write_text("This is a text, not a database.\n" * 400)
    line = refusal(daemon, DATABASE)
    assert str(daemon.database) in line and "not an SQLite database" in line
    assert daemon.database.read_text().startswith("This is a text"), "what is not ours is not touched"


def test_folder_of_the_database_cannot_be_made(daemon: Daemon) -> None:
    (daemon.root / "file").touch()
    daemon.config["store"]["path"] = str(daemon.root / "file" / "corpusd.sqlite")
    assert str(daemon.root / "file") in refusal(daemon, RUN_TIME)


def test_first_start_makes_the_folder_and_the_token_of_this_machine(daemon: Daemon) -> None:
    state = daemon.root / "new" / "state"
    daemon.config["store"]["path"] = str(state / "corpusd.sqlite")
    daemon.start()
    assert (state / "control-token").stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o007 == 0
    retried = daemon.run("retry", "--failed")
    assert retried.returncode == 0, retried.stderr


def test_database_is_of_a_newer_version(daemon: Daemon) -> None:
    daemon.start()
    assert daemon.stop() == 0
    daemon.log_path.unlink()
    with closing(sqlite3.connect(daemon.database)) as connection:
        connection.execute("PRAGMA user_version = 999")
    line = refusal(daemon, DATABASE)
    assert str(daemon.database) in line and "newer" in line


def test_database_is_of_another_program(daemon: Daemon) -> None:
    with closing(sqlite3.connect(daemon.database)) as connection:
        connection.execute("CREATE TABLE documents (theirs)")
    assert str(daemon.database) in refusal(daemon, DATABASE)
    with closing(sqlite3.connect(daemon.database)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("documents",)]


def test_model_is_missing(daemon: Daemon) -> None:
    missing = daemon.root / "no-model"
    daemon.config["embedding"]["model_path"] = str(missing)
    assert str(missing) in refusal(daemon, RUN_TIME)


@pytest.mark.parametrize("file", ["model.safetensors", "vocab.txt"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "overwritten"])
def test_model_is_damaged(damage: str, file: str, daemon: Daemon) -> None:
    model = daemon.root / "model"
    shutil.copytree(MODEL, model, copy_function=os.symlink)
    target, content = model / file, (MODEL / file).read_bytes()
    target.unlink()
    if damage == "empty":
        target.touch()
    elif damage == "truncated":
        target.write_bytes(content[: len(content) // 2])
    elif damage == "overwritten":
        target.write_bytes(b"\xff" * 4_096 + content[4_096:])
    daemon.config["embedding"]["model_path"] = str(model)
    assert str(model) in refusal(daemon, RUN_TIME)


def test_configuration_is_wrong(daemon: Daemon) -> None:
    daemon.config["server"]["prot"] = 80
    daemon.config["pipelines"][0]["type"] = "locale_files"
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == CONFIGURATION
    lines = daemon.log().splitlines()
    assert len(lines) == 2, lines
    assert all(re.match(rf"{re.escape(str(daemon.config_path))}:\d+:\d+: error: ", line) for line in lines), lines
    assert "'server.prot'" in lines[0] and "local_files" in lines[1]


def test_configuration_is_missing(tmp_path: Path) -> None:
    for command in (["serve"], ["check"], ["search", "anything"]):
        result = run_corpusd(*command, "--config", tmp_path / "none.yaml")
        assert result.returncode == CONFIGURATION, result
        assert str(tmp_path / "none.yaml") in result.stderr and len(result.stderr.splitlines()) == 1


BAD = """\
server:
  listen: 127.0.0.1:99999
  colour: blue
pipelines:
  - id: docs
    type: local_files
    path: ./docs
    check_interval: soon
  - id: docs
    type: local_files
    path: ./more
chunking: {size: 200, size: 300}
embedding: [builtin]
"""

BAD_POSITIONS = {(2, 11): "listen", (3, 3): "colour", (8, 21): "check_interval", (9, 9): "docs", (12, 23): "size",
                 (13, 12): "embedding"}


def test_check_reports_every_problem_where_it_is(tmp_path: Path) -> None:
    config = tmp_path / "bad.yaml"
    config.write_text(BAD)
    result = run_corpusd("check", "--config", config)
    assert result.returncode == CONFIGURATION
    found = {}
    for line in (result.stdout + result.stderr).splitlines():
        match = re.fullmatch(rf"{re.escape(str(config))}:(\d+):(\d+): error: (.+)", line)
        assert match, line
        found[int(match[1]), int(match[2])] = match[3]
    assert found.keys() == BAD_POSITIONS.keys(), result.stderr
    for position, word in BAD_POSITIONS.items():
        assert word in found[position], found[position]


def test_check_accepts_what_serve_accepts(daemon: Daemon) -> None:
    result = daemon.run("check")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["corpusd.yaml", "corpusd.example.yaml"])
def test_shipped_configuration_is_valid(name: str) -> None:
    result = run_corpusd("check", "--config", REPOSITORY / "etc" / name)
    assert result.returncode == 0, result.stderr


def test_version_is_one_line() -> None:
    result = run_corpusd("version")
    assert result.returncode == 0 and re.fullmatch(r"(corpusd )?\d+\.\d+\.\d+\S*\n", result.stdout), result
