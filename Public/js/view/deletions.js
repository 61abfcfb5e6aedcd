import { visibleName } from "../format/names.js";
import { count, counted } from "../format/numbers.js";
import { request } from "../net/api.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { pastTime } from "./pieces.js";

const SHOWN = 100;

/**
 * Deletions that wait for a person's decision: so many files went at once that it may be a mistake.
 *
 * Asked for whenever a status says that there are some, or another number of them; the server keeps them.
 */
export class DeletionsView {
    constructor(store, actions) {
        this.store = store;
        this.actions = actions;
        this.panel = byId("deletions");
        this.body = byId("deletions-body");
        this.known = "";
        this.isAsking = false;
    }

    render(store) {
        const counts = [...store.pipelines.values()]
            .map((pipeline) => [pipeline.id, pipeline.status.held_deletions ?? 0]);
        const state = JSON.stringify(counts);
        if (state === this.known || this.isAsking) return;
        this.known = state;
        if (counts.some(([, held]) => held > 0)) this.ask();
        else setHidden(this.panel, true);
    }

    async ask() {
        this.isAsking = true;
        try {
            const { deletions } = await request("api/deletions");
            this.show(Array.isArray(deletions) ? deletions : []);
        } catch {
            setHidden(this.panel, true);
        } finally {
            this.isAsking = false;
        }
    }

    show(deletions) {
        const open = deletions.filter(({ held }) => held > 0);
        setHidden(this.panel, open.length === 0);
        this.body.replaceChildren(...open.map((each) => this.block(each)));
    }

    block({ pipeline_id: pipeline, held, files }) {
        const list = el("ul", { class: "held-list" }, ...(files ?? []).slice(0, SHOWN).map((file) => {
            const time = pastTime("row-side");
            time.update(Date.parse(file.since), this.store.now());
            return el("li", { class: "held-row", testid: "held-row" },
                el("bdi", { class: "mono clip" }, visibleName(file.path)), time.node);
        }));
        const confirm = el("button", { class: "button", type: "button", testid: "deletions-confirm" },
            `Remove ${counted(held, "document")}`);
        const discard = el("button", { class: "button", type: "button", testid: "deletions-discard" }, "Keep them");
        confirm.addEventListener("click", () => this.decide(confirm, pipeline, "confirm", "are removed"));
        discard.addEventListener("click", () => this.decide(discard, pipeline, "discard", "are kept"));
        const rest = held - Math.min(SHOWN, (files ?? []).length);
        return el("div", { class: "held", testid: "held", "data-pipeline": pipeline },
            el("p", {}, el("strong", {}, visibleName(pipeline)),
                `: ${counted(held, "file")} went at once. They stay searchable until you decide.`),
            el("details", {}, el("summary", {}, "Which files"), list,
                rest > 0 ? el("p", { class: "quiet" }, `and ${count(rest)} more`) : ""),
            el("div", { class: "buttons" }, discard, confirm));
    }

    async decide(button, pipeline, verb, words) {
        const path = `api/deletions/${encodeURIComponent(pipeline)}/${verb}`;
        const answer = await this.actions.run(button, path, () => `The documents of ${visibleName(pipeline)} ${words}.`);
        if (answer) this.ask();
    }
}
