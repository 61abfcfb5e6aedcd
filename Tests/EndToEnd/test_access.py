"""Who may read and who may control, over HTTP and over Socket.IO."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import contract
import documents
import pytest
import requests
from browsing import PATIENCE, Visit, check_clean
from daemon import CORPUSD, Daemon
from guarding import OPERATOR, READER, get, guard, join, start
from playwright.sync_api import expect
from waiting import eventually


@pytest.fixture
def guarded(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Daemon:
    """A daemon that shows nothing without a token: pipelines `docs` and `notes`."""
    return guard(make_daemon, tmp_path, "docs", "notes")


def test_this_machine_reads_freely_and_controls_with_its_token(shared: Daemon) -> None:
    assert shared.get("/status").status_code == 200
    for headers in [{}, {"Cookie": f"token={shared.token}"}, {"Authorization": f"Basic {shared.token}"}]:
        refused = requests.post(f"{shared.url}/api/pipelines/docs/rescan", headers=headers, timeout=30)
        assert refused.status_code == 401 and refused.headers["www-authenticate"].startswith("Bearer")
        contract.check_body("problem", refused.json())
    assert shared.post("/api/pipelines/docs/pause").status_code == 202
    assert shared.post("/api/pipelines/docs/resume").status_code == 202


# Prints an answer and, in a line of its own, its status.
ASK = ["curl", "--silent", "--insecure", "--max-time", "20", "--header", "Host: localhost", "--write-out", "\n%{http_code}"]
OWN, OTHER = "192.0.2.5", "192.0.2.6"


def certify(folder: Path, name: str = "pair") -> dict[str, str]:
    """A certificate for this machine, with its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    return {"certificate": str(certificate), "key": str(key)}


@pytest.mark.parametrize("is_secure", [False, True])
def test_this_machine_controls_at_any_address_of_its_own(
    is_secure: bool, make_daemon: Callable[..., Daemon], tmp_path: Path
) -> None:
    """In a network of its own, where the daemon listens on one address of two that are no loopback ones."""
    daemon = make_daemon(server={"auth": "none", "allowed_hosts": ["search.example.org"]})
    daemon.config["server"]["listen"] = f"{OWN}:{daemon.port}"
    if is_secure:
        daemon.config["server"]["tls"] = certify(tmp_path)
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    addresses = " && ".join(f"ip address add {address}/32 dev lo" for address in (OWN, OTHER))
    daemon.wrapper = ["unshare", *(["--map-root-user"] if user else []), "--net", "bash", "-c",
                      f'ip link set lo up && {addresses} && exec "$@"', "bash"]
    daemon.start(ready=False)
    eventually(lambda: "Listening." in daemon.log(), "it listens")
    enter = ["nsenter", "--target", str(daemon.process.pid), "--net", *user]

    def ask(path: str, *arguments: str) -> list[str]:
        url = f"http{'s' if is_secure else ''}://{OWN}:{daemon.port}{path}"
        return subprocess.check_output([*enter, *ASK, *arguments, url], text=True).rsplit("\n", 1)

    def control(*arguments: str) -> str:
        token = ["--header", f"Authorization: Bearer {daemon.token}"]
        return ask("/api/pipelines/docs/resume", "--request", "POST", *token, *arguments)[1]

    def join(*arguments: str) -> str:
        path = "/socket.io/?EIO=4&transport=polling"
        path += "&sid=" + json.loads(ask(path, *arguments)[0][1:])["sid"]
        ask(path, "--data-binary", f'40/pipeline,{{"token":"{daemon.token}"}}', *arguments)
        return ask(path, *arguments)[0].partition(",")[0]

    elsewhere, forwarded = ["--interface", OTHER], ["--header", "X-Forwarded-For: 192.0.2.1"]
    assert control() == "202" and control(*elsewhere) == control(*forwarded) == "401"
    assert join() == "40/pipeline" and join(*elsewhere) == join(*forwarded) == "44/pipeline"
    for command in ["status", "retry --failed", "deletions confirm"]:
        words = [CORPUSD, *command.split(), "--config", daemon.config_path]
        result = subprocess.run([*enter, *words], capture_output=True, text=True, timeout=60)
        assert (result.returncode, result.stderr) == (0, ""), result


def test_guesses_do_not_keep_the_machines_own_commands_out(daemon: Daemon) -> None:
    daemon.start()
    guesses = [get(daemon, "/status", f"guess-number-{index:04}").status_code for index in range(12)]
    assert guesses[-1] == 429
    assert daemon.run("retry", "--failed").returncode == 0


