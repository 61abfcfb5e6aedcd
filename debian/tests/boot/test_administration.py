"""The cases of docs/administration.md, each as it is written there."""

import contextlib

from service import UNIT


@contextlib.contextmanager
def watching(service, path: str, drop_in: str | None = None):
    """The service with a second folder, and a drop-in; afterwards everything is as it was."""
    entry = f"  - id: second\n    type: local_files\n    path: {path}\n\n"
    service.drop_in("case", drop_in)
    service.configure(lambda text: text.replace("# The HTTP server:", entry + "# The HTTP server:"))
    try:
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()
        yield
    finally:
        service.configure(lambda text: text.replace(entry, ""))
        service.drop_in("case", None)
        service.machine.run("systemctl", "reset-failed", UNIT, check=False)
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()


def make_home(machine, name: str, mode: str) -> None:
    machine.shell(f"useradd --create-home {name}; chmod {mode} /home/{name}; mkdir -p /home/{name}/documents; "
                  f"chown -R {name}: /home/{name}")


def remove_home(machine, name: str) -> None:
    machine.shell(f"userdel --remove {name} 2>/dev/null")


def test_a_folder_in_home_with_an_access_control_list(machine, service):
    make_home(machine, "anna", "0700")
    machine.shell("setfacl -m u:corpusd:x /home/anna; setfacl -R -m u:corpusd:rX,d:u:corpusd:rX /home/anna/documents")
    with watching(service, "/home/anna/documents"):
        machine.shell("runuser -u anna -- sh -c 'echo The dodo lived on Mauritius. >~/documents/dodo.txt'")
        service.wait_until_found("dodo", "dodo.txt")
    remove_home(machine, "anna")


def test_a_closed_home_with_the_right_to_pass(machine, service):
    make_home(machine, "berta", "0700")
    drop_in = ("[Service]\nPrivateUsers=no\nCapabilityBoundingSet=CAP_DAC_READ_SEARCH\n"
               "AmbientCapabilities=CAP_DAC_READ_SEARCH\n")
    with watching(service, "/home/berta/documents", drop_in):
        machine.shell("runuser -u berta -- sh -c 'echo The huia had two kinds of bill. >~/documents/huia.txt'")
        service.wait_until_found("huia", "huia.txt")
    remove_home(machine, "berta")


def test_a_folder_of_a_group(machine, service):
    machine.shell("groupadd editors; mkdir -m 2750 /srv/editors; chgrp editors /srv/editors")
    with watching(service, "/srv/editors", "[Service]\nSupplementaryGroups=editors\n"):
        machine.shell("umask 027; echo The tarpan was a wild horse. >/srv/editors/tarpan.txt")
        service.wait_until_found("tarpan", "tarpan.txt")
    machine.shell("rm -r /srv/editors; groupdel editors")


def test_another_place_for_the_database(machine, service):
    machine.shell("install -d -o corpusd -g corpusd -m 750 /data/corpusd")
    moved = "path: /data/corpusd/corpusd.db"
    service.configure(lambda text: text.replace("#path: /var/lib/corpusd/corpusd.db", moved))
    service.drop_in("case", "[Service]\nReadWritePaths=/data/corpusd\n")
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    service.wait("the database is there", lambda: (machine.root / "data/corpusd/corpusd.db").exists())
    service.configure(lambda text: text.replace(moved, "#path: /var/lib/corpusd/corpusd.db"))
    service.drop_in("case", None)
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    machine.shell("rm -r /data")


def test_credentials_reach_the_service_alone(machine, service):
    machine.shell("install -d -m 700 /etc/corpusd/credentials; echo '{}' >/etc/corpusd/credentials/drive.json")
    service.drop_in("case", "[Service]\nLoadCredential=drive.json:/etc/corpusd/credentials/drive.json\n")
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    owner = machine.shell("stat -c '%U %a' /run/credentials/corpusd.service/drive.json")
    assert owner in ("corpusd 400", "root 440")
    service.drop_in("case", None)
    service.systemctl("restart", UNIT)
    service.wait_until_it_answers()
    machine.shell("rm -r /etc/corpusd/credentials")
