import { EVENTS } from "../state/store.js";
import { access } from "./access.js";
import { Polling } from "./polling.js";

const PING_EVERY = 5000;
const PING_TIMEOUT = 8000;
/** Time that a broken connection gets to come back before the page asks for the status over plain HTTP. */
const FALLBACK_AFTER = 2500;
/** Time that a server takes to send one snapshot a pipeline after the connection is made. */
const SNAPSHOT_TIME = 3000;
/** Socket.IO does not come back by itself when a server ends a connection on purpose. */
const RETURN_AFTER = 2000;

/**
 * Keeps the store true: Socket.IO while it works, `GET /status` every few seconds while it does not.
 *
 * Both never speak at once: polling begins when the socket has been gone for a moment and ends when it is back.
 */
export class Feed {
    /** @param {() => void} onReach is called whenever the server is reached, live or by polling, again or first */
    constructor(store, onReach) {
        this.store = store;
        this.onReach = onReach;
        this.polling = new Polling((body) => this.polled(body), (...failure) => this.pollFailed(...failure),
            () => this.token);
        this.timers = new Set();
        this.lostAt = 0;
        /** A token that was just given; it is kept when it has worked. */
        this.trial = null;
        this.sent = null;
        this.wasWrong = false;
    }

    get token() {
        return this.trial ?? access.current;
    }

    start() {
        // The client is a separate, third-party file: a page without it still shows the status by polling.
        if (typeof globalThis.io !== "function") {
            this.polling.start();
            return;
        }
        const path = new URL("socket.io/", document.baseURI).pathname;
        this.socket = globalThis.io("/pipeline", {
            path,
            auth: (answer) => {
                this.sent = this.token;
                answer(this.sent ? { token: this.sent } : {});
            },
            reconnectionDelay: 1000,
            reconnectionDelayMax: 8000,
            timeout: 10_000,
        });
        for (const event of EVENTS) this.socket.on(event, (payload) => this.store.apply(event, payload));
        this.socket.on("connect", () => this.connected());
        this.socket.on("disconnect", () => {
            this.lostAt = Date.now();
            this.cancelTimers();
            this.lost();
        });
        this.socket.on("connect_error", (error) => {
            const { status, retry_after: seconds } = error?.data ?? {};
            if (status === 401 || status === 429) this.refused(status, this.sent, seconds);
            else this.lost();
        });
        this.after(FALLBACK_AFTER, () => this.fallBack());
        setInterval(() => this.ping(), PING_EVERY);
        document.addEventListener("visibilitychange", () => this.ping());
    }

    connected() {
        this.wasAdmitted();
        this.cancelTimers();
        this.polling.stop();
        this.store.lastHeardAt = Date.now();
        // Who gets back what it missed is sent no snapshots.
        if (!this.socket.recovered) {
            const { lostAt } = this;
            this.after(SNAPSHOT_TIME, () => this.store.forgetOlder(lostAt));
        }
        this.noteTransport();
        this.socket.io.engine.once("upgrade", () => this.noteTransport());
        this.store.setConnection({ state: "live", reason: null, latency: NaN });
        this.ping();
        this.onReach();
    }

    wasAdmitted() {
        if (this.trial !== null) access.token = this.trial;
        this.trial = null;
        this.wasWrong = false;
    }

    /** The server does not take this token, or wants one. */
    refused(status, token, seconds) {
        if (this.trial !== null) {
            this.trial = null;
            this.locked(status === 429 ? "limit" : "wrong");
        } else if (access.wasRefused(token, status, seconds)) {
            // Perhaps none is needed.
            this.wasWrong = status === 401;
            this.socket?.connect();
        } else if (status === 401 && !access.isResting) {
            this.locked(this.wasWrong ? "wrong" : null);
        } else {
            this.store.setConnection({ state: "offline", latency: NaN, transport: null, reason: 429 });
            this.again();
        }
    }

    /** Comes back to a server that ended the connection on purpose. */
    again() {
        if (this.socket && !this.socket.active) this.after(RETURN_AFTER, () => this.socket.connect());
    }

    /** Nothing goes on until somebody gives a token. */
    locked(reason) {
        this.cancelTimers();
        this.polling.stop();
        this.store.setConnection({ state: "unauthorised", latency: NaN, transport: null, reason });
    }

    /** Tries a token that somebody gave. */
    unlock(token) {
        this.trial = token;
        this.store.setConnection({ state: "connecting", reason: null });
        if (this.socket) this.socket.connect();
        else this.polling.start();
    }

    /** Begins anew with the token that is kept now: it may show other pipelines. */
    renew() {
        this.socket?.disconnect().connect();
    }

    noteTransport() {
        this.store.setConnection({ transport: this.socket.io.engine.transport.name });
    }

    lost() {
        const { state } = this.store.connection;
        this.again();
        if (state === "polling" || state === "offline" || this.isWaiting) return;
        // A server that said goodbye is not "reconnecting" until it has had the time to be gone.
        if (state === "live") this.store.setConnection({ state: "reconnecting", latency: NaN });
        this.isWaiting = true;
        this.after(FALLBACK_AFTER, () => this.fallBack());
    }

    fallBack() {
        this.isWaiting = false;
        if (!this.socket.connected) this.polling.start();
    }

    polled(body) {
        if (this.socket?.connected) return;
        this.wasAdmitted();
        this.store.applyPolled(body);
        const isNew = this.store.connection.state !== "polling";
        this.store.setConnection({ state: "polling", latency: this.polling.roundTrip, transport: null, reason: null });
        if (isNew) this.onReach();
    }

    pollFailed(httpStatus, token, seconds) {
        if (this.socket?.connected) return;
        if (httpStatus === 401 || httpStatus === 429) return this.refused(httpStatus, token, seconds);
        this.store.setConnection({ state: "offline", latency: NaN, transport: null, reason: httpStatus });
    }

    ping() {
        if (!this.socket.connected || document.hidden) return;
        const sentAt = performance.now();
        this.socket.timeout(PING_TIMEOUT).emit("ping", Date.now(), (error, serverTime) => {
            if (error) return;
            const roundTrip = performance.now() - sentAt;
            this.store.setServerTime(serverTime, Date.now(), roundTrip);
            this.store.setConnection({ latency: roundTrip });
        });
    }

    after(milliseconds, action) {
        const timer = setTimeout(() => {
            this.timers.delete(timer);
            action();
        }, milliseconds);
        this.timers.add(timer);
    }

    cancelTimers() {
        for (const timer of this.timers) clearTimeout(timer);
        this.timers.clear();
        this.isWaiting = false;
    }
}
