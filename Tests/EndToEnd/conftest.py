"""Fixtures: daemons, clients and a browser, each ended with the test that used it."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import documents
import pytest
from browsing import visit  # noqa: F401 (a fixture)
from daemon import CORPUSD, MODEL, REPOSITORY, Daemon
from embedding import EmbeddingService
from playwright.sync_api import Browser, sync_playwright
from raw import RawSocket
from recorder import Recorder
from waiting import PATIENCE, eventually

pytest_plugins = ["drive.fixtures"]

# As much of each daemon's log as a failing test's report shows.
LOG_TAIL = 6_000


def pytest_sessionstart() -> None:
    for path, remedy in [
        (CORPUSD, "run 'make build', or name the program in CORPUSD"),
        (MODEL, "run 'make model', or name its folder in CORPUSD_MODEL"),
        (REPOSITORY / "Public/vendor/socket.io.min.js", "run 'scripts/get-client'"),
    ]:
        if not path.exists():
            pytest.exit(f"'{path}' is missing; {remedy}", returncode=1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed:
        for daemon in Daemon.started:
            report.sections.append((f"log of corpusd in {daemon.root}", daemon.log()[-LOG_TAIL:]))
    return report


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real documents out of Debian's documentation packages: `pdf/`, `html/`, `markdown/`, `text/`."""
    subprocess.run([REPOSITORY / "scripts/get-corpus"], check=True)
    return REPOSITORY / ".build-corpus"


@pytest.fixture
def make_daemon(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    """Makes daemons with folders of their own; they are not started yet."""
    made: list[Daemon] = []

    def make(*arguments: Any, **sections: Any) -> Daemon:
        made.append(Daemon(tmp_path / f"daemon{len(made)}", *arguments, **sections))
        return made[-1]

    yield make
    for daemon in made:
        daemon.close()


@pytest.fixture
def daemon(make_daemon: Callable[..., Daemon]) -> Daemon:
    """A daemon of the test's own, with one pipeline, `docs`; not started yet."""
    return make_daemon()


@pytest.fixture
def picky() -> Iterator[EmbeddingService]:
    """An embedding service that takes no text until its fault is gone."""
    service = EmbeddingService()
    service.fault = lambda _: (400, {})
    yield service
    service.stop()


@pytest.fixture
def rejected(picky: EmbeddingService, make_daemon: Callable[..., Daemon]) -> Daemon:
    """A running daemon whose files all fail, as `picky` does not take them: `note.txt` and `older.txt`."""
    daemon = make_daemon()
    daemon.config["embedding"] = picky.configuration()
    for name in ["older.txt", "note.txt"]:
        (daemon.folder() / name).write_text(documents.note(f"what is not taken, {name}"))
    daemon.start()
    eventually(lambda: daemon.status()["total_failed"] == 2, "both have failed")
    return daemon


@pytest.fixture
def waits(picky: EmbeddingService, make_daemon: Callable[..., Daemon]) -> tuple[Daemon, threading.Event]:
    """A running daemon whose files stay in progress until the event is set."""
    released = threading.Event()
    picky.fault = lambda _: None if released.wait(PATIENCE) else (503, {})
    daemon = make_daemon()
    daemon.config["embedding"] = picky.configuration()
    return daemon.start(), released


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One running daemon for all tests that only add files of their own: pipelines `docs` and `notes`."""
    daemon = Daemon(
        tmp_path_factory.mktemp("shared") / "daemon", ["docs", "notes"], server={"heartbeat_interval": "1s"}
    )
    daemon.start()
    yield daemon
    daemon.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Iterator[Daemon]:
    """One daemon with a few books: 240 pages of PDF, web pages, Markdown and text, all of them stored."""
    daemon = Daemon(tmp_path_factory.mktemp("library") / "daemon")
    for shelf in ["html", "markdown", "text/apt-guide.txt", "pdf/debian-policy.pdf", "pdf/fhs.pdf"]:
        subprocess.run(["cp", "-r", "--parents", shelf, daemon.folder()], cwd=corpus, check=True)
    files = sum(path.is_file() for path in daemon.folder().rglob("*"))
    daemon.start()
    daemon.wait_until_idle(files, timeout=240)
    yield daemon
    daemon.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Recorder]]:
    """Connects Socket.IO clients that remember what they receive: `connect(daemon, "/pipeline")`."""
    recorders: list[Recorder] = []

    def open_recorder(daemon: Daemon, *namespaces: str, transports: list[str] | None = None) -> Recorder:
        recorders.append(Recorder(daemon.url))
        recorders[-1].connect(namespaces or ("/local_files",), transports)
        return recorders[-1]

    yield open_recorder
    for recorder in recorders:
        recorder.disconnect()


@pytest.fixture
def raw() -> Iterator[Callable[..., RawSocket]]:
    """Connects clients spoken by hand: `raw(daemon, "/pipeline")`."""
    made: list[RawSocket] = []

    def connect(*arguments: object, **options: object) -> RawSocket:
        made.append(RawSocket(*arguments, **options))
        return made[-1]

    yield connect
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()
