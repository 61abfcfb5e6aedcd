"""corpusd on shared drives of a fake Google: each has a change log of its own."""

from typing import Any

from drive.fixtures import Watch
from drive.watching import downloads, filled
from waiting import eventually


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


def test_a_drive_that_vanishes_while_the_daemon_is_down_takes_nothing_along(watch: Watch) -> None:
    watched = watch(shared_drives=["*"], deletion={"hold_above": "off"})
    tree = watched.tree
    team, other = tree.shared_drive("Team"), tree.shared_drive("Other")
    for drive in (team, other):
        filled(watched, 3, tree.folder("inner", drive))
    filled(watched, 2)
    prefixes = {"My Drive/": tree.root, "Team/": team, "Other/": other}
    watched.daemon.start()
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "all are stored")
    before = watched.ledger()
    assert watched.daemon.stop() == 0
    tree.leave_drive(team)
    watched.daemon.start()
    watched.wait_for_status("error", team)
    # However often it starts in this state.
    watched.daemon.kill()
    watched.daemon.start()
    watched.wait_for_status("error", team)
    assert watched.ledger() == before
    tree.leave_drive(team, False)
    watched.wait_for_status("online")
    assert watched.ledger() == before
    # Who left on purpose names the drives that stay.
    assert watched.daemon.stop() == 0
    tree.leave_drive(team)
    watched.pipeline["shared_drives"] = [other]
    del prefixes["Team/"]
    watched.daemon.start()
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "the drive that was left is forgotten")


def test_an_idle_check_costs_one_request_a_log(watch: Watch) -> None:
    watched = watch(shared_drives=["*"])
    drives = [watched.tree.shared_drive(name) for name in ("One", "Two")]
    for drive in drives:
        filled(watched, 1, drive)
    watched.daemon.start()
    prefixes = {"One/": drives[0], "Two/": drives[1]}
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "all are stored")
    watched.wait_for_checks(3)
    before = len(watched.drive.requests)
    eventually(lambda: len(watched.drive.requests) >= before + 12, "a few checks")
    idle = watched.drive.requests[before : before + 12]
    assert all(request.path == "changes" for request in idle), [request.target for request in idle]
    logs = [request.parameters.get("driveId", "user") for request in idle]
    assert all(set(logs[start : start + 3]) == {*drives, "user"} for start in range(10)), logs


def test_drives_are_joined_and_renamed_and_files_move_between_them(watch: Watch) -> None:
    watched = watch(shared_drives=["*"])
    tree = watched.tree
    one, two = tree.shared_drive("One"), tree.shared_drive("Two")
    folders = {drive: tree.folder("inner", drive) for drive in (tree.root, one, two)}
    files = {drive: filled(watched, 3, folder) for drive, folder in folders.items()}
    prefixes = {"My Drive/": tree.root, "One/": one, "Two/": two}
    watched.daemon.start()
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "all are stored")
    contents = downloads(watched)
    # In every direction: which of the logs is read first makes no difference.
    ways = [(tree.root, one), (one, two), (two, tree.root), (tree.root, two), (two, one), (one, tree.root)]
    for number, (source, target) in enumerate(ways):
        tree.move(files[source][number // 3], folders[target])
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "files are where they were moved")
    tree.rename_drive(one, "First")
    prefixes["First/"] = prefixes.pop("One/")
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "paths have the drive's new name")
    assert downloads(watched) == contents, "what only moved is not read again"
    assert watched.daemon.status()["total_removed"] == 0
    new = tree.shared_drive("New")
    filled(watched, 2, new)
    prefixes["New/"] = new
    watched.wait_for_ledger(lambda: watched.expected_below(prefixes), "a drive that was joined is watched")
