import { Pipeline } from "./pipeline.js";

/**
 * Everything the page shows but search: one writer (the feed), many readers (the views).
 *
 * Folding an event in is cheap and touches no document; `onChange` is called after each, to ask for a frame.
 */
export class Store {
    constructor(onChange) {
        this.onChange = onChange;
        this.pipelines = new Map();
        /** Whether the server had the time to tell of all pipelines; there may be none. */
        this.isComplete = false;
        /** What the server said last of each pipeline's last hour. */
        this.hours = new Map();
        this.connection = { state: "connecting", since: Date.now(), latency: NaN, transport: null, reason: null };
        this.heartbeat = null;
        this.lastHeardAt = NaN;
        this.clockOffset = 0;
        /** Whether what changes something is offered. */
        this.mayControl = true;
    }

    /** The server's clock as well as it is known: all times on the page are the server's. */
    now() {
        return Date.now() + this.clockOffset;
    }

    get hasData() {
        return this.pipelines.size > 0;
    }

    setConnection(change) {
        const moved = change.state !== undefined && change.state !== this.connection.state;
        this.connection = { ...this.connection, ...change };
        if (moved) this.connection.since = Date.now();
        this.onChange();
    }

    setMayControl(mayControl) {
        this.mayControl = mayControl;
        this.onChange();
    }

    /** Seconds apart is a clock that is wrong; less is the way the answer took. */
    setServerTime(serverTime, receivedAt, roundTrip) {
        if (!Number.isFinite(serverTime)) return;
        const offset = serverTime + roundTrip / 2 - receivedAt;
        this.clockOffset = Math.abs(offset) > 1500 ? offset : 0;
    }

    /** Folds one event of the contract in; events nobody knows, and payloads that are not objects, are ignored. */
    apply(event, payload) {
        if (payload === null || typeof payload !== "object") return;
        this.lastHeardAt = Date.now();
        const handler = HANDLERS[event];
        if (handler) handler(this, payload);
        this.onChange();
    }

    /** Takes the answer to `GET /status`. */
    applyPolled(body) {
        this.lastHeardAt = Date.now();
        const all = Array.isArray(body.pipelines) ? body.pipelines : [body];
        const asOf = Date.now();
        for (const status of all) this.takeStatus(status, "takePolled");
        this.forgetOlder(asOf);
        this.onChange();
    }

    /** Forgets the pipelines that no status has named since a time: they are no longer configured. */
    forgetOlder(time) {
        this.isComplete = true;
        for (const [id, pipeline] of this.pipelines) if (pipeline.heardAt < time) this.pipelines.delete(id);
        this.onChange();
    }

    takeStatus(status, how = "takeStatus") {
        if (typeof status?.pipeline_id !== "string") return;
        const known = this.pipelines.get(status.pipeline_id);
        const pipeline = known ?? new Pipeline(status, this.now());
        if (known) known[how](status, this.now());
        else pipeline.hour.take(this.hours.get(pipeline.id), this.now());
        pipeline.heardAt = Date.now();
        this.pipelines.set(pipeline.id, pipeline);
    }

    /** Takes the last hour of each pipeline, as `GET /api/pipelines` says it; it may come before the first status. */
    takeHours(pipelines) {
        this.hours = new Map(pipelines.map(({ pipeline_id: id, history }) => [id, history]));
        for (const [id, pipeline] of this.pipelines) pipeline.hour.take(this.hours.get(id), this.now());
        this.onChange();
    }

    /** Takes how many deletions wait in each pipeline, as `GET /api/deletions` says it. */
    takeHeld(pipelines) {
        for (const { pipeline_id: id, held } of pipelines) {
            const pipeline = this.pipelines.get(id);
            if (pipeline) pipeline.held = held;
        }
        this.onChange();
    }

    /** Calls `change` with the pipeline and payload when both are what the contract says. */
    onFile(payload, change) {
        const pipeline = this.pipelines.get(payload.pipeline_id);
        if (pipeline && typeof payload.file?.id === "string") change(pipeline);
    }
}

const HANDLERS = {
    "pipeline:status": (store, payload) => store.takeStatus(payload),
    "status:update": (store, payload) => store.takeStatus(payload.current_status),
    "pipeline:online": (store, payload) => {
        const { status, started_at, check_interval, watch_location } = payload;
        const pipeline = store.pipelines.get(payload.pipeline_id);
        if (pipeline) Object.assign(pipeline.status, { status, started_at, check_interval, watch_location });
    },
    "pipeline:offline": (store, payload) => {
        const pipeline = store.pipelines.get(payload.pipeline_id);
        if (pipeline) {
            Object.assign(pipeline.status, { status: "offline", next_check_time: null, is_checking: false });
            pipeline.processing.clear();
        }
        const all = [...store.pipelines.values()];
        if (all.every((each) => each.status.status === "offline")) {
            store.setConnection({ state: "stopping", reason: payload.reason ?? null });
        }
    },
    "file:processing": (store, payload) => store.onFile(payload, (pipeline) => pipeline.started(payload)),
    "file:progress": (store, payload) => store.onFile(payload, (pipeline) => pipeline.progressed(payload)),
    "file:completed": (store, payload) => store.onFile(payload, (pipeline) => pipeline.finished(payload, store.now())),
    "file:failed": (store, payload) => store.onFile(payload, (pipeline) => pipeline.didFail(payload, store.now())),
    "file:removed": (store, payload) => store.onFile(payload, (pipeline) => pipeline.wasRemoved(payload)),
    heartbeat: (store, payload) => {
        store.heartbeat = { memory: payload.memory_usage, uptime: payload.uptime, at: store.now() };
    },
};

/** The events of the contract that carry state. */
export const EVENTS = Object.keys(HANDLERS);
