"""The fake Drive behaves as Google's own client expects; what its answers look like is checked on each of them."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from drive.google_client import client, listed
from drive.items import DOCUMENT
from drive.server import DriveServer
from google.oauth2 import credentials as user_credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload


@pytest.fixture
def server() -> Iterator[DriveServer]:
    server = DriveServer()
    yield server
    server.stop()
    assert server.drive.problems == []


def test_google_client_lists_reads_and_follows_changes(server: DriveServer, tmp_path: Path) -> None:
    tree = server.drive.tree
    names = {tree.upload(f"{number}.txt", f"text {number}"): f"{number}.txt" for number in range(5)}
    drive = client(server, tmp_path)
    assert listed(drive, "root") == names

    file = next(iter(names))
    assert drive.files().get_media(fileId=file).execute() == b"text 0"
    assert drive.files().get(fileId=file, fields="md5Checksum,size").execute()["size"] == "6"

    token = drive.changes().getStartPageToken().execute()["startPageToken"]
    tree.write(file, "changed")
    tree.delete(list(names)[1])
    page = drive.changes().list(pageToken=token, includeRemoved=True, fields="*").execute()
    assert [(change["fileId"], change["removed"]) for change in page["changes"]] == [
        (file, False),
        (list(names)[1], True),
    ]
    assert page["newStartPageToken"] == str(int(token) + 2)
    assert server.drive.tokens.given == 1


def test_google_client_downloads_in_ranges(server: DriveServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    file = server.drive.tree.upload("data.bin", content, mime_type="application/octet-stream")
    target = io.BytesIO()
    download = MediaIoBaseDownload(
        target, client(server, tmp_path).files().get_media(fileId=file), chunksize=100_000
    )
    finished = False
    while not finished:
        _, finished = download.next_chunk()
    assert target.getvalue()[: len(content)] == content


def test_google_client_exports_and_prepares_downloads(server: DriveServer, tmp_path: Path) -> None:
    large = b"x" * (11 << 20)
    file = server.drive.tree.google("Report", DOCUMENT, {"text/plain": large, "text/markdown": "# Report"})
    drive = client(server, tmp_path)
    assert drive.files().export(fileId=file, mimeType="text/markdown").execute() == b"# Report"
    with pytest.raises(HttpError) as refused:
        drive.files().export(fileId=file, mimeType="text/plain").execute()
    assert refused.value.error_details[0]["reason"] == "exportSizeLimitExceeded"
    operation = drive.files().download(fileId=file, mimeType="text/plain").execute()
    while not operation.get("done"):
        operation = drive.operations().get(name=operation["name"]).execute()
    response, content = drive._http.request(operation["response"]["downloadUri"])
    assert response.status == 200 and content == large


def test_google_client_sees_shared_drives_only_when_it_asks(server: DriveServer, tmp_path: Path) -> None:
    tree = server.drive.tree
    shared = tree.shared_drive("Team")
    file = tree.upload("plan.txt", "plan", shared)
    drive = client(server, tmp_path, subject="person@example.org")
    assert drive.drives().list().execute()["drives"][0]["name"] == "Team"
    assert listed(drive, shared) == {file: "plan.txt"}
    with pytest.raises(HttpError) as refused:
        drive.files().get(fileId=file).execute()
    assert refused.value.status_code == 404
    assert server.drive.tokens.subjects[-1] == "person@example.org"
    assert drive.changes().getStartPageToken(driveId=shared, supportsAllDrives=True).execute()


def test_google_client_logs_in_with_a_refresh_token(server: DriveServer) -> None:
    tokens = server.drive.tokens
    login = user_credentials.Credentials(
        None,
        refresh_token=tokens.refresh_token,
        token_uri=f"{server.drive.base}/token",
        client_id="client-1",
        client_secret=tokens.client_secret,
    )
    drive = build(
        "drive",
        "v3",
        credentials=login,
        static_discovery=True,
        client_options={"api_endpoint": f"{server.drive.base}/drive/v3/"},
    )
    assert drive.about().get(fields="user").execute()["user"]["me"] is True
