"""Google's own Python client, led to a fake Drive."""

from pathlib import Path
from typing import Any

from google.oauth2 import service_account
from googleapiclient.discovery import Resource, build

from .server import DriveServer
from .tokens import GOOGLE_AUDIENCE, SCOPE


def client(server: DriveServer, tmp_path: Path, subject: str | None = None) -> Resource:
    """Google's own client, with a key file that leads to the fake."""
    # It names Google whatever the key file says; the fake holds corpusd to the key file.
    server.drive.tokens.audience = GOOGLE_AUDIENCE
    key = server.drive.tokens.write_key_file(tmp_path / "key.json", f"{server.drive.base}/token")
    credentials = service_account.Credentials.from_service_account_file(key, scopes=[SCOPE], subject=subject)
    return build(
        "drive",
        "v3",
        credentials=credentials,
        static_discovery=True,
        client_options={"api_endpoint": f"{server.drive.base}/drive/v3/"},
    )


def listed(drive: Resource, *folders: str) -> dict[str, str]:
    """Ids and names of the children of some folders, asked for together, page by page."""
    found: dict[str, str] = {}
    parents = " or ".join(f"'{folder}' in parents" for folder in folders)
    request = drive.files().list(
        q=f"({parents}) and trashed=false" if len(folders) > 1 else f"{parents} and trashed=false",
        pageSize=2,
        fields="nextPageToken,files(id,name)",
        supportsAllDrives=True,
        includeItemsFromAllDrives=True,
    )
    while request is not None:
        page = request.execute()
        found |= {file["id"]: file["name"] for file in page["files"]}
        request = drive.files().list_next(request, page)
    return found


def changes(drive: Resource, token: str, **parameters: Any) -> tuple[list[dict[str, Any]], str, int]:
    """What a log has after a token: the changes, where to go on, and how many pages that took."""
    found: list[dict[str, Any]] = []
    pages = 0
    given = {"includeRemoved": True, "supportsAllDrives": True, "includeItemsFromAllDrives": True, **parameters}
    request = drive.changes().list(pageToken=token, fields="*", **given)
    while request is not None:
        page = request.execute()
        pages += 1
        found += page["changes"]
        request = drive.changes().list_next(request, page)
    return found, page["newStartPageToken"], pages
