/** Minutes that are shown. */
export const MINUTES = 60;
const MINUTE = 60_000;
/** Files per minute below which the time that is left is anybody's guess. */
const SLOWEST = 0.5;

/**
 * What a pipeline finished and what failed in each minute of the last hour: the server's count, and what this page has
 * seen since. Constant in size. All times are milliseconds of the server's clock.
 */
export class Hour {
    constructor(now) {
        this.current = Math.floor(now / MINUTE);
        this.done = new Float64Array(MINUTES);
        this.failed = new Float64Array(MINUTES);
        this.isKnown = false;
    }

    /** Takes the server's count; what it does not say is left as it is. */
    take(history, now) {
        const from = Date.parse(history?.from);
        const { completed, failed } = history ?? {};
        if (!Number.isFinite(from) || !Array.isArray(completed) || !Array.isArray(failed)) return;
        this.advance(now);
        const first = Math.round(from / MINUTE);
        for (let index = 0; index < Math.min(completed.length, failed.length, MINUTES); index += 1) {
            const back = this.current - first - index;
            if (back < 0 || back >= MINUTES) continue;
            this.done[this.slot(back)] = finite(completed[index]);
            this.failed[this.slot(back)] = finite(failed[index]);
        }
        this.isKnown = true;
    }

    recordDone(now, files = 1) {
        this.advance(now);
        this.done[this.slot(0)] += files;
    }

    recordFailed(now, files = 1) {
        this.advance(now);
        this.failed[this.slot(0)] += files;
    }

    /** Files per minute, over the minute that goes on and the one before. */
    rate(now) {
        this.advance(now);
        const elapsed = (now - this.current * MINUTE) / MINUTE;
        return (this.done[this.slot(0)] + this.done[this.slot(1)]) / (1 + Math.min(1, Math.max(0, elapsed)));
    }

    /** Index of the minute `back` minutes before the current one. */
    slot(back) {
        return (((this.current - back) % MINUTES) + MINUTES) % MINUTES;
    }

    /** Moves on to the minute of `now`, emptying those in between. */
    advance(now) {
        const target = Math.floor(now / MINUTE);
        if (target - this.current > MINUTES) this.current = target - MINUTES;
        while (this.current < target) {
            this.current += 1;
            this.done[this.slot(0)] = 0;
            this.failed[this.slot(0)] = 0;
        }
    }
}

/** How long a backlog takes at so many files a minute, a minute at least; null where that cannot be known. */
export function backlogSeconds(waiting, active, rate) {
    if (waiting === 0 || rate < SLOWEST) return null;
    return Math.max(60, ((waiting + active) / rate) * 60);
}

function finite(value) {
    return Number.isFinite(value) && value > 0 ? value : 0;
}
