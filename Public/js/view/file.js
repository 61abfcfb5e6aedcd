import { visibleName } from "../format/names.js";
import { readable } from "../format/passage.js";
import { bytes, count, counted } from "../format/numbers.js";
import { clockUntil, exact, instant, took } from "../format/time.js";
import { address, request } from "../net/api.js";
import { byId, el, isFocusLost, setText } from "./dom.js";
import { fact } from "./pieces.js";

const CHUNKS = 20;
const STAGES = { extraction: "Extraction", chunking: "Chunking", embedding: "Embedding", storing: "Storing" };
const STATES = {
    stored: ["Stored", "good"], retrying: ["Failed, tried again", "warn"], failed: ["Failed", "bad"],
    skipped: ["Skipped", "idle"],
};
const LOCKED = "This server shows its files to those who have a token.";
/** What refusals mean to somebody who looks for a file; the server's own words are for programs. */
const WORDS = {
    401: ["Locked", LOCKED],
    404: ["This file is not here", "It was removed since, or was never here."],
};
const COMING = ["In progress", "What is known of it is shown here when it has been processed."];
const OUTCOMES = { stored: "Stored", skipped: "Skipped", failed: "Failed", moved: "Moved" };

/** A file's own view, in a sheet over the page: what is known of it, where its time went, its history, its passages. */
export class FileView {
    constructor(store, actions) {
        this.store = store;
        this.actions = actions;
        this.dialog = byId("file-dialog");
        this.title = byId("file-title");
        this.body = byId("file-body");
        this.request = null;
        this.opener = null;
        /** What is shown is the file with this pipeline and id. */
        this.shown = null;
        /** What was known of a file when it was to be tried again: the view is made anew when that changes. */
        this.awaited = null;
    }

    start() {
        window.addEventListener("hashchange", () => this.readAddress());
        this.dialog.addEventListener("close", () => this.closed());
        this.dialog.addEventListener("click", (event) => {
            if (event.target === this.dialog) this.dialog.close();
        });
        byId("file-close").addEventListener("click", () => this.dialog.close());
        this.readAddress();
    }

    readAddress() {
        const match = /^#file\/([^/]+)\/([^/]+)$/.exec(location.hash);
        if (!match) {
            if (this.dialog.open) this.dialog.close();
            return;
        }
        try {
            this.show(decodeURIComponent(match[1]), decodeURIComponent(match[2]));
        } catch {
            history.replaceState(null, "", location.pathname + location.search);
        }
    }

    closed() {
        this.request?.abort();
        if (location.hash.startsWith("#file/")) history.replaceState(null, "", location.pathname + location.search);
        this.opener?.focus?.();
        // What it was opened from may be gone by now.
        if (isFocusLost()) byId("status").focus({ preventScroll: true });
        this.opener = null;
        this.shown = null;
        this.awaited = null;
    }

    /** Shows what came of another try, as soon as it is heard of. */
    render(store) {
        if (this.awaited === null) return;
        const known = knownOf(store, this.shown);
        if (known === this.awaited) return;
        this.awaited = known.startsWith("processing") ? known : null;
        this.load(this.shown);
    }

    async show(pipeline, id) {
        this.shown = { pipeline, id };
        this.awaited = null;
        if (!this.dialog.open) {
            this.opener = document.activeElement;
            this.dialog.showModal();
        }
        setText(this.title, "…");
        this.body.replaceChildren(el("div", { class: "ghost", "aria-hidden": "true" }));
        await this.load(this.shown);
    }

    /** Asks for the file; what is shown stays until the answer is there. */
    async load({ pipeline, id }) {
        this.request?.abort();
        const mine = new AbortController();
        this.request = mine;
        this.dialog.setAttribute("aria-busy", "true");
        const before = knownOf(this.store, this.shown);
        try {
            const file = await fileOf({ pipeline, id }, undefined, mine.signal);
            const chunks = await optional(chunksOf(pipeline, id, null, mine.signal));
            if (this.request === mine) this.fill(file, chunks);
        } catch (problem) {
            if (this.request === mine && !mine.signal.aborted) this.fail(problem, before);
        } finally {
            if (this.request === mine) this.dialog.removeAttribute("aria-busy");
        }
    }

    /** @param {string} before what was known of the file when it was asked for */
    fail(problem, before) {
        setText(this.title, "File");
        // It may have been finished while the question was on its way: then it is asked again at once.
        const known = [before, knownOf(this.store, this.shown)].find((each) => each.startsWith("processing"));
        const isComing = problem.status === 404 && known !== undefined;
        if (isComing) this.awaited = known;
        const [title, detail] = isComing ? COMING : WORDS[problem.status] ?? [problem.message, problem.detail ?? ""];
        const hadFocus = this.body.contains(document.activeElement);
        this.body.replaceChildren(el("div", { class: "results-message", testid: "file-message" },
            el("h3", {}, title), el("p", { class: "quiet" }, detail),
            ...(problem.needsToken ? [this.unlock()] : [])));
        if (hadFocus) this.title.focus();
    }

    /** Shows the file with a token that somebody gives now. */
    unlock() {
        const button = el("button", { class: "button is-main", type: "button", testid: "file-unlock" },
            "Enter the token");
        button.addEventListener("click", async () => {
            const { shown } = this;
            const isGiven = await this.actions.giveToken(LOCKED, (token) => isKnown(shown, token));
            if (isGiven && this.shown === shown) this.load(shown);
        });
        return button;
    }

    fill(file, chunks) {
        setText(this.title, visibleName(file.name));
        const parts = [this.head(file), facts(file), timings(file.stage_durations), historyOf(file.history)];
        if (chunks?.chunks?.length > 0) parts.push(this.passages(file, chunks));
        const hadFocus = this.body.contains(document.activeElement);
        this.body.replaceChildren(...parts.filter(Boolean));
        // What had the focus was made anew, or is gone: then the reader goes on at the top.
        if (hadFocus) (this.body.querySelector(".control") ?? this.title).focus();
    }

