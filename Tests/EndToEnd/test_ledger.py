"""What the ledger says of files that failed, and how people and programs work on it."""

import json
from pathlib import Path

import database
import documents
import pytest
import requests
from daemon import Daemon
from waiting import eventually

QUICK = {"max_attempts": 3, "first_delay": "200ms", "max_delay": "1s"}


@pytest.fixture
def retrying(make_daemon) -> Daemon:
    return make_daemon(retry=QUICK)


def files(daemon: Daemon, **parameters: object) -> list[dict]:
    response = daemon.get("/api/files", **parameters)
    assert response.status_code == 200, response.text
    return response.json()["files"]


def listed(daemon: Daemon, *arguments: str) -> list[dict]:
    """The same, as `corpusd files` tells it."""
    result = daemon.run("files", "--json", *arguments)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def only(daemon: Daemon, state: str) -> dict:
    found = files(daemon, state=state)
    assert len(found) == 1, found
    return found[0]


def test_stored_file_tells_what_became_of_it(daemon: Daemon) -> None:
    (daemon.folder() / "note.txt").write_text(documents.note("ledgers"))
    daemon.start().wait_until_idle(1)
    entry = only(daemon, "stored")
    assert entry["path"] == "note.txt" and len(entry["content_hash"]) == 64 and entry["error"] is None
    assert set(entry["stage_durations"]) == {"extraction", "chunking", "embedding", "storing"}
    assert all(seconds >= 0 for seconds in entry["stage_durations"].values())
    assert sum(entry["stage_durations"].values()) == pytest.approx(entry["results"]["processing_duration"], abs=0.05)
    assert listed(daemon) == [entry]
    assert daemon.stop() == 0
    assert listed(daemon) == [entry], "without a daemon the database tells the same"


def test_every_failed_file_is_counted(daemon: Daemon) -> None:
    """Also those that the status has no room to show, and after a restart."""
    count = 8

    def counts() -> tuple[int, int, int]:
        status = daemon.status()
        return status["failed_files"], status["retrying_files"], len(status["files_failed"])

    for number in range(count):
        (daemon.folder() / f"{number}.pdf").write_bytes(b"%PDF-1.7 and nothing else " + str(number).encode())
    daemon.start()
    eventually(lambda: counts() == (count, 0, 5), "all are counted")
    assert daemon.stop() == 0
    daemon.start()
    eventually(lambda: counts() == (count, 0, 5), "all are counted again")
    lines = daemon.get("/metrics").text.splitlines()
    labels = 'pipeline_id="docs",pipeline_type="local_files"'
    assert f"corpusd_documents_dead_letters{{{labels}}} {count}" in lines
    assert f"corpusd_documents_retrying{{{labels}}} 0" in lines
    # A paused pipeline keeps them waiting for the attempt that somebody asks for.
    assert daemon.post("/api/pipelines/docs/pause").status_code == 202
    assert daemon.post("/api/files/retry").json()["retried"] == count
    eventually(lambda: counts()[:2] == (0, count), "a new start is told of at once")
    assert daemon.post("/api/pipelines/docs/resume").status_code == 202
    eventually(lambda: counts()[:2] == (count, 0), "they fail again")
    (daemon.folder() / "0.pdf").unlink()
    eventually(lambda: counts()[:2] == (count - 1, 0), "one is gone")
    database.check(daemon.database)


def test_time_that_storing_takes_is_part_of_what_a_file_took(daemon: Daemon) -> None:
    (daemon.folder() / "rows.csv").write_text("number,word\n" + "".join(f"{row},w{row}\n" for row in range(50_000)))
    daemon.start().wait_until_idle(1)
    entry = only(daemon, "stored")
    stages, took = entry["stage_durations"], entry["results"]["processing_duration"]
    # No disk and no processor writes so many rows in less.
    assert stages["storing"] > 0.02
    assert sum(stages.values()) == pytest.approx(took, abs=0.005)
    history = daemon.get(f"/api/files/{entry['id']}").json()["history"]
    assert history[0]["processing_duration"] == took


def test_failure_that_cannot_heal_waits_for_a_person(retrying: Daemon, corpus: Path) -> None:
    target = retrying.folder() / "locked.pdf"
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", target)
    retrying.start()
    entry = eventually(lambda: only(retrying, "failed"), "the file is a dead letter")
    assert entry["error"]["attempt"] == 1 and entry["error"]["retryable"] is False
    assert entry["error"]["next_attempt_at"] is None and entry["error"]["stage"] == "extraction"

    result = retrying.run("retry", "locked.pdf")
    assert (result.returncode, result.stdout) == (0, "1 file to be tried again\n"), result
    again = eventually(
        lambda: [e for e in files(retrying, state="failed") if e["updated_at"] > entry["updated_at"]],
        "it was tried and failed again",
    )
    assert again[0]["error"]["attempt"] == 1, "the count begins anew"


