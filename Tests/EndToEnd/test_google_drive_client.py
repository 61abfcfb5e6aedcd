"""Google's own client takes the fake Drive through what the tests of corpusd rely on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from drive.google_client import changes, client, listed
from drive.server import DriveServer
from drive.tokens import SCOPE
from googleapiclient.discovery import Resource
from googleapiclient.errors import HttpError


@pytest.fixture
def server() -> Iterator[DriveServer]:
    server = DriveServer()
    yield server
    server.stop()


@pytest.fixture
def drive(server: DriveServer, tmp_path: Path) -> Iterator[Resource]:
    yield client(server, tmp_path)
    assert server.drive.problems == []


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    """The status and the reason with which Google's client says no."""
    with pytest.raises(HttpError) as refused:
        call()
    return refused.value.status_code, refused.value.error_details[0]["reason"]


def test_nested_folders_are_listed_together(server: DriveServer, drive: Resource) -> None:
    tree = server.drive.tree
    outer = [tree.folder(f"outer {number}") for number in range(3)]
    inner = [tree.folder("inner", folder) for folder in outer]
    files = {tree.upload(f"{number}.txt", "text", inner[number % 3]): f"{number}.txt" for number in range(7)}
    assert listed(drive, *outer) == {folder: "inner" for folder in inner}
    assert listed(drive, *inner) == files
    # One query for both levels, as if they were one folder.
    assert listed(drive, *outer, *inner) == {folder: "inner" for folder in inner} | files
    assert refusal(lambda: listed(drive, outer[0], "1Nothing")) == (404, "notFound")
    server.drive.faults.add("empty", "/files ")
    assert listed(drive, *outer) == {}, "Drive does so now and then"
    assert listed(drive, outer[0]) == {inner[0]: "inner"}


def test_moves_and_the_trash_are_seen_in_lists_and_in_the_log(server: DriveServer, drive: Resource) -> None:
    tree = server.drive.tree
    here, there = tree.folder("here"), tree.folder("there")
    folder = tree.folder("folder", here)
    file = tree.upload("file.txt", "text", folder)
    token = drive.changes().getStartPageToken().execute()["startPageToken"]
    tree.move(folder, there)
    assert (listed(drive, here), listed(drive, there)) == ({}, {folder: "folder"})
    found, token, _ = changes(drive, token)
    assert [(change["fileId"], change["file"]["parents"]) for change in found] == [(folder, [there])]

    tree.trash(folder)
    assert (listed(drive, there), listed(drive, folder)) == ({}, {})
    # The entry is the folder's alone; what lies in it is in the trash with it.
    found, token, _ = changes(drive, token)
    assert [(change["fileId"], change["file"]["trashed"]) for change in found] == [(folder, True)]
    assert drive.files().get(fileId=file, fields="trashed").execute() == {"trashed": True}
    tree.trash(folder, is_trashed=False)
    found, token, _ = changes(drive, token)
    assert [(change["fileId"], change["file"]["trashed"]) for change in found] == [(folder, False)]
    assert listed(drive, folder) == {file: "file.txt"}

    tree.hide(file)
    found, token, _ = changes(drive, token)
    assert [(change["fileId"], change["removed"], "file" in change) for change in found] == [(file, True, False)]
    assert refusal(lambda: drive.files().get(fileId=file).execute()) == (404, "notFound")


def test_each_shared_drive_has_a_log_of_its_own(server: DriveServer, drive: Resource) -> None:
    tree = server.drive.tree

    def start(**parameters: Any) -> str:
        return drive.changes().getStartPageToken(**parameters).execute()["startPageToken"]

    user = start()
    team = tree.shared_drive("Team")
    found, user, _ = changes(drive, user)
    assert [(change["changeType"], change["driveId"], change["drive"]["name"]) for change in found] == [
        ("drive", team, "Team")
    ]
    log = start(driveId=team, supportsAllDrives=True)
    file = tree.upload("plan.txt", "plan", team)
    own = tree.upload("own.txt", "own")
    found, log, _ = changes(drive, log, driveId=team)
    assert [(change["fileId"], change["file"]["driveId"]) for change in found] == [(file, team)]
    found, user, _ = changes(drive, user)
    assert [change["fileId"] for change in found] == [own]

    tree.move(own, team)
    found, log, _ = changes(drive, log, driveId=team)
    assert [(change["fileId"], change["removed"]) for change in found] == [(own, False)]
    found, _, _ = changes(drive, user)
    assert [(change["removed"], "file" in change) for change in found] == [(True, False)]
    found, user, _ = changes(drive, user, includeCorpusRemovals=True)
    assert [(change["removed"], change["file"]["driveId"]) for change in found] == [(True, team)]

    tree.leave_drive(team)
    found, user, _ = changes(drive, user)
    assert [(change["driveId"], change["removed"]) for change in found] == [(team, True)]
    assert refusal(lambda: changes(drive, log, driveId=team)) == (404, "notFound")
    assert drive.drives().list().execute()["drives"] == []


def test_a_shortcut_leads_to_a_file_with_its_key(server: DriveServer, drive: Resource) -> None:
    tree = server.drive.tree
    stranger = tree.shared_drive("Strangers")
    tree.drives.pop(stranger)
    far = tree.upload("far.txt", "far away", stranger, resource_key="0-key")
    shortcut = tree.shortcut("to far", far)
    details = drive.files().get(fileId=shortcut, fields="shortcutDetails").execute()["shortcutDetails"]
    assert details == {"targetId": far, "targetMimeType": "text/plain", "targetResourceKey": "0-key"}
    request = drive.files().get(fileId=far, fields="resourceKey", supportsAllDrives=True)
    assert refusal(request.execute) == (404, "notFound")
    request.headers["X-Goog-Drive-Resource-Keys"] = f"{far}/{details['targetResourceKey']}"
    assert request.execute() == {"resourceKey": "0-key"}
    media = drive.files().get_media(fileId=far, supportsAllDrives=True)
    media.headers["X-Goog-Drive-Resource-Keys"] = f"{far}/0-key"
    assert media.execute() == b"far away"


