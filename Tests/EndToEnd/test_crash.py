"""The real daemon is killed at any moment under load, again and again: nothing is half, nothing is forgotten.

CORPUSD_CRASH_SECONDS says for how long (150, about 200 kills), CORPUSD_CRASH_SEED which chain of accidents; the seed is printed.
"""

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import database
import pytest
from daemon import Daemon, end_group
from waiting import eventually

BUDGET = float(os.environ.get("CORPUSD_CRASH_SECONDS", 150))
SEED = int(os.environ.get("CORPUSD_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
# So few rounds would prove nothing, however slow the machine is.
LEAST_ROUNDS = 10
FILES = 30
MARK = re.compile(r"file (\w+) version (\d+) part (\d+) of (\d+)")


class Folder:
    """Documents of which each part tells what it belongs to, and what somebody does to them."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path = path
        self.chance = chance
        self.version = 0
        # What each file is called now, and what is in it: its word and its version.
        self.files: dict[str, tuple[str, int]] = {}
        for _ in range(FILES):
            self.add()

    def text(self, name: str, word: str, version: int) -> str:
        parts = 2 + (version * 7 + len(word)) % 9
        if name.endswith(".csv"):
            rows = (f"file {word} version {version} part {part} of {parts},{part}\n" for part in range(parts))
            return "mark,number\n" + "".join(rows)
        # Each paragraph is too long to share a passage with the next.
        return "\n\n".join(
            f"file {word} version {version} part {part} of {parts} " + "and some more words to fill it " * 4
            for part in range(parts)
        )

    def add(self) -> None:
        word = "".join(self.chance.choices("abcdefghij", k=8))
        self.write(word + self.chance.choice([".txt", ".txt", ".csv"]), word)

    def write(self, name: str, word: str, atomically: bool = True) -> None:
        self.version += 1
        text = self.text(name, word, self.version)
        if atomically:
            hidden = self.path / f".{word}.new"
            hidden.write_text(text)
            hidden.rename(self.path / name)
        else:
            with open(self.path / name, "w") as file:
                file.write(text[: len(text) // 2])
                file.flush()
                file.write(text[len(text) // 2 :])
        self.files[name] = (word, self.version)

    def disturb(self) -> None:
        """Does one thing that people and programs do."""
        name = self.chance.choice(sorted(self.files))
        word, version = self.files[name]
        deed = self.chance.random()
        if deed < 0.7:
            self.write(name, word, atomically=self.chance.random() < 0.5)
        elif deed < 0.85:
            other = f"{word}-{self.chance.randrange(1000)}{Path(name).suffix}"
            (self.path / name).rename(self.path / other)
            self.files[other] = self.files.pop(name)
        elif len(self.files) > FILES - 5:
            (self.path / name).unlink()
            del self.files[name]
        else:
            self.add()


def whole(name: str, text: str) -> tuple[str, int]:
    """The word and the version of which all parts are there, and nothing else."""
    marks = MARK.findall(text)
    words, versions, totals = ({mark[index] for mark in marks} for index in (0, 1, 3))
    assert len(words) == len(versions) == len(totals) == 1, f"{name} is torn: {marks}"
    parts = {int(mark[2]) for mark in marks}
    assert parts == set(range(int(totals.pop()))), f"{name} is not whole: {marks}"
    return words.pop(), int(versions.pop())


def stored(path: Path) -> dict[str, tuple[str, int]]:
    """What is stored of each file, by its path; fails for a document of which not all is of one version."""
    with database.copy_of(path) as db:
        rows = db.execute(
            """SELECT path, group_concat(content, char(10)) FROM
            (SELECT path, content FROM documents JOIN ledger ON ledger.id = ledger_id ORDER BY documents.id)
            GROUP BY path"""
        )
        found = {name: whole(name, text) for name, text in rows}
        tables = db.execute(
            """SELECT path, group_concat(row_data ->> '$.mark', char(10))
            FROM document_rows JOIN ledger ON ledger.id = ledger_id GROUP BY path"""
        )
        rows_found = {name: whole(name, text) for name, text in tables}
    assert rows_found == {name: version for name, version in found.items() if name.endswith(".csv")}
    return found


def differences(daemon: Daemon, folder: Folder) -> list[str]:
    """Files of which not the last version is stored, and documents without a file."""
    found = stored(daemon.database)
    wrong = [
        f"{name}: {found.get(name)} where {folder.files.get(name)} belongs"
        for name in sorted(found.keys() | folder.files.keys())
        if found.get(name) != folder.files.get(name)
    ]
    assert not wrong, wrong
    return wrong


def agrees(daemon: Daemon, *arguments: str) -> dict:
    result = daemon.run("verify", "--json", *arguments)
    assert result.stdout, result.stderr
    return json.loads(result.stdout)


@pytest.mark.timeout(900)
def test_killed_daemon_leaves_nothing_half_and_forgets_nothing(
    make_daemon, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\ncrash test: seed {SEED}, {BUDGET:g} s", flush=True)
    chance = random.Random(SEED)
    daemon = make_daemon(chunking={"size": 48, "overlap": 0}, log={"level": "info"})
    daemon.config["pipelines"][0]["settle"] = "100ms"
    # Files that were renamed and rewritten while nobody watched look as if many were gone: nobody is to be asked here.
    daemon.config["pipelines"][0]["deletion"] = {"hold_above": "off"}
    folder = Folder(daemon.folder(), chance)
    daemon.start().wait_until_idle(len(folder.files))
    daemon.kill()

    rounds, versions = 0, set()
    deadline = time.monotonic() + BUDGET
    while rounds < LEAST_ROUNDS or time.monotonic() < deadline:
        rounds += 1
        daemon.start(ready=False)
        process, daemon.process = daemon.process, None
        # Into the start, the first check, and the work after it: wherever the moment falls.
        moment = time.monotonic() + chance.uniform(0.02, 1.2)
        while (left := moment - time.monotonic()) > 0:
            folder.disturb()
            time.sleep(min(left, chance.expovariate(60)))
        assert process.poll() is None, f"seed {SEED}, round {rounds}: it ended by itself:\n{daemon.log()[-2000:]}"
        end_group(process)
        assert process.returncode == -signal.SIGKILL
        report = agrees(daemon)
        assert report["store"]["consistent"], f"seed {SEED}, round {rounds}: {report['store']}"
        versions |= set(stored(daemon.database).values())
    with capsys.disabled():
        print(f"crash test: {rounds} kills, {len(versions)} versions were seen stored", flush=True)

    daemon.start()
    eventually(lambda: differences(daemon, folder) == [], f"seed {SEED}: all of the folder is stored", 180)
    daemon.wait_until_idle(len(folder.files))
    assert daemon.stop() == 0
    report = agrees(daemon, "--deep")
    assert report["consistent"], f"seed {SEED}: {report}"
    database.check(daemon.database)
