"""The fixture `watch`, for all tests that run corpusd on a fake Drive."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from daemon import Daemon

from .server import DriveServer
from .watching import Watched

Watch = Callable[..., Watched]


@pytest.fixture
def watch(make_daemon: Callable[..., Daemon]) -> Iterator[Watch]:
    """Prepares a daemon on a Drive of its own; afterwards nothing that it wrote or asked was wrong."""
    made: list[Watched] = []

    def make(**keys: Any) -> Watched:
        made.append(Watched(DriveServer(), make_daemon(), **keys))
        return made[-1]

    yield make
    for watched in made:
        written = watched.written()
        watched.server.stop()
        watched.daemon.close()
        assert watched.drive.problems == []
        leaked = [secret for secret in watched.drive.tokens.secrets if secret.encode() in written]
        assert leaked == []
