import { access } from "../net/access.js";
import { byId, setHidden, setText } from "./dom.js";

/** Asks a person for a token, once; what is given is kept for the session. */
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
            access.token = token;
            this.finish(true);
        });
        byId("token-cancel").addEventListener("click", () => this.finish(false));
        this.dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.finish(false);
        });
    }

    get isOpen() {
        return this.dialog.open;
    }

    /**
     * @param {string} reason why a token is needed, a sentence
     * @param {string | null} problem what was wrong with the last one
     * @returns {Promise<boolean>} whether there is a token to try now
     */
    ask(reason, problem = null) {
        this.done?.(false);
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

    finish(isGiven) {
        const { done } = this;
        this.done = null;
        this.input.value = "";
        if (this.dialog.open) this.dialog.close();
        done?.(isGiven);
    }
}
