import { fileAddress } from "../format/addresses.js";
import { folderOf, visibleName } from "../format/names.js";
import { count, counted } from "../format/numbers.js";
import { nextTry, took } from "../format/time.js";
import { retryAddress } from "../net/files.js";
import { byId, el, keyedList, setAttribute, setHidden, setText } from "./dom.js";
import { icon, nameLine, pastTime } from "./pieces.js";

const FINISHED_ROWS = 10;
const FAILED_ROWS = 10;

/** Completed and removed files, newest first. */
export class FinishedView {
    constructor() {
        this.empty = byId("finished-empty");
        this.list = keyedList(byId("finished-list"), {
            key: rowKey, make: (row) => new FinishedRow(row.kind), heading: byId("finished-title"),
        });
    }

    render(store) {
        const rows = gather(store, (pipeline) => [...pipeline.completed, ...pipeline.removed]).slice(0, FINISHED_ROWS);
        this.list(rows, store.now());
        setHidden(this.empty, rows.length > 0);
        const isEmpty = store.hasData && rows.length === 0;
        setText(this.empty.lastElementChild, isEmpty ? "No file has been finished yet." : "");
    }
}

/** Files that did not get through, newest first, each with what to do about it. */
export class ProblemsView {
    constructor(actions, files) {
        this.empty = byId("problems-empty");
        this.more = byId("problems-more");
        this.link = byId("problems-all");
        /** In which state most of those are that have no row here. */
        this.state = "failed";
        this.link.addEventListener("click", (event) => {
            event.preventDefault();
            files.open(this.state);
        });
        this.count = byId("problems-count");
        this.list = keyedList(byId("problems-list"), {
            key: fileKey, make: () => new FailedRow(actions), heading: byId("problems-title"),
        });
    }

    render(store, { failures, retrying }) {
        const rows = gather(store, (pipeline) => pipeline.failed).slice(0, FAILED_ROWS);
        this.list(rows, store.now());
        const some = retrying > 0 && retrying < failures ? `, ${count(retrying)} tried again` : "";
        setText(this.count, failures > 0 ? counted(failures, "file") + some : "");
        setHidden(this.empty, failures > 0);
        setText(this.empty.lastElementChild, store.hasData && failures === 0 ? "No file has failed." : "");
        setHidden(this.more, failures <= rows.length);
        setText(this.link, `and ${count(failures - rows.length)} more`);
        this.state = retrying < failures ? "failed" : "retrying";
    }
}

function gather(store, rowsOf) {
    const several = store.pipelines.size > 1;
    const rows = [];
    for (const pipeline of store.pipelines.values()) {
        const tag = several ? pipeline.id : null;
        for (const row of rowsOf(pipeline)) rows.push({ ...row, pipeline: pipeline.id, tag });
    }
    return rows.sort((a, b) => (b.at || 0) - (a.at || 0));
}

/** A file that is processed again becomes a new row: the key carries the time. */
function rowKey(row) {
    return `${row.kind}\n${row.pipeline}\n${row.id}\n${row.at}`;
}

/** A file that fails again keeps its row, and what of it has the focus. */
function fileKey(row) {
    return `${row.pipeline}\n${row.id}`;
}

function whereOf(row) {
    return [row.tag && visibleName(row.tag), folderOf(row.path, row.name)].filter(Boolean).join(" · ");
}

class FinishedRow {
    constructor(kind) {
        const removed = kind === "removed";
        this.name = nameLine("row-name");
        // A file that is gone has no view of its own.
        this.link = removed ? this.name.node : el("a", { class: "file-link" }, this.name.node);
        this.time = pastTime("row-side");
        this.path = el("span", { class: "row-path clip" });
        this.facts = el("span", { class: "row-facts" });
        const sign = el("span", { class: "sign", "data-tone": removed ? "idle" : "good" },
            icon(removed ? "minus" : "good", 3));
        const spoken = el("span", { class: "visually-hidden" }, removed ? "Removed:" : "Completed:");
        this.node = el("li", {
            class: `row finished-row ${kind}`, testid: removed ? "removed-row" : "completed-row",
        }, el("div", { class: "row-top" }, sign, spoken, this.link, this.time.node),
            el("div", { class: "row-meta" }, this.path, this.facts));
    }

    update(row, now) {
        this.time.update(row.at, now);
        if (this.row === row.id) return;
        this.row = row.id;
        setAttribute(this.node, "data-file", row.id);
        this.name.update(row.name);
        if (row.kind !== "removed") setAttribute(this.link, "href", fileAddress(row.pipeline, row.id));
        setText(this.path, whereOf(row));
        setAttribute(this.path, "title", row.path ? visibleName(row.path) : null);
        setText(this.facts, row.kind === "removed" ? removedFacts(row) : completedFacts(row));
    }
}

function completedFacts(row) {
    const facts = [counted(row.chunks, "passage")];
    if (row.reused > 0) facts.push(row.reused === row.chunks ? "all reused" : `${count(row.reused)} reused`);
    if (Number.isFinite(row.duration)) facts.push(took(row.duration));
    return facts.join(" · ");
}

function removedFacts(row) {
    return Number.isFinite(row.chunks) ? `${counted(row.chunks, "passage")} removed` : "removed";
}

class FailedRow {
    constructor(actions) {
        this.name = nameLine("row-name");
        this.time = pastTime("row-side");
        this.path = el("p", { class: "row-meta clip" });
        this.message = el("p", { class: "row-message" });
        this.plan = el("span", { class: "row-plan" });
        this.link = el("a", { class: "file-link" }, this.name.node);
        this.retry = el("button", { class: "button control", type: "button", testid: "retry" }, "Retry");
        this.retry.addEventListener("click", () => {
            const { id, pipeline, name } = this.row;
            actions.run(this.retry, retryAddress({ pipeline, id }), () => `${visibleName(name)} is tried again.`);
        });
        this.node = el("li", { class: "row failed-row", testid: "failed-row" },
            el("div", { class: "row-top" },
                el("span", { class: "sign", "data-tone": "warn" }, icon("warning", 3)), this.link, this.time.node),
            this.path, this.message, el("div", { class: "row-end" }, this.plan, this.retry));
    }

    update(row, now) {
        this.row = row;
        setAttribute(this.node, "data-file", row.id);
        setAttribute(this.link, "href", fileAddress(row.pipeline, row.id));
        setAttribute(this.retry, "aria-label", `Retry ${visibleName(row.name)}`);
        this.name.update(row.name);
        this.time.update(row.at, now);
        setText(this.path, whereOf(row));
        const message = visibleName(row.message) || "It failed without saying why; the log has more.";
        setText(this.message, message);
        setAttribute(this.message, "title", message);
        setText(this.plan, planOf(row, now));
    }
}

function planOf(row, now) {
    const where = row.stage ? `In ${row.stage}` : "";
    const attempt = row.attempt > 1 ? `attempt ${count(row.attempt)}` : "";
    return [where, attempt, nextTry(row.nextAttemptAt, now)].filter(Boolean).join(", ");
}
