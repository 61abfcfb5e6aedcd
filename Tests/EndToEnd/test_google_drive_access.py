"""What the account may not see any more, and what is gone: nothing is removed without being sure."""

import pytest
from drive.fixtures import Watch
from drive.watching import filled
from waiting import eventually


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
    assert watched.daemon.run("deletions", "confirm").stdout == "20 documents confirmed for removal\n"
    watched.wait_until_equal()
    tree.trash(folder, is_trashed=False)
    watched.wait_until_equal("files that come back after the decision are read again")
