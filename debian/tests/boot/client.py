"""python-socketio's client: prints what it hears, one event a line, until it has heard of a file's end.

Comes back by itself when it loses its connection, and prints 'connected' each time. Any certificate will do.

usage: client.py ADDRESS FILE_NAME [AUTHORIZATION]
"""

import sys
import threading

import socketio


def main() -> int:
    address, name, *authorization = sys.argv[1:]
    client = socketio.Client(ssl_verify=False, reconnection_delay=0.2, reconnection_delay_max=1)
    done = threading.Event()

    def hear(event, data=None, *rest):
        print(event, flush=True)
        if event in ("file:completed", "file:failed") and data["file"]["name"] == name:
            done.set()

    client.on("connect", lambda: print("connected", flush=True), namespace="/pipeline")
    client.on("*", hear, namespace="/pipeline")
    headers = {"Authorization": authorization[0]} if authorization else {}
    client.connect(address, headers=headers, namespaces=["/pipeline"], transports=["websocket"], wait_timeout=30)
    ended = done.wait(180)
    client.disconnect()
    return 0 if ended else 1


if __name__ == "__main__":
    sys.exit(main())
