import { instant } from "../format/time.js";
import { History } from "./history.js";
import { backlogSeconds, Hour } from "./hour.js";

/** Rows kept of each list; what the page shows is fewer. */
const LIMITS = { completed: 20, failed: 50, removed: 20 };
/** Rows that a status carries at most; one with fewer is the whole truth. */
const STATUS_ROWS = { completed: 10, failed: 5 };
/** A server shows what its workers have in hand; more than this is a mistake that must not cost memory. */
const PROCESSING_LIMIT = 200;

/** One pipeline as the page knows it: the server's status with every later event folded in. Bounded in size. */
export class Pipeline {
    constructor(status, now) {
        this.id = status.pipeline_id;
        this.status = {};
        this.processing = new Map();
        this.completed = [];
        this.failed = [];
        this.removed = [];
        this.history = new History(now);
        this.hour = new Hour(now);
        /** Deletions that wait for a decision. */
        this.held = 0;
        /** When a whole status came last, by this machine's clock. */
        this.heardAt = 0;
        this.takeStatus(status, now);
    }

    /** Takes a whole status: a snapshot, a polled one, or the `current_status` of an update. */
    takeStatus(status, now) {
        const { files_processing: active, files_completed: done, files_failed: failed, ...facts } = status;
        this.status = facts;
        if (Number.isFinite(facts.files_queued)) this.history.recordQueue(now, facts.files_queued);
        if (Array.isArray(active)) this.takeProcessing(active);
        if (Array.isArray(done)) this.completed = merged("completed", this.completed, done.map(completedRow));
        if (Array.isArray(failed)) this.failed = merged("failed", this.failed, failed.map(failedRow));
    }

    /** As `takeStatus` for a status that was polled: what was finished in between shows only in its totals. */
    takePolled(status, now) {
        const { total_processed: done, total_failed: failed } = this.status;
        if (status.total_processed > done) this.hour.recordDone(now, status.total_processed - done);
        if (status.total_failed > failed) this.hour.recordFailed(now, status.total_failed - failed);
        this.takeStatus(status, now);
    }

    takeProcessing(active) {
        const before = this.processing;
        this.processing = new Map();
        for (const file of active.slice(0, PROCESSING_LIMIT)) {
            const row = processingRow(file, file);
            const known = before.get(row.id);
            row.path ??= known?.path ?? null;
            if (known?.startedAt === row.startedAt) row.progress = Math.max(row.progress, known.progress);
            this.processing.set(row.id, row);
        }
    }

    started(payload) {
        const { file } = payload;
        if (this.processing.size >= PROCESSING_LIMIT && !this.processing.has(file.id)) return;
        this.processing.set(file.id, processingRow(file, payload));
    }

    progressed(payload) {
        const { file } = payload;
        const row = this.processing.get(file.id);
        if (!row) {
            this.started(payload);
            return;
        }
        row.stage = payload.processing_stage ?? row.stage;
        row.progress = Math.max(row.progress, share(payload.progress));
    }

    finished(payload, now) {
        const { file } = payload;
        const path = file.path ?? this.processing.get(file.id)?.path ?? null;
        this.forget(file.id);
        const row = completedRow({ ...file, path, results: payload.results });
        this.completed.unshift(row);
        this.completed.length = Math.min(this.completed.length, LIMITS.completed);
        this.hour.recordDone(now);
    }

    didFail(payload, now) {
        const { file } = payload;
        const path = file.path ?? this.processing.get(file.id)?.path ?? null;
        this.processing.delete(file.id);
        this.failed = this.failed.filter((row) => row.id !== file.id);
        this.failed.unshift(failedRow({ ...file, path, error: payload.error }));
        this.failed.length = Math.min(this.failed.length, LIMITS.failed);
        this.hour.recordFailed(now);
    }

    wasRemoved(payload) {
        const { file } = payload;
        const path = file.path ?? [...this.completed, ...this.failed].find((row) => row.id === file.id)?.path ?? null;
        this.forget(file.id);
        this.removed = this.removed.filter((row) => row.id !== file.id);
        this.removed.unshift({
            kind: "removed",
            id: file.id,
            name: file.name,
            path,
            at: instant(file.removed_at),
            chunks: payload.chunks_removed,
        });
        this.removed.length = Math.min(this.removed.length, LIMITS.removed);
    }

    /** Takes a file out of every list: what they said of it is no longer so. */
    forget(id) {
        this.processing.delete(id);
        this.completed = this.completed.filter((row) => row.id !== id);
        this.failed = this.failed.filter((row) => row.id !== id);
        this.removed = this.removed.filter((row) => row.id !== id);
    }

    /**
     * How many files failed, and how many of them are tried again by themselves. The list is bounded, the server's
     * count is not; the list is ahead of it by what was heard since the last status.
     */
    get failures() {
        const { failed_files: given, retrying_files: retrying } = this.status;
        return { total: Math.max(given + retrying, this.failed.length), retrying };
    }

    get waiting() {
        return this.status.files_queued ?? 0;
    }

    /** When its backlog will be done, at the speed of the last minutes; null while nobody can know. */
    secondsLeft(now) {
        if (this.status.status !== "online") return null;
        return backlogSeconds(this.waiting, this.processing.size, this.hour.rate(now));
    }
}

/** The server's rows, newest first, then those known from before that are older than what a status has room for. */
function merged(list, known, fresh) {
    const paths = new Map(known.map((row) => [row.id, row.path]));
    const ids = new Set(fresh.map((row) => row.id));
    const oldest = Math.min(...fresh.map((row) => row.at));
    const isFull = fresh.length >= STATUS_ROWS[list];
    const older = isFull ? known.filter((row) => row.at <= oldest && !ids.has(row.id)) : [];
    for (const row of fresh) row.path ??= paths.get(row.id) ?? null;
    return [...fresh, ...older].sort((a, b) => (b.at || 0) - (a.at || 0)).slice(0, LIMITS[list]);
}

function processingRow(file, progress) {
    return {
        id: file.id,
        name: file.name,
        path: file.path ?? null,
        size: file.size ?? NaN,
        startedAt: instant(file.started_at),
        stage: progress.processing_stage ?? "extraction",
        progress: share(progress.progress),
    };
}

function completedRow(file) {
    const results = file.results ?? file;
    return {
        kind: "completed",
        id: file.id,
        name: file.name,
        path: file.path ?? null,
        at: instant(file.completed_at),
        chunks: results.chunks_created,
        reused: results.embeddings_reused ?? 0,
        duration: results.processing_duration ?? NaN,
    };
}

function failedRow(file) {
    const error = file.error ?? {};
    return {
        id: file.id,
        name: file.name,
        path: file.path ?? null,
        at: instant(file.failed_at),
        type: error.type ?? "",
        message: error.message ?? "",
        stage: error.stage ?? null,
        retryable: error.retryable === true,
        attempt: error.attempt ?? null,
        nextAttemptAt: instant(error.next_attempt_at),
    };
}

function share(value) {
    return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
