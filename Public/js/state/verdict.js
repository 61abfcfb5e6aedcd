import { count, counted, rounded } from "../format/numbers.js";
import { clockUntil, coarse, span } from "../format/time.js";
import { visibleName } from "../format/names.js";
import { backlogSeconds } from "./hour.js";

/** A failure that is neither recent nor will be tried again is worth a note, not an alarm. */
const RECENT = 3_600_000;
/** Characters of a place's name that fit into the sentence below the headline. */
const LONGEST_PLACE = 60;

/** What all pipelines together are doing, in the few numbers that the verdict is made from. */
export function summarize(store) {
    const now = store.now();
    const summary = {
        now, files: 0, chunks: 0, waiting: 0, active: 0, rate: 0, queueChange: 0, held: 0, failures: 0, retrying: 0,
        failed: [], broken: [], warned: [], paused: 0, starting: 0, checking: 0, offline: 0, places: [], startedAt: NaN,
        newest: null, nextCheck: NaN, slowest: 0,
    };
    for (const pipeline of store.pipelines.values()) add(summary, pipeline);
    summary.failed.sort((a, b) => b.at - a.at);
    summary.pipelines = store.pipelines.size;
    return summary;
}

function add(summary, pipeline) {
    const { status, history, processing } = pipeline;
    summary.files += status.total_files ?? 0;
    summary.chunks += status.total_chunks ?? 0;
    summary.waiting += pipeline.waiting;
    summary.active += processing.size;
    summary.rate += pipeline.hour.rate(summary.now);
    summary.slowest = Math.max(summary.slowest, pipeline.secondsLeft(summary.now) ?? 0);
    summary.queueChange += history.queueChange(summary.now, pipeline.waiting);
    const { total, retrying } = pipeline.failures;
    summary.failures += total;
    summary.retrying += retrying;
    summary.failed.push(...pipeline.failed);
    summary.checking += status.is_checking ? 1 : 0;
    summary.paused += status.status === "paused" ? 1 : 0;
    summary.held += pipeline.held;
    summary.starting += status.status === "initializing" ? 1 : 0;
    summary.offline += status.status === "offline" ? 1 : 0;
    if (status.status === "error") summary.broken.push(pipeline);
    else if (status.problem && pipeline.held === 0) summary.warned.push(pipeline);
    if (status.watch_location) summary.places.push(status.watch_location);
    const started = Date.parse(status.started_at);
    if (!(summary.startedAt <= started)) summary.startedAt = started;
    const next = Date.parse(status.next_check_time);
    if (!(summary.nextCheck <= next)) summary.nextCheck = next;
    for (const row of processing.values()) {
        if (!summary.newest || row.startedAt > summary.newest.startedAt) summary.newest = row;
    }
}

/** The headline, its sentence, its sign and its tone: the first rule that applies, worst first. */
export function verdict(store, summary) {
    const { state, reason } = store.connection;
    if (state === "stopping") return stopping(reason);
    if (state === "unauthorised") return unauthorised();
    if (state === "offline") return Number.isFinite(reason) ? refused(reason) : offline(store);
    if (!store.hasData) {
        if (store.isComplete && (state === "live" || state === "polling")) return empty();
        return say("Connecting", "Asking the server how it is doing.", "connecting", "idle");
    }
    if (summary.broken.length > 0) return broken(summary);
    if (summary.offline === summary.pipelines) {
        return say("Stopped", "The server answers, but its pipelines have stopped.", "stopped", "bad");
    }
    if (summary.held > 0) return held(store, summary);
    const tone = needsAttention(summary) ? "warn" : null;
    if (summary.active + summary.waiting > 0) return say("Working", backlog(summary), "working", tone ?? "busy");
    if (summary.paused === summary.pipelines) {
        return say("Paused", "Nothing is processed until it is resumed.", "paused", tone ?? "idle");
    }
    if (summary.starting > 0) return say("Starting", "Looking at the folders for the first time.", "working", "busy");
    if (summary.warned.length > 0) return say("Warning", firstProblem(summary.warned), "warning", "warn");
    if (summary.files === 0) {
        const invitation = `Copy files into ${placesOf(summary)} and they become searchable.`;
        return say("Ready", invitation, "ready", tone ?? "good");
    }
    const searchable = `${counted(summary.files, "file")}, ${counted(summary.chunks, "passage")} searchable.`;
    return say("Up to date", searchable, tone ? "warning" : "good", tone ?? "good");
}

function say(headline, detail, icon, tone) {
    return { headline, detail, icon, tone };
}

function stopping(reason) {
    const why = {
        error: "It stopped because of an error; its log says which.",
        timeout: "It did not finish in time and is being ended.",
    };
    return say("Stopping", why[reason] ?? "The server is shutting down in order. This page waits for its return.",
        "stopped", reason === "error" ? "bad" : "idle");
}

function offline(store) {
    const heard = store.lastHeardAt;
    const since = Number.isFinite(heard)
        ? `No answer for ${span((Date.now() - heard) / 1000)}. What is shown below is from then.`
        : "The server has not answered yet. Is corpusd running?";
    return say("Offline", `${since} Trying again.`, "offline", "bad");
}

function unauthorised() {
    return say("Locked", "This server shows its status to those who have a token.", "locked", "idle");
}

function refused(httpStatus) {
    return say("No status", `The server, or a proxy before it, answers ${httpStatus}. Trying again.`, "offline", "bad");
}

