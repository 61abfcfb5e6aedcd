"""The benchmark's namespace on python-socketio, served by uvicorn with uvloop, httptools and websockets.

usage: python Tests/Benchmarks/socketio/peer.py PORT
"""

import sys

import socketio
import uvicorn

NAMESPACE = "/bench"

server = socketio.AsyncServer(async_mode="asgi")


@server.on("connect", namespace=NAMESPACE)
async def connect(sid, environment):
    pass


@server.on("echo", namespace=NAMESPACE)
async def echo(sid, *arguments):
    return arguments


@server.on("bcast", namespace=NAMESPACE)
async def bcast(sid, *arguments):
    await server.emit("b", arguments, namespace=NAMESPACE)


@server.on("burst", namespace=NAMESPACE)
async def burst(sid, request):
    text = "x" * request["size"]
    for number in range(request["count"]):
        await server.emit("b", (number, text), namespace=NAMESPACE)
    return request["count"]


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        access_log=False,
        # The default of 5 s would cut off polling clients that wait their turn.
        timeout_keep_alive=75,
        log_level="warning",
    )
