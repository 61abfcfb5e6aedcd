import { setAttribute } from "./dom.js";

/**
 * Does something when a button is pressed, once at a time: a press while it is under way does nothing.
 *
 * The button keeps the focus meanwhile, so it is not disabled but says that it is busy.
 *
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} work
 */
export function onPress(button, work) {
    button.addEventListener("click", async () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        setAttribute(button, "aria-disabled", "true");
        try {
            await work();
        } finally {
            setAttribute(button, "aria-disabled", null);
        }
    });
}
