import { access, headersOf, secondsToWait } from "./access.js";

const TIMEOUT = 15_000;

/** Why a request gave nothing: the status if there was an answer, a title and a sentence for people. */
export class Problem extends Error {
    constructor(status, title, detail) {
        super(title);
        this.status = status;
        this.detail = detail;
    }

    get needsToken() {
        return this.status === 401 || this.status === 403;
    }
}

/**
 * Asks the server's interface.
 *
 * A question is asked once more without a token when the kept one is refused: often none is needed.
 *
 * @param {string} path relative to the page, with its query
 * @param {{ method?: string, body?: object, signal?: AbortSignal, token?: string | null }} options `body` is sent as
 *     JSON; `signal` ends the request; `token` is sent instead of the kept one
 * @returns {Promise<object>} the JSON of the answer
 * @throws {Problem} what the server or the network says; an AbortError when `signal` fires
 */
export async function request(path, { method = "GET", body, signal, token = access.current } = {}) {
    const limit = AbortSignal.timeout(TIMEOUT);
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    const response = await ask(path, { method, body, token, signal: either }, signal);
    if (!response.ok) {
        const mayGoWithout = access.wasRefused(token, response.status, secondsToWait(response)) && method === "GET";
        if (mayGoWithout) return request(path, { signal, token: null });
        throw await problemOf(response);
    }
    try {
        return await response.json();
    } catch (error) {
        if (signal?.aborted) throw error;
        throw new Problem(null, "The answer cannot be read", "It is not JSON; is a proxy in between?");
    }
}

/** A path of the interface with its parameters; those that are null are left out. */
export function address(path, parameters = {}) {
    const given = Object.entries(parameters).filter(([, value]) => (value ?? "") !== "");
    return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

async function ask(path, { method, body, token, signal }, given) {
    try {
        const url = new URL(path, document.baseURI);
        const headers = headersOf(token);
        if (body) headers["content-type"] = "application/json";
        const sent = body ? JSON.stringify(body) : undefined;
        return await fetch(url, { method, headers, body: sent, cache: "no-store", signal });
    } catch (error) {
        if (given?.aborted) throw error;
        throw new Problem(null, "The server does not answer", "Try again when it is back.");
    }
}

/** An error in the shape of RFC 9457, or whatever can be told from the status alone. */
async function problemOf(response) {
    const body = await response.json().catch(() => ({}));
    const title = typeof body?.title === "string" ? body.title : `The server answered ${response.status}`;
    return new Problem(response.status, title, typeof body?.detail === "string" ? body.detail : "Its log says more.");
}
