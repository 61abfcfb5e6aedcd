"""The table that the Socket.IO benchmark prints."""

import statistics

# Node 22, socket.io 4.8.3, on a machine of the same kind; not measured in this run.
NODE = {
    (200, "burst"): 5.3,
    (200, "paced"): 11.9,
    (200, "acks"): 16.6,
    (200, "connect"): 0.45,
    (200, "memory"): 31,
    (5000, "burst"): 7.0,
    (5000, "paced"): 13.5,
    (5000, "acks"): 15.0,
    (5000, "memory"): 16.6,
    (5000, "p50"): 42,
    (5000, "p99"): 86,
    (5000, "loaded"): 385,
    (5000, "after"): 385,
}

# What is printed.
ROWS = [
    ("burst", "bursts of 50, CPU-s per million deliveries"),
    ("paced", "paced, CPU-s per million deliveries"),
    ("acks", "acks, CPU-s per million"),
    ("connect", "ms CPU per connection"),
    ("memory", "kB per idle connection"),
    ("p50", "paced, p50 ms"),
    ("p99", "paced, p99 ms"),
    ("loaded", "resident under load, MB"),
    ("after", "resident 10 s after all left, MB"),
    ("polling-acks", "polling: acks per CPU-second"),
    ("polling-burst", "polling: deliveries per CPU-second"),
]
# For these a ratio tells something; the C program has no memory to speak of.
COMPARED = {"burst", "paced", "acks", "connect", "p50", "p99", "polling-acks", "polling-burst"}
# For these more is better.
RATES = {"polling-acks", "polling-burst"}
TITLES = {"ours": "ours", "limit": "C limit", "python": "python-socketio"}


def derive(run):
    """The figures of one run from the load generator's lines and the driver's readings.

    Each is a pair: the value, and whether the server kept up.
    """
    figures = {}
    for line in run["lines"]:
        mode, clients = line["mode"], line["clients"]
        if mode == "connect":
            figures["connect"] = (line["cpu"] * 1e3 / clients, True)
            figures["memory"] = ((line["resident_kb"] - line["resident_before_kb"]) / clients, True)
        elif not line["messages"]:
            continue
        elif line["transport"] == "polling":
            figures[f"polling-{mode}"] = (line["messages"] / max(line["cpu"], 1e-6), line["complete"])
        else:
            figures[mode] = (line["cpu"] * 1e6 / line["messages"], line["complete"])
        if "p99_ms" in line:
            figures["p50"] = (line["p50_ms"], line["complete"])
            figures["p99"] = (line["p99_ms"], line["complete"])
    for key in ("loaded", "after"):
        if key in run:
            figures[key] = (run[key] / 1e3, True)
    return figures


def medians(runs):
    """The median of each figure over all runs of a server."""
    derived = [derive(run) for run in runs]
    keys = {key for figures in derived for key in figures}
    return {
        key: (
            statistics.median(figures[key][0] for figures in derived if key in figures),
            all(figures[key][1] for figures in derived if key in figures),
        )
        for key in keys
    }


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def cell(figures, key):
    if key not in figures:
        return "–"
    value, kept_up = figures[key]
    return number(value) + ("" if kept_up else " (did not keep up)")


def ratio(of, to, key):
    if key not in COMPARED or key not in of or key not in to or to[key][0] <= 0:
        return "–"
    return f"{of[key][0] / to[key][0]:.2f}"


def compare(figures, name, key):
    """How much more than the physical limit this server needs; how much less than any other."""
    if name == "limit" or key in RATES:
        return ratio(figures["ours"], figures[name], key)
    return ratio(figures[name], figures["ours"], key)


def table(results, servers):
    """Markdown for `{(clients, server): [run, …]}`."""
    others = [name for name in servers if name != "ours"]
    ratios = [name for name in others if "ours" in servers]
    header = ["clients", "figure", *(TITLES[name] for name in servers), "Node (elsewhere)"]
    header += ["ours ÷ limit" if name == "limit" else f"times better than {TITLES[name]}" for name in ratios]
    lines = [header, ["---"] * len(header)]
    for clients in sorted({clients for clients, _ in results}):
        figures = {name: medians(results.get((clients, name), [])) for name in servers}
        for key, title in ROWS:
            if not any(key in of_server for of_server in figures.values()):
                continue
            node = NODE.get((clients, key))
            row = [f"{clients:,}", title, *(cell(figures[name], key) for name in servers)]
            row += [number(node) if node else "–", *(compare(figures, name, key) for name in ratios)]
            lines.append(row)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
