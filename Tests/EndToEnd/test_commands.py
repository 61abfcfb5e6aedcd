"""What holds for every command: help, exit codes, JSON, and nothing but text into a pipe."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import command_line
import documents
import pytest
from daemon import Daemon, run_corpusd

COMMANDS = command_line.commands()

# What a command needs besides to do something harmless.
ARGUMENTS = {
    "check": [], "scan": ["--once"], "plan": [], "search": ["a note"], "status": [], "files": [],
    "retry": ["--failed"], "deletions list": [], "deletions confirm": [], "deletions discard": [], "verify": [],
    "reembed": [], "version": [],
}
# These have tests of their own: one does not end, the other needs a Google.
APART = {"serve": [], "google-login": ["--client", "client.json"]}
# Those that need the daemon, and those that it keeps out.
NEEDING, EXCLUDED = {"status"}, {"scan"}

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f█░▏]")


def test_none_is_forgotten() -> None:
    assert set(COMMANDS) == set(ARGUMENTS) | set(APART)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run_corpusd(*command.split(), "--help")
    assert result.returncode == 0 and f"USAGE: corpusd {command}" in result.stdout, result
    assert not STEERING.search(result.stdout)
    for option in ["config", "json", *command_line.options(COMMANDS[command])]:
        assert f"--{option}" in result.stdout, option
    overview = " ".join(result.stdout.split())
    assert re.search("daemon|database", overview), "it says what it works with"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_configuration_that_is_not_there_is_a_mistake(command: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "no.yaml")
    words = [*command.split(), *(ARGUMENTS | APART)[command]]
    for json_option in ([], ["--json"]):
        result = run_corpusd(*words, *json_option, "--config", missing)
        assert (result.returncode, result.stdout) == (2 if command == "scan" else 78, ""), result
        assert missing in result.stderr and not STEERING.search(result.stderr), result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_a_mistake(command: str) -> None:
    result = run_corpusd(*command.split(), *(ARGUMENTS | APART)[command], "--nonsense")
    assert (result.returncode, result.stdout) == (64, "") and "--nonsense" in result.stderr


def test_an_unknown_pipeline_is_a_mistake_of_the_command_line(daemon: Daemon) -> None:
    taking = [command for command in COMMANDS if "pipeline" in command_line.options(COMMANDS[command])]
    assert {"scan", "status", "retry", "deletions confirm"} <= set(taking)
    for command in taking:
        result = daemon.run(*command.split(), *(ARGUMENTS | APART)[command], "--pipeline", "nowhere")
        assert (result.returncode, result.stdout) == (64, ""), result
        assert "no pipeline 'nowhere'" in result.stderr and len(result.stderr.splitlines()) == 1, result


def check_answers(daemon: Daemon, commands: set[str]) -> None:
    for command in sorted(commands):
        words = [*command.split(), *ARGUMENTS[command]]
        plain, as_json = daemon.run(*words, timeout=120), daemon.run(*words, "--json", timeout=120)
        for result in (plain, as_json):
            assert result.returncode == 0, result
            assert not STEERING.search(result.stdout + result.stderr), (command, result)
        assert plain.stdout or command == "files", command
        lines = as_json.stdout.splitlines()
        assert lines and all(isinstance(json.loads(line), dict) for line in lines), (command, as_json.stdout)


def test_every_command_answers_with_and_without_the_daemon(daemon: Daemon) -> None:
    (daemon.folder() / "note.txt").write_text(documents.note("a note"))
    assert daemon.run("scan", "--once").returncode == 0
    check_answers(daemon, set(ARGUMENTS) - NEEDING)
    daemon.start().wait_until_idle(1)
    check_answers(daemon, set(ARGUMENTS) - EXCLUDED)
    for command in EXCLUDED:
        assert daemon.run(*command.split(), *ARGUMENTS[command]).returncode == 1


def test_a_retry_says_who_does_it(picky: object, make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon()
    daemon.config["embedding"] = picky.configuration()
    (daemon.folder() / "note.txt").write_text(documents.note("what is not taken"))
    assert daemon.run("scan", "--once").returncode in (0, 1)
    result = daemon.run("retry", "note.txt")
    assert result.stdout == "1 file to be tried again by the next start; the daemon does not run\n", result


def test_the_log_can_be_json(daemon: Daemon) -> None:
    daemon.arguments = ["--json"]
    (daemon.folder() / "evil\n\x1b[2J.txt").write_text(documents.note("a name with a line break"))
    daemon.start().wait_until_idle(1)
    assert daemon.stop() == 0
    records = [json.loads(line) for line in daemon.log().splitlines()]
    assert len(records) > 5
    assert all(set(record) == {"time", "level", "message", "metadata"} for record in records)
    assert {record["level"] for record in records} >= {"info", "debug"}
    listening = next(record for record in records if record["message"] == "Listening.")
    assert str(daemon.port) in listening["metadata"]["url"]
    daemon.config["server"]["listen"] = "nonsense"
    result = daemon.run("serve", "--json")
    assert result.returncode == 78
    assert [json.loads(line)["level"] for line in result.stderr.splitlines()] == ["error"]


def test_the_version_of_the_database(daemon: Daemon) -> None:
    alone = json.loads(run_corpusd("version", "--json").stdout)
    assert set(alone) == {"version", "schema"}
    assert run_corpusd("version").stdout == f"corpusd {alone['version']}\n"
    assert json.loads(daemon.run("version", "--json").stdout)["database"]["schema"] is None
    assert "not there yet" in daemon.run("version").stdout
    (daemon.folder() / "note.txt").write_text(documents.note("a note"))
    assert daemon.run("scan", "--once").returncode == 0
    database = json.loads(daemon.run("version", "--json").stdout)["database"]
    assert database["schema"] == alone["schema"] and "MiniLM" in database["model"]
    daemon.database.write_text("this is no database, and long enough to be told from one" * 20)
    result = daemon.run("version")
    assert result.returncode == 65 and str(daemon.database) in result.stderr
