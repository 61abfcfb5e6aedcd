import { address, request } from "./api.js";

/**
 * Asks `GET /api/search`.
 *
 * @param {AbortSignal} signal ends the request when a newer one replaces it
 * @returns {Promise<{ duration: number, wordsOnly: boolean, hits: object[] }>}
 * @throws {Problem} what the server or the network says; an AbortError when `signal` fires
 */
export async function search(query, limit, signal) {
    const body = await request(address("api/search", { q: query, k: limit }), { signal });
    return {
        duration: body.duration,
        wordsOnly: body.words_only,
        hits: body.hits,
    };
}