def test_retry_tries_what_failed_of_several_files_of_a_name(make_daemon) -> None:
    daemon = make_daemon(["docs", "notes"], retry=QUICK)
    for pipeline, content in [("docs", documents.note("what is well").encode()), ("notes", b"%PDF-1.7 and nothing")]:
        (daemon.folder(pipeline) / "same.pdf").write_bytes(content)
    daemon.start().wait_until_idle(1, "docs")
    eventually(lambda: only(daemon, "failed")["pipeline_id"] == "notes", "the one of the two has failed")
    failed = str(daemon.folder("notes") / "same.pdf")

    for name, problem in [("same.pdf", "'same.pdf' has not failed"), (failed, f"no file '{failed}'")]:
        result = daemon.run("retry", name, "--pipeline", "docs")
        assert result.returncode == 1 and problem in result.stderr, result
    for name in ["same.pdf", failed]:
        eventually(lambda: only(daemon, "failed"), "it is a dead letter")
        result = daemon.run("retry", name)
        assert (result.returncode, result.stdout) == (0, "1 file to be tried again\n"), result


@pytest.mark.parametrize("argument", ["id", "path", "absolute"])
def test_retry_finds_a_file_by_any_of_its_names(argument: str, retrying: Daemon, corpus: Path) -> None:
    target = retrying.folder() / "locked.pdf"
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", target)
    retrying.start()
    entry = eventually(lambda: only(retrying, "failed"), "the file is a dead letter")
    assert retrying.stop() == 0
    name = {"id": entry["id"], "path": "locked.pdf", "absolute": str(target)}[argument]
    assert retrying.run("retry", name).returncode == 0
    assert listed(retrying, "--failed") == []
    assert [e["path"] for e in listed(retrying, "--state", "retrying")] == ["locked.pdf"]

    # The next start makes the attempt.
    retrying.start()
    eventually(lambda: only(retrying, "failed"), "it was tried and failed again")


def test_all_dead_letters_are_tried_together(retrying: Daemon, corpus: Path) -> None:
    for name in ["a.pdf", "b.pdf"]:
        documents.encrypt_pdf(corpus / "pdf/fhs.pdf", retrying.folder() / name)
    retrying.start()
    eventually(lambda: len(files(retrying, state="failed")) == 2, "both are dead letters")
    result = retrying.run("retry", "--failed", "--json")
    assert (result.returncode, json.loads(result.stdout)) == (0, {"retried": 2}), result
    database.check(retrying.database)


def test_retry_of_what_has_not_failed_is_refused(daemon: Daemon) -> None:
    (daemon.folder() / "note.txt").write_text(documents.note("ledgers"))
    daemon.start().wait_until_idle(1)
    result = daemon.run("retry", "note.txt")
    assert result.returncode == 1 and len(result.stderr.splitlines()) == 1, result
    result = daemon.run("retry", "nothing.txt")
    assert result.returncode == 1 and "no file 'nothing.txt'" in result.stderr, result
    entry = only(daemon, "stored")
    assert daemon.post(f"/api/files/{entry['id']}/retry").status_code == 409
    assert daemon.post("/api/files/none/retry").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Cookie": "token=x"}],
    ids=lambda headers: " ".join(headers.values()) or "nothing",
)
def test_post_without_a_token_is_refused(headers: dict[str, str], shared: Daemon) -> None:
    answer = requests.post(f"{shared.url}/api/files/retry", headers=headers, timeout=30)
    assert answer.status_code in (401, 403)


def test_post_with_the_local_token_is_served(shared: Daemon) -> None:
    answer = shared.post("/api/files/retry")
    assert answer.status_code == 200 and answer.json()["retried"] == 0, answer.text


@pytest.mark.parametrize("query", ["state=dead", "cursor=x", "cursor=-1", "limit=0", "limit=1001"])
def test_wrong_parameters_are_refused(query: str, shared: Daemon) -> None:
    answer = shared.get(f"/api/files?{query}")
    assert answer.status_code == 400 and answer.json()["detail"], answer.text


def test_pages_together_list_every_file_once(daemon: Daemon) -> None:
    for index in range(25):
        (daemon.folder() / f"{index}.txt").write_text(documents.note(f"page {index}"))
    daemon.start().wait_until_idle(25)
    seen, cursor = [], None
    while True:
        page = daemon.get("/api/files", limit=10, **({"cursor": cursor} if cursor else {})).json()
        seen += [entry["path"] for entry in page["files"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(f"{index}.txt" for index in range(25))
    assert [entry["path"] for entry in files(daemon, q="24")] == ["24.txt"]