def test_changes_come_in_pages_and_bad_tokens_are_refused(server: DriveServer, drive: Resource) -> None:
    tree = server.drive.tree
    token = drive.changes().getStartPageToken().execute()["startPageToken"]
    files = [tree.upload(f"{number}.txt", "text") for number in range(7)]
    found, rest, pages = changes(drive, token, pageSize=3)
    assert ([change["fileId"] for change in found], pages) == (files, 3)
    assert changes(drive, rest) == ([], rest, 1)
    for refused in ("x", "0", str(int(rest) + 1)):
        assert refusal(lambda: changes(drive, refused)) == (400, "invalid")
    for status in (400, 404, 410):
        server.drive.faults.add("error", "/changes ", status=status, reason="invalid")
        assert refusal(lambda: changes(drive, token)) == (status, "invalid")


def test_a_token_that_has_expired_is_renewed(server: DriveServer, drive: Resource) -> None:
    file = server.drive.tree.upload("a.txt", "text")
    tokens = server.drive.tokens
    assert listed(drive, "root") == {file: "a.txt"}
    expired = next(secret for secret in tokens.secrets if secret.startswith("ya29."))
    tokens.expire_all()
    answer = requests.get(
        f"{server.drive.base}/drive/v3/files", headers={"Authorization": f"Bearer {expired}"}, timeout=10
    )
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (401, "authError")
    assert listed(drive, "root") == {file: "a.txt"}
    assert tokens.given == 2


@pytest.mark.parametrize(
    ("path", "query", "headers"),
    [
        ("files", {"q": "'root' in parents and trashed=false", "pagesize": "10"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "pageSize": "many"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "pageSize": "1001"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "fields": "files(id,colour)"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "fields": "files(id"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "corpora": "drive"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "alt": "media"}, {}),
        ("files", {"q": "'root' in parents and trashed=false", "includeItemsFromAllDrives": "true"}, {}),
        ("files/root", {"fields": "id", "fileId": "x"}, {}),
        ("files/root", {"supportsTeamDrives": "true"}, {}),
        ("files/root", {}, {"X-Goog-Drive-Resource-Keys": "key alone"}),
        ("files/root", {}, {"Range": "lines=1-2"}),
        ("changes", {}, {}),
        ("changes", {"pageToken": "1", "driveId": "0Drive", "supportsAllDrives": "true"}, {}),
        ("changes", {"pageToken": "1", "spaces": "photos"}, {}),
        ("prepared/operation-0", {"alt": "json"}, {}),
    ],
)
def test_wrong_requests_are_refused_and_noticed(
    server: DriveServer, path: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    tokens = server.drive.tokens
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token, "client_id": "client-1"}
    form["client_secret"] = tokens.client_secret
    given = requests.post(f"{server.drive.base}/token", form, timeout=10).json()["access_token"]
    base = server.drive.base if path.startswith("prepared") else f"{server.drive.base}/drive/v3"
    answer = requests.get(
        f"{base}/{path}", params=query, headers={"Authorization": f"Bearer {given}", **headers}, timeout=10
    )
    assert answer.status_code == 400
    assert len(server.drive.problems) == 1, server.drive.problems


def test_wrong_answers_are_noticed(server: DriveServer) -> None:
    problems = server.drive.discovery.problems_of_answer("GET", "files", {"files": [{"size": 5, "colour": "red"}]})
    assert len(problems) == 2, problems


def test_wrong_requests_for_tokens_are_refused(server: DriveServer, tmp_path: Path) -> None:
    tokens, address = server.drive.tokens, f"{server.drive.base}/token"
    tokens.write_key_file(tmp_path / "key.json", address)
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token, "client_id": "client-1"}
    form["client_secret"] = tokens.client_secret
    wrong: list[dict[str, Any]] = [
        {"json": form},
        {"data": form, "params": {"key": "x"}},
        {"data": form | {"colour": "red"}},
        {"data": {name: value for name, value in form.items() if name != "client_id"}},
        {"data": [*form.items(), ("client_id", "client-1")]},
        {"data": form, "headers": {"Authorization": "Bearer x"}},
    ]
    for options in wrong:
        answer = requests.post(address, timeout=10, **options)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"}), options
    assert len(server.drive.problems) >= len(wrong)
    assert requests.post(address, form, timeout=10).status_code == 200

    claims = {"iss": "indexer@fake-project.iam.gserviceaccount.com", "scope": SCOPE, "aud": address}
    for change, is_taken in [
        ({}, True),
        ({"exp": 3_599}, False),
        ({"exp": 3_601}, False),
        ({"iat": -3_600}, False),
        ({"aud": "https://example.org/token"}, False),
        ({"scope": f"{SCOPE} openid"}, False),
        ({"admin": True}, False),
    ]:
        signed = tokens.signed({**claims, **change})
        data = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed}
        answer = requests.post(address, data, timeout=10)
        assert (answer.status_code == 200) == is_taken, (change, answer.text)


def test_every_request_is_counted(server: DriveServer, drive: Resource) -> None:
    drive.about().get(fields="user").execute()
    assert [request.path for request in server.drive.requests] == ["token", "about"]
    assert server.drive.arrived == 2
