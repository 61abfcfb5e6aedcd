import { fileOfAddress } from "../format/addresses.js";
import { visibleName } from "../format/names.js";
import { chunksOf, fileOf, isKnown, retryAddress } from "../net/files.js";
import { byId, el, isFocusLost, setText } from "./dom.js";
import { passageList } from "./passages.js";
import { recordOf } from "./record.js";
import { unlockButton, wordsOf } from "./refusal.js";

const LOCKED = "This server shows its files to those who have a token.";
const GONE = ["This file is not here", "It was removed since, or was never here."];
const COMING = ["In progress", "What is known of it is shown here when it has been processed."];

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
        const file = fileOfAddress(location.hash);
        if (file) this.show(file);
        else if (this.dialog.open) this.dialog.close();
        else this.leaveAddress();
    }

    /** Takes the file out of the page's address. */
    leaveAddress() {
        if (location.hash.startsWith("#file/")) history.replaceState(null, "", location.pathname + location.search);
    }

    closed() {
        this.request?.abort();
        this.leaveAddress();
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

    async show(file) {
        this.shown = file;
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
    async load(shown) {
        this.request?.abort();
        const mine = new AbortController();
        this.request = mine;
        this.dialog.setAttribute("aria-busy", "true");
        const before = knownOf(this.store, shown);
        try {
            const file = await fileOf(shown, { signal: mine.signal });
            const chunks = await optional(chunksOf(shown, null, mine.signal));
            if (this.request === mine && !mine.signal.aborted) this.fill(file, chunks);
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
        const isGone = problem.status === 404;
        const isComing = isGone && known !== undefined;
        if (isComing) this.awaited = known;
        const [title, detail] = isComing ? COMING : isGone ? GONE : wordsOf(problem, LOCKED);
        const hadFocus = this.body.contains(document.activeElement);
        this.body.replaceChildren(el("div", { class: "results-message", testid: "file-message" },
            el("h3", {}, title), el("p", { class: "quiet" }, detail),
            ...(problem.needsToken ? [unlockButton("file-unlock", () => this.unlock())] : [])));
        if (hadFocus) this.title.focus();
    }

    /** Shows the file with a token that somebody gives now. */
    async unlock() {
        const { shown } = this;
        const isGiven = await this.actions.giveToken(LOCKED, (token) => isKnown(shown, token));
        if (isGiven && this.shown === shown) this.load(shown);
    }

    fill(file, chunks) {
        setText(this.title, visibleName(file.name));
        const parts = recordOf(file, this.store.now(), () => this.retryButton(file));
        if (chunks === null || chunks.chunks.length > 0) parts.push(this.passages(file, chunks));
        const hadFocus = this.body.contains(document.activeElement);
        this.body.replaceChildren(...parts);
        // What had the focus was made anew, or is gone: then the reader goes on at the top.
        if (hadFocus) (this.body.querySelector(".control") ?? this.title).focus();
    }

    passages({ results }, first) {
        const { shown } = this;
        const total = results?.chunks_created ?? first?.chunks.length ?? null;
        return passageList(total, first, (cursor) => optional(chunksOf(shown, cursor, this.request?.signal)));
    }

    retryButton(file) {
        const button = el("button", { class: "button control", type: "button", testid: "file-retry" }, "Retry now");
        button.addEventListener("click", () => this.retry(button, file));
        return button;
    }

    async retry(button, { name }) {
        const { shown } = this;
        const before = knownOf(this.store, shown);
        const praise = () => `${visibleName(name)} is tried again.`;
        const answer = await this.actions.run(button, retryAddress(shown), praise);
        if (!answer || this.shown !== shown) return;
        this.awaited = before;
        await this.load(shown);
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

/** Null for a part that did not come: the others are worth showing. */
async function optional(promise) {
    try {
        return await promise;
    } catch {
        return null;
    }
}
