"""What tokens for one pipeline show and change, and nothing else, over HTTP and over Socket.IO."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import contract
import documents
import pytest
import requests
from daemon import Daemon
from guarding import KEEPER, NARROW, OPERATOR, READER, get, guard, join, start
from raw import RawSocket
from waiting import eventually


@pytest.fixture
def guarded(make_daemon: Callable[..., Daemon], tmp_path: Path) -> Daemon:
    """A daemon that shows nothing without a token: pipelines `docs` and `notes`."""
    return guard(make_daemon, tmp_path, "docs", "notes")


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


def test_a_pipeline_that_is_called_as_a_type_shows_no_other(
    make_daemon: Callable[..., Daemon], tmp_path: Path
) -> None:
    assert heard(start(guard(make_daemon, tmp_path, "docs", "local_files"))) == {"local_files"}


def test_who_comes_back_with_another_token_hears_what_that_one_covers(
    guarded: Daemon, raw: Callable[..., RawSocket]
) -> None:
    start(guarded)
    lost = raw(guarded, "/pipeline", auth={"token": READER})
    lost.wait_for("status:update")
    claim = {"pid": lost.pid, "offset": lost.offset}
    lost.drop()
    back = raw(guarded, "/pipeline", auth={"token": NARROW, **claim})
    back.wait_for("pipeline:status")
    assert back.sid != lost.sid and {event.payload["pipeline_id"] for event in back.events()} == {"notes"}


def test_who_comes_back_after_its_token_was_narrowed_hears_no_more(
    guarded: Daemon, raw: Callable[..., RawSocket]
) -> None:
    start(guarded)
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
