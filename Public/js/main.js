import { Feed } from "./net/feed.js";
import { Store } from "./state/store.js";
import { summarize } from "./state/verdict.js";
import { Announcer } from "./view/announcer.js";
import { ConnectionView } from "./view/connection.js";
import { FinishedView, ProblemsView } from "./view/finished.js";
import { Frames } from "./view/frames.js";
import { HeroView } from "./view/hero.js";
import { PipelinesView } from "./view/pipelines.js";
import { ProcessingView } from "./view/processing.js";
import { SearchView } from "./view/search.js";

/** Milliseconds between two renderings of moving bars (a transition fills the gaps) and of text to be read. */
const MOVING = 100;
const READABLE = 250;

const frames = new Frames();
const store = new Store(() => frames.ask());
const dashboard = document.getElementById("dashboard");

const connection = new ConnectionView();
const hero = new HeroView();
const announcer = new Announcer();
const pipelines = new PipelinesView();
const processing = new ProcessingView();
const finished = new FinishedView();
const problems = new ProblemsView();

frames.add(MOVING, () => {
    connection.render(store);
    processing.render(store);
});
frames.add(READABLE, () => {
    const summary = summarize(store);
    hero.render(store, summary);
    announcer.render(hero.headline.textContent, summary.failed.length);
    pipelines.render(store);
    finished.render(store);
    problems.render(store);
    dashboard.classList.toggle("is-stale", store.connection.state === "offline" && store.hasData);
});

new SearchView(dashboard).start();
new Feed(store).start();
frames.start();