    head(file) {
        const [label, tone] = STATES[file.state] ?? [String(file.state), "idle"];
        const path = el("p", { class: "file-path mono" }, el("bdi", {}, visibleName(file.path)));
        const badge = el("span", { class: "badge", testid: "file-state", "data-tone": tone }, label);
        const nodes = [el("p", { class: "file-state" }, badge, ` ${visibleName(file.pipeline_id)}`), path];
        if (file.error) nodes.push(this.problem(file));
        if (file.skip_reason) nodes.push(el("p", { class: "row-message" }, visibleName(file.skip_reason)));
        return el("div", { class: "file-head" }, ...nodes);
    }

    problem(file) {
        const { error } = file;
        const next = instant(error.next_attempt_at);
        const plan = Number.isFinite(next) ? `next try in ${clockUntil(next, this.store.now())}` : "not tried again by itself";
        const retry = el("button", { class: "button control", type: "button", testid: "file-retry" }, "Retry now");
        retry.addEventListener("click", () => this.retry(retry, file));
        return el("div", { class: "file-problem" }, el("p", { class: "row-message" }, visibleName(error.message)),
            el("p", { class: "row-plan" }, `In ${error.stage}${error.attempt ? `, attempt ${count(error.attempt)}` : ""}, ${plan}`), retry);
    }

    async retry(button, file) {
        const { shown } = this;
        const before = knownOf(this.store, shown);
        const path = address(`api/files/${encodeURIComponent(file.id)}/retry`, { pipeline: file.pipeline_id });
        const answer = await this.actions.run(button, path, () => `${visibleName(file.name)} is tried again.`);
        if (!answer || this.shown !== shown) return;
        this.awaited = before;
        await this.load(shown);
    }

    passages(file, first) {
        const list = el("ol", { class: "passages" });
        const more = el("button", { class: "button", type: "button" }, "Show more passages");
        const add = ({ chunks, next_cursor: next }) => {
            const isAsked = document.activeElement === more;
            const rows = (chunks ?? []).map(passage);
            list.append(...rows);
            if (isAsked) rows[0]?.focus();
            more.hidden = !next;
            more.dataset.cursor = next ?? "";
        };
        add(first);
        more.addEventListener("click", async () => {
            const answer = await optional(chunksOf(file.pipeline_id, file.id, more.dataset.cursor, this.request?.signal));
            if (answer) add(answer);
        });
        const title = counted(file.results?.chunks_created ?? list.childElementCount, "passage");
        return el("section", { class: "file-section" }, el("h3", {}, title), list, more);
    }
}

/** What the page hears of a file: in progress, or what came of it and when. */
function knownOf(store, { pipeline, id }) {
    const known = store.pipelines.get(pipeline);
    if (!known) return "";
    if (known.processing.has(id)) return `processing ${known.processing.get(id).startedAt}`;
    const rows = [...known.completed, ...known.failed, ...known.removed].filter((row) => row.id === id);
    return `ended ${Math.max(...rows.map((row) => row.at))}`;
}

function fileOf({ pipeline, id }, token, signal) {
    return request(address(`api/files/${encodeURIComponent(id)}`, { pipeline }), { token, signal });
}

/** Whether there is this file, as somebody with this token is told. */
async function isKnown(shown, token) {
    try {
        return Boolean(await fileOf(shown, token));
    } catch (problem) {
        if (problem.status === 404) return false;
        throw problem;
    }
}

function chunksOf(pipeline, id, cursor, signal) {
    const path = `api/files/${encodeURIComponent(id)}/chunks`;
    return request(address(path, { pipeline, cursor, limit: CHUNKS }), { signal });
}

/** Null for a part that the server does not have: the others are worth showing. */
async function optional(promise) {
    try {
        return await promise;
    } catch {
        return null;
    }
}

function facts(file) {
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
function timings(durations) {
    const known = Object.entries(STAGES).map(([key, name]) => [key, name, durations?.[key]])
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
function historyOf(entries) {
    if (!Array.isArray(entries) || entries.length === 0) return null;
    const rows = entries.map((entry) => el("li", {},
        el("time", { datetime: entry.at }, exact(instant(entry.at))),
        el("span", {}, OUTCOMES[entry.outcome] ?? String(entry.outcome)),
        el("span", { class: "quiet" }, detailOf(entry))));
    return el("section", { class: "file-section" }, el("h3", {}, "History"),
        el("ol", { class: "file-history", testid: "file-history" }, ...rows));
}

function detailOf({ outcome, path, message, stage, attempt, chunks_created: chunks, processing_duration: seconds }) {
    if (outcome === "stored") return `${counted(chunks, "passage")} in ${took(seconds)}`;
    if (outcome === "moved") return `to ${visibleName(path)}`;
    // An attempt that failed for no fault of the document does not count.
    if (outcome === "failed") return `In ${stage}${attempt ? `, attempt ${count(attempt)}` : ""}: ${visibleName(message)}`;
    return visibleName(message ?? "");
}

function passage(chunk) {
    const headings = Array.isArray(chunk.heading_path) ? chunk.heading_path.map(visibleName).join(" › ") : "";
    const place = [Number.isFinite(chunk.page) ? `Page ${chunk.page}` : "", chunk.sheet ? visibleName(chunk.sheet) : "", headings].filter(Boolean).join(" · ");
    return el("li", { class: "passage", testid: "passage", tabindex: -1 },
        place ? el("p", { class: "hit-place" }, el("bdi", {}, place)) : "",
        el("p", { class: "hit-text" }, readable(chunk.content)));
}
