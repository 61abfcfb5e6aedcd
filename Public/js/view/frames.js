/** Relative times and countdowns move by themselves: the page is rendered at least this often while it is seen. */
const TICK = 1000;

/**
 * Decides when to render: at most once an animation frame, each renderer at most once per its own interval, and only
 * after something changed or a second went by. A page in the background renders nothing.
 */
export class Frames {
    constructor() {
        this.renderers = [];
        this.isAsked = false;
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
        document.addEventListener("visibilitychange", () => this.ask());
    }

    schedule() {
        if (this.isAsked) return;
        this.isAsked = true;
        requestAnimationFrame((now) => this.render(now));
    }

    render(now) {
        this.isAsked = false;
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
