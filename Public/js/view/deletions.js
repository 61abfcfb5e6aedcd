import { visibleName } from "../format/names.js";
import { count, counted } from "../format/numbers.js";
import { request } from "../net/api.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { pastTime } from "./pieces.js";

const SHOWN = 100;

/** A long time for a list that hardly ever changes, and short enough for who just caused it elsewhere. */
const EVERY = 30_000;

/**
 * Deletions that wait for a person's decision: so many files went at once that it may be a mistake.
 *
 * A pipeline with such deletions says so in its `problem`; their list is asked for when that changes, and now and then.
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
    }

    render(store) {
        if (store.connection.state !== "live" && store.connection.state !== "polling") return;
        for (const { time, at } of this.times) time.update(at, store.now());
        const notices = JSON.stringify([...store.pipelines.values()].map((pipeline) => pipeline.status.problem ?? null));
        const now = performance.now();
        if (this.isAsking || (notices === this.known && now - this.askedAt < EVERY)) return;
        this.known = notices;
        this.askedAt = now;
        const pipelines = [...store.pipelines.values()];
        if (pipelines.some((pipeline) => pipeline.status.problem || pipeline.held > 0)) this.ask();
        else this.show([]);
    }

    async ask() {
        this.isAsking = true;
        try {
            const { pipelines } = await request("api/deletions");
            const all = Array.isArray(pipelines) ? pipelines : [];
            this.store.takeHeld(all);
            this.show(all);
        } catch {
            // What was shown is still the best that is known; the connection's state is shown elsewhere.
        } finally {
            this.isAsking = false;
        }
    }

    /** Touches nothing while nothing is new: somebody may be reading the list, or about to decide. */
    show(deletions) {
        const open = deletions.filter(({ held }) => held > 0);
        const shown = JSON.stringify([open, this.store.mayControl]);
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

    list(pipeline, files) {
        const rows = files.map((file) => {
            const each = { time: pastTime("row-side"), at: Date.parse(file.since) };
            each.time.update(each.at, this.store.now());
            this.times.push(each);
            return el("li", { class: "held-row", testid: "held-row" },
                el("bdi", { class: "mono clip" }, visibleName(file.path)), each.time.node);
        });
        const label = `Held deletions of ${visibleName(pipeline)}`;
        return el("ul", { class: "held-list", tabindex: 0, "aria-label": label }, ...rows);
    }

    block({ pipeline_id: pipeline, held, files }, isOpen) {
        const shown = (files ?? []).filter((file) => file.state === "held").slice(0, SHOWN);
        const confirm = el("button", { class: "button is-grave", type: "button", testid: "deletions-confirm" },
            `Remove ${counted(held, "document")}`);
        const discard = el("button", { class: "button", type: "button", testid: "deletions-discard" },
            held === 1 ? "Keep it" : "Keep them");
        confirm.addEventListener("click", () => this.decide(confirm, pipeline, "confirm", "are removed"));
        discard.addEventListener("click", () => this.decide(discard, pipeline, "discard", "are kept"));
        const rest = held - shown.length;
        const stay = held === 1 ? "It stays" : "They stay";
        return el("div", { class: "held", testid: "held", "data-pipeline": pipeline },
            el("p", {}, el("strong", {}, visibleName(pipeline)),
                `: ${counted(held, "file")} went at once. ${stay} searchable until ${this.store.mayControl ? "you decide" : "someone decides"}.`),
            el("details", { "data-pipeline": pipeline, open: isOpen ? "" : null },
                el("summary", {}, "Which files"), this.list(pipeline, shown),
                rest > 0 ? el("p", { class: "quiet" }, `and ${count(rest)} more`) : ""),
            el("div", { class: "buttons control" }, discard, confirm));
    }

    async decide(button, pipeline, verb, words) {
        const praise = () => `The documents of ${visibleName(pipeline)} ${words}.`;
        const answer = await this.actions.run(button, `api/deletions/${verb}`, praise, { pipeline_id: pipeline });
        if (answer) this.ask();
    }
}