def test_a_command_says_who_may_read_the_token_that_it_lacks(guarded: Daemon) -> None:
    start(guarded)
    token = guarded.database.parent / "control-token"
    # For a user who is root nothing is closed, but a file can be away.
    token.rename(token.with_suffix(".kept"))
    for command in ["status", "files", "retry --failed", "deletions confirm"]:
        result = guarded.run(*command.split())
        assert result.returncode == 1 and len(result.stderr.splitlines()) == 1, result
        assert f"'{token}'" in result.stderr and "run it as root or as the service's user" in result.stderr
        assert "Authorization" not in result.stderr


def test_a_proxys_client_is_not_this_machine(shared: Daemon) -> None:
    headers = {"Authorization": f"Bearer {shared.token}", "X-Forwarded-For": "192.0.2.1"}
    answer = requests.post(f"{shared.url}/api/pipelines/docs/pause", headers=headers, timeout=30)
    assert answer.status_code == 401


def test_the_local_token_is_for_its_owner_alone(shared: Daemon) -> None:
    path = shared.database.parent / "control-token"
    assert path.stat().st_mode & 0o777 == 0o600 and len(shared.token) == 64
    assert shared.token not in shared.log()


def test_nothing_is_shown_without_a_token(guarded: Daemon) -> None:
    start(guarded)
    for path in ["/status", "/health", "/metrics", "/api/search?q=x", "/api/pipelines", "/api/events", "/api/files",
                 "/js/../status", "/js/%2e%2e/status", "//status"]:
        assert get(guarded, path).status_code in (401, 404), path
    for path in ["/", "/js/main.js", "/css/base.css", "/vendor/socket.io.min.js", "/openapi.json", "/health/ready"]:
        assert get(guarded, path).status_code == 200, path
    assert get(guarded, "/status", READER).status_code == 200
    assert get(guarded, "/metrics", READER).status_code == 200


def test_roles_allow_what_they_say(guarded: Daemon) -> None:
    start(guarded)
    assert guarded.post("/api/pipelines/docs/pause", READER).status_code == 403
    assert guarded.post("/api/pipelines/docs/pause", OPERATOR).status_code == 202
    eventually(lambda: get(guarded, "/api/pipelines/docs", READER).json()["status"] == "paused", "it is paused")


