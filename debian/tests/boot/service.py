"""What a test asks of the service in the machine."""

import json
import time
import urllib.parse

from machine import Machine

UNIT = "corpusd.service"
CONFIGURATION = "/etc/corpusd/corpusd.yaml"
ADDRESS = "http://127.0.0.1:8003"


class Service:
    def __init__(self, machine: Machine, files_before: set[str]):
        self.machine = machine
        self.files_before = files_before

    def show(self, name: str, unit: str = UNIT) -> str:
        return self.machine.run("systemctl", "show", "-p", name, "--value", unit).stdout.strip()

    def systemctl(self, *words: str, timeout: float = 120) -> None:
        try:
            self.machine.run("systemctl", *words, timeout=timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.journal()[-4000:]}") from None

    def journal(self) -> str:
        return self.machine.run("journalctl", "--no-pager", "-o", "cat", "-u", UNIT, check=False).stdout

    def wait(self, what: str, condition, seconds: float = 90):
        """Waits for a condition to give something true, and returns that."""
        deadline = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {seconds} s\n{self.journal()[-4000:]}")
            time.sleep(0.2)

    def ask(self, path: str) -> str | None:
        done = self.machine.run("curl", "-sSf", "--max-time", "10", f"{ADDRESS}{path}", check=False)
        return done.stdout if done.returncode == 0 else None

    def wait_until_it_answers(self) -> None:
        self.wait("the service is active", lambda: self.show("ActiveState") == "active")
        self.wait("the page answers", lambda: self.ask("/"))

    def find(self, words: str, name: str) -> dict | None:
        """The best passage out of the file of that name, if a search for the words finds it."""
        answer = self.ask("/api/search?k=20&q=" + urllib.parse.quote(words))
        hits = json.loads(answer)["hits"] if answer else []
        return next((hit for hit in hits if name in json.dumps(hit)), None)

    def wait_until_found(self, words: str, name: str) -> dict:
        return self.wait(f"'{words}' is found in '{name}'", lambda: self.find(words, name))

    def put(self, name: str, content: bytes, folder: str = "/srv/corpusd") -> None:
        """Puts a document there, as a person would who copies a file."""
        (self.machine.root / folder.lstrip("/") / name).write_bytes(content)

    def configure(self, change) -> None:
        """Rewrites the configuration by a function of its text."""
        path = self.machine.root / CONFIGURATION.lstrip("/")
        path.write_text(change(path.read_text()))

    def drop_in(self, name: str, text: str | None) -> None:
        """Sets or removes a drop-in of the unit."""
        folder = self.machine.root / "etc/systemd/system" / f"{UNIT}.d"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.conf").unlink(missing_ok=True)
        if text is not None:
            (folder / f"{name}.conf").write_text(text)
        self.systemctl("daemon-reload")
