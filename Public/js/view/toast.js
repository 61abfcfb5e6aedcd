import { byId, setText } from "./dom.js";

const SHOWN = 7000;

/**
 * Says in one line what came of something that a person did; a later one replaces it.
 *
 * While a file's view lies over the page, the rest of it is inert, for screen readers, too: then the line in the view
 * says it. Both lines are always there and empty, as what only appears together with its text is not read out.
 */
export class Toast {
    constructor() {
        this.page = byId("toast");
        this.sheet = byId("file-toast");
        this.dialog = byId("file-dialog");
        this.timer = null;
    }

    say(text, tone = "good") {
        clearTimeout(this.timer);
        const node = this.dialog.open ? this.sheet : this.page;
        this.clear();
        node.dataset.tone = tone;
        setText(node, text);
        this.timer = setTimeout(() => this.clear(), SHOWN);
    }

    clear() {
        setText(this.page, "");
        setText(this.sheet, "");
    }
}
