"""Vectors from a service: indexing, outages, refused keys, and the change from one model to another."""

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import documents
import pytest
from daemon import CORPUSD, Daemon
from embedding import EmbeddingService
from waiting import eventually

KEY = "sk-kept-to-itself-0123456789"
QUICK = {"max_attempts": 2, "first_delay": "200ms", "max_delay": "1s"}


@pytest.fixture
def service() -> Iterator[EmbeddingService]:
    service = EmbeddingService()
    yield service
    service.stop()


def daemon_of(make_daemon, service: EmbeddingService, **more: object) -> Daemon:
    daemon = make_daemon(retry=QUICK)
    daemon.config["embedding"] = service.configuration(**more)
    return daemon


def write_notes(daemon: Daemon, count: int, start: int = 0) -> list[str]:
    """Files with a rare word each; returns the words."""
    words = [documents.rare_word() for _ in range(count)]
    for number, word in enumerate(words, start):
        (daemon.folder() / f"{number}.txt").write_text(documents.note(f"thing {number}", word))
    return words


def files(daemon: Daemon, **parameters: object) -> list[dict]:
    return daemon.get("/api/files", **parameters).json()["files"]


def everything_written(daemon: Daemon) -> bytes:
    """All bytes that the daemon left: its log, its database with what is beside it."""
    return b"".join(path.read_bytes() for path in [daemon.log_path, *daemon.database.parent.iterdir()])


def test_folder_is_indexed_by_a_service_and_the_key_stays_secret(make_daemon, service, tmp_path: Path) -> None:
    service.key = KEY
    key_file = tmp_path / "embedding.key"
    key_file.write_text("sk-an-old-one\n")
    daemon = daemon_of(make_daemon, service, api_key_file=str(key_file))
    daemon.config["log"] = {"level": "trace"}
    words = write_notes(daemon, 3)
    daemon.start()

    status = eventually(
        lambda: [s for s in [daemon.status()] if s["status"] == "error" and "API key" in json.dumps(s)],
        "a refused key is the trouble of the pipeline",
    )[0]
    assert "401" in json.dumps(status)
    failed = eventually(lambda: files(daemon, state="retrying"), "documents wait")
    assert failed[0]["error"]["type"] == "CredentialsRefused" and failed[0]["error"]["attempt"] == 0
    assert failed[0]["error"]["retryable"] and failed[0]["error"]["next_attempt_at"]
    assert daemon.get("/health").json()["status"] == "degraded"
    texts = [json.dumps(daemon.get(path).json()) for path in ["/status", "/api/files", "/api/events", "/api/pipelines"]]
    texts += [daemon.get("/metrics").text, daemon.run("files", "--json").stdout, daemon.run("status").stdout]

    key_file.write_text(KEY + "\n")
    daemon.wait_until_idle(3)
    assert daemon.status()["status"] == "online"
    for number, word in enumerate(words):
        assert daemon.paths_with(word) == [f"{number}.txt"]
    check = daemon.run("check")
    assert check.returncode == 0, check.stderr
    texts += [check.stdout, check.stderr, json.dumps(daemon.status()), json.dumps(daemon.get("/api/events").json())]
    assert daemon.stop() == 0
    written = everything_written(daemon) + "".join(texts).encode()
    assert b"sk-an-old-one" not in written and KEY.encode() not in written


def test_the_key_can_be_a_credential_of_systemd(make_daemon, service, tmp_path: Path) -> None:
    """As with `LoadCredential=`: a folder that is the service's alone, named in its environment."""
    service.key = KEY
    folder = tmp_path / "credentials"
    folder.mkdir(0o700)
    (folder / "embedding-key").write_text(KEY + "\n")
    daemon = daemon_of(make_daemon, service, api_key_credential="embedding-key")
    word, = write_notes(daemon, 1)
    daemon.start(environment={"CREDENTIALS_DIRECTORY": str(folder)}).wait_until_idle(1)
    assert daemon.paths_with(word) == ["0.txt"]
    assert KEY.encode() not in everything_written(daemon)


