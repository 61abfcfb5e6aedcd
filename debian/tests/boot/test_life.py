"""A package's life, from the installation to the purge, as an administrator lives it."""

import contextlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

import documents
import installation
from listening import listening
from service import CONFIGURATION, UNIT

HERE = pathlib.Path(__file__).parent
FIRST_SCHEMA = HERE.parents[2] / "Tests/Fixtures/first-schema.sql"
STORED = "SELECT file_id, content_hash, chunks_created, updated_at FROM ledger WHERE state = 'stored'"
COMPLETIONS = ["usr/share/bash-completion/completions/corpusd", "usr/share/zsh/vendor-completions/_corpusd",
               "usr/share/fish/vendor_completions.d/corpusd.fish"]


def test_the_machine_is_up(machine):
    assert machine.run("systemctl", "--failed", "--no-legend").stdout.strip() == ""


def test_apt_installs_it(service):
    service.wait_until_it_answers()


def test_it_takes_no_more_room_than_promised(machine):
    assert int(machine.shell("dpkg-query -W -f '${Installed-Size}' corpusd")) < 60_000


def test_it_is_enabled_but_its_socket_is_not(machine, service):
    assert machine.run("systemctl", "is-enabled", UNIT).stdout.strip() == "enabled"
    assert machine.run("systemctl", "is-enabled", "corpusd.socket", check=False).stdout.strip() == "disabled"


def test_it_runs_as_its_own_user_with_a_closed_state(machine, service):
    assert machine.shell("stat -c '%U:%G %a' /var/lib/corpusd") == "corpusd:corpusd 750"
    assert machine.shell(f"ps -o user= -p {service.show('MainPID')}") == "corpusd"


def test_the_sandbox_is_as_tight_as_promised(machine):
    machine.run("systemd-analyze", "security", "--no-pager", "--threshold=13", UNIT)
    machine.run("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=13",
                f"/lib/systemd/system/{UNIT}")


def test_everything_that_the_page_is_made_of_is_there(service):
    page = service.ask("/")
    parts = re.findall(r'(?:src|href)="([^":#]+)"', page)
    assert any(part.endswith(".js") for part in parts) and any(part.endswith(".css") for part in parts), parts
    for part in [*parts, "openapi.json", "asyncapi.json"]:
        assert service.ask("/" + part.removeprefix("./").lstrip("/")), part


def test_the_configuration_as_installed_sets_nothing_but_the_folder(machine):
    text = machine.shell(f"grep -Ev '^ *(#|$)' {CONFIGURATION}")
    settings = [line for line in text.splitlines() if not line.endswith(":")]
    assert settings == ["  - id: documents", "    type: local_files", "    path: /srv/corpusd"]
    machine.run("runuser", "-u", "corpusd", "--", "corpusd", "check")


def test_the_manual_and_the_completions_know_every_command(machine):
    overview = machine.run("corpusd", "--help").stdout.split("SUBCOMMANDS:")[1]
    commands = re.findall(r"(?m)^  ([a-z][a-z-]*)", overview)
    manual = machine.shell("zcat /usr/share/man/man1/corpusd.1.gz")
    completions = {path: (machine.root / path).read_text() for path in COMPLETIONS}
    assert "serve" in commands and "search" in commands
    for command in commands:
        assert re.search(rf'(?m)^\.SS "(corpusd )?{command}[ "]', manual), command
        for path, text in completions.items():
            assert re.search(rf"\b{command}\b", text), (path, command)


def test_the_manual_knows_every_setting(machine):
    manual = machine.shell("zcat /usr/share/man/man5/corpusd.yaml.5.gz").replace("\\-", "-")
    # A key that is set, or one that is shown behind a '#' of its own; sections have titles.
    keys = re.findall(r"(?m)^ *#?([a-z][a-z_0-9]*): \S", (machine.root / CONFIGURATION.lstrip("/")).read_text())
    assert len(set(keys)) > 40, keys
    assert [key for key in keys if not re.search(rf"\b{key}\b", manual)] == []


def test_what_autopkgtest_runs(machine):
    machine.run("/bin/sh", "-e", stdin=(HERE.parent / "installed").read_text(), timeout=300)


def test_it_says_what_it_does(service):
    service.wait("a status", lambda: "watching" in service.show("StatusText").lower())


def test_a_text_becomes_searchable(service):
    service.put("note.txt", b"The quagga was a zebra of the Cape, striped at the front alone.")
    service.wait_until_found("quagga", "note.txt")


