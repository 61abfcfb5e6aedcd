import { exact, took } from "../format/time.js";
import { byId, setAttribute, setText } from "./dom.js";

const STATES = {
    connecting: { label: "Connecting", tone: "idle" },
    live: { label: "Live", tone: "good" },
    reconnecting: { label: "Reconnecting", tone: "warn" },
    polling: { label: "Polling", tone: "warn" },
    stopping: { label: "Stopping", tone: "idle" },
    offline: { label: "Offline", tone: "bad" },
    unauthorised: { label: "Locked", tone: "idle" },
};

const TRANSPORTS = { websocket: "over WebSocket", polling: "over long polling" };

/** The connection's state and latency, in the masthead's corner. */
export class ConnectionView {
    constructor() {
        this.root = byId("connection");
        this.label = byId("connection-label");
        this.latency = byId("connection-latency");
    }

    render(store) {
        const { state, latency, since } = store.connection;
        const { label, tone } = STATES[state];
        setAttribute(this.root, "data-state", state);
        setAttribute(this.root, "data-tone", tone);
        setAttribute(this.root, "title", `${explain(store.connection)} Since ${exact(since)}.`);
        setText(this.label, label);
        setText(this.latency, Number.isFinite(latency) ? took(Math.max(1, latency) / 1000) : "");
    }
}

function explain({ state, transport }) {
    switch (state) {
        case "live": return `Events arrive as they happen, ${TRANSPORTS[transport] ?? "live"}.`;
        case "polling": return "No live events; the status is asked for every 3 s.";
        case "reconnecting": return "The live connection broke and is being made again.";
        case "stopping": return "The server said that it is stopping.";
        case "unauthorised": return "The server wants a token.";
        case "offline": return "The server does not answer.";
        default: return "The connection is being made.";
    }
}
