"""What a large Drive costs in memory while it is listed."""

import os
import subprocess
from collections.abc import Callable
from typing import Any

from daemon import CORPUSD, Daemon
from drive.server import DriveServer
from drive.watching import Watched

# Files in the smaller and the larger of the two listings that are compared.
FEW, MANY = 5_000, 25_000
# Bytes a file: far above what was measured, far below what a careless copy of an answer takes.
LIMIT = 700


def many_files(count: int) -> Callable[[int, int], list[dict[str, Any]]]:
    """Pages of a folder with names, ids and links as long as Drive's own."""

    def page(start: int, size: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"1{number:032d}",
                "name": f"Report of the year {number}.bin",
                "mimeType": "application/octet-stream",
                "parents": ["1" + "F" * 32],
                "trashed": False,
                "md5Checksum": f"{number:032x}",
                "size": "1000",
                "version": "12",
                "webViewLink": f"https://drive.google.com/file/d/1{number:032d}/view?usp=drivesdk",
            }
            for number in range(start, min(start + size, count))
        ]

    return page


def peak(watched: Watched, count: int) -> int:
    """Resident bytes of a process that lists so many files, at most."""
    watched.drive.generated["1" + "F" * 32] = many_files(count)
    command = [CORPUSD, "check", "--online", "--config", watched.daemon.write_config()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0 and said.endswith(f"sees {count} files\n"), said
    return usage.ru_maxrss * 1024


def test_memory_grows_by_little_with_each_file_that_is_listed(make_daemon: Callable[..., Daemon]) -> None:
    watched = Watched(DriveServer(), make_daemon())
    folder = watched.tree.folder("large")
    watched.tree.items["1" + "F" * 32] = watched.tree.items.pop(folder)
    watched.tree.items["1" + "F" * 32].id = "1" + "F" * 32
    watched.pipeline["folder_id"] = "1" + "F" * 32
    few, many = (peak(watched, count) for count in (FEW, MANY))
    watched.server.stop()
    assert watched.drive.problems == []
    assert (many - few) / (MANY - FEW) < LIMIT, (few, many)
