"""Tokens that a person gives to the page: what is kept of them, and what a wrong one must not break."""

import re
from collections.abc import Callable
from pathlib import Path

import documents
import pytest
from browsing import (
    PATIENCE, READER_TOKEN, WRONG, Visit, give_token, kept, locked, use_up_attempts, wait_for_attempts, with_kept,
    without_socket,
)
from daemon import Daemon
from playwright.sync_api import expect


def test_mistyped_token_does_not_replace_the_one_that_works(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    opened = visit(daemon)
    page = opened.page
    page.get_by_test_id("unlock").click()
    give_token(opened, READER_TOKEN)
    opened.expect_live()
    card, dialog = page.get_by_test_id("pipeline-card"), page.get_by_test_id("token-dialog")
    page.get_by_test_id("other-token").click()
    give_token(opened, WRONG)
    expect(dialog).to_contain_text("not known", timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert kept(opened) == READER_TOKEN
    page.reload()
    opened.expect_live()
    page.get_by_test_id("other-token").click()
    give_token(opened, daemon.token)
    card.get_by_test_id("pause").click()
    expect(card).to_have_attribute("data-status", "paused", timeout=PATIENCE)
    assert kept(opened) == daemon.token


def test_wrong_token_does_not_open_a_locked_server(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    opened = visit(daemon, prepare=with_kept(WRONG))
    page = opened.page
    connection = page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    page.get_by_test_id("unlock").click()
    expect(page.locator("#token-problem")).to_contain_text("not the right one")
    use_up_attempts(daemon)
    give_token(opened, WRONG)
    expect(connection).to_have_attribute("data-state", "unauthorised", timeout=PATIENCE)
    page.get_by_test_id("unlock").click()
    expect(page.locator("#token-problem")).to_contain_text("too many", timeout=PATIENCE)
    assert kept(opened) is None


@pytest.mark.parametrize("way", ["live", "polling"])
def test_wrong_kept_token_does_not_lock_what_is_open(way: str, shared: Daemon, visit: Callable[..., Visit]) -> None:
    prepare = with_kept(WRONG, without_socket if way == "polling" else lambda page: None)
    opened = visit(shared, prepare=prepare)
    expect(opened.page.get_by_test_id("connection")).to_have_attribute("data-state", way, timeout=PATIENCE)
    expect(opened.page.get_by_test_id("pipeline-card")).to_have_count(2, timeout=PATIENCE)
    assert kept(opened) is None


def test_too_many_wrong_tokens_leave_the_page_open(daemon: Daemon, visit: Callable[..., Visit]) -> None:
    opened = visit(daemon.start())
    opened.expect_live()
    page = opened.page
    card = page.get_by_test_id("pipeline-card")
    use_up_attempts(daemon)
    card.get_by_test_id("pause").click()
    give_token(opened, WRONG)
    expect(page.get_by_test_id("toast")).to_contain_text("too many wrong tokens", timeout=PATIENCE)
    assert kept(opened) is None

    # One that is right, and not looked at for now: what is open to all is shown meanwhile.
    use_up_attempts(daemon)
    other = visit(daemon, prepare=with_kept(daemon.token))
    other.expect_live()
    expect(other.page.get_by_test_id("pipeline-card")).to_have_count(1, timeout=PATIENCE)
    assert kept(other) == daemon.token
    wait_for_attempts(daemon, daemon.token)
    other.page.get_by_test_id("pause").click()
    expect(card).to_have_attribute("data-status", "paused", timeout=PATIENCE)


def test_right_token_waits_while_there_were_too_many_wrong_ones(
    make_daemon: Callable[..., Daemon], tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    use_up_attempts(daemon)
    opened = visit(daemon, prepare=with_kept(READER_TOKEN))
    connection = opened.page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", re.compile("offline|live"), timeout=PATIENCE)
    opened.expect_live()
    assert kept(opened) == READER_TOKEN


def test_what_a_token_may_not_do_is_not_offered(
    make_daemon: Callable[..., Daemon], tmp_path: Path, corpus: Path, visit: Callable[..., Visit]
) -> None:
    daemon = locked(make_daemon, tmp_path)
    documents.encrypt_pdf(corpus / "pdf/fhs.pdf", daemon.folder() / "locked.pdf")
    opened = visit(daemon, prepare=with_kept(READER_TOKEN))
    page = opened.page
    row = opened.row("failed-row", "locked.pdf")
    expect(row).to_be_visible(timeout=PATIENCE)
    controls = [page.get_by_test_id("pause"), page.get_by_test_id("rescan"), row.get_by_test_id("retry")]
    for control in controls:
        expect(control).to_be_hidden()
    row.get_by_role("link").click()
    expect(page.get_by_test_id("file-state")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("file-retry")).to_be_hidden()
    page.keyboard.press("Escape")

    other, dialog = page.get_by_test_id("other-token"), page.get_by_test_id("token-dialog")
    other.click()
    give_token(opened, WRONG)
    expect(dialog).to_contain_text("not known", timeout=PATIENCE)
    assert kept(opened) == READER_TOKEN
    give_token(opened, daemon.token)
    for control in controls:
        expect(control).to_be_visible(timeout=PATIENCE)
    expect(other).to_be_hidden()
    opened.expect_live()
    controls[0].click()
    expect(page.get_by_test_id("pipeline-card")).to_have_attribute("data-status", "paused", timeout=PATIENCE)
    expect(dialog).to_be_hidden()


def test_what_a_token_could_allow_is_offered(shared: Daemon, visit: Callable[..., Visit]) -> None:
    page = visit(shared).page
    expect(page.get_by_test_id("pause")).to_have_count(2, timeout=PATIENCE)
    for number in range(2):
        expect(page.get_by_test_id("pause").nth(number)).to_be_visible()
    expect(page.get_by_test_id("other-token")).to_be_hidden()
