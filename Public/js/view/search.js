import { wordPattern } from "../format/highlight.js";
import { counted } from "../format/numbers.js";
import { took } from "../format/time.js";
import { search } from "../net/search.js";
import { byId, el, setHidden, setText } from "./dom.js";
import { hitRow } from "./hits.js";
import { unlockButton, wordsOf } from "./refusal.js";

const LIMIT = 10;
const DEBOUNCE = 250;
const SHORTEST = 2;
const GHOSTS = 3;
const WORDS_ONLY = "By words alone: the embedding service does not answer. What is said in other words is missing.";
const LOCKED = "This server lets those search who have a token.";

/**
 * The search box and its results, which take the dashboard's place while there is a question.
 *
 * The question is part of the address (`?q=`), so that it can be shared and survives a reload.
 */
export class SearchView {
    constructor(dashboard, actions) {
        this.dashboard = dashboard;
        this.actions = actions;
        this.form = byId("search-form");
        this.input = byId("search-input");
        this.clear = byId("search-clear");
        this.key = byId("search-key");
        this.results = byId("results");
        this.title = byId("results-title");
        this.hero = byId("hero");
        this.note = byId("results-note");
        this.body = byId("results-body");
        this.asked = "";
        this.request = null;
        this.timer = null;
        this.hasFailed = false;
    }

    start() {
        this.input.addEventListener("input", () => this.typed());
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.ask(true);
        });
        this.clear.addEventListener("click", () => this.reset());
        byId("alert").addEventListener("click", () => this.leave());
        this.form.addEventListener("keydown", (event) => {
            if (event.key === "Escape") this.reset();
        });
        document.addEventListener("keydown", (event) => this.focusOnSlash(event));
        window.addEventListener("popstate", () => this.readAddress());
        this.readAddress();
    }

    readAddress() {
        this.input.value = new URLSearchParams(location.search).get("q") ?? "";
        this.ask(false);
    }

    focusOnSlash(event) {
        const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
        if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        this.input.focus();
        this.input.select();
    }

    typed() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.ask(false), DEBOUNCE);
        this.showButtons();
        if (this.input.value.trim() === "") this.ask(false);
    }

    reset() {
        this.leave();
        this.input.focus();
    }

    /** Back to the dashboard. */
    leave() {
        this.input.value = "";
        this.ask(false);
    }

    showButtons() {
        const isEmpty = this.input.value === "";
        setHidden(this.clear, isEmpty);
        setHidden(this.key, !isEmpty);
    }

    /** Asks again what was not answered: the server is back, or there is another token. */
    renew() {
        if (this.hasFailed) this.ask(true);
    }

    /** Asks what stands in the box; `again` also when it was answered before. */
    async ask(again) {
        clearTimeout(this.timer);
        this.showButtons();
        const query = this.input.value.trim();
        if (query === this.asked && (!again || this.request)) return;
        this.request?.abort();
        this.request = null;
        this.asked = query;
        this.hasFailed = false;
        this.noteAddress(query);
        setHidden(this.results, query === "");
        this.dashboard.dataset.covered = String(query !== "");
        setHidden(this.dashboard, query !== "");
        this.hero.classList.toggle("is-compact", query !== "");
        if (query === "") {
            this.body.replaceChildren();
            setText(this.note, "");
        } else if (query.length < SHORTEST && !again) {
            this.say("Keep typing", "Two letters or more, or press Enter.");
        } else {
            await this.run(query);
        }
    }

    async run(query) {
        const request = new AbortController();
        this.request = request;
        this.results.setAttribute("aria-busy", "true");
        if (!this.body.querySelector(".hits")) this.showGhosts();
        try {
            const answer = await search(query, LIMIT, request.signal);
            if (this.request === request) this.show(query, answer);
        } catch (problem) {
            if (this.request === request) this.fail(problem);
        } finally {
            if (this.request === request) this.request = null;
            if (this.request === null) this.results.removeAttribute("aria-busy");
        }
    }

    show(query, { duration, wordsOnly, hits }) {
        if (hits.length === 0) {
            const advice = "Try other words, or fewer. Files still waiting cannot be found yet.";
            this.say("No passage matches", wordsOnly ? `${WORDS_ONLY} ${advice}` : advice);
            setText(this.note, "No hits");
            return;
        }
        const pattern = wordPattern(query);
        const several = new Set(hits.map((hit) => hit.pipeline_id)).size > 1;
        const rows = hits.map((hit, index) => hitRow(hit, index + 1, pattern, several));
        // Who has gone on to a hit meanwhile stays there.
        const place = [...this.body.querySelectorAll(".hit")].findIndex((hit) => hit.contains(document.activeElement));
        const caveat = wordsOnly ? [el("p", { class: "results-caveat", testid: "caveat" }, WORDS_ONLY)] : [];
        this.body.replaceChildren(...caveat, el("ol", { class: "hits" }, ...rows));
        rows[place]?.querySelector("a").focus();
        setText(this.note, `${counted(hits.length, "passage")}${duration >= 0 ? ` in ${took(duration)}` : ""}`);
    }

    showGhosts() {
        setText(this.note, "");
        if (this.body.contains(document.activeElement)) this.title.focus();
        const ghosts = Array.from({ length: GHOSTS }, () => el("div", { class: "ghost" }));
        this.body.replaceChildren(el("div", { "aria-hidden": "true" }, ...ghosts));
    }

    say(title, detail, ...more) {
        setText(this.note, "");
        this.body.replaceChildren(el("div", { class: "results-message", testid: "search-message" },
            el("h3", {}, title), el("p", { class: "quiet" }, detail), ...more));
    }

    fail(problem) {
        this.hasFailed = true;
        const isRefused = problem.status === 401 || problem.status === 429;
        const unlock = isRefused ? [unlockButton("search-unlock", () => this.unlock())] : [];
        const retry = el("button", { class: "button", type: "button", testid: "search-retry" }, "Try again");
        retry.addEventListener("click", () => this.ask(true));
        const [title, detail] = wordsOf(problem, LOCKED);
        this.say(title, detail, el("div", { class: "results-buttons" }, ...unlock, retry));
        setText(this.note, "The search failed");
    }

    /** A token that is taken is news to the whole page, and so to this view. */
    unlock() {
        return this.actions.changeToken(LOCKED);
    }

    noteAddress(query) {
        const url = new URL(location.href);
        if (query === "") url.searchParams.delete("q");
        else url.searchParams.set("q", query);
        if (url.href !== location.href) history.replaceState(null, "", url);
    }
}
