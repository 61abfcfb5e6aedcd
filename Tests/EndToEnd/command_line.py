"""Every command of the program, as the program itself tells them."""

import functools
import json
import subprocess
from collections.abc import Iterator
from typing import Any

from daemon import CORPUSD


@functools.cache
def dump() -> dict[str, Any]:
    """What the program says of all its commands and options, from which its manual is made."""
    result = subprocess.run([CORPUSD, "--experimental-dump-help"], capture_output=True, check=True, timeout=30)
    return json.loads(result.stdout)["command"]


def commands() -> dict[str, dict[str, Any]]:
    """Every command that does something, by what is typed: `deletions list`."""

    def walk(command: dict[str, Any], path: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        below = [each for each in command.get("subcommands", []) if each["commandName"] != "help"]
        if not below:
            yield " ".join(path), command
        for each in below:
            yield from walk(each, [*path, each["commandName"]])

    return dict(walk(dump(), []))


def options(command: dict[str, Any]) -> set[str]:
    """The long names of a command's options, without dashes."""
    shown = [argument for argument in command.get("arguments", []) if argument["shouldDisplay"]]
    return {name["name"] for argument in shown for name in argument.get("names", []) if name["kind"] == "long"}
