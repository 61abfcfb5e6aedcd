"""Tells an open page of far more than a daemon can do, the whole way through the official client."""

from collections.abc import Callable

from browsing import PATIENCE, Visit
from daemon import Daemon
from playwright.sync_api import Page

# Events that come between two animation frames; a thousand a second is 17.
BATCH = 500

# Keeps the page's WebSocket at hand: what is dispatched on it takes the whole way through the official client.
KEEP_WIRE = """() => {
    const Native = WebSocket;
    window.wires = 0;
    window.WebSocket = class extends Native {
        constructor(...given) {
            super(...given);
            window.wire = this;
            window.wires += 1;
            // What the server itself says of pipelines, while a test speaks in its name.
            this.addEventListener("message", (event) => {
                if (window.isDeaf && event.isTrusted && String(event.data).startsWith("42/pipeline,")) {
                    event.stopImmediatePropagation();
                }
            });
        }
    };
}"""

# Tells of one file that is processed, moved on and ended: three events.
TELL = """const tell = (name, payload) => wire.dispatchEvent(
    new MessageEvent("message", { data: `42/pipeline,${JSON.stringify([name, payload])}` }));
const tellOf = (number) => {
    const time = new Date().toISOString();
    const file = { id: `f${number}`, name: `file ${number}.txt`, path: `a/file ${number}.txt`, size: 1000,
        mime_type: "text/plain", started_at: time, completed_at: time, failed_at: time };
    const common = { pipeline_id: "docs", pipeline_type: "local_files", timestamp: time, file };
    tell("file:processing", { ...common, processing_stage: "extraction", estimated_duration: null });
    tell("file:progress", { ...common, processing_stage: "embedding", progress: 0.5 });
    if (number % 10) tell("file:completed", { ...common, results: { chunks_created: 3 }, success: true });
    else tell("file:failed", { ...common, error: { message: "damaged", stage: "extraction" }, success: false });
};"""

# Tells of `files` files, each processed, moved on and ended, `batch` events at a time; between the batches the page
# gets one animation frame. Answers how often the lists were rendered in how many frames.
FLOOD = f"""async ([files, batch, first]) => {{ {TELL}""" + """
    let renders = 0;
    let frames = 0;
    let isWatching = true;
    const count = () => { frames += 1; if (isWatching) requestAnimationFrame(count); };
    requestAnimationFrame(count);
    const observer = new MutationObserver(() => { renders += 1; });
    observer.observe(document.getElementById("finished-list"), { childList: true });
    let told = 0;
    for (let number = first; number < first + files; number += 1) {
        tellOf(number);
        told += 3;
        if (told % batch < 3) await new Promise(requestAnimationFrame);
    }
    // Reading the clock moves on only with frames, so the last events are shown by then.
    for (let left = 60; left > 0; left -= 1) await new Promise(requestAnimationFrame);
    isWatching = false;
    observer.disconnect();
    return { told, renders, frames };
}"""


# Tells of `rate` events a second for so many seconds, by the clock: a frame that comes late brings all that is due.
# Answers how long no frame came at most, and how long tasks were in all that a person would notice, in milliseconds.
STREAM = f"""async ([rate, seconds, first]) => {{ {TELL}""" + """
    let busy = 0;
    const note = (entries) => { for (const { duration } of entries) busy += duration; };
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "longtask" });
    const begun = performance.now();
    let longest = 0;
    let number = first;
    for (let last = begun, now = begun; now - begun < seconds * 1000; last = now) {
        await new Promise(requestAnimationFrame);
        now = performance.now();
        longest = Math.max(longest, now - last);
        const due = first + (now - begun) / 1000 * rate / 3;
        for (; number < due; number += 1) tellOf(number);
    }
    note(observer.takeRecords());
    observer.disconnect();
    return { told: (number - first) * 3, took: performance.now() - begun, longest, busy };
}"""


def flood(page: Page, files: int, first: int) -> dict[str, int]:
    return page.evaluate(FLOOD, [files, BATCH, first])


def stream(page: Page, rate: int, seconds: int, first: int) -> dict[str, float]:
    return page.evaluate(STREAM, [rate, seconds, first])


def on_websocket(
    daemon: Daemon, visit: Callable[..., Visit], prepare: Callable[[Page], None] = lambda page: None
) -> Visit:
    def keep_wire(page: Page) -> None:
        prepare(page)
        page.add_init_script(f"({KEEP_WIRE})()")

    opened = visit(daemon, prepare=keep_wire)
    expect_websocket(opened)
    return opened


def expect_websocket(opened: Visit) -> None:
    opened.expect_live()
    opened.page.wait_for_function("() => window.wire?.readyState === 1 && document.getElementById('connection').title"
                                  ".includes('over WebSocket')", timeout=PATIENCE)