def test_a_pdf_is_read_inside_the_sandbox(service):
    service.put("paper.pdf", documents.pdf("The thylacine carried a pouch and a stiff tail."))
    service.wait_until_found("thylacine", "paper.pdf")


def test_html_is_read_inside_the_sandbox(service):
    service.put("page.html", documents.html("The aurochs was the ancestor of domestic cattle."))
    service.wait_until_found("aurochs", "page.html")


def test_the_command_line_finds_it_too(machine):
    assert "note.txt" in machine.run("runuser", "-u", "corpusd", "--", "corpusd", "search", "quagga").stdout


def test_the_tools_for_documents_work_inside_the_sandbox(machine, service):
    service.put("letter.rtf", rb"{\rtf1\ansi The \b huia\b0  had two kinds of beak.\par}")
    service.wait_until_found("huia", "letter.rtf")
    # A picture of a page, whose text is nowhere but in the picture.
    page = machine.root / "root/page"
    page.with_suffix(".pdf").write_bytes(documents.pdf("The solitaire of Rodrigues"))
    subprocess.run(["pdftoppm", "-png", "-r", "200", "-singlefile", page.with_suffix(".pdf"), page], check=True)
    service.configure(lambda text: text.replace("\n  #ocr: false\n", "\n  ocr: true\n"))
    service.systemctl("restart", UNIT)
    service.put("picture.png", page.with_suffix(".png").read_bytes())
    service.wait_until_found("Rodrigues", "picture.png")
    service.configure(lambda text: text.replace("\n  ocr: true\n", "\n  #ocr: false\n"))
    for suffix in (".pdf", ".png"):
        page.with_suffix(suffix).unlink()
    assert "cannot keep parsers" not in service.journal(), "they have no network and write nothing"


def test_a_client_hears_of_a_document(service):
    with listening(service, "heard.txt") as client:
        service.put("heard.txt", b"The great auk could not fly.")
        assert client.heard_the_end(), client.lines
    order = [client.lines.index(event) for event in ("connected", "file:processing", "file:progress", "file:completed")]
    assert order == sorted(order), client.lines
    assert "pipeline:status" in client.lines


def test_a_deleted_document_is_not_found(machine, service):
    (machine.root / "srv/corpusd/heard.txt").unlink()
    service.wait("it is gone", lambda: service.find("great auk", "heard.txt") is None)


def test_reload_checks_the_file(machine, service):
    before = service.show("MainPID")
    service.systemctl("reload", UNIT)
    service.configure(lambda text: text + "\nnonsense: 1\n")
    assert machine.run("systemctl", "reload", UNIT, check=False).returncode != 0
    assert "nonsense" in service.journal()
    service.configure(lambda text: text.replace("\nnonsense: 1\n", ""))
    assert service.show("MainPID") == before and service.ask("/")


def test_a_wrong_configuration_ends_it_once(machine, service):
    service.configure(lambda text: text + "\nnonsense: 1\n")
    machine.run("systemctl", "restart", UNIT, check=False)
    service.wait("it has failed", lambda: service.show("ActiveState") == "failed")
    assert service.show("ExecMainStatus") == "78"
    assert service.show("NRestarts") == "0"
    assert "nonsense" in service.journal()
    service.configure(lambda text: text.replace("\nnonsense: 1\n", ""))
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()


def test_it_comes_back_after_a_kill(service):
    before = service.show("MainPID")
    service.systemctl("kill", "--signal=KILL", UNIT)
    service.wait("another process", lambda: service.show("MainPID") not in (before, "0"))
    service.wait_until_it_answers()
    service.wait_until_found("thylacine", "paper.pdf")


