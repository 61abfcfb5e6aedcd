// The few ways in which this page touches the document. Text enters it as text nodes only: no data becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element: `el("p", { class: "quiet", testid: "x" }, "text", child)`. */
export function el(tag, attributes = {}, ...children) {
    return filled(document.createElement(tag), attributes, children);
}

/** As `el`, for SVG. */
export function svg(tag, attributes = {}, ...children) {
    return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined) node.setAttribute(name === "testid" ? "data-testid" : name, value);
    }
    node.append(...children);
    return node;
}

/** The element with this id; a page without it is broken, so say which. */
export function byId(id) {
    const node = document.getElementById(id);
    if (!node) throw new Error(`the page has no element '${id}'`);
    return node;
}

/** Sets the text, touching the document only when it differs. */
export function setText(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute, or removes it for null, touching the document only when it differs. */
export function setAttribute(node, name, value) {
    if (value === null || value === undefined) {
        if (node.hasAttribute(name)) node.removeAttribute(name);
    } else if (node.getAttribute(name) !== String(value)) {
        node.setAttribute(name, value);
    }
}

export function setHidden(node, hidden) {
    if (node.hidden !== hidden) node.hidden = hidden;
}

/** Whether the focus is on nothing that can be seen: what had it went, or was covered. */
export function isFocusLost() {
    const { activeElement: active } = document;
    return active === document.body || !active?.checkVisibility();
}

/**
 * A list whose elements follow their items by key: what stays is kept, moved and updated, never made anew. What has the
 * focus keeps it when it is moved.
 *
 * @template Item
 * @param {Element} parent holds nothing but this list's elements
 * @param {{ key: (item: Item) => string, make: () => { node: Element, update: (item: Item) => void },
 *     heading?: HTMLElement }} options `heading` gets the focus when an element goes that had it
 * @returns {(items: Item[], ...rest: any[]) => void} shows these items, in this order; passes `rest` on to `update`
 */
export function keyedList(parent, { key, make, heading }) {
    let shown = new Map();
    return (items, ...rest) => {
        const active = parent.contains(document.activeElement) ? document.activeElement : null;
        const next = new Map();
        let place = parent.firstElementChild;
        for (const item of items) {
            const id = key(item);
            if (next.has(id)) continue;
            const row = shown.get(id) ?? make(item);
            shown.delete(id);
            next.set(id, row);
            row.update(item, ...rest);
            if (row.node === place) place = place.nextElementSibling;
            else parent.insertBefore(row.node, place);
        }
        for (const row of shown.values()) row.node.remove();
        shown = next;
        if (active === null || active === document.activeElement) return;
        (active.isConnected ? active : heading)?.focus({ preventScroll: true });
    };
}
