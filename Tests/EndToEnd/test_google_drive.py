"""corpusd on a fake Drive: at the end of each scenario the store equals the Drive."""

from collections.abc import Callable

import contract
import documents
from drive.fixtures import Watch
from drive.items import DOCUMENT, PRESENTATION
from drive.watching import downloads, filled
from recorder import Recorder
from waiting import eventually


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


def test_large_exports_are_fetched_only_from_google_and_tried_again(watch: Watch) -> None:
    watched = watch()
    tree, operations = watched.tree, watched.drive.operations
    large = b"Lorem ipsum dolor sit amet. \n"
    watched.drive.export_limit, operations.unfinished_looks = 20, 0
    watched.daemon.start()

    def state(file: str) -> str | None:
        return watched.ledger().get(file, (None, None, None))[1]

    # `google.rpc.Code`: unavailable, which passes, and permission denied, which stays.
    operations.errors = [{"code": 14, "message": "later"}]
    late = tree.google("Late", DOCUMENT, {"text/markdown": large})
    eventually(lambda: state(late) == "stored", "the second try succeeds")
    assert not operations.errors
    operations.errors = [{"code": 7, "message": "no"}]
    denied = tree.google("Denied", DOCUMENT, {"text/markdown": large})
    eventually(lambda: state(denied) == "failed", "one is not exported")
    # Another host, as far as anybody can tell.
    operations.elsewhere = watched.drive.base.replace("127.0.0.1", "localhost")
    fetched = watched.drive.count("prepared")
    strange = tree.google("Strange", DOCUMENT, {"text/markdown": large})
    eventually(lambda: state(strange) == "failed", "another one has no address of Google")
    assert watched.drive.count("prepared") == fetched
    failed = watched.daemon.run("files", "--failed").stdout
    assert "leads to 'localhost'" in failed and "error 7" in failed, failed
