import { fileAddress, webAddress } from "../format/addresses.js";
import { excerpt, pieces } from "../format/highlight.js";
import { visibleName } from "../format/names.js";
import { score } from "../format/numbers.js";
import { readable } from "../format/passage.js";
import { el, setAttribute, setText } from "./dom.js";

const MORE = "Show the whole passage";

/** One hit: rank, name or title, where in the file, the passage with the query's words marked. */
export function hitRow(hit, rank, pattern, showPipeline) {
    const file = hit.file ?? {};
    const name = visibleName(file.name);
    const title = typeof hit.title === "string" && hit.title.trim() !== "" ? visibleName(hit.title) : name;
    return el("li", { class: "hit", testid: "search-hit", "data-file": file.id },
        el("span", { class: "hit-rank", "aria-hidden": "true" }, String(rank)),
        el("article", {},
            el("h3", {}, linked(el("bdi", {}, title), hit, file)),
            el("p", { class: "hit-place" }, ...places(hit, file, showPipeline)),
            ...passage(readable(hit.content), pattern)));
}

/** A document of the web opens beside the page; of any other the link leads to the file's own view. */
function linked(node, hit, file) {
    const href = webAddress(file.url);
    if (!href) return el("a", { href: fileAddress(hit.pipeline_id, file.id) }, node);
    return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, node);
}

function places(hit, file, showPipeline) {
    const nodes = [];
    if (showPipeline && hit.pipeline_id) nodes.push(el("span", {}, visibleName(hit.pipeline_id)));
    if (Number.isFinite(hit.page)) nodes.push(el("span", {}, `Page ${hit.page}`));
    if (typeof hit.sheet === "string" && hit.sheet !== "") nodes.push(el("span", {}, visibleName(hit.sheet)));
    const headings = Array.isArray(hit.heading_path) ? hit.heading_path.map(visibleName).filter(Boolean) : [];
    if (headings.length > 0) nodes.push(el("bdi", {}, headings.join(" › ")));
    nodes.push(el("bdi", { class: "hit-path mono" }, visibleName(file.path ?? file.name)));
    if (Number.isFinite(hit.score)) nodes.push(el("span", { class: "hit-score" }, `score ${score(hit.score)}`));
    return nodes;
}

function passage(content, pattern) {
    const short = excerpt(content, pattern);
    const text = el("p", { class: "hit-text" });
    fill(text, short.text, pattern);
    if (!short.isCut) return [text];
    const button = el("button", { class: "hit-more", type: "button", "aria-expanded": "false" }, MORE);
    button.addEventListener("click", () => {
        const isOpen = button.getAttribute("aria-expanded") === "true";
        fill(text, isOpen ? short.text : content, pattern);
        setAttribute(button, "aria-expanded", String(!isOpen));
        setText(button, isOpen ? MORE : "Show less");
    });
    return [text, button];
}

function fill(node, text, pattern) {
    const nodes = pieces(text, pattern).map((piece) => (piece.isMatch ? el("mark", {}, piece.text) : piece.text));
    node.replaceChildren(...nodes);
}
