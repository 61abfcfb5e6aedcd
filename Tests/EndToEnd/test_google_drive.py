"""corpusd on a fake Drive: at the end of each scenario the store equals the Drive."""

from collections.abc import Callable, Iterator
from typing import Any

import contract
import documents
import pytest
from daemon import Daemon
from drive.items import DOCUMENT, PRESENTATION
from drive.server import DriveServer
from drive.watching import Watched
from recorder import Recorder
from waiting import eventually

Watch = Callable[..., Watched]


@pytest.fixture
def watch(make_daemon: Callable[..., Daemon]) -> Iterator[Watch]:
    """Prepares a daemon on a Drive of its own; afterwards nothing that it wrote or asked was wrong."""
    made: list[Watched] = []

    def make(**keys: Any) -> Watched:
        made.append(Watched(DriveServer(), make_daemon(), **keys))
        return made[-1]

    yield make
    for watched in made:
        written = watched.written()
        watched.server.stop()
        watched.daemon.close()
        assert watched.drive.problems == []
        leaked = [secret for secret in watched.drive.tokens.secrets if secret.encode() in written]
        assert leaked == []


def filled(watched: Watched, count: int, parent: str | None = None, name: str = "n") -> list[str]:
    return [watched.tree.upload(f"{name}{number}.txt", f"Note {name} {number}.", parent) for number in range(count)]


def downloads(watched: Watched) -> int:
    """How often content was asked for."""
    return sum("alt=media" in request.target for request in watched.drive.requests)


def test_listing_then_live_changes_with_their_events(watch: Watch, connect: Callable[..., Recorder]) -> None:
    watched = watch()
    tree, word = watched.tree, documents.rare_word()
    folder = tree.folder("Reports / old")
    first = tree.upload("plain.txt", documents.note("drives", word), folder)
    watched.daemon.start()
    watched.wait_until_equal()
    hit = watched.daemon.search(word)[0]["file"]
    assert hit["path"] == "Reports \u2215 old/plain.txt" and first in hit["url"]
    namespaces = ["/google_drive", "/pipeline"]
    client = connect(watched.daemon, *namespaces)
    status = client.wait_for("pipeline:status").payload
    assert (status["pipeline_type"], status["watch_location"]) == ("google_drive", "root")
    second = tree.upload("second.md", "# Second\n\nText.", folder, "text/markdown")
    done = client.wait_for_completion("Reports \u2215 old/second.md")
    assert done.file == second
    tree.trash(first)
    for namespace in namespaces:
        client.wait_for("file:removed", lambda event: event.file == first and event.namespace == namespace)
    watched.wait_until_equal()
    for event in client.events():
        contract.check_event(event)
    for namespace in namespaces:
        contract.check_order(client.events(namespace=namespace))


