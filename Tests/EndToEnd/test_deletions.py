"""Files that are gone many at once: their documents stay until someone decides."""

import json
import shutil
from pathlib import Path
from typing import Any

import contract
import documents
import pytest
import requests
from daemon import Daemon
from waiting import eventually

# In the directory that goes, and beside it.
GONE, STAYING = 30, 12


@pytest.fixture
def word() -> str:
    return documents.rare_word()


@pytest.fixture
def full(daemon: Daemon, word: str) -> Daemon:
    """A running daemon with 30 notes in `tree/deep` and 12 beside it; the word is in `tree/deep/7.txt`."""
    for number in range(GONE):
        path = daemon.folder() / "tree" / "deep" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents.note("trees", word if number == 7 else documents.rare_word()))
    for number in range(STAYING):
        (daemon.folder() / f"{number}.txt").write_text(documents.note("shelves", documents.rare_word()))
    daemon.start()
    daemon.wait_until_idle(GONE + STAYING)
    return daemon


def wait_until_held(daemon: Daemon, count: int) -> str:
    def held() -> str:
        problem = daemon.status()["problem"] or ""
        assert problem.startswith(f"{count} files are gone"), problem
        return problem

    return eventually(held, f"{count} deletions are held")


def wait_until_nothing_is_held(daemon: Daemon) -> None:
    def free() -> bool:
        problem = daemon.status()["problem"]
        assert problem is None, problem
        return True

    eventually(free, "no deletion is held")


