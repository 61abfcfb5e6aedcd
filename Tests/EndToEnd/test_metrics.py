"""`GET /metrics`: what Prometheus is told."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import documents
from daemon import REPOSITORY, Daemon
from prometheus_client.parser import text_string_to_metric_families
from recorder import Recorder
from waiting import eventually

PROMTOOL = os.environ.get("CORPUSD_PROMTOOL", REPOSITORY / ".build-test/promtool/promtool")
NAMESPACES = ["/local_files", "/pipeline"]

Connect = Callable[..., Recorder]


class Metrics:
    """What `/metrics` said at one moment, as the Prometheus client reads it."""

    def __init__(self, daemon: Daemon) -> None:
        response = daemon.get("/metrics")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.families = list(text_string_to_metric_families(response.text))

    def __call__(self, name: str, **labels: str) -> float:
        """The value of the one sample of that name with exactly these labels."""
        found = [
            sample.value
            for family in self.families
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ]
        assert len(found) == 1, f"{name} {labels}: {found}"
        return found[0]

    def series(self) -> set[tuple[str, str]]:
        """Every time series there is."""
        return {
            (sample.name, repr(sorted(sample.labels.items())))
            for family in self.families
            for sample in family.samples
        }


def test_every_metric_has_a_type_and_a_help(shared: Daemon) -> None:
    families = Metrics(shared).families
    assert len(families) > 20
    for family in families:
        assert family.type in ("counter", "gauge"), family
        assert family.documentation.endswith("."), family


def test_clients_are_counted_by_transport(daemon: Daemon, connect: Connect) -> None:
    daemon.start()
    clients = [connect(daemon, transports=[transport]) for transport in ("polling", "websocket")]
    metrics = Metrics(daemon)
    for transport in ("polling", "websocket"):
        assert metrics("corpusd_socketio_connections", transport=transport) == 1
    assert metrics("corpusd_socketio_connections_opened_total") == 2
    assert metrics("corpusd_socketio_sockets", namespace="/local_files") == 2
    assert metrics("corpusd_events_emitted_total", event="pipeline:status") == 2
    for direction in ("received", "sent"):
        assert metrics(f"corpusd_socketio_{direction}_packets_total") >= 2
        assert metrics(f"corpusd_socketio_{direction}_bytes_total") >= 20
    for client in clients:
        client.disconnect()

    def all_gone() -> bool:
        metrics = Metrics(daemon)
        closed = sum(
            sample.value
            for family in metrics.families
            for sample in family.samples
            if sample.name == "corpusd_socketio_connections_closed_total"
        )
        return closed == 2 and metrics("corpusd_socketio_sockets", namespace="/local_files") == 0

    eventually(all_gone, "clients that left are counted as gone")


def test_documents_are_counted_by_pipeline(make_daemon: Callable[..., Daemon]) -> None:
    daemon = make_daemon(["docs", "notes"]).start()
    for name in ("one.txt", "two.txt"):
        (daemon.folder("docs") / name).write_text(documents.note(name))
    (daemon.folder("docs") / "empty.txt").touch()
    (daemon.folder("docs") / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    daemon.wait_until_idle(2, "docs")
    (daemon.folder("docs") / "two.txt").unlink()
    daemon.wait_until_idle(1, "docs")

    def counted() -> bool:
        metrics = Metrics(daemon)
        docs = {"pipeline_id": "docs", "pipeline_type": "local_files"}
        notes = docs | {"pipeline_id": "notes"}
        assert metrics("corpusd_documents_processed_total", **docs) == 2
        assert metrics("corpusd_documents_failed_total", **docs) == 1
        assert metrics("corpusd_documents_skipped_total", **docs) == 1
        assert metrics("corpusd_documents_removed_total", **docs) == 1
        assert metrics("corpusd_documents_stored", **docs) == 1
        assert metrics("corpusd_chunks_stored", **docs) >= 1
        assert metrics("corpusd_documents_processed_total", **notes) == 0
        assert metrics("corpusd_pipeline_state", **docs, state="online") == 1
        assert metrics("corpusd_pipeline_state", **docs, state="error") == 0
        return True

    eventually(counted, "every total is right")


def test_what_clients_say_is_counted_and_makes_no_series(daemon: Daemon, connect: Connect) -> None:
    daemon.start()
    client = connect(daemon)
    before = Metrics(daemon)
    for event, payload in [
        ("subscribe", {"pipeline_id": "docs"}),
        ("subscribe", {"pipeline_id": "nowhere"}),
        ("subscribe", 7),
        ("client:status", {"client_id": "a", "status": "idle", "timestamp": "2026-11-22T18:00:14.420Z"}),
        ("client:status", {"client_id": "a", "status": "asleep", "timestamp": "2026-11-22T18:00:14.420Z"}),
        ("ping", None),
        ("never heard of", None),
        ('a"b\nc\\', None),
    ]:
        client.call(event, payload)
    after = Metrics(daemon)
    expected = {
        ("subscribe", "accepted"): 1, ("subscribe", "refused"): 1, ("subscribe", "malformed"): 1,
        ("client:status", "accepted"): 1, ("client:status", "malformed"): 1, ("ping", "accepted"): 1,
        ("other", "unknown"): 2,
    }
    for (event, outcome), count in expected.items():
        labels = {"event": event, "outcome": outcome}
        grown = after("corpusd_client_events_total", **labels) - before("corpusd_client_events_total", **labels)
        assert grown == count, labels
    assert after.series() == before.series()


def test_refused_requests_are_counted_by_cause(daemon: Daemon) -> None:
    daemon.start()
    assert daemon.get("/socket.io/", EIO="4", transport="carrier_pigeon").status_code == 400
    assert daemon.get("/socket.io/", EIO="3", transport="polling").status_code == 400
    assert daemon.get("/socket.io/", EIO="4", transport="polling", sid="made-up").status_code == 400
    metrics = Metrics(daemon)
    for cause in ("unknown_transport", "unsupported_version", "unknown_session"):
        assert metrics("corpusd_socketio_rejected_requests_total", cause=cause) == 1, cause


def complaints(text: str) -> str:
    """What Prometheus's own checker finds wrong: with the format, the names, the units, the types and the help."""
    result = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
    return result.stdout + result.stderr + ("" if result.returncode == 0 else f"exit {result.returncode}")


