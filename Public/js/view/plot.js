import { count, counted } from "../format/numbers.js";
import { MINUTES } from "../state/hour.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 64;
const STEP = WIDTH / MINUTES;
const BAR = STEP * 0.72;
/** The smallest full height, so that one file a minute does not look like a storm. Files per minute. */
const SMALLEST_SCALE = 4;

/** Files finished and failed over the last hour, a bar for every minute; the newest is at the right. */
export class Plot {
    constructor() {
        this.rest = svg("path", { class: "plot-rest" });
        this.done = svg("path", { class: "plot-done" });
        this.failed = svg("path", { class: "plot-failed" });
        this.image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
            this.rest, this.done, this.failed);
        this.peak = el("span");
        this.node = el("div", { class: "plot" }, this.image, el("div", { class: "plot-label", "aria-hidden": "true" },
            el("span", {}, "1 h ago"), this.peak, el("span", {}, "now")));
        setAttribute(this.rest, "d", dashes());
    }

    render(hour, now) {
        hour.advance(now);
        let peak = 0;
        let done = 0;
        let failed = 0;
        for (let index = 0; index < MINUTES; index += 1) {
            peak = Math.max(peak, hour.done[index] + hour.failed[index]);
            done += hour.done[index];
            failed += hour.failed[index];
        }
        const scale = (HEIGHT - 2) / Math.max(peak, SMALLEST_SCALE);
        setAttribute(this.done, "d", bars(hour, scale, false));
        setAttribute(this.failed, "d", bars(hour, scale, true));
        setText(this.peak, peak > 0 ? `peak ${count(peak)}/min` : "");
        const failures = failed > 0 ? `, ${count(failed)} failed` : "";
        setAttribute(this.image, "aria-label", `${counted(done, "file")} finished in the last hour${failures}`);
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

/** The line that the bars stand on, drawn as sixty bars of nothing: an hour without work is a picture, too. */
function dashes() {
    return Array.from({ length: MINUTES }, (_, back) => bar(back, 1, 0)).join("");
}

function bar(back, height, below) {
    const left = (MINUTES - 1 - back) * STEP + (STEP - BAR) / 2;
    return `M${left.toFixed(2)} ${(HEIGHT - below).toFixed(1)}v-${height.toFixed(1)}h${BAR.toFixed(2)}`
        + `v${height.toFixed(1)}z`;
}