def test_large_tree_survives_kills_and_everything_that_people_do(watch: Watch) -> None:
    watched = watch()
    tree = watched.tree
    root = tree.folder("Watched")
    watched.pipeline["folder_id"] = root
    folders = [root]
    for number in range(100):
        folders.append(tree.folder(f"f{number}", folders[number // 3]))
    outside = tree.folder("Elsewhere")
    files = [tree.upload(f"{n}.txt", f"Note {n}.", folders[n % len(folders)]) for n in range(5_000)]
    watched.daemon.start()
    eventually(lambda: len(watched.ledger()) > 1_000, "some are stored", interval=0.2)
    watched.daemon.kill()
    listed = watched.drive.count("files") - downloads(watched)
    # Three queries of fifty folders, pages of a thousand files.
    assert listed <= 20, listed
    watched.daemon.start()
    watched.wait_until_equal(timeout=300)
    contents = downloads(watched)
    assert contents <= 5_000 + 100, "what was stored before the kill is not read again"

    watched.wait_for_checks()
    before, checks = len(watched.drive.requests), watched.drive.count("changes")
    watched.wait_for_checks(3)
    assert len(watched.drive.requests) - before == watched.drive.count("changes") - checks, "idle is one request"

    for number in range(40):
        tree.write(files[number], f"Edited {number}.")
    tree.write(files[50], "Newer with an old time.", modified_time="2001-01-01T00:00:00.000Z")
    moved_out, moved_within, trashed = folders[40], folders[41], folders[42]
    tree.move(moved_out, outside)
    tree.move(moved_within, folders[5])
    tree.trash(trashed)
    tree.rename(folders[6], "renamed")
    tree.delete(files[60])
    inside = tree.folder("Came", outside)
    filled(watched, 30, inside)
    tree.move(inside, root)
    watched.drive.faults.add("shuffle", "/changes ", times=5)
    watched.wait_until_equal("the changes are followed")
    read = downloads(watched) - contents
    assert read <= 41 + 30 + 5, "what only moved is not read again"
    watched.daemon.kill()
    tree.move(moved_out, root)
    tree.trash(trashed, is_trashed=False)
    watched.daemon.start()
    watched.wait_until_equal("what happened meanwhile is found")
    assert watched.daemon.stop() == 0


def test_a_whole_drive_with_shared_drives_and_shortcuts(watch: Watch) -> None:
    watched = watch(shared_drives=["*"])
    tree = watched.tree
    team = tree.shared_drive("Team")
    plan = tree.upload("plan.txt", "The plan.", team)
    mine = tree.upload("mine.txt", "Mine.")
    # Of others: reached by shortcuts alone, with a key, and around in a circle.
    stranger = tree.shared_drive("Strangers")
    tree.drives.pop(stranger)
    circle = tree.folder("Circle", stranger)
    far = tree.upload("far.txt", "Far away.", circle, resource_key="0-key")
    tree.shortcut("to far", far)
    tree.shortcut("to circle", circle)
    tree.shortcut("back", circle, circle)
    tree.shortcut("nowhere", "1Nothing")
    watched.daemon.start()

    def paths() -> dict[str, Any]:
        return {file: (path, state) for file, (path, state, _) in watched.ledger().items()}

    def reached() -> bool:
        assert paths() == {
            plan: ("Team/plan.txt", "stored"),
            mine: ("My Drive/mine.txt", "stored"),
            far: ("My Drive/to circle/far.txt", "stored"),
        }, paths()
        return True

    eventually(reached, "all are there, each once")
    tree.write(plan, "Another plan.")
    tree.rename(mine, "ours.txt")

    def changed() -> bool:
        digests = watched.ledger()
        expected = watched.expected(team)
        assert digests[plan][2] == expected[plan][2], digests
        assert digests[mine][0] == "My Drive/ours.txt", digests
        return True

    eventually(changed, "both logs are followed")


def test_documents_of_google_are_exported(watch: Watch) -> None:
    watched = watch(export={"presentations": "text"})
    tree = watched.tree
    words = [documents.rare_word() for _ in range(3)]
    doc = tree.google("Report", DOCUMENT, {"text/markdown": f"# Report\n\n{words[0]}", "text/plain": "no"})
    slides = tree.google("Slides", PRESENTATION, {"text/plain": words[1]})
    padding = "Lorem ipsum dolor sit amet. \n" * 8
    large = tree.google("Large", DOCUMENT, {"text/markdown": f"{words[2]}\n" + " " * (11 << 20) + padding})
    tree.google("Form", "application/vnd.google-apps.form", {})
    bad = tree.upload("bad.txt", "Malware.", is_abusive=True)
    watched.daemon.start()

    def done() -> bool:
        states = {file: state for file, (_, state, _) in watched.ledger().items()}
        assert states == {doc: "stored", slides: "stored", large: "stored", bad: "failed"}, states
        return True

    eventually(done, "all are exported but for malware", timeout=180)
    assert watched.drive.count("operations") >= 2
    for word in words:
        assert watched.daemon.paths_with(word)
    new = documents.rare_word()
    tree.edit(doc, {"text/markdown": f"# Report\n\n{new}"})
    eventually(lambda: watched.daemon.paths_with(new), "an edit is exported again")
    assert watched.daemon.stop() == 0
    watched.pipeline["acknowledge_abuse"] = True
    watched.daemon.start()
    assert "1 file to be tried again" in watched.daemon.run("retry", "--failed").stdout
    eventually(lambda: watched.ledger()[bad][1] == "stored", "malware is read by who asks for it")


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


def test_a_login_that_was_revoked_stops_the_pipeline_with_a_message(watch: Watch) -> None:
    watched = watch()
    login = watched.drive.tokens.write_login_file(watched.daemon.root / "login.json", f"{watched.drive.base}/token")
    watched.pipeline["credentials"] = str(login)
    (watched.daemon.root / "key.json").unlink()
    filled(watched, 3)
    watched.daemon.start()
    watched.wait_until_equal()
    watched.drive.tokens.is_revoked = True
    watched.drive.tokens.expire_all()
    status = watched.wait_for_status("error", "invalid_grant")
    assert "google-login" in status["problem"]
    assert len(watched.ledger()) == 3 and watched.daemon.is_alive()
    watched.drive.tokens.is_revoked = False
    assert watched.daemon.stop() == 0
    watched.daemon.start()
    watched.wait_until_equal()


def test_an_outage_costs_nothing_but_the_outage(watch: Watch) -> None:
    watched = watch()
    files = filled(watched, 10)
    watched.daemon.start()
    watched.wait_until_equal()
    watched.drive.is_down = True
    watched.tree.delete(files[0])
    more = filled(watched, 5, name="more")
    watched.wait_for_status("error", "cannot reach Google Drive")
    assert len(watched.ledger()) == 10
    watched.drive.is_down = False
    watched.wait_until_equal()
    assert more[0] in watched.ledger()
    watched.wait_for_status("online")


def test_many_deletions_are_held_until_somebody_decides(watch: Watch) -> None:
    watched = watch()
    tree = watched.tree
    folder = tree.folder("many")
    gone = filled(watched, 20, folder)
    filled(watched, 10)
    watched.daemon.start()
    watched.wait_until_equal()
    tree.trash(folder)
    eventually(lambda: "20 files are gone" in (watched.daemon.status()["problem"] or ""), "they are held")
    assert set(gone) <= set(watched.ledger())
    # They stay so over a restart; those that are back are files as all others.
    watched.daemon.kill()
    watched.daemon.start()
    eventually(lambda: "20 files are gone" in (watched.daemon.status()["problem"] or ""), "they are still held")
    tree.trash(folder, is_trashed=False)
    eventually(lambda: watched.daemon.status()["problem"] is None, "they are back")
    watched.wait_until_equal()
    tree.trash(folder)
    eventually(lambda: "20 files are gone" in (watched.daemon.status()["problem"] or ""), "they are held again")
    assert watched.daemon.run("deletions", "confirm").stdout == "20 documents removed\n"
    watched.wait_until_equal()
    tree.trash(folder, is_trashed=False)
    watched.wait_until_equal("files that come back after the decision are read again")


@pytest.mark.parametrize("how", ["hide", "trash", "delete"])
def test_the_loss_of_the_watched_folder_is_an_error_and_no_deletion(watch: Watch, how: str) -> None:
    watched = watch(deletion={"hold_above": "off"})
    tree = watched.tree
    root = tree.folder("Watched")
    watched.pipeline["folder_id"] = root
    filled(watched, 4, tree.folder("inner", root))
    watched.daemon.start()
    watched.wait_until_equal()
    before = watched.ledger()
    getattr(tree, how)(root)
    watched.wait_for_status("error", root)
    # Also for one that starts in this state.
    watched.daemon.kill()
    watched.daemon.start()
    watched.wait_for_status("error", root)
    assert watched.ledger() == before
    if how != "delete":
        getattr(tree, how)(root, False)
        watched.wait_for_status("online")
        watched.wait_until_equal()


def test_downloads_that_a_kill_left_are_cleared_at_the_start(watch: Watch) -> None:
    watched = watch()
    tree = watched.tree
    tree.upload("slow.txt", "Slow." + " " * 600_000 + "The end.")
    fault = watched.drive.faults.add("stall", "alt=media", bytes=400_000, seconds=60.0)
    downloads = watched.daemon.database.parent / f"{watched.daemon.database.name}.drive.downloads"
    watched.daemon.start()
    eventually(lambda: any(path.stat().st_size for path in downloads.glob("*")), "a download is on its way")
    watched.daemon.kill()
    left = set(downloads.iterdir())
    assert left and fault
    watched.drive.faults.clear()
    watched.daemon.start()
    watched.wait_until_equal()
    eventually(lambda: not list(downloads.iterdir()), "nothing is left of any download")

