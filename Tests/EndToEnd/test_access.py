"""Who may read and who may control, over HTTP and over Socket.IO."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import contract
import documents
import pytest
import requests
import socketio
from browsing import PATIENCE, Visit, check_clean
from daemon import Daemon
from playwright.sync_api import expect
from raw import RawSocket
from waiting import eventually

READER, OPERATOR = "reader-" + "a" * 32, "operator-" + "b" * 32
# For one pipeline only: to read, and to control.
NARROW, KEEPER = "narrow-" + "c" * 32, "keeper-" + "d" * 32


@pytest.fixture
def make_guarded(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Callable[..., Daemon]:
    """Makes a daemon of two pipelines that shows nothing without a token; narrow ones are for the second."""

    def make(*pipelines: str) -> Daemon:
        tokens = []
        for name, secret, role in [("reader", READER, "read"), ("operator", OPERATOR, "control"),
                                   ("narrow", NARROW, "read"), ("keeper", KEEPER, "control")]:
            (tmp_path / name).write_text(secret + "\n")
            tokens.append({"name": name, "role": role, "file": str(tmp_path / name)})
        for token in tokens[2:]:
            token["pipelines"] = [pipelines[-1]]
        return make_daemon(list(pipelines), server={"auth": {"anonymous": "none", "tokens": tokens}})

    return make


@pytest.fixture
def guarded(make_guarded: Callable[..., Daemon]) -> Daemon:
    """A daemon that shows nothing without a token: pipelines `docs` and `notes`."""
    return make_guarded("docs", "notes")


def get(daemon: Daemon, path: str, token: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(daemon.url + path, headers=headers, timeout=30)


def start(daemon: Daemon) -> Daemon:
    """`/health` wants a token here."""
    daemon.start(ready=False)
    eventually(daemon.is_alive, "the daemon answers")
    return daemon


def join(daemon: Daemon, namespace: str, auth: dict[str, str] | None) -> tuple[socketio.Client, list[Any], list[Any]]:
    client, refusals, statuses = socketio.Client(reconnection=False), [], []
    client.on("connect_error", refusals.append, namespace=namespace)
    client.on("pipeline:status", statuses.append, namespace=namespace)
    try:
        client.connect(daemon.url, namespaces=[namespace], auth=auth, wait_timeout=20)
    except socketio.exceptions.ConnectionError:
        pass
    return client, refusals, statuses


def test_this_machine_reads_freely_and_controls_with_its_token(shared: Daemon) -> None:
    assert shared.get("/status").status_code == 200
    for headers in [{}, {"Cookie": f"token={shared.token}"}, {"Authorization": f"Basic {shared.token}"}]:
        refused = requests.post(f"{shared.url}/api/pipelines/docs/rescan", headers=headers, timeout=30)
        assert refused.status_code == 401 and refused.headers["www-authenticate"].startswith("Bearer")
        contract.check_body("problem", refused.json())
    assert shared.post("/api/pipelines/docs/pause").status_code == 202
    assert shared.post("/api/pipelines/docs/resume").status_code == 202


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


def test_a_token_for_one_pipeline_shows_no_other(guarded: Daemon) -> None:
    start(guarded)
    listed = get(guarded, "/api/pipelines", NARROW).json()["pipelines"]
    assert [pipeline["pipeline_id"] for pipeline in listed] == ["notes"]
    assert get(guarded, "/status", NARROW).json()["pipeline_id"] == "notes"
    for path in ["/status?pipeline_id=docs", "/api/pipelines/docs", "/api/search?q=x&pipeline=docs",
                 "/api/events?pipeline=docs", "/api/files?pipeline=docs"]:
        assert get(guarded, path, NARROW).status_code == 404, path
    assert get(guarded, "/metrics", NARROW).status_code == 403


def test_everybody_is_told_what_they_may_do(guarded: Daemon, shared: Daemon) -> None:
    start(guarded)
    for token, role, pipelines in [
        (None, "none", []), (READER, "read", None), (OPERATOR, "control", None), (guarded.token, "control", None),
        (NARROW, "read", ["notes"]), (KEEPER, "control", ["notes"]),
    ]:
        answer = get(guarded, "/api/access", token)
        assert answer.status_code == 200
        contract.check_body("access", answer.json())
        assert answer.json() == {"role": role, "pipelines": pipelines, "token_required": True}
    refused = get(guarded, "/api/access", "x" * 32)
    assert refused.status_code == 401 and 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert requests.post(f"{guarded.url}/api/access", timeout=30).status_code == 401
    assert get(shared, "/api/access").json() == {"role": "read", "pipelines": None, "token_required": False}


def test_who_controls_one_pipeline_changes_no_other(guarded: Daemon, tmp_path: Path) -> None:
    for pipeline in guarded.pipelines:
        (guarded.folder(pipeline) / "tree").mkdir()
        for number in range(20):
            (guarded.folder(pipeline) / "tree" / f"{number}.txt").write_text(documents.note(pipeline))
        (guarded.folder(pipeline) / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing of one")
    start(guarded)

    def files(pipeline: str, state: str) -> int:
        return len(get(guarded, f"/api/files?pipeline={pipeline}&state={state}", READER).json()["files"])

    def held(pipeline: str) -> int:
        return get(guarded, f"/api/deletions?pipeline={pipeline}", READER).json()["pipelines"][0]["held"]

    for pipeline in guarded.pipelines:
        eventually(lambda: (files(pipeline, "stored"), files(pipeline, "failed")) == (20, 1), "all is worked off")
        (guarded.folder(pipeline) / "tree").rename(tmp_path / f"tree of {pipeline}")
        eventually(lambda: held(pipeline) == 20, "the deletions are held")
    for verb in ["pause", "resume", "rescan"]:
        assert guarded.post(f"/api/pipelines/docs/{verb}", KEEPER).status_code == 404
    assert get(guarded, "/api/pipelines/docs", READER).json()["is_paused"] is False
    assert guarded.post("/api/pipelines/notes/pause", KEEPER).status_code == 202
    assert guarded.post("/api/files/retry", KEEPER, pipeline="docs").status_code == 404
    assert guarded.post("/api/files/retry", KEEPER).json()["retried"] == 1
    assert (files("docs", "failed"), files("notes", "failed")) == (1, 0)
    for verb in ["discard", "confirm"]:
        address, headers = f"{guarded.url}/api/deletions/{verb}", {"Authorization": f"Bearer {KEEPER}"}
        foreign = requests.post(address, json={"pipeline_id": "docs"}, headers=headers, timeout=30)
        assert foreign.status_code == 404
        own = requests.post(address, json={"including_kept": True}, headers=headers, timeout=30)
        assert own.json() == {f"{verb}ed": 20}
    assert guarded.post("/api/pipelines/notes/resume", KEEPER).status_code == 202
    eventually(lambda: files("notes", "stored") == 0, "its own documents go")
    assert (held("docs"), files("docs", "stored")) == (20, 20)


def test_pages_of_files_are_full_whatever_a_token_covers(guarded: Daemon) -> None:
    for number in range(6):
        for pipeline in guarded.pipelines:
            (guarded.folder(pipeline) / f"{number}.txt").write_text(documents.note(pipeline))
    start(guarded)
    eventually(lambda: len(get(guarded, "/api/files?state=stored", READER).json()["files"]) == 12, "all are stored")
    pages = [get(guarded, "/api/files?limit=4", NARROW).json()]
    while cursor := pages[-1]["next_cursor"]:
        pages.append(get(guarded, f"/api/files?limit=4&cursor={cursor}", NARROW).json())
    assert [len(page["files"]) for page in pages] == [4, 2]
    assert {file["pipeline_id"] for page in pages for file in page["files"]} == {"notes"}
    # The ledger keeps what it knows of a pipeline that is no longer configured; there is no page for its files.
    assert guarded.stop() == 0
    guarded.config["pipelines"] = guarded.config["pipelines"][1:]
    start(guarded)
    assert {file["pipeline_id"] for file in get(guarded, "/api/files", READER).json()["files"]} == {"notes"}


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


def test_a_socket_hears_its_pipelines_only(guarded: Daemon) -> None:
    start(guarded)
    client, _, statuses = join(guarded, "/pipeline", {"token": NARROW})
    eventually(lambda: len(statuses) == 1, "the snapshot came")
    assert statuses[0]["pipeline_id"] == "notes"
    refused = client.call("subscribe", {"pipeline_id": "docs"}, namespace="/pipeline", timeout=20)
    assert refused["ok"] is False
    client.disconnect()


def heard(daemon: Daemon, *subscriptions: dict[str, str]) -> set[str]:
    """The pipelines of which a client with the narrow token hears that they are paused, having subscribed."""
    client, _, statuses = join(daemon, "/pipeline", {"token": NARROW})
    updates: list[Any] = []
    client.on("status:update", updates.append, namespace="/pipeline")
    eventually(lambda: len(statuses) >= 1, "the snapshot came")
    for subscription in subscriptions:
        assert client.call("subscribe", subscription, namespace="/pipeline", timeout=20)["ok"]
    # What is covered comes last, so that all else would have come before it.
    for pipeline in daemon.pipelines:
        assert daemon.post(f"/api/pipelines/{pipeline}/pause", OPERATOR).status_code == 202
    covered = daemon.pipelines[-1]
    eventually(lambda: any(u["pipeline_id"] == covered and u["changes"].get("status") == "paused" for u in updates),
               "it hears of the pipeline that it covers")
    client.disconnect()
    return {update["pipeline_id"] for update in [*statuses, *updates]}


@pytest.mark.parametrize("subscriptions", [
    [], [{"pipeline_type": "local_files"}], [{"pipeline_id": "notes"}, {"pipeline_type": "local_files"}],
])
def test_a_socket_hears_no_more_by_subscribing_to_a_type(
    subscriptions: list[dict[str, str]], guarded: Daemon
) -> None:
    start(guarded)
    assert heard(guarded, *subscriptions) == {"notes"}


def test_a_pipeline_that_is_called_as_a_type_shows_no_other(make_guarded: Callable[..., Daemon]) -> None:
    assert heard(start(make_guarded("docs", "local_files"))) == {"local_files"}


def test_who_comes_back_with_less_hears_no_more(guarded: Daemon, raw: Callable[..., RawSocket]) -> None:
    """Whether the token was narrowed, over a restart, or the client brings another one."""
    start(guarded)
    lost = raw(guarded, "/pipeline", auth={"token": READER})
    lost.wait_for("status:update")
    claim = {"pid": lost.pid, "offset": lost.offset}
    lost.drop()
    back = raw(guarded, "/pipeline", auth={"token": NARROW, **claim})
    back.wait_for("pipeline:status")
    assert back.sid != lost.sid and {event.payload["pipeline_id"] for event in back.events()} == {"notes"}

    stayed = raw(guarded, "/pipeline", auth={"token": READER})
    stayed.wait_for("pipeline:status")
    assert guarded.stop() == 0
    stayed.wait_for_end()
    claim = {"pid": stayed.pid, "offset": stayed.offset}
    next(t for t in guarded.config["server"]["auth"]["tokens"] if t["name"] == "reader")["pipelines"] = ["notes"]
    start(guarded)
    back = raw(guarded, "/pipeline", auth={"token": READER, **claim})
    back.wait_for("pipeline:status")
    assert guarded.post("/api/pipelines/docs/pause", OPERATOR).status_code == 202
    assert guarded.post("/api/pipelines/notes/pause", OPERATOR).status_code == 202
    back.wait_for("status:update", lambda event: event.payload["changes"].get("status") == "paused")
    assert back.sid != stayed.sid and {event.payload["pipeline_id"] for event in back.events()} == {"notes"}


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
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    daemon = make_daemon(
        server={"tls": {"certificate": str(certificate), "key": str(key)}, "base_path": "/tools/corpusd"}
    )
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


def test_a_certificate_that_cannot_be_read_is_a_mistake(make_daemon: Callable[..., Daemon], tmp_path: Path) -> None:
    daemon = make_daemon(server={"tls": {"certificate": str(tmp_path / "no.pem"), "key": str(tmp_path / "no.key")}})
    result = daemon.run("check")
    assert result.returncode == 78 and "server.tls.certificate" in result.stderr
