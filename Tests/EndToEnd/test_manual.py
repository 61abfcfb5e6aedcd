"""The man pages and the completions, as the packages are made with them."""

import json
import os
import re
import subprocess
from pathlib import Path

import command_line
import pytest
from daemon import CORPUSD, REPOSITORY, run_corpusd

PAGES = ["corpusd.1", "corpusd.yaml.5"]


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both pages."""
    folder = tmp_path_factory.mktemp("manual")
    dump = subprocess.run([CORPUSD, "--experimental-dump-help"], capture_output=True, check=True, timeout=30).stdout
    configuration = (REPOSITORY / "etc/corpusd.yaml").read_bytes()
    for page, kind, source in zip(PAGES, ["commands", "configuration"], [dump, configuration], strict=True):
        command = [REPOSITORY / "scripts/make-manual", kind, "0.1.0", "2026-11-29"]
        made = subprocess.run(command, input=source, capture_output=True, check=True, timeout=30)
        assert made.stderr == b""
        (folder / page).write_bytes(made.stdout)
    return folder


def shown(path: Path) -> str:
    """A page as people read it."""
    environment = {**os.environ, "MANROFFSEQ": "", "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""}
    command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-P", "cat", path]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return re.sub("\x1b\\[[0-9;]*m|.\b", "", result.stdout)


@pytest.mark.parametrize("page", PAGES)
def test_man_and_mandoc_have_nothing_to_say(manual: Path, page: str) -> None:
    assert len(shown(manual / page)) > 3_000
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", manual / page], capture_output=True, text=True, timeout=60)
    assert (lint.returncode, lint.stdout) == (0, ""), lint.stdout


def test_every_command_and_option_is_told(manual: Path) -> None:
    page = (manual / "corpusd.1").read_text().replace("\\-", "-")
    text = " ".join(shown(manual / "corpusd.1").replace("\u2010\n", "").split())
    for command, description in command_line.commands().items():
        section = re.search(rf'(?ms)^\.SS "{command}[ "](.*?)(?=^\.S[SH] |\Z)', page)
        assert section, command
        for option in command_line.options(description) - {"help", "version"}:
            assert f"--{option}" in section[1], (command, option)
        assert " ".join(description["abstract"].split())[:30] in text.replace("‐", "-"), command


def test_every_setting_is_told(manual: Path) -> None:
    page = (manual / "corpusd.yaml.5").read_text().replace("\\-", "-")
    keys = re.findall(r"(?m)^ *#?([a-z][a-z_0-9]*): \S", (REPOSITORY / "etc/corpusd.yaml").read_text())
    assert len(set(keys)) > 40, keys
    assert [key for key in keys if not re.search(rf"\b{key}\b", page)] == []


def test_the_dump_names_what_the_overview_names() -> None:
    overview = subprocess.run([CORPUSD, "--help"], capture_output=True, text=True, timeout=30).stdout
    named = set(re.findall(r"(?m)^  ([a-z][a-z-]*)", overview.split("SUBCOMMANDS:")[1])) - {"help"}
    assert named == {command.split()[0] for command in command_line.commands()}, json.dumps(sorted(named))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_every_command_and_option(shell: str, tmp_path: Path) -> None:
    script = run_corpusd("--generate-completion-script", shell)
    assert (script.returncode, script.stderr) == (0, "")
    for command, description in command_line.commands().items():
        for word in command.split():
            assert re.search(rf"\b{re.escape(word)}\b", script.stdout), word
        for option in command_line.options(description):
            assert re.search(rf"\b{re.escape(option)}\b", script.stdout), option
    path = tmp_path / "completion"
    path.write_text(script.stdout)
    parsed = subprocess.run([shell, "-n", path], capture_output=True, text=True, timeout=30)
    assert (parsed.returncode, parsed.stdout, parsed.stderr) == (0, "", "")


def test_bash_completes_a_command() -> None:
    script = run_corpusd("--generate-completion-script", "bash").stdout
    ask = f'{script}\nCOMP_WORDS=(corpusd sta); COMP_CWORD=1; _corpusd corpusd sta corpusd; echo "${{COMPREPLY[@]}}"'
    answer = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=30)
    assert answer.stdout.split() == ["status"], answer
