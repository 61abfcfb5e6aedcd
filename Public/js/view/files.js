import { fileAddress } from "../format/addresses.js";
import { folderOf, visibleName } from "../format/names.js";
import { bytes, counted } from "../format/numbers.js";
import { took } from "../format/time.js";
import { address, request } from "../net/api.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { nameLine, pastTime } from "./pieces.js";

const PAGE = 50;
/** Rows that the page keeps; who looks for more narrows the question. */
const MOST = 500;
const DEBOUNCE = 250;
const NARROW = "; narrow the question for others";

const SIGNS = {
    stored: ["good", "Stored"],
    retrying: ["warn", "Tried again later"],
    failed: ["bad", "Failed"],
    skipped: ["idle", "Skipped"],
};

/** Every file of the ledger, a page at a time from the server. */
export class FilesView {
    constructor(store) {
        this.store = store;
        this.panel = byId("files");
        this.details = byId("files-details");
        this.list = byId("files-list");
        this.note = byId("files-note");
        this.more = byId("files-more");
        this.text = byId("files-text");
        this.state = byId("files-state");
        this.cursor = null;
        /** Whether the button goes on from what is shown, or asks for the first page once more. */
        this.goesOn = true;
        this.request = null;
        this.timer = null;
    }

    start() {
        this.details.addEventListener("toggle", () => {
            if (this.details.open) this.load(false);
            else this.request?.abort();
        });
        this.state.addEventListener("change", () => this.load(false));
        this.text.addEventListener("input", () => {
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.load(false), DEBOUNCE);
        });
        this.more.addEventListener("click", () => this.load(this.goesOn));
    }

    /** Shows those in one state, and goes there. */
    open(state) {
        this.state.value = state;
        this.text.value = "";
        if (this.details.open) this.load(false);
        else this.details.open = true;
        this.details.querySelector("summary").focus();
    }

    async load(isMore) {
        this.request?.abort();
        const mine = new AbortController();
        this.request = mine;
        this.panel.setAttribute("aria-busy", "true");
        if (this.list.childElementCount === 0) setText(this.note, "Loading…");
        try {
            const cursor = isMore ? this.cursor : null;
            const answer = await request(address("api/files", {
                limit: PAGE, cursor, q: this.text.value.trim(), state: this.state.value,
            }), { signal: mine.signal });
            if (this.request === mine) this.show(answer, isMore);
        } catch {
            if (this.request === mine && !mine.signal.aborted) this.fail(isMore);
        } finally {
            if (this.request === mine) this.panel.removeAttribute("aria-busy");
        }
    }

    show({ files, next_cursor: next }, isMore) {
        const rows = files.map((file) => this.row(file));
        // Who came to the button by the keyboard goes on with what is new, also when the button goes.
        const hadFocus = document.activeElement === this.more;
        if (isMore) this.list.append(...rows);
        else this.list.replaceChildren(...rows);
        if (hadFocus) (rows[0]?.querySelector("a") ?? this.text).focus();
        this.cursor = next;
        this.goesOn = true;
        setText(this.more, "Show more");
        const shown = this.list.childElementCount;
        const isFull = shown >= MOST;
        setHidden(this.more, !this.cursor || isFull);
        if (shown === 0) setText(this.note, "No file matches.");
        else setText(this.note, counted(shown, "file") + (this.cursor ? ` shown${isFull ? NARROW : ""}` : ""));
    }

    /** What is shown stays if it is of the same question. */
    fail(isMore) {
        if (!isMore) this.list.replaceChildren();
        this.goesOn = isMore;
        setText(this.note, "The files did not come.");
        setText(this.more, "Try again");
        setHidden(this.more, false);
    }

    row(file) {
        const [tone, label] = SIGNS[file.state] ?? ["idle", String(file.state)];
        const name = nameLine("row-name");
        const time = pastTime("row-side");
        name.update(file.name);
        time.update(Date.parse(file.updated_at), this.store.now());
        const several = this.store.pipelines.size > 1;
        const where = joined([several && visibleName(file.pipeline_id), folderOf(file.path, file.name)]);
        const link = el("a", { class: "file-link", href: fileAddress(file.pipeline_id, file.id) }, name.node);
        return el("li", { class: "row file-row", testid: "file-row", "data-file": file.id, "data-state": file.state },
            el("div", { class: "row-top" }, el("span", { class: "badge", "data-tone": tone }, label), link, time.node),
            el("div", { class: "row-meta" }, el("span", { class: "row-path clip" }, where),
                el("span", { class: "row-facts" }, factsOf(file))));
    }
}

function factsOf({ size, results, skip_reason: skipped, error }) {
    if (results) {
        return joined([counted(results.chunks_created, "passage"), took(results.processing_duration), bytes(size)]);
    }
    return joined([visibleName(error?.type ?? skipped), bytes(size)]);
}

function joined(parts) {
    return parts.filter(Boolean).join(" · ");
}
