import { count } from "../format/numbers.js";
import { BUCKETS, BUCKET_SECONDS } from "../state/history.js";
import { el, setAttribute, setText, svg } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 52;
const STEP = WIDTH / BUCKETS;
const BAR = STEP * 0.7;
/** The smallest full height, so that one file a minute does not look like a storm. Files per bucket. */
const SMALLEST_SCALE = 4;

/** Files finished and failed over the last ten minutes, a bar for every ten seconds. */
export class Plot {
    constructor() {
        this.done = svg("path", { class: "plot-done" });
        this.failed = svg("path", { class: "plot-failed" });
        this.base = svg("line", { class: "plot-base", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT });
        this.image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
            this.done, this.failed, this.base);
        this.peak = el("span");
        this.node = el("div", { class: "plot" }, this.image,
            el("div", { class: "plot-label", "aria-hidden": "true" }, el("span", {}, "10 min ago"), this.peak));
    }

    render(history, now) {
        history.advance(now);
        let peak = 0;
        let total = 0;
        for (let index = 0; index < BUCKETS; index += 1) {
            peak = Math.max(peak, history.done[index] + history.failed[index]);
            total += history.done[index];
        }
        const scale = (HEIGHT - 2) / Math.max(peak, SMALLEST_SCALE);
        setAttribute(this.done, "d", bars(history, scale, false));
        setAttribute(this.failed, "d", bars(history, scale, true));
        setText(this.peak, peak > 0 ? `peak ${count((peak * 60) / BUCKET_SECONDS)}/min` : "no files yet");
        setAttribute(this.image, "aria-label", `${count(total)} files finished since this page was opened, `
            + "at most ten minutes ago");
    }
}

/** One path for all bars of a kind; failures stand on top of what succeeded. */
function bars(history, scale, forFailures) {
    let path = "";
    for (let back = BUCKETS - 1; back >= 0; back -= 1) {
        const slot = history.slot(back);
        const below = forFailures ? history.done[slot] * scale : 0;
        const files = forFailures ? history.failed[slot] : history.done[slot];
        if (files === 0) continue;
        const height = Math.max(files * scale, 1.5);
        const left = (BUCKETS - 1 - back) * STEP;
        const tall = height.toFixed(1);
        path += `M${left.toFixed(1)} ${(HEIGHT - below).toFixed(1)}v-${tall}h${BAR.toFixed(1)}v${tall}z`;
    }
    return path;
}
