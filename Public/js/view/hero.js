import { count, counted } from "../format/numbers.js";
import { exact } from "../format/time.js";
import { answers, verdict } from "../state/verdict.js";
import { byId, setAttribute, setHidden, setText } from "./dom.js";
import { icon } from "./pieces.js";

/** The verdict that can be read from across the room, and the answers to the four questions below it. */
export class HeroView {
    constructor() {
        this.hero = byId("hero");
        this.glyph = byId("glyph");
        this.headline = byId("verdict");
        this.detail = byId("verdict-detail");
        this.alert = byId("alert");
        this.cells = Array.from(byId("answers").children, cellOf);
        this.glyph.append(icon("connecting"));
    }

    render(store, summary) {
        const said = verdict(store, summary);
        setAttribute(this.hero, "data-tone", said.tone);
        setText(this.headline, said.headline);
        setText(this.detail, said.detail);
        this.showIcon(said.icon);
        this.showAlert(summary);
        answers(store, summary).forEach((answer, index) => showAnswer(this.cells[index], answer));
        const title = titleOf(said, summary);
        if (document.title !== title) document.title = title;
    }

    showIcon(name) {
        if (this.glyph.dataset.icon === name) return;
        this.glyph.dataset.icon = name;
        this.glyph.replaceChildren(icon(name));
    }

    showAlert(summary) {
        const { failures } = summary;
        setHidden(this.alert, failures === 0);
        setText(this.alert, failures === 0 ? "" : `${count(failures)} failed`);
        setAttribute(this.alert, "aria-label", failures === 0 ? null : `${counted(failures, "file")} failed: show`);
    }
}

function titleOf(said, summary) {
    const failures = summary.failures > 0 ? `, ${count(summary.failures)} failed` : "";
    return `${said.headline}${failures} · corpusd`;
}

function cellOf(node) {
    return {
        node,
        value: node.querySelector(".answer-value"),
        detail: node.querySelector(".answer-detail"),
    };
}

function showAnswer({ node, value, detail }, answer) {
    setText(value, answer.value);
    setText(detail, answer.detail);
    setAttribute(value, "title", Number.isFinite(answer.since) ? `since ${exact(answer.since)}` : answer.value);
    setAttribute(detail, "title", answer.detail || null);
    setAttribute(node, "data-tone", answer.tone);
}
