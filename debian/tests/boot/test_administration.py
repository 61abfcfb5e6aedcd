"""The cases of docs/administration.md, each as it is written there."""

import base64
import contextlib
import pathlib
import subprocess
import sys

import pytest

from listening import listening
from service import ADDRESS, CONFIGURATION, UNIT

HERE = pathlib.Path(__file__).resolve().parent


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


@contextlib.contextmanager
def configured(service, change, drop_in: str | None = None, ready=None):
    """The service with a changed configuration and a drop-in; afterwards everything is as it was."""
    kept = []
    service.drop_in("case", drop_in)
    service.configure(lambda text: kept.append(text) or change(text))
    assert (service.machine.root / CONFIGURATION.lstrip("/")).read_text() != kept[0]
    try:
        service.systemctl("restart", UNIT)
        service.wait("the service answers", ready or (lambda: service.ask("/")))
        yield
    finally:
        service.configure(lambda text: kept[0])
        service.drop_in("case", None)
        service.machine.run("systemctl", "reset-failed", UNIT, check=False)
        service.systemctl("restart", UNIT)
        service.wait_until_it_answers()


def status_of(machine, *arguments: str) -> str:
    """The status of curl's answer, whoever signed the certificate."""
    return machine.run("curl", "-sk", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", *arguments,
                       check=False).stdout


def make_certificate(machine, certificate: str, key: str) -> None:
    machine.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "
        f"-subj /CN=search.example.org -keyout {key} -out {certificate} 2>&1")


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_a_credential_is_a_token_that_the_service_alone_can_read(machine, service, encrypted):
    folder, secret = "/etc/corpusd/credentials", "0123456789abcdef0123456789abcdef"
    machine.shell(f"install -d -m 700 {folder}")
    if encrypted:
        machine.run("systemd-creds", "encrypt", "--with-key=host", "--name=wall-token", "-", f"{folder}/wall-token.cred",
                    stdin=secret)
        drop_in = f"[Service]\nLoadCredentialEncrypted=wall-token:{folder}/wall-token.cred\n"
    else:
        (machine.root / folder.lstrip("/") / "wall-token").write_text(secret + "\n")
        drop_in = f"[Service]\nLoadCredential=wall-token:{folder}/wall-token\n"
    tokens = "tokens: [{name: wall, role: control, credential: wall-token}]"
    with configured(service, lambda text: text.replace("#tokens: []", tokens), drop_in):
        owner = machine.shell("stat -c '%U %a' /run/credentials/corpusd.service/wall-token")
        assert owner in ("corpusd 400", "root 440")
        service.systemctl("reload", "corpusd")
        rescan = ["-X", "POST", f"{ADDRESS}/api/pipelines/documents/rescan"]
        assert status_of(machine, *rescan) == "401"
        assert status_of(machine, "-H", f"Authorization: Bearer {secret}", *rescan) in ("200", "202", "204")
    assert secret not in service.journal()
    machine.shell(f"rm -r {folder}")


def test_tls_with_a_key_that_is_a_credential(machine, service):
    machine.shell("install -d /etc/corpusd/tls; install -d -m 700 /etc/corpusd/tls/private")
    make_certificate(machine, "/etc/corpusd/tls/fullchain.pem", "/etc/corpusd/tls/private/key.pem")
    tls = ("\n  tls:\n    certificate: /etc/corpusd/tls/fullchain.pem\n"
           "    key: /run/credentials/corpusd.service/key.pem\n")
    drop_in = "[Service]\nLoadCredential=key.pem:/etc/corpusd/tls/private/key.pem\n"
    secure = ADDRESS.replace("http:", "https:")
    with configured(service, lambda text: text.replace("\n  #tls:\n", tls), drop_in,
                    ready=lambda: status_of(machine, secure + "/") == "200"):
        service.systemctl("reload", "corpusd")
        with listening(service, "tls.txt", secure) as client:
            service.put("tls.txt", b"The pyrenean ibex was brought back for minutes.")
            assert client.heard_the_end(), client.lines
    machine.shell("rm -r /etc/corpusd/tls")


def test_nginx_in_front_as_in_the_example(machine, service):
    make_certificate(machine, "/etc/ssl/certs/search.example.org.pem", "/etc/ssl/private/search.example.org.key")
    machine.shell(
        "echo \"anna:$(openssl passwd -apr1 secret)\" >/etc/nginx/corpusd.htpasswd; "
        "cp /usr/share/doc/corpusd/examples/nginx.conf /etc/nginx/sites-available/corpusd; "
        "ln -s ../sites-available/corpusd /etc/nginx/sites-enabled/; nginx -t 2>&1; systemctl restart nginx")
    behind = "allowed_hosts: [search.example.org]\n  trusted_proxies: [127.0.0.1]"
    name = ["--resolve", "search.example.org:443:127.0.0.1"]
    with configured(service, lambda text: text.replace("#allowed_hosts: []", behind)):
        site = "https://search.example.org/"
        assert status_of(machine, *name, site) == "401"
        service.wait("the page through nginx",
                     lambda: status_of(machine, *name, "-u", "anna:secret", site) == "200")
        assert status_of(machine, *name, "-u", "anna:secret", site + "api/search?q=nothing") == "200"
        password = "Basic " + base64.b64encode(b"anna:secret").decode()
        with listening(service, "proxied.txt", "https://127.0.0.1", password) as client:
            service.put("proxied.txt", b"The Caspian tiger lived along the rivers.")
            assert client.heard_the_end(), client.lines
    machine.shell("rm /etc/nginx/sites-enabled/corpusd /etc/nginx/sites-available/corpusd /etc/nginx/corpusd.htpasswd "
                  "/etc/ssl/certs/search.example.org.pem /etc/ssl/private/search.example.org.key; "
                  "systemctl restart nginx")


def test_google_drive_over_tls(machine, service):
    folder = machine.root / "etc/corpusd"
    machine.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout /etc/corpusd/drive.key "
        "-out /usr/local/share/ca-certificates/drive.crt 2>&1; update-ca-certificates")
    certificate = machine.root / "usr/local/share/ca-certificates/drive.crt"
    program = subprocess.Popen(
        machine.in_its_network(
            sys.executable, str(HERE / "drive.py"), str(certificate), str(folder / "drive.key"),
            str(folder / "google.json"), "moa.txt", "The moa had no wings at all."),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = program.stdout.readline().strip()
        assert address.startswith("https://"), "the fake Drive serves"
        # Root's alone: systemd hands it to the service.
        machine.shell("chmod 600 /etc/corpusd/google.json")
        entry = ("  - id: drive\n    type: google_drive\n"
                 "    credentials: /run/credentials/corpusd.service/google.json\n"
                 f"    api_endpoint: {address}\n    check_interval: 2s\n\n")
        drop_in = "[Service]\nLoadCredential=google.json:/etc/corpusd/google.json\n"
        with configured(service, lambda text: text.replace("# The HTTP server:", entry + "# The HTTP server:"), drop_in):
            service.wait_until_found("moa wings", "moa.txt")
        assert program.communicate("", timeout=60)[0] == "", "nothing was asked that Google does not know"
    finally:
        program.kill()
        program.wait()
    machine.shell("rm /etc/corpusd/drive.key /etc/corpusd/google.json /usr/local/share/ca-certificates/drive.crt; "
                  "update-ca-certificates --fresh")