def test_wrong_tokens_are_limited_and_never_logged(guarded: Daemon) -> None:
    start(guarded)
    answers = [get(guarded, "/status", f"guess-number-{index:04}") for index in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0
    contract.check_body("problem", answers[-1].json())
    assert "guess-number" not in guarded.log() and "Refused a wrong token" in guarded.log()


@pytest.mark.parametrize("namespace", ["/", "/pipeline", "/local_files"])
def test_sockets_want_the_token_too(namespace: str, guarded: Daemon) -> None:
    start(guarded)
    client, refusals, _ = join(guarded, namespace, None)
    assert refusals and refusals[0]["data"]["status"] == 401, refusals
    client.disconnect()
    client, refusals, _ = join(guarded, namespace, {"token": READER})
    assert not refusals and namespace in client.namespaces
    client.disconnect()


def test_an_open_listener_without_a_token_is_refused(make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon()
    daemon.config["server"]["listen"] = f"0.0.0.0:{daemon.port}"
    result = daemon.run("check")
    assert result.returncode == 78 and "no token guards it" in result.stderr
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == 78
    daemon.config["server"]["auth"] = "none"
    assert daemon.run("check").returncode == 0
    daemon.start()
    assert daemon.get("/status").status_code == 200
    assert requests.post(f"{daemon.url}/api/pipelines/docs/pause", timeout=30).status_code == 401


def test_a_token_that_cannot_be_read_is_a_mistake(make_daemon: Callable[..., Daemon], tmp_path: Path) -> None:
    (tmp_path / "short").write_text("secret\n")
    for file, words in [(tmp_path / "short", "less than 16"), (tmp_path / "none", "cannot read the token")]:
        tokens = [{"name": "a", "role": "read", "file": str(file)}]
        result = make_daemon(server={"auth": {"tokens": tokens}}).run("check")
        assert result.returncode == 78 and words in result.stderr and "secret" not in result.stderr.replace("secret'", "")


def test_a_token_can_be_a_credential_of_systemd(make_daemon: Callable[..., Daemon], tmp_path: Path) -> None:
    """As with `LoadCredential=`: a folder that is the service's alone, named in its environment."""
    folder = tmp_path / "credentials"
    folder.mkdir(0o700)
    (folder / "wall-token").write_text(READER + "\n")
    tokens = [{"name": "wall-screen", "role": "read", "credential": "wall-token"}]
    daemon = make_daemon(server={"auth": {"anonymous": "none", "tokens": tokens}})
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == 78 and "LoadCredential=wall-token:PATH" in daemon.log()
    daemon.start(ready=False, environment={"CREDENTIALS_DIRECTORY": str(folder)})
    eventually(daemon.is_alive, "the daemon answers")
    assert get(daemon, "/status").status_code == 401
    assert get(daemon, "/status", READER).status_code == 200
    assert daemon.post("/api/pipelines/docs/pause", READER).status_code == 403
    assert READER not in daemon.log()


def test_a_pause_outlives_a_restart(daemon: Daemon) -> None:
    daemon.start().wait_until_idle(0)
    assert daemon.post("/api/pipelines/docs/pause").status_code == 202
    (daemon.folder() / "later.txt").write_text("What waits until the pause is over. " * 20)
    eventually(lambda: daemon.status()["files_queued"] == 1, "the file waits")
    assert daemon.stop() == 0
    daemon.start()
    eventually(lambda: daemon.status()["files_queued"] == 1, "the file waits again")
    assert daemon.status()["status"] == "paused" and daemon.status()["total_files"] == 0
    assert daemon.post("/api/pipelines/docs/rescan").status_code == 409
    assert daemon.post("/api/pipelines/docs/resume").status_code == 202
    daemon.wait_until_idle(1)


def test_tls_and_a_base_path(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    tls = certify(tmp_path)
    certificate = tls["certificate"]
    daemon = make_daemon(server={"tls": tls, "base_path": "/tools/corpusd"})
    daemon.start(ready=False)
    url = f"https://127.0.0.1:{daemon.port}"

    def answers() -> bool:
        try:
            return requests.get(f"{url}/tools/corpusd/health", verify=certificate, timeout=5).status_code == 200
        except requests.RequestException:
            return False

    eventually(answers, "it answers over TLS, below its path")
    moved = requests.get(f"{url}/tools/corpusd", verify=certificate, timeout=30, allow_redirects=False)
    assert moved.status_code == 308 and moved.headers["location"] == "/tools/corpusd/"
    polled = requests.get(
        f"{url}/tools/corpusd/socket.io/?EIO=4&transport=polling", verify=certificate, timeout=30
    )
    assert polled.text.startswith("0{")
    told = requests.get(f"{url}/tools/corpusd/api/socket/info", verify=certificate, timeout=30).json()
    assert told["path"] == "/tools/corpusd/socket.io/"
    assert f"url={url}/tools/corpusd/" in daemon.log()
    check_page(daemon, visit(daemon, url=f"{url}/tools/corpusd"))
    result = daemon.run("status")
    assert result.returncode == 0 and "docs" in result.stdout, result


def check_page(daemon: Daemon, opened: Visit) -> None:
    """The page works below a path: its files, its live connection over TLS, what it asks for, and its links."""
    opened.expect_live()
    page = opened.page
    (daemon.folder() / "below.txt").write_text(documents.note("what lies below a path"))
    expect(opened.row("completed-row", "below.txt")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#connection")).to_have_attribute("title", re.compile("over WebSocket"), timeout=PATIENCE)
    page.get_by_test_id("search-input").fill("below a path")
    page.get_by_test_id("search-hit").get_by_role("link").click()
    expect(page.get_by_test_id("passage").first).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    links = page.locator("footer a").evaluate_all("(links) => links.map((link) => link.href)")
    assert len(links) >= 5 and all(link.startswith(f"https://127.0.0.1:{daemon.port}/tools/corpusd/") for link in links)
    assert [link for link in links if page.request.get(link).status != 200] == []
    check_clean(opened, daemon)


@pytest.mark.parametrize("certificate, key, problem", [
    ("no.pem", "no.key", "server.tls.certificate"), ("pair.pem", "no.key", "server.tls.key"),
    ("pair.pem", "pair.pem", "server.tls.key"), ("pair.pem", "other.key", "do not belong together"),
])
def test_a_certificate_or_key_that_cannot_be_used_is_a_mistake(
    certificate: str, key: str, problem: str, make_daemon: Callable[..., Daemon], tmp_path: Path
) -> None:
    for name in ["pair", "other"]:
        certify(tmp_path, name)
    daemon = make_daemon(server={"tls": {"certificate": str(tmp_path / certificate), "key": str(tmp_path / key)}})
    result = daemon.run("check")
    assert result.returncode == 78 and problem in result.stderr, result
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == 78
    assert problem in daemon.log()