def test_promtool_finds_nothing_wrong(make_daemon: Callable[..., Daemon], corpus: Path, connect: Connect) -> None:
    daemon = make_daemon(["docs", "notes"], retry={"max_attempts": 2, "first_delay": "100ms", "max_delay": "1s"})
    seen = [daemon.start().get("/metrics").text]
    clients = [connect(daemon, *NAMESPACES, transports=[transport]) for transport in ("polling", "websocket")]
    shutil.copy(corpus / "pdf/fhs.pdf", daemon.folder())
    (daemon.folder() / "empty.txt").touch()
    (daemon.folder() / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (daemon.folder("notes") / "gone.txt").write_text(documents.note("what goes"))
    eventually(lambda: daemon.status("docs")["files_processing"], "a file is in work")
    seen.append(daemon.get("/metrics").text)
    for event, payload in [("subscribe", {"pipeline_id": "docs"}), ("subscribe", 7), ('a"b\nc\\', None)]:
        clients[0].call(event, payload)
    daemon.get("/socket.io/", EIO="4", transport="carrier_pigeon")
    daemon.post("/api/files/retry", token="not-the-right-token")
    daemon.wait_until_idle(1, "docs")
    daemon.wait_until_idle(1, "notes")
    daemon.search("how is a package installed")
    (daemon.folder("notes") / "gone.txt").unlink()
    daemon.wait_until_idle(0, "notes")
    clients.pop().disconnect()
    seen.append(daemon.get("/metrics").text)
    for text in seen:
        assert complaints(text) == ""
        # This it does not look for.
        lines = text.splitlines()
        for word in ("HELP", "TYPE"):
            names = [line.split()[2] for line in lines if line.startswith(f"# {word} ")]
            assert len(set(names)) == len(names) > 20
        samples = [line.rpartition(" ")[0] for line in lines if not line.startswith("#")]
        assert len(set(samples)) == len(samples)
