import { visibleName } from "../format/names.js";
import { count, counted } from "../format/numbers.js";
import { address, request } from "../net/api.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { pastTime } from "./pieces.js";
import { onPress } from "./press.js";

const PAGE = 100;
/** Rows that the page keeps of a pipeline; who decides about so many looks at the folder. */
const MOST = 1000;
/** A long time for a list that hardly ever changes, and short enough for who just caused it elsewhere. */
const EVERY = 30_000;

/**
 * Deletions that wait for a person's decision: so many files went at once that it may be a mistake.
 *
 * A pipeline with such deletions says so in its `problem`; the first page of them is asked for when that changes, and
 * now and then while there are some.
 */
export class DeletionsView {
    constructor(store, actions) {
        this.store = store;
        this.actions = actions;
        this.panel = byId("deletions");
        this.body = byId("deletions-body");
        this.known = null;
        this.shown = null;
        this.times = [];
        this.askedAt = -EVERY;
        this.isAsking = false;
        this.hasFailed = false;
    }

    render(store) {
        if (store.connection.state !== "live" && store.connection.state !== "polling") return;
        for (const { time, at } of this.times) time.update(at, store.now());
        const pipelines = [...store.pipelines.values()];
        const problems = pipelines.map(({ id, status }) => [id, status.problem ?? null]);
        const notices = JSON.stringify([store.mayControl, ...problems]);
        const now = performance.now();
        const isDue = now - this.askedAt >= EVERY && (this.hasFailed || pipelines.some(({ held }) => held > 0));
        if (this.isAsking || (notices === this.known && !isDue)) return;
        this.known = notices;
        this.askedAt = now;
        this.ask(pipelines.filter(({ held, status }) => status.problem || held > 0));
    }

    async ask(pipelines) {
        this.isAsking = true;
        try {
            const lists = await Promise.all(pipelines.map(({ id }) => pageOf(id, null)));
            this.store.takeHeld(lists);
            this.show(lists);
            this.hasFailed = false;
        } catch {
            // What was shown is still the best that is known; the connection's state is shown elsewhere.
            this.hasFailed = true;
        } finally {
            this.isAsking = false;
        }
    }

    /** Touches nothing while nothing is new: somebody may be reading the list, or about to decide. */
    show(lists) {
        const open = lists.filter(({ held }) => held > 0);
        const first = open.map(({ files, ...facts }) => [facts, files.slice(0, PAGE)]);
        const shown = JSON.stringify([this.store.mayControl, first]);
        if (shown === this.shown) return;
        this.shown = shown;
        this.times = [];
        const hadFocus = this.panel.contains(document.activeElement);
        const opened = new Set([...this.body.querySelectorAll("details[open]")].map((each) => each.dataset.pipeline));
        setHidden(this.panel, open.length === 0);
        this.body.replaceChildren(...open.map((each) => this.block(each, opened.has(each.pipeline_id))));
        // What had the focus is gone: the reader goes on where the next thing is said.
        if (hadFocus) (open.length === 0 ? byId("status") : this.panel).focus();
    }

    row(file) {
        const each = { time: pastTime("row-side"), at: Date.parse(file.since) };
        each.time.update(each.at, this.store.now());
        this.times.push(each);
        const path = visibleName(file.path);
        return el("li", { class: "held-row", testid: "held-row" },
            el("bdi", { class: "mono clip", title: path }, path), each.time.node);
    }

    /** The files of a pipeline, a page at a time. */
    list({ pipeline_id: pipeline, held, files, next }) {
        const label = `Held deletions of ${visibleName(pipeline)}`;
        const list = el("ul", { class: "held-list", tabindex: 0, "aria-label": label });
        const rest = el("p", { class: "quiet", role: "status" });
        const more = el("button", { class: "button", type: "button", testid: "deletions-more" });
        let waiting = files;
        let cursor = next;
        const add = () => {
            list.append(...waiting.slice(0, PAGE).map((file) => this.row(file)));
            waiting = waiting.slice(PAGE);
            const left = held - list.childElementCount;
            const isEnd = (waiting.length === 0 && cursor === null) || list.childElementCount >= MOST;
            if (isEnd && document.activeElement === more) list.focus();
            setHidden(more, isEnd);
            setText(more, "Show more");
            setText(rest, left > 0 ? `and ${count(left)} more` : "");
        };
        onPress(more, async () => {
            if (waiting.length === 0) {
                const page = await pageOf(pipeline, cursor).catch(() => null);
                if (!page) {
                    setText(more, "Try again");
                    setText(rest, "The files did not come.");
                    return;
                }
                ({ files: waiting, next: cursor } = page);
            }
            add();
        });
        add();
        return [list, el("div", { class: "list-end" }, rest, more)];
    }

    block(each, isOpen) {
        const { pipeline_id: pipeline, held } = each;
        const confirm = el("button", { class: "button is-grave", type: "button", testid: "deletions-confirm" },
            `Remove ${counted(held, "document")}`);
        const discard = el("button", { class: "button", type: "button", testid: "deletions-discard" },
            held === 1 ? "Keep it" : "Keep them");
        confirm.addEventListener("click", () => this.decide(confirm, pipeline, "confirm", "are removed"));
        discard.addEventListener("click", () => this.decide(discard, pipeline, "discard", "are kept"));
        const stay = held === 1 ? "It stays" : "They stay";
        const until = this.store.mayControl ? "you decide" : "someone decides";
        return el("div", { class: "held", testid: "held", "data-pipeline": pipeline },
            el("p", {}, el("strong", {}, visibleName(pipeline)),
                `: ${counted(held, "file")} went at once. ${stay} searchable until ${until}.`),
            el("details", { "data-pipeline": pipeline, open: isOpen ? "" : null },
                el("summary", {}, "Which files"), ...this.list(each)),
            el("div", { class: "buttons control" }, discard, confirm));
    }

    async decide(button, pipeline, verb, words) {
        const praise = () => `The documents of ${visibleName(pipeline)} ${words}.`;
        const answer = await this.actions.run(button, `api/deletions/${verb}`, praise, { pipeline_id: pipeline });
        // Asked again with the next rendering.
        if (answer) this.known = null;
    }
}

/** A page of what a pipeline holds. */
async function pageOf(pipeline, cursor) {
    const query = { pipeline, state: "held", limit: PAGE, cursor };
    const { pipelines: [{ held, files }], next_cursor: next } = await request(address("api/deletions", query));
    return { pipeline_id: pipeline, held, files, next };
}
