/** Seconds that one bar of the plot covers. */
export const BUCKET_SECONDS = 10;
/** Bars kept: ten minutes. */
export const BUCKETS = 60;
const RATE_BUCKETS = 6;

/**
 * What one pipeline finished since the page was opened, in ten-second buckets; constant in size.
 *
 * All times are milliseconds of one clock, the caller's.
 */
export class History {
    constructor(now) {
        this.openedAt = now;
        this.current = bucketOf(now);
        this.done = new Uint32Array(BUCKETS);
        this.failed = new Uint32Array(BUCKETS);
        this.queue = new Float64Array(BUCKETS).fill(NaN);
    }

    recordDone(now, files = 1) {
        this.advance(now);
        this.done[this.current % BUCKETS] += files;
    }

    recordFailed(now, files = 1) {
        this.advance(now);
        this.failed[this.current % BUCKETS] += files;
    }

    recordQueue(now, waiting) {
        this.advance(now);
        this.queue[this.current % BUCKETS] = waiting;
    }

    /** Files per minute over the last minute, or over the time since the page was opened while that is shorter. */
    rate(now) {
        this.advance(now);
        const elapsedInBucket = (now / 1000) % BUCKET_SECONDS;
        const window = Math.min(RATE_BUCKETS * BUCKET_SECONDS + elapsedInBucket, this.watchedSeconds(now));
        let files = 0;
        for (let back = 0; back <= RATE_BUCKETS; back += 1) files += this.done[this.slot(back)];
        return (files / Math.max(window, BUCKET_SECONDS)) * 60;
    }

    /** How the queue changed over the last minute; NaN while less than that is known. */
    queueChange(now, waiting) {
        this.advance(now);
        return waiting - this.queue[this.slot(RATE_BUCKETS)];
    }

    watchedSeconds(now) {
        return (now - this.openedAt) / 1000;
    }

    /** Index of the bucket `back` buckets before the current one. */
    slot(back) {
        return (((this.current - back) % BUCKETS) + BUCKETS) % BUCKETS;
    }

    /** Moves on to the bucket of `now`, emptying those in between; the queue's length stays what it was. */
    advance(now) {
        const target = bucketOf(now);
        if (target - this.current > BUCKETS) this.current = target - BUCKETS;
        while (this.current < target) {
            const waiting = this.queue[this.current % BUCKETS];
            this.current += 1;
            const index = this.current % BUCKETS;
            this.done[index] = 0;
            this.failed[index] = 0;
            this.queue[index] = waiting;
        }
    }
}

function bucketOf(now) {
    return Math.floor(now / 1000 / BUCKET_SECONDS);
}
