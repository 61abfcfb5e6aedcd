"""What corpusd and a service manager say to each other."""

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import documents
import pytest
import requests
from daemon import Daemon
from recorder import Recorder
from service_manager import NotifySocket, stopped, threads
from test_life import begin_book
from waiting import PATIENCE, eventually

WATCHDOG = 4.0
PRIORITIES = {"<2>", "<3>", "<4>", "<5>", "<6>", "<7>"}


@pytest.fixture
def manager(tmp_path: Path) -> NotifySocket:
    return NotifySocket(tmp_path / "notify")


@pytest.fixture
def listener(daemon: Daemon) -> Iterator[socket.socket]:
    """The daemon's address, opened by somebody who keeps it open."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", daemon.port))
        listening.listen(1_024)
        # The address in the configuration is not used.
        daemon.config["server"]["listen"] = "127.0.0.1:1"
        yield listening


def test_it_is_ready_when_it_serves(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(ready=False, environment=manager.environment)
    manager.wait_for("READY=1")
    assert daemon.get("/health").status_code == 200
    assert manager.lines.index("STATUS=loading the model") < manager.lines.index("READY=1")
    assert not manager.pings, "nobody asked for signs of life"


def test_its_status_says_what_it_does(daemon: Daemon, manager: NotifySocket, corpus: Path) -> None:
    daemon.start(environment=manager.environment)
    manager.wait_for("STATUS=watching 1 pipeline, 0 documents searchable")
    shutil.copy(corpus / "pdf/fhs.pdf", daemon.folder())
    for number in range(20):
        (daemon.folder() / f"{number}.txt").write_text(documents.note(f"note {number}"))
    eventually(lambda: any("queued" in line or "in work" in line for line in manager.statuses), "work is reported")
    manager.wait_for("STATUS=watching 1 pipeline, 21 documents searchable")
    shutil.rmtree(daemon.folder())
    manager.wait_for("STATUS=watching 1 pipeline, in trouble: docs")


def test_it_says_that_it_stops_and_that_it_has_stopped(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(environment=manager.environment)
    assert daemon.stop() == 0
    assert "STOPPING=1" in manager.lines
    assert manager.statuses[-1] == "stopped"


def test_failed_start_is_its_last_status(daemon: Daemon, manager: NotifySocket) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", daemon.port))
        other.listen()
        daemon.start(ready=False, environment=manager.environment)
        assert daemon.wait_for_exit() == 1
    eventually(lambda: manager.statuses[-1].startswith("failed: cannot listen on"), "the status says why")
    assert "READY=1" not in manager.lines


def test_a_start_after_failures_waits_until_it_is_told_to_stop(
    daemon: Daemon, manager: NotifySocket, tmp_path: Path
) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir()
    (folder / "failed-starts").write_text("7")
    daemon.start(ready=False, environment={**manager.environment, "RUNTIME_DIRECTORY": str(folder)})
    manager.wait_for("STATUS=waiting 160 s before the next start: the last 7 failed")
    assert "EXTEND_TIMEOUT_USEC=460000000" in manager.lines
    assert daemon.stop() == -signal.SIGTERM
    assert "STATUS=loading the model" not in manager.lines
    assert not (folder / "failed-starts").exists(), "whoever stopped it will not want to wait again"


def test_a_start_counts_as_failed_until_a_good_stop(daemon: Daemon, manager: NotifySocket, tmp_path: Path) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir()
    environment = {**manager.environment, "RUNTIME_DIRECTORY": str(folder)}
    for failures in (1, 2):
        daemon.start(environment=environment)
        assert (folder / "failed-starts").read_text() == str(failures)
        daemon.kill()
    daemon.start(ready=False, environment=environment)
    waiting = manager.wait_for("STATUS=waiting 5 s before the next start: the last 2 failed")
    manager.wait_for("READY=1", after=waiting)
    assert (folder / "failed-starts").read_text() == "3"
    assert daemon.stop() == 0
    assert not (folder / "failed-starts").exists()


def test_wrong_configuration_is_its_last_status(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.config["server"]["prot"] = 80
    daemon.start(ready=False, environment=manager.environment)
    assert daemon.wait_for_exit() == 78
    eventually(lambda: manager.statuses[-1:] == ["failed: the configuration is wrong; 'corpusd check' says where"], "said")


def test_second_signal_does_not_wait_for_what_is_in_hand(
    daemon: Daemon, manager: NotifySocket, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    daemon.start(environment=manager.environment)
    begin_book(daemon, corpus, connect(daemon))
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGTERM)
    manager.wait_for("STOPPING=1")
    assert daemon.stop() == 0
    assert "jobs in hand are put back" in daemon.log()
    assert manager.statuses[-1] == "stopped"


def test_signs_of_life_end_with_the_process(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(environment={**manager.environment, "WATCHDOG_USEC": f"{WATCHDOG * 1e6:.0f}"})
    manager.wait_for_ping()
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGSTOP)
    eventually(lambda: manager.is_silent(WATCHDOG), "no sign of life while it is stopped")
    daemon.process.send_signal(signal.SIGCONT)
    manager.wait_for_ping()


def test_signs_of_life_end_with_one_event_loop(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(environment={**manager.environment, "WATCHDOG_USEC": f"{WATCHDOG * 1e6:.0f}"})
    manager.wait_for_ping()
    assert daemon.process is not None
    event_loops = threads(daemon.process.pid, "NIO-SGLTN")
    assert event_loops
    with stopped(event_loops[-1]):
        eventually(lambda: manager.is_silent(WATCHDOG), "no sign of life while one event loop hangs")
        assert "do not answer" in daemon.log() and "event loops" in daemon.log()
    manager.wait_for_ping()


def test_watchdog_of_another_process_is_not_answered(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(environment={**manager.environment, "WATCHDOG_USEC": "400000", "WATCHDOG_PID": "1"})
    manager.wait_for("STATUS=watching")
    assert not manager.pings


def test_socket_of_the_service_manager_is_served(daemon: Daemon, listener: socket.socket) -> None:
    daemon.start(inherited=listener)
    assert "Listening on a socket of the service manager" in daemon.log()
    assert daemon.get("/status").status_code == 200


def test_restart_with_an_inherited_socket_refuses_nobody(daemon: Daemon, listener: socket.socket) -> None:
    answers: list[int] = []
    failures: list[Exception] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            try:
                answers.append(requests.get(f"{daemon.url}/status", timeout=PATIENCE).status_code)
            except requests.RequestException as error:
                failures.append(error)

    daemon.start(inherited=listener)
    clients = [threading.Thread(target=ask) for _ in range(8)]
    for client in clients:
        client.start()
    for _ in range(3):
        seen = len(answers)
        eventually(lambda: len(answers) > seen + 50, "requests are answered")
        assert daemon.stop() == 0
        daemon.start(inherited=listener)
    is_over.set()
    for client in clients:
        client.join(PATIENCE)
    # A connection of the last moment may still end without an answer; none meets a closed door.
    assert not [failure for failure in failures if "refused" in repr(failure)], failures[:3]
    assert set(answers) == {200}


def test_descriptor_that_does_not_listen_is_a_wrong_configuration(daemon: Daemon, manager: NotifySocket) -> None:
    with socket.socket() as idle:
        daemon.start(ready=False, environment=manager.environment, inherited=idle)
        assert daemon.wait_for_exit() == 78
    assert "ListenStream=" in daemon.log()


def test_open_socket_needs_a_configuration_that_is_open(daemon: Daemon, manager: NotifySocket) -> None:
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        daemon.start(ready=False, environment=manager.environment, inherited=everywhere)
        assert daemon.wait_for_exit() == 78
    assert "is open to other machines" in daemon.log()


def test_reload_says_what_a_restart_would_do(daemon: Daemon, manager: NotifySocket) -> None:
    daemon.start(environment=manager.environment)
    assert daemon.process is not None

    def reload() -> str:
        before, lines = len(daemon.log()), len(manager.lines)
        assert daemon.process is not None
        daemon.process.send_signal(signal.SIGHUP)
        at = manager.wait_for("RELOADING=1", after=lines)
        assert manager.lines[at].startswith("MONOTONIC_USEC=")
        manager.wait_for("READY=1", after=at)
        return daemon.log()[before:]

    assert "as it was at the start" in reload()
    daemon.config["log"] = {"level": "info"}
    daemon.write_config()
    assert "restart the service to apply it" in reload()
    daemon.config["server"]["prot"] = 80
    daemon.write_config()
    assert "goes on with what it started with" in (said := reload()) and "server.prot" in said
    assert daemon.get("/health").status_code == 200
    assert daemon.stop() == 0


def test_journal_gets_priorities_and_no_time(daemon: Daemon) -> None:
    read, write = os.pipe()
    status = os.fstat(write)
    daemon.start(environment={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}, stderr=write)
    os.close(write)
    assert daemon.stop() == 0
    with open(read) as stream:
        lines = stream.read().splitlines()
    # libdispatch and the C library know nothing of it.
    ours = [line for line in lines if "Starting." in line or "Listening." in line or "Stopped." in line]
    assert [line[:3] for line in ours] == ["<6>"] * 3
    assert {line[:3] for line in lines} <= PRIORITIES, lines


def test_journal_of_another_stream_is_not_ours(daemon: Daemon) -> None:
    daemon.start(environment={"JOURNAL_STREAM": "1:1"})
    assert daemon.stop() == 0
    assert not any(line.startswith("<") for line in daemon.log().splitlines())
    assert time.strftime("%Y") in daemon.log().split()[0]
