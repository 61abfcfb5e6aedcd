"""python-socketio's client with the machine's network, beside what a test does."""

import contextlib
import pathlib
import subprocess
import sys
import threading

from service import ADDRESS

PROGRAM = pathlib.Path(__file__).with_name("client.py")


class Listener:
    """A client that runs; `lines` is what it has printed so far."""

    def __init__(self, process: subprocess.Popen):
        self.process = process
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def heard_the_end(self) -> bool:
        """Waits for the client to end, and says whether it heard of its file's end."""
        status = self.process.wait(240)
        self.reader.join(30)
        return status == 0


@contextlib.contextmanager
def listening(service, name: str, address: str = ADDRESS, authorization: str | None = None):
    """A client that is connected, and that ends when it has heard of the end of the file of that name."""
    command = service.machine.in_its_network(sys.executable, str(PROGRAM), address, name)
    process = subprocess.Popen(command + ([authorization] if authorization else []),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    listener = Listener(process)
    try:
        service.wait("the client is connected",
                     lambda: "connected" in listener.lines or process.poll() is not None)
        yield listener
    finally:
        process.kill()
        process.wait()
