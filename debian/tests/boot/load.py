"""Asks for the page, each time on a connection of its own, until a line comes in; prints how it went, as JSON.

usage: load.py PORT
"""

import collections
import http.client
import json
import sys
import threading

port, stop = int(sys.argv[1]), threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
outcomes = collections.Counter()
while not stop.is_set():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/health", headers={"Connection": "close"})
        connection.getresponse().read()
        outcomes["answered"] += 1
    except ConnectionRefusedError:
        outcomes["refused"] += 1
        stop.wait(0.01)
    except (OSError, http.client.HTTPException) as error:
        outcomes[repr(error)] += 1
        stop.wait(0.01)
    finally:
        connection.close()
print(json.dumps(outcomes))
