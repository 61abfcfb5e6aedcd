/** The address of a file's own view, on this page. */
export function fileAddress(pipeline, file) {
    return `#file/${encodeURIComponent(pipeline)}/${encodeURIComponent(file)}`;
}

/** The pipeline and the id in such an address; null for anything else. */
export function fileOfAddress(hash) {
    const match = /^#file\/([^/]+)\/([^/]+)$/.exec(hash);
    if (!match) return null;
    try {
        return { pipeline: decodeURIComponent(match[1]), id: decodeURIComponent(match[2]) };
    } catch {
        return null;
    }
}

/**
 * Where a document can be opened in a browser, or null. Browsers do not open `file:` addresses from a page, and
 * nothing but the web is wanted.
 */
export function webAddress(url) {
    const target = URL.canParse(url ?? "") ? new URL(url) : null;
    return target?.protocol === "https:" || target?.protocol === "http:" ? target.href : null;
}
