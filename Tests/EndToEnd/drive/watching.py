"""Runs corpusd on a fake Drive, and compares its store with what the Drive holds."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daemon import Daemon
from database import check, copy_of
from waiting import eventually

from .server import DriveServer


class Watched:
    """A daemon with one pipeline, `drive`, on a fake Drive."""

    def __init__(self, server: DriveServer, daemon: Daemon, **keys: Any) -> None:
        self.server = server
        self.drive = server.drive
        self.tree = server.drive.tree
        self.daemon = daemon
        key = self.drive.tokens.write_key_file(daemon.root / "key.json", f"{self.drive.base}/token")
        pipeline = {
            "id": "drive",
            "type": "google_drive",
            "credentials": str(key),
            "api_endpoint": self.drive.base,
            "check_interval": "1s",
            "requests_per_minute": 60_000,
            **keys,
        }
        daemon.pipelines = ["drive"]
        daemon.config["pipelines"] = [pipeline]
        daemon.config["retry"] = {"first_delay": "200ms", "max_delay": "2s", "max_attempts": 20}

    @property
    def pipeline(self) -> dict[str, Any]:
        return self.daemon.config["pipelines"][0]

    def ledger(self) -> dict[str, tuple[str, str, str | None]]:
        """Of each file by its id: its path, its state, and the hash of its content."""
        with copy_of(self.daemon.database) as database:
            rows = database.execute("SELECT file_id, path, state, content_hash FROM ledger").fetchall()
        return {file: (path, state, digest) for file, path, state, digest in rows}

    def expected_below(self, prefixes: dict[str, str]) -> dict[str, tuple[str, str, str | None]]:
        """As `expected`, for several folders by what stands in front of the paths in each."""
        return {
            file: (prefix + path, state, digest)
            for prefix, root in prefixes.items()
            for file, (path, state, digest) in self.expected(root).items()
        }

    def expected(self, *roots: str) -> dict[str, tuple[str, str, str | None]]:
        """What the ledger has to say once everything is done, if all files are texts."""
        with self.drive.lock:
            found = {}
            for root in roots or (self.pipeline.get("folder_id", self.tree.root),):
                for file, path in self.tree.paths(root).items():
                    found[file] = (path, "stored", hashlib.sha256(self.tree.items[file].content).hexdigest())
            return found

    def wait_until_equal(self, what: str = "the store equals the Drive", timeout: float = 180.0) -> None:
        self.wait_for_ledger(self.expected, what, timeout)

    def wait_for_ledger(self, expected: Callable[[], dict[str, Any]], what: str, timeout: float = 180.0) -> None:
        def equal() -> bool:
            ledger, wanted = self.ledger(), expected()
            differing = {file for file in {*ledger, *wanted} if ledger.get(file) != wanted.get(file)}
            sample = [(file, ledger.get(file), wanted.get(file)) for file in sorted(differing)[:3]]
            assert not differing, f"{len(differing)} of {len(wanted)} differ, such as {sample}"
            return True

        eventually(equal, what, timeout, interval=0.2)
        check(self.daemon.database)

    def wait_for_checks(self, count: int = 2) -> None:
        """Waits until the change log has been read so many times from now on."""
        before = self.drive.count("changes")
        eventually(lambda: self.drive.count("changes") >= before + count, f"{count} looks at the change log")

    def wait_for_status(self, status: str, problem: str = "") -> dict[str, Any]:
        def reached() -> dict[str, Any]:
            now = self.daemon.status()
            assert now["status"] == status and problem in (now["problem"] or ""), (now["status"], now["problem"])
            return now

        return eventually(reached, f"the status is '{status}' because of '{problem}'")

    def written(self) -> bytes:
        """Everything that the daemon wrote, and what it says of itself."""
        texts = [b""]
        if self.daemon.process is not None:
            for path in ("/status", "/metrics", "/api/files", "/api/pipelines", "/api/events"):
                texts.append(self.daemon.get(path).content)
        given = {Path(self.pipeline["credentials"]), self.daemon.config_path}
        for path in self.daemon.root.rglob("*"):
            if path.is_file() and path not in given:
                texts.append(path.read_bytes())
        return b"\0".join(texts)


def filled(watched: Watched, count: int, parent: str | None = None, name: str = "n") -> list[str]:
    return [watched.tree.upload(f"{name}{number}.txt", f"Note {name} {number}.", parent) for number in range(count)]


def downloads(watched: Watched) -> int:
    """How often content was asked for."""
    contents = (request for request in watched.drive.requests if request.path.startswith("files/"))
    return sum("alt=media" in request.target for request in contents)