def test_outage_loses_nothing_and_counts_against_no_document(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    first = write_notes(daemon, 1)
    daemon.start().wait_until_idle(1)

    service.stop()
    later = write_notes(daemon, 4, start=1)
    eventually(lambda: len(files(daemon, state="retrying")) >= 2, "documents wait for the service")
    eventually(lambda: daemon.status()["status"] == "error", "the pipeline says so")
    assert all(f["error"]["attempt"] == 0 and f["error"]["stage"] == "embedding" for f in files(daemon, state="retrying"))
    assert daemon.paths_with(first[0]) == ["0.txt"], "a search goes by words alone"
    assert daemon.get("/api/search", q=first[0]).json()["words_only"] is True
    assert daemon.run("search", first[0]).stdout.startswith("By words alone"), "the command tells so, too"
    (daemon.folder() / "0.txt").unlink()
    eventually(lambda: daemon.status()["total_removed"] == 1, "a deletion takes effect meanwhile")

    service.start()
    daemon.wait_until_idle(4)
    assert files(daemon, state="failed") == [] and daemon.status()["status"] == "online"
    for number, word in enumerate(later, 1):
        assert daemon.paths_with(word) == [f"{number}.txt"]
    assert daemon.get("/api/search", q=later[0]).json()["words_only"] is False
    assert "By words alone" not in daemon.run("search", later[0]).stdout


def test_long_outage_is_not_hammered_and_ends_by_itself(make_daemon, service) -> None:
    """Short beside an hour, long beside all pauses between attempts: everything that counts them runs out."""
    asked: list[float] = []

    def refuse(_: dict) -> tuple[int, dict[str, str]]:
        asked.append(time.monotonic())
        return 503, {}

    daemon = daemon_of(make_daemon, service, concurrency=1)
    service.fault = refuse
    words = write_notes(daemon, 40)
    daemon.start(ready=False)
    eventually(lambda: len(asked) >= 5, "it was asked again and again")
    waiting = files(daemon, state="retrying")
    assert waiting and {f["error"]["attempt"] for f in waiting} == {0} and not files(daemon, state="failed")
    assert len(daemon.log()) < 100_000
    # One request at a time for all documents, after pauses of half a second, one, two and four at least.
    pauses = [later - earlier for earlier, later in zip(asked, asked[1:])]
    assert all(pause > 0.45 * 2**number for number, pause in enumerate(pauses)), pauses

    # A restart forgets nothing, and begins with one request.
    assert daemon.stop() == 0
    asked.clear()
    daemon.start(ready=False)
    eventually(lambda: len(asked) >= 2, "it is asked again")
    service.fault = lambda _: None
    daemon.wait_until_idle(len(words))
    assert files(daemon, state="failed") == [] and daemon.status()["status"] == "online"
    for number, word in list(enumerate(words))[::13]:
        assert daemon.paths_with(word) == [f"{number}.txt"]


def test_refused_text_fails_its_document_alone(make_daemon, service) -> None:
    poison = documents.rare_word()
    service.fault = lambda request: (400, {}) if any(poison in text for text in request["input"]) else None
    daemon = daemon_of(make_daemon, service)
    words = write_notes(daemon, 3)
    (daemon.folder() / "poison.txt").write_text(documents.note("trouble", poison))
    daemon.start().wait_until_idle(3)
    failed = eventually(lambda: files(daemon, state="failed"), "the document failed")
    assert [f["path"] for f in failed] == ["poison.txt"]
    assert failed[0]["error"]["attempt"] == 1 and failed[0]["error"]["type"] == "EmbeddingRejected"
    assert poison not in failed[0]["error"]["message"] and poison not in daemon.log()
    assert daemon.status()["status"] == "online" and daemon.paths_with(words[0]) == ["0.txt"]


def test_busy_service_is_given_time(make_daemon, service) -> None:
    answers = iter([(429, {"Retry-After": "1"}), (503, {}), (500, {})])
    service.fault = lambda _: next(answers, None)
    daemon = daemon_of(make_daemon, service, patience="60s")
    write_notes(daemon, 2)
    daemon.start().wait_until_idle(2)
    assert daemon.status()["total_failed"] == 0


def test_same_text_is_asked_for_once(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    for number in range(8):
        (daemon.folder() / f"{number}.txt").write_text("The very same passage.\n")
    daemon.start().wait_until_idle(8)
    assert service.texts == ["The very same passage."]
    results = [f["results"] for f in files(daemon)]
    assert sum(r["embeddings_generated"] for r in results) == 1
    assert sum(r["embeddings_reused"] for r in results) == 7


def test_characters_are_accepted(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    daemon.config["chunking"] = {"chunk_size": 200, "chunk_overlap": 20}
    (daemon.folder() / "a.txt").write_text(" ".join(f"Sentence number {n} is here." for n in range(100)))
    daemon.start().wait_until_idle(1)
    assert len(service.texts) > 10
    assert all(len(text) <= 200 for text in service.texts) and max(map(len, service.texts)) > 150


def test_other_model_is_refused_and_made_while_the_old_one_serves(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    words = write_notes(daemon, 5)
    daemon.start().wait_until_idle(5)

    other = EmbeddingService(dimensions=48)
    try:
        daemon.config["embedding"] = other.configuration("more-words")
        refused = daemon.run("check")
        assert refused.returncode == 65 and "corpusd reembed" in refused.stderr
        assert "'openai/words' (32 dimensions)" in refused.stderr and "'openai/more-words'" in refused.stderr

        # Killed in the middle: what was made stays.
        daemon.config["embedding"] |= {"batch_inputs": 1, "concurrency": 1}
        killed = subprocess.Popen(
            [CORPUSD, "reembed", "--config", daemon.write_config()], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        eventually(lambda: len(other.requests) >= 2, "it has begun")
        killed.kill()
        killed.communicate()
        made = len(other.texts)
        assert daemon.paths_with(words[0]) == ["0.txt"], "a search goes on"

        result = daemon.run("reembed", "--json")
        assert result.returncode == 0, result.stderr
        outcome = json.loads(result.stdout)
        assert outcome["state"] == "ready" and outcome["model"] == "openai/more-words" and outcome["passages"] == 5
        assert outcome["embedded"] <= 5 and len(other.texts) <= made + 5
        assert daemon.run("check").returncode == 0, "the next start can use it"

        # The running daemon stores one more by the old model.
        words += write_notes(daemon, 1, start=5)
        daemon.wait_until_idle(6)
        assert daemon.stop() == 0
        daemon.start().wait_until_idle(6)
        for number, word in enumerate(words):
            assert daemon.paths_with(word) == [f"{number}.txt"]
        assert daemon.stop() == 0
    finally:
        other.stop()
    with sqlite3.connect(daemon.database) as database:
        assert database.execute("SELECT name, dimensions FROM embedding_model").fetchall() == [("more-words", 48)]
        assert database.execute("SELECT DISTINCT length(embedding) FROM documents").fetchall() == [(192,)]
    assert not list(daemon.database.parent.glob("*.reembed"))


def test_prefixes_stand_before_every_text_and_belong_to_the_model(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service, passage_prefix="passage: ", query_prefix="query: ")
    (word,) = write_notes(daemon, 1)
    daemon.start().wait_until_idle(1)
    assert daemon.paths_with(word) == ["0.txt"]
    passage, question = service.texts
    assert passage.startswith("passage: A note about") and question == f"query: {word}"
    assert daemon.stop() == 0

    # Questions may change, passages only with new vectors.
    daemon.config["embedding"]["query_prefix"] = "question: "
    assert daemon.run("check").returncode == 0
    daemon.config["embedding"]["passage_prefix"] = "text: "
    refused = daemon.run("check")
    assert refused.returncode == 65 and "corpusd reembed" in refused.stderr
    assert "passages behind 'passage: '" in refused.stderr and "passages behind 'text: '" in refused.stderr
    assert json.loads(daemon.run("reembed", "--json").stdout)["state"] == "switched"
    assert service.texts[-1] == passage.replace("passage: ", "text: ")
    daemon.start().wait_until_idle(1)
    assert daemon.paths_with(word) == ["0.txt"] and service.texts[-1] == f"question: {word}"


def test_without_a_daemon_the_change_is_made_at_once(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    words = write_notes(daemon, 2)
    daemon.start().wait_until_idle(2)
    assert daemon.stop() == 0
    daemon.config["embedding"]["revision"] = "2"
    assert daemon.run("reembed").stdout.startswith("nothing to do"), "any revision may be the one that is not known"
    daemon.config["embedding"]["model"] = "renamed"
    daemon.start(ready=False)
    assert daemon.wait_for_exit() == 65 and "corpusd reembed" in daemon.log()
    outcome = json.loads(daemon.run("reembed", "--json").stdout)
    assert outcome["state"] == "switched" and outcome["embedded"] == 2
    assert json.loads(daemon.run("reembed", "--json").stdout)["state"] == "current"
    daemon.start().wait_until_idle(2)
    assert daemon.paths_with(words[1]) == ["1.txt"]


def test_passage_too_long_for_the_new_model_is_known_by_its_beginning(make_daemon, service) -> None:
    daemon = daemon_of(make_daemon, service)
    words = write_notes(daemon, 3)
    (daemon.folder() / "long.txt").write_text("Some lines about gondolas. " * 12 + "The end is zephyr.")
    daemon.start().wait_until_idle(4)
    assert daemon.stop() == 0
    taken = len(service.texts)
    service.fault = lambda request: (400, {}) if any(len(text) > 250 for text in request["input"]) else None
    daemon.config["embedding"]["model"] = "shorter-words"
    result = daemon.run("reembed", "--json")
    assert result.returncode == 0 and json.loads(result.stdout)["state"] == "switched", result.stderr
    assert any(text.startswith("Some lines about") and len(text) <= 250 for text in service.texts[taken:])
    daemon.start().wait_until_idle(4)
    assert daemon.paths_with("gondolas") == ["long.txt"] and daemon.paths_with("zephyr") == ["long.txt"]
    assert daemon.paths_with(words[2]) == ["2.txt"]


def test_pass_that_is_refused_a_key_asks_for_a_person(make_daemon, service, tmp_path: Path) -> None:
    service.key = "right"
    (tmp_path / "key").write_text("wrong-and-long-enough\n")
    daemon = daemon_of(make_daemon, service, api_key_file=str(tmp_path / "key"))
    write_notes(daemon, 1)
    result = daemon.run("scan", "--once")
    assert result.returncode == 3, (result.stdout, result.stderr)
    assert "API key" in result.stdout + result.stderr and "wrong-and-long" not in result.stdout + result.stderr
