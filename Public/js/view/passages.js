import { visibleName } from "../format/names.js";
import { count, counted } from "../format/numbers.js";
import { readable } from "../format/passage.js";
import { el, setHidden, setText } from "./dom.js";
import { onPress } from "./press.js";

/** Rows that the page keeps; who looks for more searches. */
const MOST = 500;
const LOST = "The passages did not come.";

/**
 * The passages of a file, a page at a time.
 *
 * @param {number | null} total how many it has; null when that is not known
 * @param {{ chunks: object[], next_cursor: string | null } | null} first the first page; null when it did not come
 * @param {(cursor: string | null) => Promise<object | null>} more asks for the page there, or for the first one; null
 *     when it did not come
 */
export function passageList(total, first, more) {
    const list = el("ol", { class: "passages" });
    const note = el("p", { class: "quiet", role: "status" });
    const button = el("button", { class: "button", type: "button", testid: "passages-more" });
    let cursor = null;
    const add = ({ chunks, next_cursor: next }) => {
        const isAsked = document.activeElement === button;
        const rows = chunks.map(passage);
        list.append(...rows);
        if (isAsked) rows[0]?.focus();
        cursor = next;
        const isFull = list.childElementCount >= MOST;
        setHidden(button, cursor === null || isFull);
        if (cursor !== null && isFull) setText(note, `${count(MOST)} passages shown; search for others`);
    };
    const take = (page) => {
        setText(note, page ? "" : LOST);
        setText(button, page ? "Show more passages" : "Try again");
        if (page) add(page);
    };
    take(first);
    onPress(button, async () => take(await more(cursor)));
    const heading = el("h3", {}, total === null ? "Passages" : counted(total, "passage"));
    return el("section", { class: "file-section" }, heading, list, el("div", { class: "list-end" }, note, button));
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
