const KEY = "corpusd-token";
/** Milliseconds for which a token is not sent that the server does not even look at, if it does not say how long. */
const REST = 60_000;

/**
 * The token that this person gave and that the server took, for as long as the tab lives. It is sent as a header only,
 * never as a cookie.
 */
export class Access {
    constructor() {
        this.memory = read();
        this.restsUntil = 0;
        /** Is called when another token is kept, or none any more. */
        this.onChange = () => {};
    }

    /** What was given and worked; null when nothing was. */
    get token() {
        return this.memory;
    }

    set token(value) {
        const hasChanged = this.memory !== (value || null);
        this.memory = value || null;
        this.restsUntil = 0;
        try {
            if (this.memory) sessionStorage.setItem(KEY, this.memory);
            else sessionStorage.removeItem(KEY);
        } catch {
            // Storage may be forbidden; the token then lives as long as the page.
        }
        if (hasChanged) this.onChange();
    }

    /** What to send now. */
    get current() {
        return this.isResting ? null : this.memory;
    }

    /** Whether the token is not sent for a while, as too many wrong ones came from this address. */
    get isResting() {
        return this.memory !== null && Date.now() < this.restsUntil;
    }

    /**
     * Takes note that the kept token was refused: a wrong one is forgotten, and one that the server did not look at is
     * spared for a while.
     *
     * @returns {boolean} whether it is worth trying without one
     */
    wasRefused(token, status, seconds) {
        if (!token || token !== this.current) return false;
        if (status === 401) this.token = null;
        else if (status === 429) this.restsUntil = Date.now() + (seconds > 0 ? seconds * 1000 : REST);
        else return false;
        return true;
    }
}

/** Headers for a request of somebody with this token; null for none. */
export function headersOf(token) {
    const headers = { accept: "application/json" };
    if (token) headers.authorization = `Bearer ${token}`;
    return headers;
}

/** Seconds for which a refusal asks to wait; NaN when it does not. */
export function secondsToWait(response) {
    return Number.parseInt(response.headers.get("retry-after"), 10);
}

function read() {
    try {
        return sessionStorage.getItem(KEY);
    } catch {
        return null;
    }
}

export const access = new Access();
