import { access } from "../net/access.js";
import { request } from "../net/api.js";
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
     * @param {HTMLButtonElement} button is disabled meanwhile
     * @param {string} path what to post to
     * @param {(answer: object) => string} praise a sentence for when it worked
     * @param {object | undefined} body what to send with it
     * @returns {Promise<object | null>} the answer; null when nothing was done
     */
    async run(button, path, praise, body) {
        button.disabled = true;
        try {
            const answer = await this.post(path, body);
            if (answer) this.toast.say(praise(answer));
            return answer;
        } catch (problem) {
            this.toast.say(`${problem.message}: ${problem.detail ?? ""}`, "bad");
            return null;
        } finally {
            button.disabled = false;
            // While the button was disabled, or a question lay over it, the focus went nowhere.
            const { activeElement: active } = document;
            if (active === document.body || !active?.checkVisibility()) button.focus();
        }
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