function empty() {
    const why = "it may have just started, or your token covers none";
    return say("No pipelines", `The server shows you none so far: ${why}.`, "locked", "idle");
}

function broken(summary) {
    const headline = summary.broken.length < summary.pipelines ? "Partly working" : "Not working";
    return say(headline, firstProblem(summary.broken), "warning", "bad");
}

function held({ mayControl }, { held: files }) {
    const until = mayControl ? "you decide" : "someone decides";
    const detail = `${counted(files, "file")} went at once and may be missed. `
        + `${files === 1 ? "It stays" : "They stay"} searchable until ${until}.`;
    return say(mayControl ? "Your decision" : "On hold", detail, "warning", "warn");
}

/** What hinders the first of these pipelines, in the server's words: a folder, a Drive, the embedding service. */
function firstProblem(pipelines) {
    const rest = pipelines.length > 1 ? ` And ${counted(pipelines.length - 1, "more pipeline")}.` : "";
    return `${visibleName(pipelines[0].id)}: ${problemOf(pipelines[0])}${rest}`;
}

function problemOf(pipeline) {
    return visibleName(pipeline.status.problem ?? "it says no more; the log does");
}

function needsAttention(summary) {
    return summary.warned.length + summary.retrying > 0 || summary.failed.some((row) => summary.now - row.at < RECENT);
}

function backlog(summary) {
    const parts = [`${counted(summary.active, "file")} in progress`];
    parts.push(summary.waiting > 0 ? `${count(summary.waiting)} waiting` : "none waiting");
    const left = secondsLeft(summary);
    return `${parts.join(", ")}${left ? `, about ${span(left)} left` : ""}.`;
}

/** How long the backlog will take, and never less than that of one pipeline; null while that is not known. */
function secondsLeft({ waiting, active, rate, slowest }) {
    const left = backlogSeconds(waiting, active, rate);
    return left === null ? null : Math.max(left, slowest);
}

/** The one place by its name if the sentence stays on one line; each card says its own. */
function placesOf(summary) {
    if (summary.places.length !== 1) return "a watched folder";
    const place = visibleName(summary.places[0]);
    return place.length <= LONGEST_PLACE ? place : "the watched folder";
}

/** The four questions and their answers, in the order in which people ask them. */
export function answers(store, summary) {
    return [running(store, summary), keepingUp(store, summary), problems(store, summary), rightNow(store, summary)];
}

function answer(value, detail, tone = null) {
    return { value, detail, tone };
}

function isGone(store) {
    return store.connection.state === "offline" || store.connection.state === "unauthorised";
}

function isStopping(store) {
    return store.connection.state === "stopping";
}

function running(store, summary) {
    if (!store.hasData) return answer("–", "");
    if (isGone(store)) return answer("–", "no answer");
    if (isStopping(store)) return answer("–", "stopping");
    const memory = store.heartbeat ? `${Math.round(store.heartbeat.memory / 1e6)} MB of memory` : "";
    return { ...answer(span((summary.now - summary.startedAt) / 1000), memory), since: summary.startedAt };
}

function keepingUp(store, summary) {
    if (!store.hasData || isGone(store) || isStopping(store)) return answer("–", "");
    if (summary.broken.length === summary.pipelines) return answer("No", "nothing gets through", "bad");
    if (summary.waiting === 0) {
        return answer("Yes", summary.rate > 0 ? `${rounded(summary.rate)} files/min` : "nothing waits");
    }
    const grows = summary.queueChange > Math.max(10, summary.waiting * 0.1);
    const left = secondsLeft(summary);
    const detail = `${count(summary.waiting)} waiting`;
    if (grows || left === null) return answer("Not yet", grows ? `${detail}, growing` : detail);
    return answer(`In ${coarse(left)}`, detail);
}

function problems(store, summary) {
    if (store.connection.state === "unauthorised") return answer("–", "");
    if (isGone(store)) return answer("Yes", "no answer", "bad");
    if (!store.hasData) return answer("–", "");
    const { broken: stuck, failed, failures, warned } = summary;
    if (stuck.length > 0) return answer(counted(stuck.length, "pipeline"), problemOf(stuck[0]), "bad");
    if (summary.held > 0) {
        const whom = store.mayControl ? "you" : "a decision";
        return answer(`${count(summary.held)} held`, `deletions wait for ${whom}`, "warn");
    }
    const warnings = counted(warned.length, "warning");
    if (failures > 0) {
        const detail = warned.length > 0 ? `and ${warnings}: ${problemOf(warned[0])}` : visibleName(failed[0]?.name);
        return answer(`${count(failures)} failed`, detail, "warn");
    }
    if (warned.length > 0) return answer(warnings, problemOf(warned[0]), "warn");
    return answer("No", "nothing has failed");
}

function rightNow(store, summary) {
    if (!store.hasData || isGone(store)) return answer("–", "");
    if (isStopping(store)) return answer("Stopping", "");
    if (summary.newest) {
        const { stage, name } = summary.newest;
        return answer(counted(summary.active, "file"), `${visibleName(stage)}: ${visibleName(name)}`);
    }
    if (summary.checking > 0) return answer("Checking", "looking for changes");
    const next = Number.isFinite(summary.nextCheck) ? `checks in ${clockUntil(summary.nextCheck, summary.now)}` : "";
    return answer("Idle", next);
}
