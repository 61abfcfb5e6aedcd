/** Why a search gave nothing: a title and a sentence for people. */
export class SearchProblem extends Error {
    constructor(title, detail) {
        super(title);
        this.detail = detail;
    }
}

/**
 * Asks `GET /api/search`.
 *
 * @param {AbortSignal} signal ends the request when a newer one replaces it
 * @returns {Promise<{ query: string, duration: number, hits: object[] }>}
 * @throws {SearchProblem} what the server or the network says; an AbortError when `signal` fires
 */
export async function search(query, limit, signal) {
    const url = new URL("api/search", document.baseURI);
    url.search = new URLSearchParams({ q: query, k: String(limit) });
    const response = await ask(url, signal);
    if (!response.ok) throw await problemOf(response);
    const body = await bodyOf(response, signal);
    return { query: body.query ?? query, duration: body.duration, hits: Array.isArray(body.hits) ? body.hits : [] };
}

async function ask(url, signal) {
    try {
        return await fetch(url, { headers: { accept: "application/json" }, signal });
    } catch (error) {
        if (signal.aborted) throw error;
        throw new SearchProblem("The server does not answer", "Search needs it; try again when it is back.");
    }
}

async function bodyOf(response, signal) {
    try {
        return await response.json();
    } catch (error) {
        if (signal.aborted) throw error;
        throw new SearchProblem("The answer cannot be read", "It is not JSON; is a proxy in between?");
    }
}

/** An error in the shape of RFC 9457, or whatever can be told from the status alone. */
async function problemOf(response) {
    const body = await response.json().catch(() => ({}));
    const title = typeof body?.title === "string" ? body.title : `The server answered ${response.status}`;
    return new SearchProblem(title, typeof body?.detail === "string" ? body.detail : "Its log says more.");
}
