"""Measures the Socket.IO server beside the physical limit and python-socketio, all in one run.

usage: python Tests/Benchmarks/socketio/socketio_bench.py --testserver .build/release/socketio-testserver
           [--quick] [--servers ours,limit,python] [--only burst,paced] [--clients 200,5000] [--repeats 3]

Prints a table in Markdown: processor time of the server for each delivery, acknowledgement and connection, memory,
latency, and what polling clients cost. Each server is measured several times in turn, and the median counts, as other
programs may run beside it. Everything stays on 127.0.0.1, is bounded in count and time, and ends by itself.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

import report
from servers import HERE, Server, build

# In this order: a burst that a server cannot finish in time ends its run.
MODES = ("connect", "paced", "acks", "burst", "polling")
SERVERS = ("ours", "limit", "python")
DELIVERY_RATE = 10_000
# After the clients have left: the time after which memory must have come back.
SETTLE = 10

# For each server: deliveries in bursts, seconds of pace, acks; acks and rounds of bursts by polling. python-socketio
# gets less, as it needs ten to a hundred times longer for each; at 5,000 clients it cannot keep the pace at all.
WORK = {
    "ours": {"deliveries": 2_000_000, "seconds": 10, "acks": 200_000, "polling_acks": 20_000, "polling_rounds": 10},
    "limit": {"deliveries": 2_000_000, "seconds": 10, "acks": 200_000},
    "python": {"deliveries": 100_000, "seconds": 4, "acks": 10_000, "polling_acks": 3_000, "polling_rounds": 1},
}
QUICK = {"deliveries": 500_000, "seconds": 3, "acks": 50_000, "polling_acks": 4_000, "polling_rounds": 2}
QUICK_PYTHON = {"deliveries": 20_000, "seconds": 1, "acks": 2_000, "polling_acks": 500, "polling_rounds": 1}
BURST = 50


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--testserver", type=pathlib.Path, help="our server, built for release")
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path(".build-test/bench"))
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--only", default=",".join(MODES), help="modes, of: " + ", ".join(MODES))
    parser.add_argument("--clients", default="200,5000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=int, default=90, help="seconds after which a mode is cut off")
    parser.add_argument("--quick", action="store_true", help="once, with little work: under a minute for ours,limit")
    parser.add_argument("--raw", type=pathlib.Path, help="where to add the load generator's lines")
    chosen = parser.parse_args()
    chosen.servers = pick(parser, chosen.servers, SERVERS)
    chosen.only = pick(parser, chosen.only, MODES)
    chosen.clients = [int(count) for count in chosen.clients.split(",")]
    if "ours" in chosen.servers and not chosen.testserver:
        parser.error("'--testserver' is needed to measure 'ours'")
    if chosen.quick:
        chosen.repeats = 1
    return chosen


def pick(parser, text, known):
    names = text.split(",")
    for name in names:
        if name not in known:
            parser.error(f"'{name}' is none of {', '.join(known)}")
    return names


class Bench:
    """One run of the whole benchmark."""

    def __init__(self, options):
        self.options = options
        self.commands = {
            "ours": [options.testserver, "bench", "--port", "{port}"],
            "limit": [options.build / "limit", "{port}"],
            "python": [sys.executable, HERE / "peer.py", "{port}"],
        }

    def work(self, name):
        if self.options.quick:
            return QUICK_PYTHON if name == "python" else QUICK
        return WORK[name]

    def load(self, server, *words):
        """Runs the load generator and returns its lines; none from where the server failed."""
        command = [self.options.build / "load", "--port", server.port, "--pid", server.pid]
        command += ["--limit", self.options.limit, *words]
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode and server.name == "python":
            print(f"{server.name}: the load generator gave up, see above", file=sys.stderr)
        elif done.returncode:
            sys.exit(f"'{server.name}' failed under load: {' '.join(map(str, words))}")
        if self.options.raw:
            with self.options.raw.open("a") as file:
                for line in lines:
                    file.write(json.dumps({"server": server.name, **line}) + "\n")
        return lines

    def measure(self, server, clients):
        """Everything about one server with so many clients, in a fresh process."""
        work = self.work(server.name)
        # The first clients of a process pay for what is made once.
        self.load(server, "--clients", 8, "--acks", 400, "acks")
        modes = [mode for mode in MODES if mode in self.options.only and mode != "polling"]
        run = {"lines": []}
        if modes:
            rounds = max(1, work["deliveries"] // (clients * BURST))
            words = ["--clients", clients, "--rounds", rounds, "--count", BURST, "--rate", DELIVERY_RATE]
            words += ["--seconds", work["seconds"], "--acks", max(clients, work["acks"]), *modes]
            run["lines"] += self.load(server, *words)
            run["loaded"] = server.resident()[1]
            if "connect" in modes:
                time.sleep(1 if self.options.quick else SETTLE)
                run["after"] = server.resident()[0]
        if "polling" in self.options.only and self.polls(server, clients):
            run["lines"] += self.polling(server, clients, work)
        return run

    def polls(self, server, clients):
        """Whether polling is measured: the C program knows WebSocket only, Python would take minutes to let all in."""
        return server.name == "ours" or server.name == "python" and clients <= 1000

    def polling(self, server, clients, work):
        words = ["--transport", "polling", "--clients", clients, "--count", BURST]
        words += ["--rounds", work["polling_rounds"], "--acks", max(clients, work["polling_acks"])]
        # A burst is the same work for each client; with thousands of them one would tell nothing new.
        modes = ["acks", "burst"] if clients <= 1000 else ["acks"]
        return self.load(server, *words, *modes)

    def run(self):
        results = {}
        for clients in self.options.clients:
            for repeat in range(self.options.repeats):
                for name in self.options.servers:
                    start = time.monotonic()
                    with Server(name, self.commands[name]) as server:
                        results.setdefault((clients, name), []).append(self.measure(server, clients))
                    spent = time.monotonic() - start
                    print(f"{clients} clients, {name}, {repeat + 1}: {spent:.0f} s", file=sys.stderr, flush=True)
        return results


def main():
    options = arguments()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    build(options.build)
    results = Bench(options).run()
    times = f"the median of {options.repeats}" if options.repeats > 1 else "one run"
    print(f"\nSocket.IO server, {times}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print(report.table(results, options.servers))


if __name__ == "__main__":
    main()
