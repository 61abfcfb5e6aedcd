"""What python-socketio 4, a client of Engine.IO protocol 3, does against the test server.

usage: PYTHONPATH=OLD_CLIENT python old_client.py URL [TRANSPORTS]     prints what happened as JSON
"""

import json
import queue
import sys
from collections import defaultdict
from typing import Any

import socketio

TIMEOUT = 20.0


class Client:
    """A client, and queues of what it received."""

    def __init__(self) -> None:
        self.client = socketio.Client(reconnection=False)
        self._received: dict[tuple[str, str], queue.Queue[list[Any]]] = defaultdict(queue.Queue)
        for namespace in ("/", "/custom"):
            for name in ("auth", "message-back"):
                self.client.on(name, self._handler(namespace, name), namespace=namespace)

    def _handler(self, namespace: str, name: str) -> Any:
        return lambda *values: self._received[namespace, name].put(list(values))

    def take(self, name: str, namespace: str = "/") -> list[Any]:
        return self._received[namespace, name].get(timeout=TIMEOUT)

    def echo(self, *values: Any) -> list[Any]:
        self.client.emit("message", values)
        return self.take("message-back")


def run(url: str, transports: list[str] | None) -> dict[str, Any]:
    old = Client()
    client = old.client
    client.connect(url, transports=transports, namespaces=["/custom"])
    facts: dict[str, Any] = {"auth": old.take("auth"), "custom auth": old.take("auth", "/custom")}
    facts["transport"] = client.transport()
    facts["echo"] = [old.echo(1, "2", {"3": [True]}), old.echo("ü€😀", None), old.echo("x" * 300_000)]
    facts["binary"] = old.echo(b"\1\2\3")[0].hex()
    facts["large binary"] = len(old.echo(b"\0" * 300_000)[0])
    facts["ack"] = client.call("message-with-ack", (1, "2"), timeout=TIMEOUT)
    for number in range(100):
        client.emit("message", number)
    # The client has a thread for each event, so their order is not the server's.
    facts["each once"] = sorted(old.take("message-back")[0] for _ in range(100)) == list(range(100))
    # The client pings at the server's interval, and leaves when a ping is not answered before the next.
    client.sleep(client.eio.ping_interval * 3)
    facts["pings"] = old.echo("alive") == ["alive"]
    client.disconnect()
    facts["disconnected"] = not client.connected
    return facts


if __name__ == "__main__":
    json.dump(run(sys.argv[1], sys.argv[2].split(",") if sys.argv[2:] and sys.argv[2] else None), sys.stdout)
