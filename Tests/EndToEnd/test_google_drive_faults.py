"""What goes wrong between corpusd and Google costs time, and nothing else."""

import time
from email.utils import formatdate

import pytest
from drive.fixtures import Watch
from drive.watching import downloads, filled
from waiting import eventually


def test_faults_of_google_cost_nothing_but_time(watch: Watch) -> None:
    watched = watch()
    tree, faults = watched.tree, watched.drive.faults
    folders = [tree.folder(f"f{number}") for number in range(4)]
    for folder in folders:
        filled(watched, 5, folder)
    long = tree.upload("long.txt", "A long text." + " " * 520_000 + "The end.")
    faults.add("empty", "/files q", times=1)
    faults.add("error", "/files q", status=503)
    faults.add("error", "alt=media", times=2, status=403, reason="userRateLimitExceeded")
    faults.add("error", "alt=media", status=429, reason="rateLimitExceeded", retry_after=1)
    faults.add("truncate", long, times=2, bytes=200_000)
    faults.add("drop", "alt=media")
    faults.add("slow", "alt=media", seconds=2.0)
    watched.daemon.start()
    watched.wait_until_equal()
    ranges = [request.headers["range"] for request in watched.drive.requests if "range" in request.headers]
    starts = [int(wanted.removeprefix("bytes=").removesuffix("-")) for wanted in ranges]
    # Of what was sent before a break, the last part may not have arrived.
    assert starts and starts == sorted(set(starts)) and starts[-1] <= 400_000, "what had arrived is not asked for again"

    given = watched.drive.tokens.given
    watched.drive.tokens.expire_all()
    for folder in folders:
        filled(watched, 5, folder, "new")
    watched.wait_until_equal("a token that expired early is renewed")
    assert watched.drive.tokens.given == given + 1, "once, not by every request"


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_refused_page_token_leads_to_a_new_listing(watch: Watch, status: int) -> None:
    watched = watch()
    tree = watched.tree
    files = filled(watched, 8)
    watched.daemon.start()
    watched.wait_until_equal()
    contents = downloads(watched)
    tree.delete(files[0])
    tree.write(files[1], "Another.")
    watched.drive.faults.add("error", "/changes ", status=status, reason="invalid")
    watched.wait_until_equal()
    assert downloads(watched) == contents + 1
    lists = [request for request in watched.drive.requests if request.path == "files"]
    assert len(lists) == 2


def test_an_incomplete_search_deletes_nothing(watch: Watch) -> None:
    watched = watch()
    tree = watched.tree
    files = filled(watched, 6)
    watched.daemon.start()
    watched.wait_until_equal()
    assert watched.daemon.stop() == 0
    tree.delete(files[0])
    watched.drive.faults.add("incomplete", "/files q")
    watched.daemon.start()
    eventually(lambda: "did not list everything" in (watched.daemon.status()["problem"] or ""), "people are told")
    watched.wait_for_checks()
    assert files[0] in watched.ledger()
    # Asked for a full check, Google lists everything.
    assert watched.daemon.post("/api/pipelines/drive/rescan").status_code in (200, 202, 204)
    watched.wait_until_equal()


def test_an_outage_costs_nothing_but_the_outage(watch: Watch) -> None:
    watched = watch()
    files = filled(watched, 10)
    watched.daemon.start()
    watched.wait_until_equal()
    before = watched.ledger()
    # Google hangs up, is not reached at all, and answers that it cannot.
    drive = watched.drive
    drive.is_down, arrived = True, drive.arrived
    watched.tree.delete(files[0])
    more = filled(watched, 5, name="more")
    eventually(lambda: drive.arrived >= arrived + 1, "nothing is answered")
    watched.server.refuse()
    eventually(lambda: "connection refused" in watched.daemon.log(), "no connection is taken")
    drive.outage_status = 503
    answered, arrived = len(drive.requests), drive.arrived
    watched.server.listen()
    watched.wait_for_status("error", "cannot reach Google Drive")
    # With every refusal the pause doubles: the daemon does not add to Google's trouble.
    assert 1 <= drive.arrived - arrived <= 4
    assert watched.ledger() == before and len(drive.requests) == answered
    drive.outage_status = None
    watched.wait_until_equal()
    assert more[0] in watched.ledger()
    watched.wait_for_status("online")


def test_downloads_that_a_kill_left_are_cleared_at_the_start(watch: Watch) -> None:
    watched = watch()
    tree = watched.tree
    tree.upload("slow.txt", "Slow." + " " * 600_000 + "The end.")
    fault = watched.drive.faults.add("stall", "alt=media", bytes=400_000, seconds=60.0)
    directory = watched.daemon.database.parent / f"{watched.daemon.database.name}.drive.downloads"
    watched.daemon.start()
    eventually(lambda: any(path.stat().st_size for path in directory.glob("*")), "a download is on its way")
    watched.daemon.kill()
    left = set(directory.iterdir())
    assert left and fault
    watched.drive.faults.clear()
    watched.daemon.start()
    watched.wait_until_equal()
    eventually(lambda: not list(directory.iterdir()), "nothing is left of any download")


def test_what_arrives_short_is_fetched_again(watch: Watch) -> None:
    watched = watch()
    text = "A text." + " " * 1_000 + "The end."
    files = [watched.tree.upload(f"{has}.txt", text, has_checksum=has) for has in (True, False)]
    for file in files:
        watched.drive.faults.add("short", f"/{file} alt=media", bytes=500)
    watched.daemon.start()
    watched.wait_until_equal()
    assert downloads(watched) == 4, "each was fetched twice"


def test_a_date_in_retry_after_is_waited_for(watch: Watch) -> None:
    watched = watch()
    filled(watched, 2)
    faults, tokens = watched.drive.faults, watched.drive.tokens
    # Later than any pause of the daemon's own after one refusal.
    date = int(time.time()) + 5
    faults.add("error", "/token", status=503, retry_after=formatdate(date, usegmt=True))
    watched.daemon.start()
    eventually(lambda: tokens.given == 1, "a token is asked for again")
    assert time.time() > date - 0.1
    watched.wait_until_equal()
    date = int(time.time()) + 5
    faults.add("error", "/changes ", status=429, reason="rateLimitExceeded", retry_after=formatdate(date, usegmt=True))
    eventually(lambda: not faults.waiting, "a request is refused")
    checks = watched.drive.count("changes")
    eventually(lambda: watched.drive.count("changes") > checks, "the change log is asked for again")
    assert time.time() > date - 0.1


def test_a_long_pause_that_google_asks_for_is_told(watch: Watch) -> None:
    watched = watch()
    filled(watched, 2)
    watched.daemon.start()
    watched.wait_until_equal()
    watched.drive.faults.add("error", "/changes ", status=503, retry_after=600)
    watched.wait_for_status("error", "it asks for a longer pause")
    arrived = watched.drive.arrived
    looks = watched.daemon.status()["next_check_time"]
    eventually(lambda: watched.daemon.status()["next_check_time"] != looks, "it looks again whether the pause is over")
    assert watched.drive.arrived == arrived, "nothing is asked meanwhile"
    assert len(watched.ledger()) == 2
