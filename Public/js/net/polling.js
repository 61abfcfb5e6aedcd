import { headersOf, secondsToWait } from "./access.js";

const EVERY = 3000;
const TIMEOUT = 8000;

/** Asks `GET /status` again and again, one request at a time, until stopped. */
export class Polling {
    /**
     * @param {(body: object) => void} onStatus receives each answer
     * @param {(httpStatus: number | null, token: string | null, seconds: number) => void} onFailure is told of each
     *     request without one: the server's answer when it refused, null when it did not answer or not with a status;
     *     the token that was sent, and how long to wait
     * @param {() => string | null} tokenNow what to send
     */
    constructor(onStatus, onFailure, tokenNow) {
        this.tokenNow = tokenNow;
        this.onStatus = onStatus;
        this.onFailure = onFailure;
        this.roundTrip = NaN;
        this.run = null;
    }

    start() {
        if (this.run) return;
        this.run = new AbortController();
        this.loop(this.run.signal);
    }

    stop() {
        this.run?.abort();
        this.run = null;
    }

    async loop(stopped) {
        while (!stopped.aborted) {
            await this.ask(stopped);
            await pause(EVERY, stopped);
        }
    }

    async ask(stopped) {
        const sentAt = performance.now();
        const token = this.tokenNow();
        const limit = new AbortController();
        const abort = () => limit.abort();
        const timer = setTimeout(abort, TIMEOUT);
        stopped.addEventListener("abort", abort, { once: true });
        try {
            const response = await fetch(new URL("status", document.baseURI), {
                cache: "no-store",
                headers: headersOf(token),
                signal: limit.signal,
            });
            const body = response.ok ? await response.json() : isEmpty(response) ? { pipelines: [] } : null;
            this.roundTrip = performance.now() - sentAt;
            if (stopped.aborted) return;
            if (body !== null && typeof body === "object") this.onStatus(body);
            else this.onFailure(response.ok ? null : response.status, token, secondsToWait(response));
        } catch {
            if (!stopped.aborted) this.onFailure(null, token, NaN);
        } finally {
            clearTimeout(timer);
            stopped.removeEventListener("abort", abort);
        }
    }
}

/** Whether the server itself says that there is nothing to show; a proxy's 404 is a page for people. */
function isEmpty(response) {
    return response.status === 404 && response.headers.get("content-type")?.startsWith("application/problem+json");
}

function pause(milliseconds, stopped) {
    return new Promise((resolve) => {
        const timer = setTimeout(done, milliseconds);
        function done() {
            clearTimeout(timer);
            stopped.removeEventListener("abort", done);
            resolve();
        }
        stopped.addEventListener("abort", done, { once: true });
    });
}
