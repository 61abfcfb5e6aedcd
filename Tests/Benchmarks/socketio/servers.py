"""The servers that the Socket.IO benchmark compares, each as a process of its own."""

import pathlib
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
COMPILE = ["cc", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra"]
PROGRAMS = {
    "load": ["load.c", "clients.c", "polling.c", "modes.c", "measure.c", "websocket.c"],
    "limit": ["limit.c", "handshake.c", "websocket.c"],
}
START_LIMIT = 20


def build(out):
    """Compiles the load generator and the physical limit into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name, sources in PROGRAMS.items():
        subprocess.run([*COMPILE, "-o", out / name, *(HERE / source for source in sources)], check=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server from its start to its end: `with Server("ours", ["program", "--port", "{port}"]) as server:`."""

    def __init__(self, name, command):
        self.name = name
        self.command = command

    def __enter__(self):
        self.port = free_port()
        command = [str(word).format(port=self.port) for word in self.command]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            self.wait_until_listening()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until_listening(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"'{self.name}' ended with status {self.process.returncode} before it listened")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit(f"'{self.name}' does not listen after {START_LIMIT} s")

    @property
    def pid(self):
        return self.process.pid

    def resident(self):
        """What the process holds in memory, in kB, and the most it ever held."""
        text = pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        now = next(line.split()[1] for line in text.splitlines() if line.startswith("Rss:"))
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        most = next(line.split()[1] for line in text.splitlines() if line.startswith("VmHWM:"))
        return int(now), int(most)
