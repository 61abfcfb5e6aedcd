import { counted } from "../format/numbers.js";
import { byId, setText } from "./dom.js";

/** A state must have lasted this long to be worth saying, and nothing is said more often than that. */
const SETTLED = 2000;
const QUIET = 10_000;

/** Tells screen readers what changed for the whole: the verdict, the connection, new failures; never each file. */
export class Announcer {
    constructor() {
        this.node = byId("announcer");
        this.pending = null;
        this.pendingSince = 0;
        this.said = null;
        this.saidAt = -QUIET;
    }

    render(headline, failures) {
        const text = failures > 0 ? `${headline}. ${counted(failures, "file")} failed.` : `${headline}.`;
        const now = performance.now();
        if (text !== this.pending) {
            this.pending = text;
            this.pendingSince = now;
        }
        if (text === this.said || now - this.pendingSince < SETTLED || now - this.saidAt < QUIET) return;
        this.said = text;
        this.saidAt = now;
        setText(this.node, text);
    }
}
