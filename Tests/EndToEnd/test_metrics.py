"""`GET /metrics`: what Prometheus is told."""

import re
from collections.abc import Callable

import documents
from daemon import Daemon
from prometheus_client.parser import text_string_to_metric_families
from recorder import Recorder
from waiting import eventually

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


# What promtool calls bad names: units that are no base units or are abbreviated, and types within a name.
BAD_WORDS = {"ms", "millis", "milliseconds", "s", "secs", "mins", "minutes", "hours", "kb", "mb", "kilobytes", "percent",
             "counter", "gauge", "histogram", "summary", "metric"}


def test_every_metric_is_named_and_explained_as_promtool_wants_it(shared: Daemon) -> None:
    lines = shared.get("/metrics").text.splitlines()
    assert all(line == line.strip() and line for line in lines)
    helped, typed = ([line.split()[2] for line in lines if line.startswith(f"# {word} ")] for word in ("HELP", "TYPE"))
    assert helped == typed and len(set(helped)) == len(helped), "each once, in pairs"
    families = Metrics(shared).families
    for family in families:
        assert family.documentation.strip() and family.type in ("counter", "gauge", "histogram", "summary"), family
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", family.name), family.name
        assert not BAD_WORDS & set(family.name.split("_")), family.name
        for sample in family.samples:
            assert (family.type == "counter") == sample.name.endswith("_total"), sample
            assert all(re.fullmatch(r"[a-z_]+", label) for label in sample.labels), sample
    samples = [(sample.name, *sorted(sample.labels.items())) for family in families for sample in family.samples]
    assert len(set(samples)) == len(samples)
