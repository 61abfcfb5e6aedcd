"""What a large Drive costs in memory while it is listed."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from daemon import CORPUSD, Daemon
from drive.server import DriveServer
from drive.watching import Watched

# Files in the smaller and the larger of the two listings that are compared.
FEW, MANY = 5_000, 25_000
# Bytes a file: more than the thousand or so that was measured, less than the answers with all that they repeat take.
LIMIT = 1_400


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
    highest = 0
    # What `wait4` tells counts the tests' own memory, from before the program began.
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        highest = int(found[1]) * 1024 if found else highest
        time.sleep(0.002)
    said, _ = process.communicate()
    assert process.returncode == 0 and said.endswith(f"sees {count} files\n"), said
    return highest


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
