import { address, request } from "./api.js";

const CHUNKS = 20;

/**
 * Asks `GET /api/files/{id}`.
 *
 * @param {{ pipeline: string, id: string }} file
 * @param {{ token?: string, signal?: AbortSignal }} options as of `request`
 * @returns {Promise<object>} what is known of it, with its history
 * @throws {Problem} what the server or the network says; an AbortError when `signal` fires
 */
export function fileOf({ pipeline, id }, options = {}) {
    return request(address(`api/files/${encodeURIComponent(id)}`, { pipeline }), options);
}

/** Whether there is this file, as somebody with this token is told. */
export async function isKnown(file, token) {
    try {
        return Boolean(await fileOf(file, { token }));
    } catch (problem) {
        if (problem.status === 404) return false;
        throw problem;
    }
}

/** A page of a file's passages in their order, from `GET /api/files/{id}/chunks`; the first one without a cursor. */
export function chunksOf({ pipeline, id }, cursor, signal) {
    const path = `api/files/${encodeURIComponent(id)}/chunks`;
    return request(address(path, { pipeline, cursor, limit: CHUNKS }), { signal });
}

/** Where another try of a file is asked for, by `POST`. */
export function retryAddress({ pipeline, id }) {
    return address(`api/files/${encodeURIComponent(id)}/retry`, { pipeline });
}
