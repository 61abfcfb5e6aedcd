"""Asks for the page, each time on a connection of its own, until a line comes in; prints how many answers and refusals.

usage: load.py PORT
"""

import http.client
import sys
import threading

port, stop = int(sys.argv[1]), threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
answered = refused = 0
while not stop.is_set():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/health", headers={"Connection": "close"})
        connection.getresponse().read()
        answered += 1
    except (OSError, http.client.HTTPException):
        refused += 1
        stop.wait(0.01)
    finally:
        connection.close()
print(answered, refused)
