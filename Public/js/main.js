import { access } from "./net/access.js";
import { Feed } from "./net/feed.js";
import { Hours } from "./net/hours.js";
import { Role } from "./net/role.js";
import { Store } from "./state/store.js";
import { summarize } from "./state/verdict.js";
import { Actions } from "./view/actions.js";
import { Announcer } from "./view/announcer.js";
import { ConnectionView } from "./view/connection.js";
import { DeletionsView } from "./view/deletions.js";
import { byId, setAttribute, setHidden } from "./view/dom.js";
import { FileView } from "./view/file.js";
import { FilesView } from "./view/files.js";
import { FinishedView, ProblemsView } from "./view/finished.js";
import { Frames } from "./view/frames.js";
import { HeroView } from "./view/hero.js";
import { PipelinesView } from "./view/pipelines.js";
import { ProcessingView } from "./view/processing.js";
import { SearchView } from "./view/search.js";
import { Toast } from "./view/toast.js";
import { TokenDialog } from "./view/token.js";

/** Milliseconds between two renderings of moving bars (a transition fills the gaps) and of text to be read. */
const MOVING = 100;
const READABLE = 250;
const LOCKED = "This server shows its status to those who have a token.";
const REFUSALS = {
    wrong: "The last token was not the right one.",
    limit: "There were too many wrong tokens. Wait a little before the next one.",
};

const frames = new Frames();
const store = new Store(() => frames.ask());
const dashboard = byId("dashboard");
const unlock = byId("unlock");
const answers = byId("answers");

const dialog = new TokenDialog();
const actions = new Actions(new Toast(), dialog);
const connection = new ConnectionView();
const hero = new HeroView();
const announcer = new Announcer();
const pipelines = new PipelinesView(actions);
const processing = new ProcessingView();
const finished = new FinishedView();
const deletions = new DeletionsView(store, actions);
const files = new FilesView(store);
const problems = new ProblemsView(actions, files);
const file = new FileView(store, actions);
const hours = new Hours(store);
const role = new Role(store);
const otherToken = byId("other-token");
const search = new SearchView(dashboard, actions);
const feed = new Feed(store, () => {
    role.ask();
    hours.ask();
    search.renew();
});

frames.add(MOVING, () => {
    connection.render(store);
    processing.render(store);
});
frames.add(READABLE, () => {
    const summary = summarize(store);
    hero.render(store, summary);
    announcer.render(hero.headline.textContent, summary.failures);
    pipelines.render(store);
    finished.render(store);
    problems.render(store, summary);
    deletions.render(store);
    file.render(store);
    const { state } = store.connection;
    setAttribute(document.body, "data-state", state);
    setAttribute(document.body, "data-controls", store.mayControl ? null : "none");
    setHidden(otherToken.parentElement, store.mayControl || state === "unauthorised");
    setHidden(unlock, state !== "unauthorised");
    setHidden(answers, state === "unauthorised");
    setHidden(dashboard, state === "unauthorised" || dashboard.dataset.covered === "true");
    dashboard.classList.toggle("is-unknown", !store.hasData);
    dashboard.classList.toggle("is-stale", state === "offline" && store.hasData);
});

unlock.addEventListener("click", async () => {
    const token = await dialog.ask(LOCKED, REFUSALS[store.connection.reason]);
    if (token !== null) feed.unlock(token);
});

access.onChange = () => {
    role.ask();
    // It was given for something else, and opens the whole page.
    if (access.token && store.connection.state === "unauthorised") feed.unlock(access.token);
    if (access.token) search.renew();
};
otherToken.addEventListener("click", async () => {
    if (await actions.changeToken()) feed.renew();
});

search.start();
file.start();
files.start();
hours.start();
feed.start();
frames.start();
