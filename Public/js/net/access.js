const KEY = "corpusd-token";

/** The token that this person gave, for as long as the tab lives. It is sent as a header only, never as a cookie. */
export class Access {
    constructor() {
        this.memory = read();
    }

    /** Null when none was given. */
    get token() {
        return this.memory;
    }

    set token(value) {
        this.memory = value || null;
        try {
            if (this.memory) sessionStorage.setItem(KEY, this.memory);
            else sessionStorage.removeItem(KEY);
        } catch {
            // Storage may be forbidden; the token then lives as long as the page.
        }
    }

    /** Headers for a request of this person. */
    headers() {
        const headers = { accept: "application/json" };
        if (this.memory) headers.authorization = `Bearer ${this.memory}`;
        return headers;
    }
}

function read() {
    try {
        return sessionStorage.getItem(KEY);
    } catch {
        return null;
    }
}

export const access = new Access();
