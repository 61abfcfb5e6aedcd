import { request } from "./api.js";

/** The server's clock moves a minute on; asked a little more often than that, so that nothing drifts. */
const EVERY = 55_000;

/** Keeps the last hour of each pipeline as the server counts it, so that a fresh page has it at once. */
export class Hours {
    constructor(store) {
        this.store = store;
        this.isAsking = false;
    }

    start() {
        setInterval(() => {
            if (!document.hidden) this.ask();
        }, EVERY);
        document.addEventListener("visibilitychange", () => {
            if (!document.hidden) this.ask();
        });
    }

    /** Asks now; until there is an answer the page has what it sees itself. */
    async ask() {
        if (this.isAsking) return;
        this.isAsking = true;
        try {
            const { pipelines } = await request("api/pipelines");
            this.store.takeHours(pipelines);
        } catch {
            // The next time may be better; the connection's state is shown elsewhere.
        } finally {
            this.isAsking = false;
        }
    }
}
