"""python-socketio's client: prints what it hears, one event a line, until it has heard of a file's end.

Comes back by itself when it loses its connection, and prints 'connected' each time. Any certificate will do.
It is the client for asyncio: the one for threads handles each event in a thread of its own, so that neither the
order of the lines nor a line's being whole could be relied on.

usage: client.py ADDRESS FILE_NAME [AUTHORIZATION]
"""

import asyncio
import sys

import socketio


async def main() -> int:
    address, name, *authorization = sys.argv[1:]
    client = socketio.AsyncClient(ssl_verify=False, reconnection_delay=0.2, reconnection_delay_max=1)
    done = asyncio.Event()

    async def greet():
        print("connected", flush=True)

    async def hear(event, data=None, *rest):
        print(event, flush=True)
        if event in ("file:completed", "file:failed") and data["file"]["name"] == name:
            done.set()

    client.on("connect", greet, namespace="/pipeline")
    client.on("*", hear, namespace="/pipeline")
    headers = {"Authorization": authorization[0]} if authorization else {}
    await client.connect(address, headers=headers, namespaces=["/pipeline"], transports=["websocket"], wait_timeout=30)
    try:
        await asyncio.wait_for(done.wait(), 180)
    except asyncio.TimeoutError:
        return 1
    finally:
        await client.disconnect()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
