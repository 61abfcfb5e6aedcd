import { webAddress } from "../format/addresses.js";
import { visibleName } from "../format/names.js";
import { bytes, count, counted } from "../format/numbers.js";
import { exact, instant, nextTry, took } from "../format/time.js";
import { el } from "./dom.js";
import { fact } from "./pieces.js";

const STAGES = { extraction: "Extraction", chunking: "Chunking", embedding: "Embedding", storing: "Storing" };
const STATES = {
    stored: ["Stored", "good"], retrying: ["Failed, tried again", "warn"], failed: ["Failed", "bad"],
    skipped: ["Skipped", "idle"],
};
const OUTCOMES = { stored: "Stored", skipped: "Skipped", failed: "Failed", moved: "Moved" };

/**
 * What the ledger knows of a file, as sections to be put below each other.
 *
 * @param {object} file the answer to `GET /api/files/{id}`
 * @param {number} now the server's clock
 * @param {() => Node} makeRetry makes the button that asks for another try
 */
export function recordOf(file, now, makeRetry) {
    return [headOf(file, now, makeRetry), factsOf(file), timingsOf(file), historyOf(file)].filter(Boolean);
}

function headOf(file, now, makeRetry) {
    const [label, tone] = STATES[file.state] ?? [visibleName(file.state), "idle"];
    const badge = el("span", { class: "badge", testid: "file-state", "data-tone": tone }, label);
    const nodes = [
        el("p", { class: "file-state" }, badge, el("span", {}, visibleName(file.pipeline_id)), ...documentLink(file)),
        el("p", { class: "file-path mono" }, el("bdi", {}, visibleName(file.path))),
    ];
    if (file.error) nodes.push(problemOf(file, now, makeRetry));
    if (file.skip_reason) nodes.push(el("p", { class: "row-message" }, visibleName(file.skip_reason)));
    return el("div", { class: "file-head" }, ...nodes);
}

/** A document of the web opens beside the page; one on a disk has its path only. */
function documentLink({ url }) {
    const href = webAddress(url);
    if (!href) return [];
    const attributes = { href, target: "_blank", rel: "noopener noreferrer", testid: "file-document" };
    return [el("a", attributes, "Open the document")];
}

function problemOf({ error }, now, makeRetry) {
    const plan = nextTry(instant(error.next_attempt_at), now);
    return el("div", { class: "file-problem" },
        el("p", { class: "row-message" }, visibleName(error.message)),
        el("p", { class: "row-plan" }, `${placeOf(error)}, ${plan}`), makeRetry());
}

/** Where it failed. An attempt that failed for no fault of the document does not count. */
function placeOf({ stage, attempt }) {
    return `In ${visibleName(stage)}${attempt ? `, attempt ${count(attempt)}` : ""}`;
}

function factsOf(file) {
    const { results } = file;
    const known = [
        ["Size", bytes(file.size)], ["Type", file.mime_type && visibleName(file.mime_type)],
        ["Changed", exact(instant(file.updated_at))],
        ["Passages", results && count(results.chunks_created)],
        ["Embedded", results && count(results.embeddings_generated)],
        ["Reused", results && count(results.embeddings_reused)],
        ["Text", results && counted(results.content_length, "character")],
        ["Took", results && took(results.processing_duration)],
    ].filter(([, value]) => value);
    const nodes = known.map(([term, value]) => {
        const each = fact(term);
        each.update(value);
        return each.node;
    });
    return el("dl", { class: "file-facts" }, ...nodes);
}

/** Where the time went: one bar, a part for each stage, and the same as a list. */
function timingsOf({ stage_durations: durations }) {
    const known = Object.entries(STAGES).map(([key, name]) => [key, name, durations[key]])
        .filter(([, , seconds]) => Number.isFinite(seconds));
    const total = known.reduce((sum, [, , seconds]) => sum + seconds, 0);
    if (total === 0) return null;
    const bar = el("div", { class: "stages", "aria-hidden": "true" });
    const list = el("dl", { class: "stage-list" });
    for (const [key, name, seconds] of known) {
        const part = el("div", { class: `stage stage-${key}` });
        part.style.flexGrow = String(Math.max(seconds / total, 0.005));
        bar.append(part);
        list.append(el("div", {}, el("dt", { class: `stage-key stage-${key}` }, name), el("dd", {}, took(seconds))));
    }
    return el("section", { class: "file-section" }, el("h3", {}, "Where the time went"), bar, list);
}

/** What came of it, the newest first; the server keeps it over restarts. */
function historyOf({ history }) {
    if (history.length === 0) return null;
    const rows = history.map((entry) => el("li", {},
        el("time", { datetime: entry.at }, exact(instant(entry.at))),
        el("span", {}, OUTCOMES[entry.outcome] ?? visibleName(entry.outcome)),
        el("span", { class: "quiet" }, detailOf(entry))));
    return el("section", { class: "file-section" }, el("h3", {}, "History"),
        el("ol", { class: "file-history", testid: "file-history" }, ...rows));
}

function detailOf(entry) {
    switch (entry.outcome) {
        case "stored": return `${counted(entry.chunks_created, "passage")} in ${took(entry.processing_duration)}`;
        case "moved": return `to ${visibleName(entry.path)}`;
        case "failed": return `${placeOf(entry)}: ${visibleName(entry.message)}`;
        default: return visibleName(entry.message);
    }
}
