import { splitName, visibleName } from "../format/names.js";
import { ago, exact } from "../format/time.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const STROKES = {
    good: ["M5 12.5l4.5 4.5L19 7.5"],
    ready: ["M12 5v14", "M5 12h14"],
    working: ["M12 3a9 9 0 1 1-9 9"],
    connecting: ["M12 3a9 9 0 1 1-9 9"],
    warning: ["M12 5v8.5", "M12 18.5v.1"],
    paused: ["M9 6v12", "M15 6v12"],
    stopped: ["M12 3.5v8", "M7 6.5a7.5 7.5 0 1 0 10 0"],
    offline: ["M6 6l12 12", "M18 6L6 18"],
    minus: ["M6 12h12"],
    locked: ["M6.5 11h11v9h-11z", "M9 11V8a3 3 0 0 1 6 0v3"],
};

/** A sign drawn in the text's colour; decoration only, so always hidden from screen readers. */
export function icon(name, weight = 2.5) {
    const paths = STROKES[name].map((d) => svg("path", { d }));
    return svg("svg", {
        viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": weight,
        "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
    }, ...paths);
}

/** A file's name on one line; the whole of it is the text content and the tooltip. */
export function nameLine(extra = "") {
    const head = el("span", { class: "name-head" });
    const tail = el("span", { class: "name-tail" });
    const node = el("bdi", { class: `name ${extra}`.trim() }, head, tail);
    let shown = null;
    return {
        node,
        update(name) {
            if (name === shown) return;
            shown = name;
            const visible = visibleName(name);
            const [start, end] = splitName(visible);
            setText(head, start);
            setText(tail, end);
            setAttribute(node, "title", visible);
        },
    };
}

/** A moment in the past: `12 s ago`, with the exact time as tooltip and for machines. */
export function pastTime(extra = "") {
    const node = el("time", { class: extra });
    let shown = NaN;
    return {
        node,
        update(at, now) {
            setText(node, ago(at, now));
            if (at === shown) return;
            shown = at;
            setAttribute(node, "datetime", Number.isFinite(at) ? new Date(at).toISOString() : null);
            setAttribute(node, "title", exact(at) || null);
        },
    };
}

/** A term and its value in a description list; `update` sets the value. */
export function fact(term, attributes = {}) {
    const value = el("span");
    const label = el("dt", {}, term);
    const node = el("div", { class: attributes.class }, label, el("dd", { testid: attributes.testid }, value));
    return { node, label, value, update: (text) => setText(value, text) };
}
