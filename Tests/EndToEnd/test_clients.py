"""What clients may say, and what they are answered."""

import time
from collections.abc import Callable
from typing import Any

import documents
import pytest
import socketio
from daemon import Daemon
from recorder import Recorder
from waiting import eventually

Connect = Callable[..., Recorder]


def completes(daemon: Daemon, pipeline: str, name: str, witness: Recorder) -> str:
    """Adds a file and waits until another client has seen it complete; returns its id."""
    (daemon.folder(pipeline) / name).write_text(documents.note(name))
    return witness.wait_for_completion(name).file


@pytest.mark.parametrize("transports", [["polling"], ["websocket"]])
def test_subscribed_client_gets_only_what_it_asked_for(
    transports: list[str], shared: Daemon, connect: Connect
) -> None:
    mark = transports[0]
    witness, client = connect(shared, "/pipeline"), connect(shared, "/pipeline", transports=transports)
    answer = client.call("subscribe", {"pipeline_id": "notes"}, "/pipeline")
    assert answer["ok"] is True and "pipeline:notes" in answer["rooms"], answer
    client.clear()
    other = completes(shared, "docs", f"not-subscribed-{mark}.txt", witness)
    wanted = completes(shared, "notes", f"subscribed-{mark}.txt", witness)
    client.wait_for("file:completed", lambda event: event.file == wanted)
    assert client.events(file=other) == []
    assert {event.payload["pipeline_id"] for event in client.events()} == {"notes"}

    answer = client.call("unsubscribe", {"pipeline_id": "notes"}, "/pipeline")
    assert answer["ok"] is True, answer
    client.clear()
    completes(shared, "notes", f"unsubscribed-{mark}.txt", witness)
    client.call("ping", None, "/pipeline")
    assert client.events() == [], "after its first 'subscribe' a client gets only what it is subscribed to"


def test_subscription_by_type_covers_all_its_pipelines(shared: Daemon, connect: Connect) -> None:
    witness, client = connect(shared, "/pipeline"), connect(shared, "/pipeline")
    answer = client.call("subscribe", {"pipeline_type": "local_files"}, "/pipeline")
    assert answer["ok"] is True and "pipeline:local_files" in answer["rooms"], answer
    for pipeline in ("docs", "notes"):
        file = completes(shared, pipeline, f"by-type-{pipeline}.txt", witness)
        client.wait_for("file:completed", lambda event: event.file == file)


def test_two_subscriptions_that_overlap_deliver_once(shared: Daemon, connect: Connect) -> None:
    client = connect(shared, "/pipeline")
    client.call("subscribe", {"pipeline_type": "local_files"}, "/pipeline")
    client.call("subscribe", {"pipeline_id": "docs"}, "/pipeline")
    file = completes(shared, "docs", "overlap.txt", client)
    client.call("ping", None, "/pipeline")
    assert len(client.events("file:completed", file=file)) == 1


@pytest.mark.parametrize(
    "event, payload",
    [
        ("subscribe", {"pipeline_id": "nowhere"}),
        ("unsubscribe", {"pipeline_id": "nowhere"}),
        ("subscribe", {"pipeline_type": "carrier_pigeon"}),
        ("subscribe", {}),
        ("subscribe", {"pipeline_id": 7}),
        ("subscribe", ["docs"]),
        ("subscribe", None),
        ("client:status", {"client_id": "a", "status": "asleep", "timestamp": "2026-11-22T18:00:14.420Z"}),
        ("client:status", "active"),
        ("file:completed", {"pipeline_id": "docs"}),
        ("no such event", {"any": "thing"}),
        ("subscribe", {"pipeline_id": "docs\0"}),
    ],
)
def test_nonsense_is_refused_with_a_reason(event: str, payload: Any, shared: Daemon, connect: Connect) -> None:
    client = connect(shared)
    answer = client.call(event, payload)
    assert answer["ok"] is False and isinstance(answer["error"], str) and answer["error"], answer
    assert client.call("ping") > 0, "the connection survives"


def test_nonsense_without_acknowledgement_is_ignored(shared: Daemon, connect: Connect) -> None:
    client = connect(shared)
    client.client.emit("subscribe", {"pipeline_id": "nowhere"}, namespace="/local_files")
    client.client.emit("no such event", (1, b"\0\xff", {"deep": [[[]]]}), namespace="/local_files")
    file = completes(shared, "docs", "after-nonsense.txt", client)
    assert file, "a refused 'subscribe' filters nothing"


@pytest.mark.parametrize("namespace", ["/", "/pipeline", "/local_files", "/google_drive"])
@pytest.mark.parametrize("transports", [["polling"], ["websocket"]])
def test_ping_is_answered_with_the_time(
    transports: list[str], namespace: str, shared: Daemon, connect: Connect
) -> None:
    client = connect(shared, namespace, transports=transports)
    for payload in (1_700_000_000_000, "now", None, {"at": [1.5]}):
        answer = client.call("ping", payload, namespace)
        assert isinstance(answer, int) and abs(answer / 1000 - time.time()) < 30, answer


@pytest.mark.parametrize("status", ["active", "idle", "background"])
def test_client_status_is_acknowledged(status: str, shared: Daemon, connect: Connect) -> None:
    report = {"client_id": "e2e", "status": status, "timestamp": "2026-11-22T18:00:14.420Z"}
    assert connect(shared).call("client:status", report) == {"ok": True}


@pytest.mark.parametrize("transports", [["polling"], ["websocket"]])
def test_unknown_namespace_is_refused(transports: list[str], shared: Daemon) -> None:
    client = socketio.Client(reconnection=False, handle_sigint=False)
    refusals: list[Any] = []
    client.on("connect_error", refusals.append, namespace="/nonsense")
    with pytest.raises(socketio.exceptions.ConnectionError, match="/nonsense"):
        client.connect(shared.url, namespaces=["/nonsense"], transports=transports, wait_timeout=30)
    assert refusals and refusals[0]["message"], refusals


def test_heartbeats_come_at_their_interval_and_count(shared: Daemon, connect: Connect) -> None:
    client = connect(shared)

    def beats() -> list[dict[str, Any]]:
        return [event.payload for event in client.events("heartbeat") if event.payload["pipeline_id"] == "docs"]

    eventually(lambda: len(beats()) >= 3, "three heartbeats")
    uptimes = [beat["uptime"] for beat in beats()]
    assert uptimes == sorted(set(uptimes))
    assert 1.0 < uptimes[2] - uptimes[0] < 10.0, "configured to one a second"
    assert beats()[-1]["memory_usage"] > 5_000_000


def test_connected_clients_are_counted(daemon: Daemon, connect: Connect) -> None:
    daemon.start()
    clients = [connect(daemon, transports=[transport]) for transport in ("polling", "websocket")]
    assert daemon.get("/health").json()["connected_clients"] == 2
    for client in clients:
        client.disconnect()
    eventually(lambda: daemon.get("/health").json()["connected_clients"] == 0, "clients that left are gone")
