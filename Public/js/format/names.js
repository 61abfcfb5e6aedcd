// File names are bytes that somebody else chose. These functions make any of them safe to look at.

const MARKS = new Map([
    ["\n", "↵"], ["\r", "↵"], ["\t", "⇥"],
    ["\u200b", "·"], ["\ufeff", "·"], ["\u2028", "↵"], ["\u2029", "↵"],
]);

/**
 * Controls, line separators, what reorders text on screen, and what takes no room, so that two names look the same.
 * The joiners that scripts and emoji need, and the variants of emoji, are left as they are.
 */
const INVISIBLE = new RegExp("["
    + "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    + "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb"
    + "\\u{e0000}-\\u{e0fff}]", "gu");
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** No script puts so many signs on one letter; more of them only climb over the lines around. */
const PILE = /(\p{M}{6})(\p{M}+)/gu;
const LONGEST = 400;
const TAIL = 10;

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Makes controls and direction overrides visible, so that a name can neither break the line nor disguise itself. */
export function visibleName(name) {
    const text = String(name ?? "");
    const bounded = text.length > LONGEST ? `${text.slice(0, LONGEST - 40)}…${text.slice(-39)}` : text;
    return bounded.toWellFormed().replace(INVISIBLE, mark)
        .replace(PILE, (_, kept, left) => `${kept}⟨+${Array.from(left).length}⟩`);
}

function mark(character) {
    const known = MARKS.get(character);
    if (known) return known;
    return `⟨${character.codePointAt(0).toString(16).toUpperCase().padStart(2, "0")}⟩`;
}

/**
 * Splits a visible name for one line: the head may be cut by the layout, the tail with the extension never is.
 *
 * Right-to-left names stay whole: two boxes would put their halves in the wrong order.
 */
export function splitName(visible) {
    if (visible.length <= TAIL * 2 || RIGHT_TO_LEFT.test(visible)) return [visible, ""];
    const characters = Array.from(letters.segment(visible), ({ segment }) => segment);
    const cut = Math.max(0, characters.length - TAIL);
    return [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
}

/** The folder that a path names, for showing below the name; empty at the top and when nothing is known. */
export function folderOf(path, name) {
    if (!path) return "";
    const text = String(path);
    const folder = name && text.endsWith(name) ? text.slice(0, -String(name).length) : text;
    return visibleName(folder.length > 1 ? folder.replace(/\/$/, "") : folder);
}