def test_starts_that_fail_are_further_and_further_apart(machine, service):
    service.systemctl("stop", UNIT)
    taken = subprocess.Popen(
        machine.in_its_network(sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "8003"),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        service.wait("the address is taken", lambda: service.ask("/"))
        service.drop_in("pause", "[Service]\nRestartSec=100ms\n")
        machine.run("systemctl", "start", "--no-block", UNIT)
        service.wait("the third start waits", lambda: "waiting 5 s" in service.show("StatusText"))
        service.wait("the fourth start waits longer", lambda: "waiting 10 s" in service.show("StatusText"))
    finally:
        taken.kill()
        taken.wait()
    # Nobody who has mended the cause has to wait for the end of the pause.
    service.systemctl("restart", UNIT, timeout=8)
    service.wait_until_it_answers()
    service.drop_in("pause", None)


def test_the_watchdog_ends_a_process_that_hangs(service):
    service.drop_in("watchdog", "[Service]\nWatchdogSec=4s\nRestartSec=100ms\n")
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    before = service.show("NRestarts")
    service.systemctl("kill", "--signal=STOP", "--kill-whom=main", UNIT)
    service.wait("a restart", lambda: service.show("NRestarts") != before)
    service.drop_in("watchdog", None)
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    assert "watchdog" in service.journal().lower()


def test_a_tool_that_is_upgraded_goes_on_being_used(machine, service):
    """What dpkg does to a program, it does to the sandbox that had been built with the old one."""
    machine.shell("cp /usr/bin/pdftotext /usr/bin/pdftotext.new && mv /usr/bin/pdftotext.new /usr/bin/pdftotext")
    before = service.show("MainPID")
    machine.shell("dpkg-trigger --by-package=poppler-utils --no-await /usr/bin/pdftotext && dpkg --configure --pending")
    service.wait("another process", lambda: service.show("MainPID") not in (before, "0"))
    service.put("upgraded.pdf", documents.pdf("The laughing owl laughed in the dark."))
    service.wait_until_found("laughing owl", "upgraded.pdf")


@contextlib.contextmanager
def load(machine):
    """Requests without a pause, each on a connection of its own; gives how many of them went how, when they are over."""
    process = subprocess.Popen(
        machine.in_its_network(sys.executable, str(HERE / "load.py"), "8003"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    counts = {}
    try:
        yield counts
        counts.update(json.loads(process.communicate("stop\n", timeout=120)[0]))
    finally:
        process.kill()
        process.wait()


def nobody_was_refused(counts: dict) -> bool:
    """Of requests one after the other, the one that is under way at the very end may go unanswered."""
    return counts["answered"] > 0 and "refused" not in counts and sum(counts.values()) - counts["answered"] <= 1


def test_a_restart_without_the_socket_comes_back(machine, service):
    with load(machine) as counts:
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()
    print("without the socket:", counts)
    assert counts["answered"] > 0


def test_a_restart_with_the_socket_refuses_nobody(machine, service):
    service.systemctl("stop", UNIT)
    service.systemctl("enable", "--now", "corpusd.socket")
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()
    with load(machine) as counts:
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()
    print("with the socket:", counts)
    assert nobody_was_refused(counts), counts


def test_a_wrong_configuration_and_clients_at_the_socket_do_not_start_it_for_ever(machine, service):
    service.configure(lambda text: text + "\nnonsense: 1\n")
    with load(machine):
        machine.run("systemctl", "restart", UNIT, check=False)
        # Systemd gives the socket up, and so the clients.
        service.wait("an end", lambda: machine.run(
            "systemctl", "is-failed", "corpusd.socket", check=False).stdout.strip() == "failed")
    service.configure(lambda text: text.replace("\nnonsense: 1\n", ""))
    service.systemctl("restart", "corpusd.socket")
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()


def test_an_upgrade_under_load_loses_nothing(machine, service, debs):
    service.configure(lambda text: text + "\n# Edited by hand.\n")
    before = service.show("MainPID")
    many = 40
    with listening(service, "after.txt") as client, load(machine) as counts:
        for number in range(many):
            service.put(f"many-{number}.txt", f"Marker number{number}number of many.".encode() + b" Words follow." * 400)
        installation.install(machine, debs.next)
        service.wait("another process", lambda: service.show("MainPID") not in (before, "0"))
        service.wait_until_it_answers()
        service.wait("the client is back", lambda: client.lines.count("connected") > 1)
        service.put("after.txt", b"The bubal hartebeest lived north of the Sahara.")
        assert client.heard_the_end(), client.lines
    assert nobody_was_refused(counts), counts
    assert machine.shell("dpkg-query -W -f '${Version}' corpusd").endswith("+next")
    assert "# Edited by hand." in (machine.root / CONFIGURATION.lstrip("/")).read_text()
    for number in range(many):
        service.wait_until_found(f"number{number}number", f"many-{number}.txt")
    service.wait_until_found("quagga", "note.txt")


def ask_database(machine, statement: str) -> list[tuple]:
    """What SQLite answers about the service's database; files that this makes are the service's own again."""
    with contextlib.closing(sqlite3.connect(machine.root / "var/lib/corpusd/corpusd.db", timeout=30)) as database:
        answer = database.execute(statement).fetchall()
    machine.shell("chown corpusd:corpusd /var/lib/corpusd/*")
    return answer


def test_a_downgrade_that_cannot_read_the_database_says_so_and_keeps_it(machine, service, debs):
    service.systemctl("stop", "corpusd.socket", UNIT)
    (known,), = ask_database(machine, "PRAGMA user_version")
    assert known > 0
    ask_database(machine, "PRAGMA user_version = 999")
    installation.install(machine, debs.program)
    service.wait("it has given up", lambda: service.show("ActiveState") == "failed")
    assert service.show("ExecMainStatus") == "65"
    assert service.show("NRestarts") == "0"
    assert "999" in service.journal() and "newer" in service.journal()
    assert ask_database(machine, "PRAGMA user_version") == [(999,)]
    ask_database(machine, f"PRAGMA user_version = {known}")
    machine.run("systemctl", "reset-failed", UNIT)
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()
    service.wait_until_found("quagga", "note.txt")


def test_an_upgrade_brings_the_first_versions_database_up_to_date(machine, service, debs):
    """The older program is installed, and runs; its database becomes one of the first version's while it does not."""
    (schema,), = ask_database(machine, "PRAGMA user_version")
    before = ask_database(machine, STORED)
    assert len(before) > 40
    service.systemctl("stop", UNIT)
    with contextlib.closing(sqlite3.connect(machine.root / "var/lib/corpusd/corpusd.db")) as database:
        database.executescript(FIRST_SCHEMA.read_text())
    machine.shell("chown corpusd:corpusd /var/lib/corpusd/*")
    installation.install(machine, debs.next)
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()
    assert ask_database(machine, "PRAGMA user_version") == [(schema,)]
    service.put("migrated.txt", b"The Saint Helena hoopoe could hardly fly.")
    service.wait_until_found("hoopoe", "migrated.txt")
    service.wait_until_found("quagga", "note.txt")
    # The same documents, none of them taken in anew.
    assert set(before) <= set(ask_database(machine, STORED))
    assert ask_database(machine, "PRAGMA integrity_check") == [("ok",)]


def test_it_is_there_after_a_reboot(machine, service):
    machine.halt()
    service.put("night.txt", b"The moa was taller than a person.")
    machine.boot()
    service.wait_until_it_answers()
    service.wait_until_found("quagga", "note.txt")
    service.wait_until_found("moa", "night.txt")
    assert ask_database(machine, "PRAGMA integrity_check") == [("ok",)]


def test_removed_it_runs_no_more_and_keeps_what_is_the_users(machine, service):
    # What waits at the socket must not start it again meanwhile.
    service.systemctl("start", "corpusd.socket")
    with load(machine):
        machine.shell("apt-get remove --yes corpusd </dev/null", timeout=300)
    units = machine.run("systemctl", "list-units", "--plain", "--no-legend", "--state=active", "corpusd*").stdout
    assert units.strip() == ""
    assert (machine.root / CONFIGURATION.lstrip("/")).exists()
    assert (machine.root / "var/lib/corpusd/corpusd.db").exists()


def test_purged_it_leaves_the_documents_and_its_user_alone(machine, service):
    # Somebody has documents where the database was.
    machine.shell("mkdir /var/lib/corpusd/mine && echo mine >/var/lib/corpusd/mine/letter.txt")
    machine.shell("apt-get purge --yes corpusd corpusd-model-minilm </dev/null", timeout=300)
    machine.shell("rm /var/lib/corpusd/mine/letter.txt && rmdir -p --ignore-fail-on-non-empty /var/lib/corpusd/mine")
    now = installation.files(machine)
    kept = {path for path in now - service.files_before if path.startswith("/srv/corpusd")}
    assert {"/srv/corpusd/note.txt", "/srv/corpusd/paper.pdf"} <= kept
    # What the tests made, and the copies that the tools for users keep of their files.
    others = {f"/etc/systemd/system/{UNIT}.d"}
    others |= {f"/etc/{name}-" for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid")}
    assert now - service.files_before - kept - others == set()
    assert service.files_before - now == set()
    assert "corpusd" in machine.run("getent", "passwd", "corpusd").stdout
    assert machine.run("systemctl", "--failed", "--no-legend").stdout.strip() == ""
