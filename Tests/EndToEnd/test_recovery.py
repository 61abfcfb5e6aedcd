"""A client that lost its connection comes back: as itself, and for exactly what it missed."""

import sqlite3
from collections.abc import Callable

import documents
import pytest
from daemon import Daemon
from raw import RawEvent, RawSocket
from waiting import eventually

Raw = Callable[..., RawSocket]


def complete(daemon: Daemon, name: str, witness: RawSocket, pipeline: str | None = None) -> None:
    """Adds a file and waits until another client has seen it complete."""
    (daemon.folder(pipeline) / name).write_text(documents.note(name))
    witness.wait_for_file(name)


def claim(client: RawSocket) -> dict[str, str | None]:
    """What a client of 4.6 or later says when it comes back."""
    return {"pid": client.pid, "offset": client.offset}


def after(events: list[RawEvent], offset: str) -> list[RawEvent]:
    """What came behind the event of that offset."""
    offsets = [event.offset for event in events]
    return events[offsets.index(offset) + 1 :]


def settle(daemon: Daemon, *clients: RawSocket) -> None:
    """Waits until clients that are told the same have been told the same."""
    eventually(lambda: len({repr(client.events()[-1:]) for client in clients}) == 1, "all have the same last event")


def is_fresh(client: RawSocket) -> bool:
    """Whether a client was greeted with snapshots, as one that nobody knows."""
    client.wait_for("pipeline:status")
    return client.events()[0].name == "pipeline:status"


@pytest.fixture
def recorded(daemon: Daemon) -> Daemon:
    """A daemon whose events come often enough to be missed, and seldom enough to count."""
    daemon.config["server"]["heartbeat_interval"] = "1s"
    return daemon.start()


def test_client_gets_exactly_what_it_missed(recorded: Daemon, raw: Raw) -> None:
    witness, client = raw(recorded), raw(recorded)
    complete(recorded, "before.txt", witness)
    client.wait_for_file("before.txt")
    assert client.pid and client.pid != client.sid
    client.drop()
    offset = client.offset
    for name in ("one.txt", "two.txt", "three.txt"):
        complete(recorded, name, witness)

    back = raw(recorded, auth=claim(client))
    assert (back.sid, back.pid) == (client.sid, client.pid)
    complete(recorded, "later.txt", witness)
    back.wait_for_file("later.txt")
    settle(recorded, witness, back)
    assert back.events("pipeline:status") == [], "no snapshot for who knows what was before"
    # No snapshot either where the client comes back for good: what it has is what the other has, to the letter.
    told = after(witness.events(), offset)
    assert back.events() == told[: len(back.events())]
    assert {event.payload["file"]["name"] for event in back.events("file:completed")} == {
        "one.txt", "two.txt", "three.txt", "later.txt",
    }