def listed(daemon: Daemon) -> dict[str, Any]:
    answer = daemon.run("deletions", "list", "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["pipelines"][0]


def post(daemon: Daemon, decision: str, body: Any = None, **headers: str) -> requests.Response:
    sent = {"Content-Type": "application/json", "Authorization": f"Bearer {daemon.token}"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = json.dumps({} if body is None else body)
    return requests.post(f"{daemon.url}/api/deletions/{decision}", data=data, headers=sent, timeout=30)


def test_tree_that_is_deleted_stays_searchable_until_it_is_confirmed(full: Daemon, word: str) -> None:
    shutil.rmtree(full.folder() / "tree")
    problem = wait_until_held(full, GONE)
    assert "corpusd deletions confirm" in problem
    status = full.status()
    assert status["status"] == "online" and status["total_files"] == GONE + STAYING
    assert full.paths_with(word) == ["tree/deep/7.txt"]
    # A restart keeps them on hold.
    assert full.stop() == 0
    full.start()
    wait_until_held(full, GONE)
    found = listed(full)
    assert (found["held"], found["kept"]) == (GONE, 0)
    assert full.get("/api/deletions").json()["pipelines"][0] == found
    assert "docs: 30 gone" in full.run("deletions").stdout
    answer = full.run("deletions", "confirm")
    assert (answer.returncode, answer.stdout) == (0, f"{GONE} documents confirmed for removal\n"), answer.stderr
    full.wait_until_idle(STAYING)
    wait_until_nothing_is_held(full)
    assert full.paths_with(word) == []
    assert full.run("deletions", "list").stdout == "No deletion is held.\n"


def test_a_decision_outlives_a_pause_and_a_restart(full: Daemon, word: str) -> None:
    shutil.rmtree(full.folder() / "tree")
    wait_until_held(full, GONE)
    assert full.post("/api/pipelines/docs/pause").status_code == 202
    assert post(full, "confirm").json() == {"confirmed": GONE}
    assert post(full, "confirm").json() == {"confirmed": 0}
    wait_until_nothing_is_held(full)
    assert full.status()["total_files"] == GONE + STAYING and full.paths_with(word) == ["tree/deep/7.txt"]
    check_about_to_be_removed(full)
    assert full.stop() == 0
    check_about_to_be_removed(full)
    full.start()
    eventually(lambda: full.status()["last_check_time"], "it has looked at its folder again")
    assert full.status()["problem"] is None and full.status()["total_files"] == GONE + STAYING
    assert full.post("/api/pipelines/docs/resume").status_code == 202
    full.wait_until_idle(STAYING)
    assert full.paths_with(word) == [] and full.status()["problem"] is None
    # Once more without a pass of the daemon in between.
    assert full.stop() == 0
    assert full.run("verify").returncode == 0


def check_about_to_be_removed(daemon: Daemon) -> None:
    """What was confirmed and is not done yet is no difference, and what a pass would do."""
    result = daemon.run("verify", "--deep", "--json")
    assert result.returncode == 0, result
    (pipeline,) = json.loads(result.stdout)["pipelines"]
    assert pipeline["consistent"] and pipeline["removals_confirmed"] == GONE
    assert f"docs: {GONE} documents about to be removed, as was confirmed" in daemon.run("verify").stdout
    totals = json.loads(daemon.run("plan", "--json").stdout)["totals"]
    assert (totals["files_removed"], totals["files_held"]) == (GONE, 0)


def test_a_repair_carries_a_confirmed_removal_out(full: Daemon, word: str) -> None:
    shutil.rmtree(full.folder() / "tree")
    wait_until_held(full, GONE)
    assert full.post("/api/pipelines/docs/pause").status_code == 202
    assert post(full, "confirm").json() == {"confirmed": GONE}
    assert full.stop() == 0
    report = json.loads(full.run("verify", "--repair", "--json").stdout)
    assert report["consistent"] and report["repaired"]["files_removed"] == GONE
    assert report["pipelines"][0]["removals_confirmed"] == 0
    assert word not in full.run("search", word).stdout


def test_deletions_come_in_pages(full: Daemon, tmp_path: Path) -> None:
    (full.folder() / "tree").rename(tmp_path / "tree")
    wait_until_held(full, GONE)
    assert full.run("deletions", "discard").returncode == 0
    bush = tmp_path / "bush"
    bush.mkdir()
    for number in range(STAYING):
        (bush / f"{number}.txt").write_text(documents.note("bushes", documents.rare_word()))
    bush.rename(full.folder() / "bush")
    full.wait_until_idle(GONE + STAYING + STAYING)
    (full.folder() / "bush").rename(bush)
    wait_until_held(full, STAYING)

    def pages(**parameters: Any) -> list[list[dict[str, Any]]]:
        found: list[list[dict[str, Any]]] = []
        while True:
            answer = full.get("/api/deletions", **parameters).json()
            contract.check_body("deletions", answer)
            (pipeline,) = answer["pipelines"]
            assert (pipeline["held"], pipeline["kept"]) == (STAYING, GONE), "the counts are of all pages"
            found.append(pipeline["files"])
            if answer["next_cursor"] is None:
                return found
            parameters["cursor"] = answer["next_cursor"]

    everything = listed(full)["files"]
    assert pages() == [everything] and len(everything) == GONE + STAYING
    assert [file for page in pages(limit=10) for file in page] == everything
    assert [len(page) for page in pages(limit=10)] == [10, 10, 10, 10, 2]
    assert [len(page) for page in pages(limit=10, state="kept")] == [10, 10, 10]
    assert {file["state"] for page in pages(state="held", limit=5) for file in page} == {"held"}
    for wrong in [{"limit": 0}, {"limit": 1001}, {"state": "gone"}, {"cursor": "-1"}]:
        assert full.get("/api/deletions", **wrong).status_code == 400


def test_files_that_come_back_are_no_longer_held(full: Daemon, word: str, tmp_path: Path) -> None:
    away = tmp_path / "away"
    (full.folder() / "tree").rename(away)
    wait_until_held(full, GONE)
    away.rename(full.folder() / "tree")
    wait_until_nothing_is_held(full)
    assert full.status()["total_files"] == GONE + STAYING
    assert full.paths_with(word) == ["tree/deep/7.txt"]
    assert listed(full)["files"] == []


def test_discarded_deletions_are_kept_until_the_files_are_back(full: Daemon, word: str, tmp_path: Path) -> None:
    away = tmp_path / "away"
    (full.folder() / "tree").rename(away)
    wait_until_held(full, GONE)
    answer = full.run("deletions", "discard", "--pipeline", "docs")
    assert (answer.returncode, answer.stdout) == (0, f"{GONE} documents kept\n"), answer.stderr
    wait_until_nothing_is_held(full)
    assert full.paths_with(word) == ["tree/deep/7.txt"]
    assert full.stop() == 0
    full.start()
    full.wait_until_idle(GONE + STAYING)
    assert full.status()["problem"] is None
    assert (listed(full)["held"], listed(full)["kept"]) == (0, GONE)
    away.rename(full.folder() / "tree")
    eventually(lambda: listed(full)["kept"] == 0, "the files are back")
    # Now they are files as all others; but they are many again.
    shutil.rmtree(full.folder() / "tree")
    wait_until_held(full, GONE)


def test_decisions_are_carried_out_without_a_daemon(full: Daemon, word: str) -> None:
    shutil.rmtree(full.folder() / "tree")
    wait_until_held(full, GONE)
    assert full.stop() == 0
    assert json.loads(full.run("deletions", "discard", "--json").stdout) == {"discarded": GONE}
    assert json.loads(full.run("deletions", "confirm", "--json").stdout) == {"confirmed": 0}
    assert full.run("deletions", "confirm", "--kept").stdout == f"{GONE} documents confirmed for removal\n"
    full.start()
    full.wait_until_idle(STAYING)
    assert full.status()["problem"] is None


def test_single_deletion_takes_effect_at_once(full: Daemon, word: str) -> None:
    (full.folder() / "tree" / "deep" / "7.txt").unlink()
    eventually(lambda: full.status()["total_files"] == GONE + STAYING - 1, "the file is gone")
    assert full.paths_with(word) == []
    assert full.status()["problem"] is None


def test_only_who_may_control_decides(shared: Daemon) -> None:
    assert post(shared, "confirm", Authorization="Basic x").status_code == 401
    assert post(shared, "discard", X_Forwarded_For="192.0.2.1").status_code == 401
    assert post(shared, "confirm", Content_Type="text/plain").status_code == 415
    assert post(shared, "confirm", [1]).status_code == 400
    assert post(shared, "confirm", {"pipeline_id": 1}).status_code == 400
    assert post(shared, "confirm", {"pipeline_id": "none"}).status_code == 404
    assert post(shared, "discard", {"pipeline_id": "x" * 10_000}).status_code == 413
    assert post(shared, "discard").json() == {"discarded": 0}
    assert shared.get("/api/deletions", pipeline="none").status_code == 404


def test_unknown_pipeline_is_refused_by_the_command(daemon: Daemon) -> None:
    answer = daemon.run("deletions", "list", "--pipeline", "none")
    assert answer.returncode == 64 and "no pipeline 'none'" in answer.stderr


def test_command_says_that_there_is_no_database_yet(daemon: Daemon) -> None:
    answer = daemon.run("deletions", "list")
    assert answer.returncode == 1 and "there is none yet" in answer.stderr
