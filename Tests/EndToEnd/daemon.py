"""Runs the real corpusd on folders of its own."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import requests

from waiting import eventually

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUSD = Path(os.environ.get("CORPUSD", REPOSITORY / ".build/release/corpusd")).resolve()
MODEL = Path(os.environ.get("CORPUSD_MODEL", REPOSITORY / "models/all-MiniLM-L6-v2")).resolve()

# The longest a stop may take: the grace for jobs in hand is 20 s.
STOP_TIMEOUT = 45.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """One corpusd: its configuration, its folders, and its process while it runs.

    A Daemon can be started again after it has stopped; it keeps its folders, its database and its port.
    """

    # Every daemon that was started in this session, for the log in a failing test's report.
    started: list["Daemon"] = []

    def __init__(self, root: Path, pipelines: list[str] | None = None, **sections: dict[str, Any]) -> None:
        """Prepares folders below `root`: one to watch for each of `pipelines` (by default one, `docs`).

        `sections` are merged into the configuration: `Daemon(root, log={"level": "debug"})`.
        """
        self.root = root
        self.pipelines = pipelines or ["docs"]
        self.port = free_port()
        self.database = root / "state" / "corpusd.sqlite"
        self.log_path = root / "corpusd.log"
        self.config_path = root / "corpusd.yaml"
        self.process: subprocess.Popen[bytes] | None = None
        # A command that runs the daemon, such as `unshare`, with its arguments.
        self.wrapper: list[str] = []
        # Options of `serve`.
        self.arguments: list[str] = []
        for pipeline in self.pipelines:
            self.folder(pipeline).mkdir(parents=True)
        self.database.parent.mkdir()
        self.config: dict[str, Any] = {
            "server": {"listen": f"127.0.0.1:{self.port}", "public": str(REPOSITORY / "Public")},
            "pipelines": [
                {"id": name, "type": "local_files", "path": str(self.folder(name)), "check_interval": "2s"}
                for name in self.pipelines
            ],
            "embedding": {"provider": "builtin", "model_path": str(MODEL)},
            "store": {"path": str(self.database)},
            "log": {"level": "debug"},
        }
        for name, section in sections.items():
            self.config.setdefault(name, {}).update(section)

    # Files

    def folder(self, pipeline: str | None = None) -> Path:
        """The folder that a pipeline watches; the first pipeline's by default."""
        return self.root / (pipeline or self.pipelines[0])

    def write_config(self) -> Path:
        # JSON is YAML.
        self.config_path.write_text(json.dumps(self.config, indent=2))
        return self.config_path

    # Life

    def start(
        self,
        ready: bool = True,
        environment: dict[str, str] | None = None,
        inherited: socket.socket | None = None,
        stderr: int | None = None,
    ) -> "Daemon":
        """Starts the process; waits until `/health` answers 200 unless `ready` is False.

        `environment` is added to that of the tests. `inherited` is a listening socket that is handed over as a service
        manager does it. `stderr` is where the log goes instead of its file.
        """
        assert self.process is None, "already running"
        # Whatever ends the tests ends the daemon, too.
        command = ["setpriv", "--pdeathsig", "KILL", *self.wrapper, CORPUSD, "serve", *self.arguments]
        command += ["--config", self.write_config()]
        if inherited is not None:
            hand_over = f'exec 3<&{inherited.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
            command = ["bash", "-c", hand_over, "bash", *command]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if stderr is None else stderr,
                pass_fds=(inherited.fileno(),) if inherited is not None else (),
                start_new_session=True,
            )
        Daemon.started.append(self)
        if ready:
            eventually(self.is_healthy, "the daemon is up and healthy")
        return self

    def is_alive(self) -> bool:
        """Whether it answers at all, to those without a token, too."""
        try:
            return requests.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def is_healthy(self) -> bool:
        assert self.process is not None
        code = self.process.poll()
        if code is not None:
            raise RuntimeError(f"the daemon ended with {code}:\n{self.log()}")
        try:
            return requests.get(f"{self.url}/health", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self, with_signal: int = signal.SIGTERM, timeout: float = STOP_TIMEOUT) -> int:
        """Sends a signal, waits for the end and returns the exit code (negative: ended by that signal)."""
        assert self.process is not None, "not running"
        process, self.process = self.process, None
        process.send_signal(with_signal)
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            end_group(process)
            raise AssertionError(f"the daemon did not stop within {timeout:g} s of signal {with_signal}") from None

    def kill(self) -> None:
        """Ends the process without warning, as a power cut would."""
        assert self.stop(signal.SIGKILL) == -signal.SIGKILL

    def wait_for_exit(self, timeout: float = STOP_TIMEOUT) -> int:
        """Waits for a process that ends by itself and returns its exit code."""
        assert self.process is not None, "not running"
        code = self.process.wait(timeout)
        self.process = None
        return code

    def close(self) -> None:
        """Ends whatever of the daemon still runs; for the end of a test."""
        if self.process is not None:
            process, self.process = self.process, None
            end_group(process)
        if self in Daemon.started:
            Daemon.started.remove(self)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    # Questions over HTTP

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, /, **parameters: Any) -> requests.Response:
        return requests.get(self.url + path, params=parameters, timeout=30)

    @property
    def token(self) -> str:
        """What commands on this machine control the daemon with."""
        return (self.database.parent / "control-token").read_text().strip()

    def post(self, path: str, token: str | None = None, **parameters: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return requests.post(self.url + path, params=parameters, headers=headers, timeout=30)

    def status(self, pipeline: str | None = None) -> dict[str, Any]:
        response = self.get("/status", **({"pipeline_id": pipeline} if pipeline else {}))
        assert response.status_code == 200, response.text
        return response.json()

    def search(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        response = self.get("/api/search", q=query, **parameters)
        assert response.status_code == 200, response.text
        return response.json()["hits"]

    def paths_found(self, query: str, **parameters: Any) -> list[str]:
        """Paths of the files that a query finds, best first, each once."""
        return list(dict.fromkeys(hit["file"]["path"] for hit in self.search(query, **parameters)))

    def paths_with(self, word: str) -> list[str]:
        """Paths of the files that a search finds by a passage that really has `word` in it."""
        return list(dict.fromkeys(hit["file"]["path"] for hit in self.search(word) if word in hit["content"]))

    def wait_until_idle(self, files: int, pipeline: str | None = None, timeout: float = 180.0) -> dict[str, Any]:
        """Waits until a pipeline was checked, has `files` documents stored and nothing to do; returns its status."""

        def idle() -> dict[str, Any] | None:
            status = self.status(pipeline)
            busy = status["files_queued"] or status["files_processing"] or status["is_checking"]
            assert status["last_check_time"] and not busy and status["total_files"] == files, status
            return status

        return eventually(idle, f"{files} files are stored and nothing is left to do", timeout)

    # Commands

    def run(self, *arguments: str | Path, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Runs another corpusd command on this daemon's configuration."""
        return run_corpusd(*arguments, "--config", self.write_config(), cwd=self.root, timeout=timeout)


def run_corpusd(
    *arguments: str | Path, cwd: Path | None = None, timeout: float = 60.0
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CORPUSD, *arguments], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
    )


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kills a process and what it started; it is the leader of a session of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(10)


def processes_mentioning(text: str) -> list[str]:
    """Command lines of all running processes that have `text` in them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found
