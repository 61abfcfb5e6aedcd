import { byId, setHidden, setText } from "./dom.js";

const SHOWN = 7000;

/** Says in one line what came of something that a person did; a later one replaces it. */
export class Toast {
    constructor() {
        this.node = byId("toast");
        this.timer = null;
    }

    say(text, tone = "good") {
        clearTimeout(this.timer);
        this.node.dataset.tone = tone;
        setText(this.node, text);
        setHidden(this.node, false);
        this.timer = setTimeout(() => setHidden(this.node, true), SHOWN);
    }
}
