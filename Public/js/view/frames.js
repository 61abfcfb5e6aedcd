/** Relative times and countdowns move by themselves: the page is rendered at least this often while it is seen. */
const TICK = 1000;
/** A page in the background still keeps its title true, this often at most; browsers make it rarer. */
const BACKGROUND = 2000;

/**
 * Decides when to render: at most once an animation frame, each renderer at most once per its own interval, and only
 * after something changed or, while the page is seen, a second went by.
 */
export class Frames {
    constructor() {
        this.renderers = [];
        this.cancel = null;
        this.timer = null;
    }

    /** Adds a renderer that runs at most once in `every` milliseconds. */
    add(every, render) {
        this.renderers.push({ every, render, at: -Infinity, isDirty: true });
    }

    /** Something changed: render soon. Cheap, so every event may call it. */
    ask() {
        for (const renderer of this.renderers) renderer.isDirty = true;
        this.schedule();
    }

    start() {
        this.ask();
        setInterval(() => {
            if (!document.hidden) this.ask();
        }, TICK);
        document.addEventListener("visibilitychange", () => {
            this.cancel?.();
            this.cancel = null;
            this.ask();
        });
    }

    schedule() {
        if (this.cancel) return;
        if (document.hidden) {
            const timer = setTimeout(() => this.render(performance.now()), BACKGROUND);
            this.cancel = () => clearTimeout(timer);
        } else {
            const frame = requestAnimationFrame((now) => this.render(now));
            this.cancel = () => cancelAnimationFrame(frame);
        }
    }

    render(now) {
        this.cancel = null;
        let wait = Infinity;
        for (const renderer of this.renderers) {
            if (!renderer.isDirty) continue;
            const due = renderer.at + renderer.every - now;
            if (due > 0) {
                wait = Math.min(wait, due);
                continue;
            }
            renderer.at = now;
            renderer.isDirty = false;
            renderer.render();
        }
        if (wait < Infinity) this.renderAfter(wait);
    }

    renderAfter(milliseconds) {
        this.timer ??= setTimeout(() => {
            this.timer = null;
            this.schedule();
        }, milliseconds);
    }
}
