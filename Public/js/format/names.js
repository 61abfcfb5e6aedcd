// File names are bytes that somebody else chose. These functions make any of them safe to look at.

const MARKS = new Map([
    ["\n", "↵"], ["\r", "↵"], ["\t", "⇥"],
    ["\u200b", "·"], ["\ufeff", "·"], ["\u2028", "↵"], ["\u2029", "↵"],
]);

// C0 and C1 controls, line separators, zero-width characters, and everything that reorders text on screen.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LONGEST = 400;
const TAIL = 10;

/** Makes controls and direction overrides visible, so that a name can neither break the line nor disguise itself. */
export function visibleName(name) {
    const text = String(name ?? "");
    const bounded = text.length > LONGEST ? `${text.slice(0, LONGEST - 40)}…${text.slice(-39)}` : text;
    return bounded.toWellFormed?.().replace(INVISIBLE, mark) ?? bounded.replace(INVISIBLE, mark);
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
    const characters = Array.from(visible);
    const cut = characters.length - TAIL;
    return [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
}

/** The folder that a path names, for showing below the name; empty at the top and when nothing is known. */
export function folderOf(path, name) {
    if (!path) return "";
    const text = String(path);
    const folder = name && text.endsWith(name) ? text.slice(0, -String(name).length) : text;
    return visibleName(folder.length > 1 ? folder.replace(/\/$/, "") : folder);
}
