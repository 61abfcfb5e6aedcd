"""README.Debian, followed to the letter by a user who has never seen the program."""

import json
import re

import documents
from service import CONFIGURATION, UNIT

README = "/usr/share/doc/corpusd/README.Debian"
PHRASE = "how do I begin"


def commands(text: str) -> list[str]:
    """The lines that a reader types, without what stands beside them."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    typed = [re.split(r"   +", line)[0] for line in lines]
    return [line for line in typed if line.split()[:1] and line.split()[0] in ("sudo", "systemctl", "curl")]


def section(text: str, title: str) -> str:
    """What stands below a title, up to the next."""
    return re.search(rf"(?ms)^{title}\n-+\n(.*?)(?=^[^\n]+\n---|\Z)", text)[1]


class Reader:
    """Anna, who may use sudo and sits in a folder with two documents."""

    def __init__(self, machine):
        self.machine = machine
        machine.shell("useradd --create-home --shell /bin/bash anna; mkdir ~anna/documents; "
                      "echo 'anna ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/anna")
        home = machine.root / "home/anna"
        (home / "manual.pdf").write_bytes(documents.pdf("You begin by pressing the green button twice."))
        (home / "notes.md").write_text("# How do I begin\n\nThe kakapo begins its day at night.\n")
        (home / "documents/plan.txt").write_text("The takahe was thought to be gone for fifty years.\n")
        # As strict as a umask of 077 leaves them: only she may read her files.
        machine.shell("chown -R anna: /home/anna; chmod 700 /home/anna; chmod 600 /home/anna/*.*")
        self.readme = machine.shell(f"cat {README} 2>/dev/null || zcat {README}.gz")

    def type(self, command: str) -> str:
        return self.machine.run("runuser", "-u", "anna", "--", "/bin/sh", "-c", f"cd /home/anna && {command}",
                                timeout=180).stdout


def test_from_the_package_to_a_searchable_folder(machine, service):
    reader = Reader(machine)
    first = section(reader.readme, "From here to a searchable folder")
    status, copy, curl, search = commands(first)
    assert "Active: active" in reader.type(status)
    reader.type(copy)
    service.wait_until_found(PHRASE, "manual.pdf")
    service.wait_until_found(PHRASE, "notes.md")
    hits = json.loads(reader.type(curl))["hits"]
    assert hits and "notes.md" in json.dumps(hits)
    assert "notes.md" in reader.type(search)


def test_another_folder(machine, service):
    reader = Known(machine)
    text = section(reader.readme, "Another folder")
    allow, inherit, reload, restart = commands(text)
    reader.type(allow)
    reader.type(inherit)
    kept = []
    entry = re.search(r"(?m)^    pipelines:\n(?:     .*\n)+", text)[0].replace("\n    ", "\n")[4:]
    service.configure(lambda now: kept.append(now) or re.sub(r"(?m)^pipelines:\n(?:[ #].*\n)+", entry, now))
    assert "/home/anna/documents" in (machine.root / CONFIGURATION.lstrip("/")).read_text()
    reader.type(reload)
    reader.type(restart)
    service.wait_until_it_answers()
    service.wait_until_found("takahe", "plan.txt")
    reader.type("echo The kea is a parrot of the mountains. >documents/kea.txt")
    service.wait_until_found("kea parrot", "kea.txt")
    service.configure(lambda now: kept[0])
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()


def test_restarts_without_a_refused_connection(machine, service):
    reader = Known(machine)
    stop, enable, start, edit = commands(section(reader.readme, "Restarts without a refused connection"))
    for command in (stop, enable, start):
        reader.type(command)
    service.wait_until_it_answers()
    assert service.show("ActiveState", "corpusd.socket") == "active"
    assert edit == "sudo systemctl edit corpusd.socket"
    machine.shell("systemctl disable --now corpusd.socket; userdel --remove anna 2>/dev/null; rm /etc/sudoers.d/anna; "
                  "rm /srv/corpusd/manual.pdf /srv/corpusd/notes.md")
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()


class Known(Reader):
    """The same Anna, later."""

    def __init__(self, machine):
        self.machine = machine
        self.readme = machine.shell(f"cat {README} 2>/dev/null || zcat {README}.gz")
