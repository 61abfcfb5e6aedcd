import { visibleName } from "../format/names.js";
import { count, rounded } from "../format/numbers.js";
import { ago, clockUntil, exact, instant, span } from "../format/time.js";
import { byId, el, keyedList, setAttribute, setHidden, setText } from "./dom.js";
import { fact } from "./pieces.js";
import { Plot } from "./plot.js";

const STATES = {
    initializing: ["Starting", "busy"],
    online: ["Online", "good"],
    paused: ["Paused", "idle"],
    error: ["Error", "bad"],
    offline: ["Stopped", "idle"],
};

const TYPES = { local_files: "local folder", google_drive: "Google Drive" };

/** The cards, one a pipeline; a single empty one, of the same size, until the first status is there. */
export class PipelinesView {
    constructor(actions) {
        const root = byId("pipelines");
        this.list = keyedList(root, { key: (pipeline) => pipeline.id, make: () => new Card(actions) });
        this.list([PLACEHOLDER], 0);
    }

    render(store) {
        const pipelines = store.hasData ? [...store.pipelines.values()] : [PLACEHOLDER];
        this.list(pipelines, store.now());
    }
}

const PLACEHOLDER = { id: "", isPlaceholder: true };

class Card {
    constructor(actions) {
        this.actions = actions;
        this.makeButtons();
        this.makeHead();
        this.figures = {
            files: fact("Files", { class: "figure", testid: "figure-files" }),
            chunks: fact("Passages", { class: "figure", testid: "figure-chunks" }),
            queue: fact("Waiting", { class: "figure", testid: "figure-queue" }),
            rate: fact("Files/min", { class: "figure", testid: "figure-rate" }),
        };
        this.totals = {
            total_processed: fact("Processed", { testid: "total-processed" }),
            total_failed: fact("Failed", { testid: "total-failed" }),
            total_skipped: fact("Skipped", { testid: "total-skipped" }),
            total_removed: fact("Removed", { testid: "total-removed" }),
        };
        this.next = fact("Next check", { testid: "next-check" });
        this.eta = fact("Done in", { testid: "eta" });
        this.last = fact("Last activity", { testid: "last-activity" });
        this.plot = new Plot();
        this.drain = el("div", { class: "countdown-fill" });
        this.node = el("article", { class: "pipeline", testid: "pipeline-card" },
            el("div", { class: "pipeline-body" },
                this.head, this.problem,
                el("dl", { class: "figures" }, ...nodes(this.figures)), this.plot.node,
                el("div", { class: "pipeline-foot" },
                    el("dl", { class: "totals" }, ...nodes(this.totals)),
                    el("dl", { class: "moments" }, this.next.node, this.last.node, this.eta.node))),
            el("div", { class: "countdown", "data-tone": "busy", "aria-hidden": "true" }, this.drain));
    }

    makeHead() {
        this.title = el("span");
        this.badge = el("span", { class: "badge" });
        this.type = el("span", { class: "pipeline-type" });
        this.place = el("span");
        this.problem = el("p", { class: "pipeline-problem" });
        this.head = el("div", { class: "pipeline-head" }, el("h3", {}, this.title), this.badge, this.buttons,
            el("p", { class: "pipeline-place clip" }, this.type, el("bdi", { class: "mono" }, this.place)));
    }

    makeButtons() {
        this.pause = el("button", { class: "button", type: "button", testid: "pause" }, "Pause");
        this.check = el("button", { class: "button", type: "button", testid: "rescan" }, "Check now");
        this.buttons = el("div", { class: "pipeline-buttons control" }, this.check, this.pause);
        this.pause.addEventListener("click", () => {
            const verb = this.isPaused ? "resume" : "pause";
            this.act(this.pause, verb, verb === "pause" ? "is paused; what is in hand is finished." : "goes on.");
        });
        this.check.addEventListener("click", () => this.act(this.check, "rescan", "is checked now."));
    }

    act(button, verb, words) {
        const name = visibleName(this.id);
        this.actions.run(button, `api/pipelines/${encodeURIComponent(this.id)}/${verb}`, () => `${name} ${words}`);
    }

    update(pipeline, now) {
        if (pipeline.isPlaceholder) this.updateEmpty();
        else this.updateFull(pipeline, now);
    }

    updateEmpty() {
        this.node.classList.add("is-loading");
        setAttribute(this.node, "aria-hidden", "true");
        setAttribute(this.badge, "data-tone", "idle");
        setText(this.badge, "Waiting");
        setHidden(this.problem, true);
        setHidden(this.buttons, true);
        this.updateEstimate(null);
        for (const total of Object.values(this.totals)) total.update("–");
        this.next.update("–");
        this.last.update("–");
    }

    updateFull(pipeline, now) {
        const { status, hour } = pipeline;
        this.node.classList.remove("is-loading");
        setAttribute(this.node, "aria-hidden", null);
        this.id = pipeline.id;
        this.isPaused = status.status === "paused" || status.is_paused === true;
        setHidden(this.buttons, status.status === "offline");
        setText(this.pause, this.isPaused ? "Resume" : "Pause");
        setAttribute(this.pause, "aria-label", `${this.isPaused ? "Resume" : "Pause"} ${visibleName(pipeline.id)}`);
        setAttribute(this.check, "aria-label", `Check ${visibleName(pipeline.id)} now`);
        setHidden(this.check, this.isPaused);
        const [label, tone] = STATES[status.status] ?? [String(status.status), "idle"];
        setAttribute(this.node, "data-pipeline", pipeline.id);
        setAttribute(this.node, "data-status", status.status);
        setText(this.title, visibleName(pipeline.id));
        setText(this.badge, label);
        setAttribute(this.badge, "data-tone", tone);
        setText(this.type, TYPES[status.pipeline_type] ?? visibleName(status.pipeline_type));
        setText(this.place, visibleName(status.watch_location));
        setAttribute(this.place.closest("p"), "title", visibleName(status.watch_location));
        setHidden(this.problem, !status.problem);
        setText(this.problem, status.problem ? visibleName(status.problem) : "");
        this.figures.files.update(count(status.total_files));
        this.figures.chunks.update(count(status.total_chunks));
        this.figures.queue.update(count(status.files_queued));
        this.figures.rate.update(status.status === "offline" ? "–" : rounded(hour.rate(now)));
        for (const [name, total] of Object.entries(this.totals)) total.update(count(status[name]));
        this.updateMoments(status, now);
        this.updateEstimate(pipeline.secondsLeft(now));
        this.plot.render(hour, now);
    }

    /** Its room is kept while nobody can know, so that nothing moves when it comes. */
    updateEstimate(left) {
        setAttribute(this.eta.node, "aria-hidden", left === null ? "true" : null);
        if (left !== null) this.eta.update(`about ${span(left)}`);
    }

    updateMoments(status, now) {
        const next = instant(status.next_check_time);
        const checking = status.is_checking === true;
        this.next.update(checking ? "checking" : Number.isFinite(next) ? `in ${clockUntil(next, now)}` : "–");
        setAttribute(this.next.node, "title", exact(next) || null);
        const last = instant(status.last_activity);
        this.last.update(ago(last, now));
        setAttribute(this.last.node, "title", exact(last) || null);
        const left = Number.isFinite(next) ? (next - now) / 1000 / (status.check_interval || Infinity) : 0;
        const share = checking ? 0 : Math.min(1, Math.max(0, left));
        this.drain.style.transform = `scaleX(${share.toFixed(3)})`;
    }
}

function nodes(facts) {
    return Object.values(facts).map((each) => each.node);
}
