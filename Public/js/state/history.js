/** Seconds that one reading covers. */
const BUCKET_SECONDS = 10;
/** Readings kept: a little more than a minute. */
const BUCKETS = 8;

/**
 * How long the queue of a pipeline was over the last minute; constant in size.
 *
 * All times are milliseconds of one clock, the caller's.
 */
export class History {
    constructor(now) {
        this.current = bucketOf(now);
        this.queue = new Float64Array(BUCKETS).fill(NaN);
    }

    recordQueue(now, waiting) {
        this.advance(now);
        this.queue[this.current % BUCKETS] = waiting;
    }

    /** How the queue changed over the last minute; NaN while less than that is known. */
    queueChange(now, waiting) {
        this.advance(now);
        return waiting - this.queue[(this.current - 6) % BUCKETS];
    }

    /** Moves on to the bucket of `now`; in between the queue's length stays what it was. */
    advance(now) {
        const target = bucketOf(now);
        if (target - this.current > BUCKETS) this.current = target - BUCKETS;
        while (this.current < target) {
            const waiting = this.queue[this.current % BUCKETS];
            this.current += 1;
            this.queue[this.current % BUCKETS] = waiting;
        }
    }
}

function bucketOf(now) {
    return Math.floor(now / 1000 / BUCKET_SECONDS);
}
