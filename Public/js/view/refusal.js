import { access } from "../net/access.js";
import { el } from "./dom.js";

const PATIENCE = ["Too many wrong tokens", "They came from your address. Wait a little, then try again."];

/**
 * Why something did not come, as a title and a sentence for people; the server's own words are for programs.
 *
 * @param {Problem} problem
 * @param {string} locked what is locked, a sentence
 * @returns {[string, string]}
 */
export function wordsOf(problem, locked) {
    // A token that is spared was not sent, so what is refused then is not the token.
    const isResting = problem.status === 401 && access.isResting;
    if (problem.status === 429 || isResting) return PATIENCE;
    if (problem.status === 401) return ["Locked", locked];
    return [problem.message, problem.detail ?? ""];
}

/** Asks for a token, in the place of what one is needed for. */
export function unlockButton(testid, ask) {
    const button = el("button", { class: "button is-main", type: "button", testid }, "Enter the token");
    button.addEventListener("click", ask);
    return button;
}
