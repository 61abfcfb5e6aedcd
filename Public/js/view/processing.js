import { fileAddress } from "../format/addresses.js";
import { folderOf, visibleName } from "../format/names.js";
import { bytes, counted, percent } from "../format/numbers.js";
import { span } from "../format/time.js";
import { byId, el, keyedList, setAttribute, setHidden, setText } from "./dom.js";
import { nameLine } from "./pieces.js";

/** Rows that are always there, and the most that are. */
const FEWEST_SLOTS = 2;
const MOST_SLOTS = 8;
/** Milliseconds that a free row at the end is kept for the next file. */
const KEPT = 15_000;

const STAGES = {
    extraction: "Extracting text",
    chunking: "Splitting into passages",
    embedding: "Embedding",
    storing: "Storing",
};

/**
 * What the workers have in hand.
 *
 * Each file keeps its row from start to end and the next one takes the row that became free, so nothing jumps. The
 * number of rows grows with the work and shrinks a good while after it.
 */
export class ProcessingView {
    constructor() {
        this.empty = byId("processing-empty");
        this.more = byId("processing-more");
        this.count = byId("processing-count");
        this.slots = new Array(FEWEST_SLOTS).fill(null);
        this.lastNeededAt = 0;
        const heading = byId("processing-title");
        this.list = keyedList(byId("processing-list"), { key: (slot) => slot.key, make: () => new Slot(heading) });
    }

    render(store) {
        const now = store.now();
        const several = store.pipelines.size > 1;
        const active = new Map();
        for (const pipeline of store.pipelines.values()) {
            for (const row of pipeline.processing.values()) {
                active.set(`${pipeline.id}\n${row.id}`, { row, pipeline: pipeline.id, isTagged: several });
            }
        }
        this.assign(active);
        this.list(this.slots.map((key, index) => ({ key: String(index), file: active.get(key) ?? null })), now);
        const hidden = active.size - this.slots.filter((key) => key !== null).length;
        setText(this.more, hidden > 0 ? `and ${counted(hidden, "more file")}` : "");
        setText(this.count, active.size > 0 ? counted(active.size, "file") : "");
        setHidden(this.empty, active.size > 0);
        setText(this.empty.lastElementChild, active.size > 0 ? "" : emptyText(store));
    }

    assign(active) {
        this.slots = this.slots.map((key) => (active.has(key) ? key : null));
        const shown = new Set(this.slots);
        for (const key of active.keys()) {
            if (shown.has(key)) continue;
            const free = this.slots.indexOf(null);
            if (free >= 0) this.slots[free] = key;
            else if (this.slots.length < MOST_SLOTS) this.slots.push(key);
            else break;
        }
        this.release(performance.now());
    }

    /** Gives up the last row when nothing has needed it for a while. */
    release(now) {
        if (this.slots.at(-1) !== null) this.lastNeededAt = now;
        if (this.slots.length <= FEWEST_SLOTS || now - this.lastNeededAt < KEPT) return;
        while (this.slots.length > FEWEST_SLOTS && this.slots.at(-1) === null) this.slots.pop();
    }
}

function emptyText(store) {
    if (!store.hasData) return "";
    const pipelines = [...store.pipelines.values()];
    const isNew = pipelines.every((pipeline) => pipeline.status.total_files === 0);
    const places = pipelines.map((pipeline) => visibleName(pipeline.status.watch_location));
    return isNew && places.length === 1
        ? `Copy a file into ${places[0]} and watch it go through here.`
        : "Nothing in progress. New and changed files show up here by themselves.";
}

class Slot {
    /** @param {HTMLElement} heading gets the focus when the file goes whose link has it */
    constructor(heading) {
        this.heading = heading;
        this.address = null;
        this.name = nameLine("row-name");
        this.link = el("a", { class: "file-link" }, this.name.node);
        this.percent = el("span", { class: "row-side row-percent" });
        this.fill = el("div", { class: "bar-fill" });
        const range = { "aria-valuemin": 0, "aria-valuemax": 100 };
        this.bar = el("div", { class: "bar", role: "progressbar", ...range }, this.fill);
        this.stage = el("span", { class: "row-path clip" });
        this.facts = el("span", { class: "row-facts" });
        this.node = el("li", { class: "row slot" },
            el("div", { class: "row-top" }, this.link, this.percent), this.bar,
            el("div", { class: "row-meta" }, this.stage, this.facts));
    }

    update({ file }, now) {
        setAttribute(this.node, "aria-hidden", file ? null : "true");
        setAttribute(this.node, "data-testid", file ? "processing-row" : null);
        setAttribute(this.node, "data-file", file?.row.id ?? null);
        setAttribute(this.node, "data-stage", file?.row.stage ?? null);
        this.leadTo(file ? fileAddress(file.pipeline, file.row.id) : null);
        this.fill.style.transform = `scaleX(${(file?.row.progress ?? 0).toFixed(3)})`;
        if (file) this.updateFile(file, now);
        else this.name.update("");
    }

    /** The next file takes the row, and must not take who is at this one along. */
    leadTo(address) {
        if (address === this.address) return;
        this.address = address;
        if (document.activeElement === this.link) this.heading.focus({ preventScroll: true });
        setAttribute(this.link, "href", address);
    }

    updateFile({ row, pipeline, isTagged }, now) {
        this.name.update(row.name);
        const share = percent(row.progress);
        setText(this.percent, share);
        setAttribute(this.bar, "aria-valuenow", share.slice(0, -1));
        setAttribute(this.bar, "aria-label", `Progress of ${visibleName(row.name)}`);
        const folder = folderOf(row.path, row.name);
        const where = [isTagged && visibleName(pipeline), folder].filter(Boolean).join(" · ");
        const stage = STAGES[row.stage] ?? visibleName(row.stage);
        setText(this.stage, where ? `${stage} · ${where}` : stage);
        setAttribute(this.stage, "title", visibleName(row.path ?? row.name));
        const elapsed = Number.isFinite(row.startedAt) ? span((now - row.startedAt) / 1000) : "";
        setText(this.facts, [bytes(row.size), elapsed].filter(Boolean).join(" · "));
    }
}
