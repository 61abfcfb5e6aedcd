import { access } from "../net/access.js";
import { request } from "../net/api.js";
import { isFocusLost, setAttribute } from "./dom.js";
import { excuseOf } from "./token.js";

const REASON = "Changing what the server does needs a token with the role “control”. "
    + "That of the server’s own machine is in the file control-token beside its database.";

/** Does what a button says: sends it, asks for a token when one is needed, and tells what came of it. */
export class Actions {
    constructor(toast, dialog) {
        this.toast = toast;
        this.dialog = dialog;
    }

    /**
     * @param {HTMLButtonElement} button says meanwhile that it is busy, and does nothing; it keeps the focus
     * @param {string} path what to post to
     * @param {(answer: object) => string} praise a sentence for when it worked
     * @param {object | undefined} body what to send with it
     * @returns {Promise<object | null>} the answer; null when nothing was done
     */
    async run(button, path, praise, body) {
        if (button.getAttribute("aria-disabled") === "true") return null;
        setAttribute(button, "aria-disabled", "true");
        const section = button.closest("section");
        try {
            const answer = await this.post(path, body);
            if (answer) this.toast.say(praise(answer));
            return answer;
        } catch (problem) {
            this.complain(problem);
            return null;
        } finally {
            setAttribute(button, "aria-disabled", null);
            // While a question lay over the button the focus went nowhere, if the button is gone since.
            if (isFocusLost()) focusAround(button, section);
        }
    }

    /** Asks for another token than the kept one; tells whether there is one now. */
    changeToken(reason = REASON) {
        return this.giveToken(reason, (token) => request("api/access", { token }));
    }

    /** Asks for a token for a question; tells whether one was taken, and is kept now. */
    async giveToken(reason, attempt) {
        try {
            return await this.dialog.tryTokens(reason, null, attempt) !== null;
        } catch (problem) {
            this.complain(problem);
            return false;
        }
    }

    complain(problem) {
        this.toast.say(`${problem.message}: ${problem.detail ?? ""}`, "bad");
    }

    async post(path, body) {
        const attempt = (token) => request(path, { method: "POST", body, token });
        let excuse = null;
        if (access.token) {
            try {
                return await attempt(access.token);
            } catch (problem) {
                if (!problem.needsToken) throw problem;
                excuse = excuseOf(problem);
            }
        }
        return this.dialog.tryTokens(REASON, excuse, attempt);
    }
}

function focusAround(button, section) {
    if (button.checkVisibility()) button.focus();
    else section?.querySelector("h2")?.focus();
}
