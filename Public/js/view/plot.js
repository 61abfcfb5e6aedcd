import { count, counted } from "../format/numbers.js";
import { MINUTES } from "../state/hour.js";
import { el, setAttribute, setHidden, setText, svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 72;
const STEP = WIDTH / MINUTES;
const BAR = STEP * 0.74;
/** The smallest full height, so that one file a minute does not look like a storm. Files per minute. */
const SMALLEST_SCALE = 4;

/** How far a key moves the minute that is told of, in minutes towards the past; the ends are for Home and End. */
const STEPS = { ArrowLeft: 1, ArrowRight: -1, ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/**
 * Files finished and failed over the last hour, a bar for every minute; the newest is at the right.
 *
 * What the bars add up to stands above them; of the minute under the pointer, or that the arrow keys chose, while there
 * is one.
 */
export class Plot {
    constructor() {
        const minute = { width: STEP.toFixed(2), height: HEIGHT, y: 0 };
        this.under = svg("rect", { class: "plot-under", ...minute, visibility: "hidden" });
        this.done = svg("path", { class: "plot-done" });
        this.failed = svg("path", { class: "plot-failed" });
        this.image = svg("svg", {
            viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", testid: "plot", role: "slider",
            "aria-label": "Files of the last hour, by the minute", "aria-valuemin": 1 - MINUTES, "aria-valuemax": 0,
        }, this.under, svg("path", { class: "plot-grid", d: grid() }), svg("path", { class: "plot-rest", d: dashes() }),
            this.done, this.failed);
        this.makeWords();
        this.back = null;
        this.image.addEventListener("pointermove", (event) => this.point(event));
        this.image.addEventListener("pointerleave", () => this.choose(null));
        this.image.addEventListener("keydown", (event) => this.step(event));
        this.image.addEventListener("blur", () => this.choose(null));
    }

    makeWords() {
        this.when = el("span");
        this.finished = el("span", { class: "plot-key plot-key-done" });
        this.broken = el("span", { class: "plot-key plot-key-failed" });
        this.peak = el("span", { class: "plot-peak" });
        this.node = el("div", { class: "plot" },
            el("div", { class: "plot-head", "aria-hidden": "true" }, el("span", {}, this.when, this.peak),
                el("span", { class: "plot-keys" }, this.finished, this.broken)),
            this.image,
            el("div", { class: "plot-label", "aria-hidden": "true" },
                ...["1 h ago", "30 min", "now"].map((text) => el("span", {}, text))));
    }

    render(hour, now) {
        hour.advance(now);
        this.hour = hour;
        // Without an hour there is nothing to move through.
        setAttribute(this.image, "tabindex", 0);
        const sum = { done: 0, failed: 0, peak: 0 };
        for (let index = 0; index < MINUTES; index += 1) {
            sum.peak = Math.max(sum.peak, hour.done[index] + hour.failed[index]);
            sum.done += hour.done[index];
            sum.failed += hour.failed[index];
        }
        const scale = (HEIGHT - 2) / Math.max(sum.peak, SMALLEST_SCALE);
        setAttribute(this.done, "d", bars(hour, scale, false));
        setAttribute(this.failed, "d", bars(hour, scale, true));
        this.sum = sum;
        this.tell();
    }

    point(event) {
        const box = this.image.getBoundingClientRect();
        const share = box.width > 0 ? (event.clientX - box.left) / box.width : NaN;
        this.choose(share >= 0 && share < 1 ? MINUTES - 1 - Math.floor(share * MINUTES) : null);
    }

    step(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const step = STEPS[event.key];
        const moved = step === undefined ? undefined : this.back === null ? 0 : this.back + step;
        const back = { Home: MINUTES - 1, End: 0 }[event.key] ?? moved;
        if (back === undefined && event.key !== "Escape") return;
        event.preventDefault();
        this.choose(back === undefined ? null : Math.min(MINUTES - 1, Math.max(0, back)));
    }

    /** Tells of the minute that was so many minutes ago; null for the whole hour. */
    choose(back) {
        this.back = back;
        setAttribute(this.under, "visibility", this.back === null ? "hidden" : null);
        if (this.back !== null) setAttribute(this.under, "x", ((MINUTES - 1 - this.back) * STEP).toFixed(2));
        if (this.hour) this.tell();
    }

    tell() {
        const { back, hour } = this;
        const slot = back === null ? null : hour.slot(back);
        const [done, failed] = slot === null ? [this.sum.done, this.sum.failed] : [hour.done[slot], hour.failed[slot]];
        const when = back === null ? "Last hour" : back === 0 ? "This minute" : `${back} min ago`;
        setText(this.when, when);
        setText(this.peak, back === null && this.sum.peak > 0 ? `up to ${count(this.sum.peak)}/min` : "");
        setText(this.finished, `${count(done)} finished`);
        setText(this.broken, `${count(failed)} failed`);
        setHidden(this.broken, failed === 0);
        const failures = failed > 0 ? `, ${count(failed)} failed` : "";
        setAttribute(this.image, "aria-valuenow", -(back ?? 0));
        setAttribute(this.image, "aria-valuetext", `${when}: ${counted(done, "file")} finished${failures}`);
    }
}

/** One path for all bars of a kind; failures stand on top of what succeeded. */
function bars(hour, scale, forFailures) {
    let path = "";
    for (let back = MINUTES - 1; back >= 0; back -= 1) {
        const slot = hour.slot(back);
        const files = forFailures ? hour.failed[slot] : hour.done[slot];
        if (files === 0) continue;
        const below = forFailures ? hour.done[slot] * scale : 0;
        path += bar(back, Math.max(files * scale, 2), below);
    }
    return path;
}

/** Where the scale ends, and its half. */
function grid() {
    return [1, HEIGHT / 2].map((y) => `M0 ${y}H${WIDTH}`).join("");
}

/** The line that the bars stand on, drawn as sixty bars of nothing: an hour without work is a picture, too. */
function dashes() {
    return Array.from({ length: MINUTES }, (_, back) => bar(back, 1, 0)).join("");
}

function bar(back, height, below) {
    const left = (MINUTES - 1 - back) * STEP + (STEP - BAR) / 2;
    return `M${left.toFixed(2)} ${(HEIGHT - below).toFixed(1)}v-${height.toFixed(1)}h${BAR.toFixed(2)}`
        + `v${height.toFixed(1)}z`;
}
