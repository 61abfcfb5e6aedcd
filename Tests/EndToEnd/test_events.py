"""Every event, by every way of connecting, against the contract."""

from collections.abc import Callable
from pathlib import Path

import contract
import documents
import pytest
from daemon import Daemon
from recorder import Event, Recorder
from waiting import eventually

MODES = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}
NAMESPACES = ["/pipeline", "/local_files"]


@pytest.mark.parametrize("mode", MODES)
def test_every_event_keeps_the_contract(
    mode: str, shared: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    client = connect(shared, *NAMESPACES, transports=MODES[mode])
    assert client.transport == ("polling" if mode == "polling" else "websocket")
    folder = shared.folder("docs") / f"events-{mode}"

    folder.mkdir()
    (folder / "plain.txt").write_text(documents.note("every event"))
    (folder / "broken.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    (folder / "guide.txt").write_bytes((corpus / "text/apt-guide.txt").read_bytes())
    completed = client.wait_for_completion(f"events-{mode}/plain.txt")
    client.wait_for_completion(f"events-{mode}/guide.txt")
    failed = client.wait_for_failure(f"events-{mode}/broken.pdf")
    (folder / "plain.txt").unlink()
    (folder / "broken.pdf").unlink()
    for namespace in NAMESPACES:
        for file in (completed.file, failed.file):
            client.wait_for("file:removed", lambda event: event.file == file and event.namespace == namespace)
        client.wait_for("heartbeat", lambda event: event.namespace == namespace)

    for event in client.events():
        contract.check_event(event)
    for namespace in NAMESPACES:
        contract.check_order(client.events(namespace=namespace))
    seen = {event.name for event in client.events()}
    assert seen >= {"pipeline:status", "file:processing", "file:progress", "file:completed", "file:failed"}


def test_estimate_comes_from_what_files_of_the_type_took(daemon: Daemon, connect: Callable[..., Recorder]) -> None:
    daemon.start()
    client = connect(daemon)

    def estimate(name: str, text: str) -> float | None:
        (daemon.folder() / name).write_text(text)
        file = client.wait_for_completion(name).file
        return client.events("file:processing", file=file)[0].payload["estimated_duration"]

    long = "\n\n".join(documents.note(f"estimate {number}", documents.rare_word()) for number in range(60))
    assert estimate("first.txt", long) is None, "nothing is known yet"
    took = client.events("file:completed")[0].payload["results"]["processing_duration"]
    assert estimate("second.txt", long.upper()) == pytest.approx(took, rel=0.05, abs=0.002)
    assert estimate("page.html", f"<html><body><p>{documents.note('pages')}</p></body></html>") is None, "another type"
    assert daemon.stop() == 0

    # What the ledger remembers is known after a restart.
    daemon.start()
    client = connect(daemon)
    assert estimate("third.txt", documents.note("little", documents.rare_word())) > 0
    assert client.events("file:processing")[-1].payload["estimated_duration"] < took


def test_progress_of_a_long_file_comes_from_work_done(
    shared: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    client = connect(shared)
    (shared.folder("docs") / "progress.pdf").write_bytes((corpus / "pdf/debian-faq.pdf").read_bytes())
    end = client.wait_for_completion("progress.pdf")

    steps = client.events("file:progress", file=end.file)
    embedding = {step.payload["progress"] for step in steps if step.payload["processing_stage"] == "embedding"}
    assert len(embedding) >= 3, f"the bar of a long file must move: {embedding}"
    stages = list(dict.fromkeys(step.payload["processing_stage"] for step in steps))
    assert stages == contract.STAGES
    results = end.payload["results"]
    assert results["chunks_created"] == results["embeddings_generated"] + results["embeddings_reused"]
    assert results["content_length"] > 100_000


def test_both_namespaces_tell_the_same_story(
    shared: Daemon, connect: Callable[..., Recorder]
) -> None:
    client = connect(shared, *NAMESPACES)
    (shared.folder("notes") / "story.txt").write_text(documents.note("two namespaces"))
    file = client.wait_for_completion("story.txt").file

    def stories() -> list[list[Event]]:
        return [client.events(namespace=namespace, file=file) for namespace in NAMESPACES]

    eventually(lambda: all(story and story[-1].name == "file:completed" for story in stories()), "both have the end")
    whole, local = ([(event.name, event.payload) for event in story] for story in stories())
    assert whole == local


def test_the_snapshot_comes_first_one_for_each_pipeline(
    shared: Daemon, connect: Callable[..., Recorder]
) -> None:
    client = connect(shared, *NAMESPACES, "/google_drive", "/")
    for namespace in NAMESPACES:
        client.wait_for("heartbeat", lambda event: event.namespace == namespace)
        first = client.events(namespace=namespace)[:2]
        assert [event.name for event in first] == ["pipeline:status"] * 2
        assert [event.payload["pipeline_id"] for event in first] == ["docs", "notes"]
        later = client.events("pipeline:status", namespace=namespace)[2:]
        assert not later, "a snapshot is sent once"
    for silent in ("/google_drive", "/"):
        assert client.events(namespace=silent) == []


def test_files_are_told_apart_by_id_not_by_name(shared: Daemon, connect: Callable[..., Recorder]) -> None:
    client = connect(shared)
    paths = ["twins/one/README.md", "twins/two/README.md"]
    for path in paths:
        file = shared.folder("docs") / path
        file.parent.mkdir(parents=True)
        file.write_text(documents.note(path))
    ends = [client.wait_for_completion(path) for path in paths]
    assert {end.payload["file"]["name"] for end in ends} == {"README.md"}
    assert ends[0].file != ends[1].file
