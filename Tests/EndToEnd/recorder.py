"""A Socket.IO client that remembers everything it receives, in order."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import engineio
import socketio
from waiting import PATIENCE, eventually


@dataclass(frozen=True)
class Event:
    namespace: str
    name: str
    payload: Any

    @property
    def file(self) -> str | None:
        """The id of the file it speaks of, if any."""
        return self.payload["file"]["id"] if self.name.startswith("file:") else None


class OrderedEngine(engineio.Client):
    """The stock client starts a thread for each message, which loses their order; this one does not."""

    def _trigger_event(self, event: str, *arguments: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *arguments, **(options | {"run_async": False}))


class OrderedClient(socketio.Client):
    def _engineio_client_class(self) -> type[engineio.Client]:
        return OrderedEngine


class Recorder:
    def __init__(self, url: str) -> None:
        self.url = url
        self.namespaces: list[str] = []
        self.client = OrderedClient(reconnection=False, handle_sigint=False, request_timeout=30)
        self.disconnected: list[str] = []
        self._events: list[Event] = []
        self._arrived = threading.Condition()

    def connect(self, namespaces: Iterable[str], transports: list[str] | None = None) -> None:
        self.namespaces = list(namespaces)
        for namespace in self.namespaces:
            self.client.on("*", self._handler(namespace), namespace=namespace)
            self.client.on("disconnect", self._disconnect_handler(namespace), namespace=namespace)
        self.client.connect(self.url, namespaces=self.namespaces, transports=transports, wait_timeout=30)

    def disconnect(self) -> None:
        if self.client.connected:
            self.client.disconnect()
        self.client.shutdown()

    @property
    def transport(self) -> str:
        return self.client.transport()

    def call(self, event: str, payload: Any = None, namespace: str = "/local_files") -> Any:
        """Emits an event and returns its acknowledgement."""
        return self.client.call(event, payload, namespace=namespace, timeout=30)

    def events(self, *names: str, namespace: str | None = None, file: str | None = None) -> list[Event]:
        """What has arrived so far, narrowed to these names, this namespace, this file id."""
        with self._arrived:
            return [
                event
                for event in self._events
                if (not names or event.name in names)
                and (namespace is None or event.namespace == namespace)
                and (file is None or event.file == file)
            ]

    def wait_for(
        self, name: str, matches: Callable[[Event], bool] = lambda event: True, timeout: float = PATIENCE
    ) -> Event:
        """The first event of that name that matches, waiting for it if need be."""
        deadline = time.monotonic() + timeout
        seen = 0
        with self._arrived:
            while True:
                for event in self._events[seen:]:
                    if event.name == name and matches(event):
                        return event
                seen = len(self._events)
                if not self._arrived.wait(deadline - time.monotonic()):
                    last = [(event.namespace, event.name, event.payload) for event in self._events[-12:]]
                    raise AssertionError(f"no matching '{name}' within {timeout:g} s; the last events: {last}")

    def id_of(self, path: str) -> str:
        """The id of the file at `path` below the watch folder, once its processing has begun."""
        return self.wait_for("file:processing", lambda event: event.payload["file"]["path"] == path).file

    def wait_for_end(self, path: str, timeout: float = PATIENCE) -> Event:
        """The `file:completed` or `file:failed` of the file at `path`."""
        file = self.id_of(path)
        deadline = time.monotonic() + timeout
        with self._arrived:
            while True:
                for event in self._events:
                    if event.name in ("file:completed", "file:failed") and event.file == file:
                        return event
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise AssertionError(f"'{path}' neither completed nor failed within {timeout:g} s")

    def wait_for_completion(self, path: str, timeout: float = PATIENCE) -> Event:
        end = self.wait_for_end(path, timeout)
        assert end.name == "file:completed", end.payload
        return end

    def wait_for_failure(self, path: str, timeout: float = PATIENCE) -> Event:
        end = self.wait_for_end(path, timeout)
        assert end.name == "file:failed", end.payload
        return end

    def wait_for_goodbye(self) -> None:
        """Waits until the server has ended the connection; it must have told each namespace before, and why."""
        eventually(lambda: len(self.disconnected) == len(self.namespaces), "the server ends the connection")
        for namespace in self.namespaces:
            reasons = [event.payload["reason"] for event in self.events("pipeline:offline", namespace=namespace)]
            assert reasons and set(reasons) == {"normal_shutdown"}, reasons

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While this lasts the client takes nothing in: its reading thread is stuck in the handler."""
        with self._arrived:
            yield

    def clear(self) -> None:
        """Forgets what has arrived so far."""
        with self._arrived:
            self._events.clear()

    def _handler(self, namespace: str) -> Callable[..., None]:
        def receive(name: str, *arguments: Any) -> None:
            with self._arrived:
                self._events.append(Event(namespace, name, arguments[0] if arguments else None))
                self._arrived.notify_all()

        return receive

    def _disconnect_handler(self, namespace: str) -> Callable[..., None]:
        def end(*_: Any) -> None:
            with self._arrived:
                self.disconnected.append(namespace)
                self._arrived.notify_all()

        return end