def test_client_that_never_subscribed_hears_everything_again(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(["docs", "notes"]).start()
    witness, client = raw(daemon, "/pipeline"), raw(daemon, "/pipeline")
    client.wait_for("pipeline:status")
    complete(daemon, "first.txt", witness, "notes")
    client.wait_for_file("first.txt")
    client.drop()
    complete(daemon, "missed.txt", witness, "docs")
    back = raw(daemon, "/pipeline", auth=claim(client))
    assert back.sid == client.sid
    back.wait_for_file("missed.txt")
    for pipeline in ("docs", "notes"):
        complete(daemon, f"new-in-{pipeline}.txt", witness, pipeline)
        back.wait_for_file(f"new-in-{pipeline}.txt")


def test_subscriptions_come_back_and_nothing_else(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(["docs", "notes"]).start()
    witness, client = raw(daemon, "/pipeline"), raw(daemon, "/pipeline")
    assert client.call("subscribe", {"pipeline_id": "notes"})["ok"] is True
    complete(daemon, "first.txt", witness, "notes")
    client.wait_for_file("first.txt")
    client.drop()
    complete(daemon, "unwanted.txt", witness, "docs")
    complete(daemon, "missed.txt", witness, "notes")
    back = raw(daemon, "/pipeline", auth=claim(client))
    complete(daemon, "unwanted-later.txt", witness, "docs")
    complete(daemon, "later.txt", witness, "notes")
    back.wait_for_file("later.txt")
    assert {event.payload["pipeline_id"] for event in back.events()} == {"notes"}
    assert [event.payload["file"]["name"] for event in back.events("file:completed")] == ["missed.txt", "later.txt"]


def test_client_comes_back_over_a_restart(recorded: Daemon, raw: Raw) -> None:
    lost, stayed = raw(recorded), raw(recorded)
    complete(recorded, "before.txt", stayed)
    lost.wait_for_file("before.txt")
    lost.drop()
    complete(recorded, "missed.txt", stayed)
    assert recorded.stop() == 0
    stayed.wait_for_end()
    assert len(stayed.events("pipeline:offline")) == 1

    (recorded.folder() / "while-down.txt").write_text(documents.note("down"))
    recorded.start()
    back = [raw(recorded, auth=claim(client)) for client in (lost, stayed)]
    for now, then in zip(back, (lost, stayed)):
        assert (now.sid, now.pid) == (then.sid, then.pid)
        now.wait_for("pipeline:online")
        now.wait_for_file("while-down.txt")
        assert now.events("pipeline:status") == []
    settle(recorded, *back)
    names = [event.name for event in back[0].events()]
    assert names.index("file:completed") < names.index("pipeline:offline") < names.index("pipeline:online")
    # Whoever was there until the end has had everything of the earlier process.
    assert back[1].events("pipeline:offline") == []
    assert back[0].events()[-len(back[1].events()) :] == back[1].events()

    # The new process counts from 0: the first update says so of every field, not just of those that changed in it.
    update = back[1].events("status:update")[0].payload
    lasting = set(update["current_status"]) - {"timestamp", "seconds_until_next_check"}
    assert set(update["changes"]) == lasting
    back[1].wait_for("status:update", lambda event: event.payload["current_status"]["total_processed"] == 1)
    complete(recorded, "later.txt", back[0])
    back[1].wait_for_file("later.txt")


def test_state_of_other_pipelines_is_not_used(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(["docs", "notes"]).start()
    client = raw(daemon)
    client.wait_for("pipeline:status")
    complete(daemon, "a.txt", client, "docs")
    assert daemon.stop() == 0
    daemon.config["pipelines"].pop()
    daemon.start()
    back = raw(daemon, auth=claim(client))
    assert is_fresh(back) and back.sid != client.sid


def test_killed_daemon_promises_nothing(recorded: Daemon, raw: Raw) -> None:
    client = raw(recorded)
    complete(recorded, "a.txt", client)
    assert recorded.stop() == 0
    recorded.start()
    back = raw(recorded, auth=claim(client))
    assert back.sid == client.sid
    complete(recorded, "b.txt", back)
    recorded.kill()
    recorded.start()
    # Also for what it knew when the state was saved: that state would leave out what happened since.
    for lost in (client, back):
        again = raw(recorded, auth=claim(lost))
        assert is_fresh(again) and again.sid != client.sid


def test_state_that_cannot_be_read_is_left_aside(recorded: Daemon, raw: Raw) -> None:
    client = raw(recorded)
    complete(recorded, "a.txt", client)
    assert recorded.stop() == 0
    with sqlite3.connect(recorded.database) as connection:
        changed = connection.execute(
            "UPDATE server_state SET value = CAST(substr(value, 1, length(value) - 20) || 'x' AS BLOB)"
        ).rowcount
    connection.close()
    assert changed == 1
    recorded.start()
    assert is_fresh(raw(recorded, auth=claim(client)))
    assert recorded.log().count("Clients that come back start afresh") == 1


def test_client_that_was_away_too_long_starts_afresh(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(
        server={"heartbeat_interval": "1s"}, socketio={"recovery": {"max_disconnection": "1s"}}
    ).start()
    witness, client = raw(daemon), raw(daemon)
    client.wait_for("heartbeat")
    client.drop()
    seen = len(witness.events("heartbeat"))
    eventually(lambda: len(witness.events("heartbeat")) >= seen + 3, "more than a second passes")
    back = raw(daemon, auth=claim(client))
    assert is_fresh(back) and back.sid != client.sid and back.pid != client.pid


@pytest.mark.parametrize(
    "auth",
    [
        {"pid": "made-up", "offset": "made-up"},
        {"pid": "", "offset": ""},
        {"pid": None, "offset": None},
        {"pid": 7, "offset": ["x"]},
        {"pid": "x" * 10_000, "offset": "y" * 10_000},
        {"pid": "\u0000", "offset": "' OR 1=1 --"},
        {"pid": {"pid": "pid"}},
    ],
)
def test_nonsense_gets_a_fresh_socket(auth: dict, shared: Daemon, raw: Raw) -> None:
    client = raw(shared, auth=auth)
    assert is_fresh(client) and client.pid


@pytest.mark.parametrize("offset", [None, "", "made-up", "AAAAAAAAAAAA", 7])
def test_right_name_with_a_wrong_offset_gets_nothing_wrong(offset: object, recorded: Daemon, raw: Raw) -> None:
    witness, client = raw(recorded), raw(recorded)
    complete(recorded, "a.txt", witness)
    client.wait_for_file("a.txt")
    client.drop()
    complete(recorded, "b.txt", witness)
    back = raw(recorded, auth={"pid": client.pid, "offset": offset})
    back.wait_for("pipeline:status")
    if back.sid != client.sid:
        assert back.events()[0].name == "pipeline:status"
    # Fresh or from the beginning: what it knows now is the whole.
    complete(recorded, "c.txt", witness)
    back.wait_for_file("c.txt")


def test_socket_comes_back_once(recorded: Daemon, raw: Raw) -> None:
    witness, client = raw(recorded), raw(recorded)
    complete(recorded, "a.txt", witness)
    client.wait_for_file("a.txt")
    client.drop()
    first = raw(recorded, auth=claim(client))
    assert first.sid == client.sid
    thief = raw(recorded, auth=claim(client))
    eventually(lambda: first.ended_at is not None or thief.sid != client.sid, "there are not two of one name")


def test_without_recovery_events_are_as_the_contract_says(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(socketio={"recovery": {"enabled": False}}).start()
    client = raw(daemon)
    complete(daemon, "a.txt", client)
    assert client.pid is None
    assert {event.offset for event in client.events()} == {None}
    client.drop()
    back = raw(daemon, auth={"pid": "a", "offset": "b"})
    assert is_fresh(back) and back.sid != client.sid


def test_what_is_recovered_is_counted(recorded: Daemon, raw: Raw) -> None:
    client = raw(recorded)
    complete(recorded, "a.txt", client)
    client.drop()
    raw(recorded, auth=claim(client))
    other = ("B" if client.pid[0] == "A" else "A") + client.pid[1:]
    raw(recorded, auth={"pid": other, "offset": client.offset})
    lines = recorded.get("/metrics").text.splitlines()
    assert 'corpusd_socketio_recoveries_total{result="hit"} 1' in lines
    assert 'corpusd_socketio_recoveries_total{result="miss"} 1' in lines


def test_saved_state_holds_no_more_than_it_may(make_daemon: Callable[..., Daemon], raw: Raw) -> None:
    daemon = make_daemon(socketio={"recovery": {"max_events": 20, "max_bytes": "64KiB"}}).start()
    client = raw(daemon)
    for number in range(15):
        complete(daemon, f"{number}.txt", client)
    assert daemon.stop() == 0
    with sqlite3.connect(daemon.database) as connection:
        ((size,),) = connection.execute("SELECT length(value) FROM server_state").fetchall()
    connection.close()
    assert size < 80_000
