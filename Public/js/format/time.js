import { rounded } from "./numbers.js";

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** Milliseconds since 1970 of an RFC 3339 time; NaN for null or nonsense. */
export function instant(text) {
    return typeof text === "string" ? Date.parse(text) : NaN;
}

/** `19 Nov 2026, 10:02:11` in the reader's locale and zone; empty for NaN. */
export function exact(milliseconds) {
    return Number.isFinite(milliseconds) ? exactFormat.format(milliseconds) : "";
}

/** `12 s ago`; `now` for the last two seconds and for clocks that disagree. */
export function ago(milliseconds, now) {
    if (!Number.isFinite(milliseconds)) return "never";
    const seconds = (now - milliseconds) / 1000;
    return seconds < 2 ? "now" : `${span(seconds)} ago`;
}

/** A length of time in its one or two largest units: `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`. */
export function span(seconds) {
    if (!Number.isFinite(seconds)) return "–";
    const s = Math.max(0, seconds);
    if (s < MINUTE) return `${Math.floor(s)} s`;
    if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
    if (s < DAY) return join(Math.floor(s / HOUR), "h", Math.floor((s % HOUR) / MINUTE), "min");
    return join(Math.floor(s / DAY), "d", Math.floor((s % DAY) / HOUR), "h");
}

function join(large, largeUnit, small, smallUnit) {
    return small > 0 ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}

/** As `span`, in the largest unit alone. */
export function coarse(seconds) {
    return span(seconds).split(" ", 2).join(" ");
}

/** How long something took: `2.4 s`, `48 ms`, `3 min`. */
export function took(seconds) {
    if (!Number.isFinite(seconds)) return "";
    if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
    return seconds < MINUTE ? `${rounded(seconds)} s` : span(seconds);
}

/** Time until a moment as a clock: `0:42`, `12:05`, `1:00:10`. */
export function clockUntil(milliseconds, now) {
    const seconds = Math.max(0, Math.ceil((milliseconds - now) / 1000));
    const parts = [Math.floor((seconds % HOUR) / MINUTE), seconds % MINUTE].map((n) => String(n).padStart(2, "0"));
    const hours = Math.floor(seconds / HOUR);
    return hours > 0 ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

/** When a file that failed is tried again, NaN for a time that is not set: `next try in 0:42`. */
export function nextTry(at, now) {
    if (!Number.isFinite(at)) return "tried again when the file changes";
    return at > now ? `next try in ${clockUntil(at, now)}` : "next try when a worker is free";
}
