"""A package's life, from the installation to the purge, as an administrator lives it."""

import pathlib
import subprocess
import sys

import documents
import installation
from service import ADDRESS, CONFIGURATION, UNIT

HERE = pathlib.Path(__file__).parent
def test_the_machine_is_up(machine):
    assert machine.run("systemctl", "--failed", "--no-legend").stdout.strip() == ""


def test_apt_installs_it(service):
    service.wait_until_it_answers()


def test_it_is_enabled_but_its_socket_is_not(machine, service):
    assert machine.run("systemctl", "is-enabled", UNIT).stdout.strip() == "enabled"
    assert machine.run("systemctl", "is-enabled", "corpusd.socket", check=False).stdout.strip() == "disabled"


def test_it_runs_as_its_own_user_with_a_closed_state(machine, service):
    assert machine.shell("stat -c '%U:%G %a' /var/lib/corpusd") == "corpusd:corpusd 750"
    assert machine.shell(f"ps -o user= -p {service.show('MainPID')}") == "corpusd"


def test_the_sandbox_is_as_tight_as_promised(machine):
    machine.run("systemd-analyze", "security", "--no-pager", "--threshold=13", UNIT)


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


def test_a_client_hears_of_a_document(machine, service):
    client = subprocess.Popen(
        machine.in_its_network(sys.executable, str(HERE / "client.py"), ADDRESS, "heard.txt"),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        heard = [client.stdout.readline()]
        assert heard == ["connected\n"] or heard[0].startswith("pipeline:"), heard
        service.put("heard.txt", b"The great auk could not fly.")
        heard += client.communicate(timeout=120)[0].splitlines(keepends=True)
    finally:
        client.kill()
        client.wait()
    events = [line.strip() for line in heard]
    assert client.returncode == 0, events
    assert "pipeline:status" in events and "file:processing" in events and "file:completed" in events


def test_a_deleted_document_is_not_found(machine, service):
    (machine.root / "srv/corpusd/heard.txt").unlink()
    service.wait("it is gone", lambda: service.find("great auk", "heard.txt") is None)


def test_reload_checks_the_file(service):
    before = service.show("MainPID")
    service.systemctl("reload", UNIT)
    assert service.show("MainPID") == before


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


def restart_under_load(machine, service) -> tuple[int, int]:
    load = subprocess.Popen(
        machine.in_its_network(sys.executable, str(HERE / "load.py"), "8003"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()
        answered, refused = load.communicate("stop\n", timeout=90)[0].split()
    finally:
        load.kill()
        load.wait()
    return int(answered), int(refused)


def test_a_restart_without_the_socket_comes_back(machine, service):
    answered, refused = restart_under_load(machine, service)
    print(f"without the socket: {refused} refused, {answered} answered")
    assert answered > 0


def test_a_restart_with_the_socket_refuses_nobody(machine, service):
    service.systemctl("stop", UNIT)
    service.systemctl("enable", "--now", "corpusd.socket")
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()
    answered, refused = restart_under_load(machine, service)
    print(f"with the socket: {refused} refused, {answered} answered")
    assert answered > 0 and refused == 0


def test_an_upgrade_keeps_an_edited_configuration(machine, service, debs):
    service.configure(lambda text: text + "\n# Edited by hand.\n")
    before = service.show("MainPID")
    installation.install(machine, debs.next)
    service.wait("another process", lambda: service.show("MainPID") not in (before, "0"))
    service.wait_until_it_answers()
    assert "# Edited by hand." in (machine.root / CONFIGURATION.lstrip("/")).read_text()
    service.wait_until_found("quagga", "note.txt")


def test_a_newer_database_is_refused_and_kept(machine, service, debs):
    service.systemctl("stop", "corpusd.socket", UNIT)
    database = machine.root / "var/lib/corpusd/corpusd.db"
    before = subprocess.run(
        [sys.executable, "-c", "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
         "print(base.execute('PRAGMA user_version').fetchone()[0]); base.execute('PRAGMA user_version = 999')",
         str(database)], check=True, capture_output=True, text=True).stdout.strip()
    machine.shell("chown -R corpusd:corpusd /var/lib/corpusd")
    installation.install(machine, debs.program)
    service.wait("it has given up", lambda: service.show("ActiveState") in ("failed", "activating"))
    service.wait("it says why", lambda: "newer" in service.journal())
    service.systemctl("stop", UNIT)
    subprocess.run(
        [sys.executable, "-c", "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
         f"base.execute('PRAGMA user_version = {int(before)}')", str(database)], check=True)
    machine.shell("chown -R corpusd:corpusd /var/lib/corpusd")
    service.systemctl("start", UNIT)
    service.wait_until_it_answers()
    service.wait_until_found("quagga", "note.txt")


def test_it_is_there_after_a_reboot(machine, service):
    machine.halt()
    service.put("night.txt", b"The moa was taller than a person.")
    machine.boot()
    service.wait_until_it_answers()
    service.wait_until_found("quagga", "note.txt")
    service.wait_until_found("moa", "night.txt")


def test_removed_it_runs_no_more_and_keeps_what_is_the_users(machine):
    machine.shell("apt-get remove --yes corpusd </dev/null", timeout=300)
    units = machine.run("systemctl", "list-units", "--plain", "--no-legend", "--state=active", "corpusd*").stdout
    assert units.strip() == ""
    assert (machine.root / CONFIGURATION.lstrip("/")).exists()
    assert (machine.root / "var/lib/corpusd/corpusd.db").exists()


def test_purged_it_leaves_the_documents_and_its_user_alone(machine, service):
    machine.shell("apt-get purge --yes corpusd corpusd-model-minilm </dev/null", timeout=300)
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
