"""python-socketio's client: prints what it hears, one event a line, until it has heard of a file's end.

usage: client.py ADDRESS FILE_NAME
"""

import sys
import threading

import socketio


def main() -> int:
    address, name = sys.argv[1:]
    client = socketio.Client(reconnection=False)
    done = threading.Event()

    def hear(event, data=None, *rest):
        print(event, flush=True)
        if event in ("file:completed", "file:failed") and data["file"]["name"] == name:
            done.set()

    client.on("*", hear, namespace="/pipeline")
    client.connect(address, namespaces=["/pipeline"], transports=["websocket"], wait_timeout=20)
    print("connected", flush=True)
    ended = done.wait(90)
    client.disconnect()
    return 0 if ended else 1


if __name__ == "__main__":
    sys.exit(main())
