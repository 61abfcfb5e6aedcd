"""What the page shows of a hit, and how numbers and times look to readers elsewhere."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from browsing import PATIENCE, Visit, check_clean
from daemon import Daemon
from playwright.sync_api import Locator, expect

QUERY = "hierarchy of directories for devices"


def found(daemon: Daemon) -> list[dict[str, Any]]:
    return daemon.search(QUERY, k=10)


def search(opened: Visit) -> Locator:
    opened.page.get_by_test_id("search-input").fill(QUERY)
    opened.page.get_by_test_id("search-input").press("Enter")
    hits = opened.page.get_by_test_id("search-hit")
    expect(hits).to_have_count(10, timeout=PATIENCE)
    return hits


def test_hit_says_what_was_found_and_where(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library)
    opened.expect_live()
    hits = search(opened)
    wanted = found(library)
    assert [hit["page"] for hit in wanted if hit.get("page")], "some are in a book with pages"
    for number, hit in enumerate(wanted):
        row = hits.nth(number)
        expect(row.get_by_role("link")).to_have_attribute("href", f"#file/docs/{hit['file']['id']}")
        expect(row.locator(".hit-path")).to_have_text(hit["file"]["path"])
        expect(row.locator(".hit-score")).to_have_text(f"score {hit['score']:.3f}")
        place = row.locator(".hit-place")
        if hit.get("page"):
            expect(place).to_contain_text(re.compile(rf"\bPage {hit['page']}(?!\d)"))
        else:
            expect(place).not_to_contain_text("Page")
    marked = [text.lower() for text in opened.page.locator(".hit mark").all_text_contents()]
    assert {"hierarchy", "directories", "devices"} <= set(marked), marked
    assert all(re.match("hierarch|director|device", text) for text in marked), "words of no meaning are not marked"
    check_clean(opened, library)


def test_long_passage_is_cut_and_can_be_read_whole(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library)
    opened.expect_live()
    row = search(opened).filter(has=opened.page.locator(".hit-more")).first
    button, text = row.locator(".hit-more"), row.locator(".hit-text")
    short = text.text_content()
    assert "…" in short and len(short) < 450
    expect(button).to_have_text("Show the whole passage")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(button).to_have_text("Show less")
    expect(button).to_have_attribute("aria-expanded", "true")
    whole = text.text_content()
    assert len(whole) > len(short) and short.strip("… ") in whole
    assert row.locator("mark").count() > 0
    button.click()
    expect(text).to_have_text(short)
    check_clean(opened, library)


def test_numbers_and_times_are_the_readers_own(library: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(library, locale="de-DE", timezone_id="Asia/Kolkata")
    opened.expect_live()
    status = library.status()
    card = opened.page.get_by_test_id("pipeline-card")
    assert status["total_chunks"] > 1_000, "there is something to group"
    expect(card.get_by_test_id("figure-chunks")).to_have_text(f"{status['total_chunks']:,}".replace(",", "."))
    newest = status["files_completed"][0]
    moment = datetime.fromisoformat(newest["completed_at"]).astimezone(ZoneInfo("Asia/Kolkata"))
    row = opened.page.locator(f'[data-testid=completed-row][data-file="{newest["id"]}"]')
    expect(row.locator("time")).to_have_attribute("title", moment.strftime("%d.%m.%Y, %H:%M:%S"), timeout=PATIENCE)
    score = f"{found(library)[0]['score']:.3f}".replace(".", ",")
    expect(search(opened).first.locator(".hit-score")).to_have_text(f"score {score}")
    check_clean(opened, library)
