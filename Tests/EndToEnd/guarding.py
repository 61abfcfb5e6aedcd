"""Daemons that show nothing without a token, and clients with one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import socketio
from daemon import Daemon
from waiting import eventually

READER, OPERATOR = "reader-" + "a" * 32, "operator-" + "b" * 32
# For one pipeline only: to read, and to control.
NARROW, KEEPER = "narrow-" + "c" * 32, "keeper-" + "d" * 32


def guard(make_daemon: Callable[..., Daemon], folder: Path, *pipelines: str) -> Daemon:
    """A daemon of two pipelines whose tokens are in a folder; the narrow ones are for the second."""
    tokens = []
    for name, secret, role in [("reader", READER, "read"), ("operator", OPERATOR, "control"),
                               ("narrow", NARROW, "read"), ("keeper", KEEPER, "control")]:
        (folder / name).write_text(secret + "\n")
        tokens.append({"name": name, "role": role, "file": str(folder / name)})
    for token in tokens[2:]:
        token["pipelines"] = [pipelines[-1]]
    return make_daemon(list(pipelines), server={"auth": {"anonymous": "none", "tokens": tokens}})


def get(daemon: Daemon, path: str, token: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(daemon.url + path, headers=headers, timeout=30)


def start(daemon: Daemon) -> Daemon:
    """`/health` wants a token here."""
    daemon.start(ready=False)
    eventually(daemon.is_alive, "the daemon answers")
    return daemon


def join(daemon: Daemon, namespace: str, auth: dict[str, str] | None) -> tuple[socketio.Client, list[Any], list[Any]]:
    client, refusals, statuses = socketio.Client(reconnection=False), [], []
    client.on("connect_error", refusals.append, namespace=namespace)
    client.on("pipeline:status", statuses.append, namespace=namespace)
    try:
        client.connect(daemon.url, namespaces=[namespace], auth=auth, wait_timeout=20)
    except socketio.exceptions.ConnectionError:
        pass
    return client, refusals, statuses
