import { access } from "./access.js";
import { request } from "./api.js";

/**
 * Keeps whether what changes something is offered: not to a token that may only read, as it would be refused.
 *
 * Without a token everything is offered, as one can be asked for.
 */
export class Role {
    constructor(store) {
        this.store = store;
        this.last = null;
    }

    /** Asks what the kept token may do. */
    async ask() {
        const mine = {};
        this.last = mine;
        let role = null;
        try {
            if (access.current) ({ role } = await request("api/access"));
        } catch {
            // Whoever does not answer may do so the next time; until then it is as it was.
            return;
        }
        // What is not sent for now, after too many wrong ones, was not what was answered about.
        if (this.last === mine) this.store.setMayControl(role !== "read" || access.current === null);
    }
}
