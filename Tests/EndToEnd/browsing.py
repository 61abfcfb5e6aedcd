"""An open page in a real browser, and everything wrong that the browser said about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import waiting
from daemon import REPOSITORY, Daemon
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

SCREENSHOTS = REPOSITORY / ".build-test/screenshots"
# In milliseconds, as the browser's driver counts.
PATIENCE = waiting.PATIENCE * 1_000


@dataclass
class Visit:
    """An open page and everything wrong that the browser said about it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    loads: int = 0

    def row(self, kind: str, text: str) -> Locator:
        return self.page.get_by_test_id(kind).filter(has_text=text)

    def expect_live(self) -> None:
        expect(self.page.get_by_test_id("connection")).to_have_attribute("data-state", "live", timeout=PATIENCE)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def open_page(
        daemon: Daemon,
        scheme: str = "light",
        prepare: Callable[[Page], None] = lambda page: None,
        size: tuple[int, int] = (1280, 1120),
        url: str | None = None,
        **options: Any,
    ) -> Visit:
        context = browser.new_context(
            # Certificates of the tests are their own; nobody else is asked for anything.
            color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, ignore_https_errors=url is not None,
            **options,
        )
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.set_default_timeout(PATIENCE)
        visit.page.on("console", lambda message: note_console(visit, message))
        visit.page.on("pageerror", lambda error: visit.complaints.append(f"uncaught: {error}"))
        visit.page.on("request", lambda request: visit.hosts.add(urlsplit(request.url).netloc))
        visit.page.on("response", lambda response: note_response(visit, response.status, response.url))
        visit.page.on("load", lambda page: count_load(visit))
        visit.page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
        prepare(visit.page)
        visit.page.goto(url or daemon.url)
        return visit

    yield open_page
    for context in contexts:
        # A request that is under way has nobody to be answered for.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


def note_console(visit: Visit, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        visit.complaints.append(f"{message.type}: {message.text}")


def note_response(visit: Visit, status: int, url: str) -> None:
    if status >= 400:
        visit.complaints.append(f"{status}: {url}")


def count_load(visit: Visit) -> None:
    visit.loads += 1


def check_clean(visit: Visit, daemon: Daemon) -> None:
    """No error, no violation of the policy, no request to anywhere else, no reload."""
    assert visit.complaints == []
    assert visit.hosts == {f"127.0.0.1:{daemon.port}"}
    assert visit.loads == 1


def give_token(opened: Visit, token: str) -> None:
    """Into the dialog that asks for one."""
    opened.page.get_by_test_id("token-input").fill(token)
    opened.page.get_by_test_id("token-input").press("Enter")


def without_socket(page: Page) -> None:
    """No live connection is made, so the page asks for the status again and again."""
    page.route("**/socket.io/?*", lambda route: route.abort())


def told_otherwise(change: Callable[[dict[str, Any]], None]) -> Callable[[Page], None]:
    """Prepares a page that polls, and that gets each pipeline's status as `change` leaves it."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        for status in body.get("pipelines", [body]):
            change(status)
        route.fulfill(response=response, json=body)

    def prepare(page: Page) -> None:
        without_socket(page)
        page.route("**/status", answer)

    return prepare


# Of the one client of `locked`.
READER_TOKEN = "reader-" + "d" * 32


def locked(make_daemon: Callable[..., Daemon], folder: Path) -> Daemon:
    """A daemon that shows nothing to those without `READER_TOKEN`, which may read; it has started."""
    file = folder / "token"
    file.write_text(READER_TOKEN)
    token = {"name": "reader", "role": "read", "file": str(file)}
    daemon = make_daemon(server={"auth": {"anonymous": "none", "tokens": [token]}})
    daemon.start(ready=False)
    waiting.eventually(daemon.is_alive, "the daemon answers")
    return daemon


WRONG = "not-the-right-token"


def kept(opened: Visit) -> str | None:
    return opened.page.evaluate("() => sessionStorage.getItem('corpusd-token')")


def with_kept(token: str, prepare: Callable[[Page], None] = lambda page: None) -> Callable[[Page], None]:
    """Prepares a page whose tab has kept a token from before."""

    def keep(page: Page) -> None:
        prepare(page)
        page.add_init_script(f"""if (!sessionStorage.getItem("was-here")) {{
            sessionStorage.setItem("was-here", "1");
            sessionStorage.setItem("corpusd-token", "{token}");
        }}""")

    return keep


def status_with(daemon: Daemon, token: str) -> int:
    return requests.get(f"{daemon.url}/status", headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code


def use_up_attempts(daemon: Daemon) -> None:
    waiting.eventually(lambda: status_with(daemon, WRONG) == 429, "too many wrong tokens came from here")


def wait_for_attempts(daemon: Daemon, token: str) -> None:
    waiting.eventually(lambda: status_with(daemon, token) == 200, "the server looks at tokens again")
