import { visibleName } from "../format/names.js";
import { counted } from "../format/numbers.js";
import { readable } from "../format/passage.js";
import { el } from "./dom.js";
import { onPress } from "./press.js";

/**
 * The passages of a file, a page at a time.
 *
 * @param {number} total how many it has
 * @param {{ chunks: object[], next_cursor: string | null }} first the first page
 * @param {(cursor: string) => Promise<object | null>} more asks for the page there; null when it did not come
 */
export function passageList(total, first, more) {
    const list = el("ol", { class: "passages" });
    const button = el("button", { class: "button", type: "button", testid: "passages-more" }, "Show more passages");
    let cursor = null;
    const add = ({ chunks, next_cursor: next }) => {
        const isAsked = document.activeElement === button;
        const rows = chunks.map(passage);
        list.append(...rows);
        if (isAsked) rows[0]?.focus();
        cursor = next;
        button.hidden = cursor === null;
    };
    add(first);
    onPress(button, async () => {
        const page = await more(cursor);
        if (page) add(page);
    });
    return el("section", { class: "file-section" }, el("h3", {}, counted(total, "passage")), list, button);
}

function passage(chunk) {
    const place = [
        Number.isFinite(chunk.page) ? `Page ${chunk.page}` : "",
        visibleName(chunk.sheet),
        chunk.heading_path.map(visibleName).join(" › "),
    ].filter(Boolean).join(" · ");
    return el("li", { class: "passage", testid: "passage", tabindex: -1 },
        place ? el("p", { class: "hit-place" }, el("bdi", {}, place)) : "",
        el("p", { class: "hit-text" }, readable(chunk.content)));
}
