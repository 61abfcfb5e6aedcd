import { access } from "../net/access.js";
import { byId, setHidden, setText } from "./dom.js";

/** Asks a person for a token; one that works is kept for the session. */
export class TokenDialog {
    constructor() {
        this.dialog = byId("token-dialog");
        this.form = byId("token-form");
        this.input = byId("token-input");
        this.reason = byId("token-reason");
        this.problem = byId("token-problem");
        this.done = null;
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            const token = this.input.value.trim();
            if (token === "") return;
            this.finish(token);
        });
        byId("token-cancel").addEventListener("click", () => this.finish(null));
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.finish(null);
        });
    }

    get isOpen() {
        return this.dialog.open;
    }

    /**
     * @param {string} reason why a token is needed, a sentence
     * @param {string | null} problem what was wrong with the last one
     * @returns {Promise<string | null>} a token to try now; null when none was given
     */
    ask(reason, problem = null) {
        this.done?.(null);
        setText(this.reason, reason);
        setText(this.problem, problem ?? "");
        setHidden(this.problem, !problem);
        this.input.value = "";
        if (!this.dialog.open) this.dialog.showModal();
        this.input.focus();
        return new Promise((resolve) => {
            this.done = resolve;
        });
    }

    /**
     * Asks for a token until one works or nobody gives one; what was kept before stays until then.
     *
     * @template Answer
     * @param {(token: string) => Promise<Answer>} attempt what the token is for
     * @returns {Promise<Answer | null>} what came of it; null when nothing was done
     * @throws {Problem} why it failed, but for a token that is not taken
     */
    async tryTokens(reason, problem, attempt) {
        let excuse = problem;
        for (;;) {
            const token = await this.ask(reason, excuse);
            if (token === null) return null;
            try {
                const answer = await attempt(token);
                access.token = token;
                return answer;
            } catch (refusal) {
                if (!refusal.needsToken) throw refusal;
                excuse = excuseOf(refusal);
            }
        }
    }

    finish(token) {
        const { done } = this;
        this.done = null;
        this.input.value = "";
        if (this.dialog.open) this.dialog.close();
        done?.(token);
    }
}

/** What is wrong with a token that was refused. */
export function excuseOf({ status }) {
    return status === 403 ? "This token may read, and not control." : "This token is not known.";
}
