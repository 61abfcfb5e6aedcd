"""Runs the test server on a port of its own."""

import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("SOCKETIO_TESTSERVER", REPOSITORY / ".build/release/socketio-testserver")).resolve()
CLIENT = REPOSITORY / "Public/vendor/socket.io.min.js"

# What `conformance` promises without options; seconds.
PING_INTERVAL = 0.3
PING_TIMEOUT = 0.2
CONNECT_TIMEOUT = 1.0
MAX_PAYLOAD = 1_000_000

START_TIMEOUT = 30.0


class TestServer:
    """One `socketio-testserver`, from its start to its end."""

    __test__ = False

    def __init__(self, *options: str) -> None:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            # Whatever ends the tests ends the server, too.
            ["setpriv", "--pdeathsig", "KILL", PROGRAM, "conformance", "--port", "0", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self.port = self._read_port()
        self.address = ("127.0.0.1", self.port)

    def _read_port(self) -> int:
        assert self._process.stdout is not None
        watchdog = threading.Timer(START_TIMEOUT, self._process.kill)
        watchdog.start()
        line = self._process.stdout.readline().decode()
        watchdog.cancel()
        match = re.search(r"listening on http://127\.0\.0\.1:(\d+)/", line)
        assert match, f"the test server did not say where it listens, but '{line}':\n{self.log()}"
        return int(match[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        """What the server wrote to its standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def is_running(self) -> bool:
        return self._process.poll() is None

    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def cpu_seconds(self) -> float:
        """Processor time the process has used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self) -> int:
        """How many files, sockets among them, the process has open."""
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    def stop(self) -> int:
        """Asks the server to end; returns its exit code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(20)
        finally:
            self.kill()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()
