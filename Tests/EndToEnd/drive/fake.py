"""The fake itself: answers the requests of the Drive API out of a `Tree`."""

import json
import re
import threading
from dataclasses import dataclass
from typing import Any

from . import fields
from .discovery import Discovery
from .faults import Faults
from .items import FOLDER, USER, Item, Tree
from .tokens import ACCOUNT, Tokens

CLAUSE = re.compile(r"'((?:[^'\\]|\\.)*)' in parents")
EXPORT_LIMIT = 10 << 20


class Refused(Exception):
    def __init__(self, status: int, reason: str, message: str = "refused") -> None:
        super().__init__(reason)
        self.status = status
        self.body = {
            "error": {
                "code": status,
                "message": message,
                "errors": [{"domain": "global", "reason": reason, "message": message}],
            }
        }


@dataclass
class Content:
    """An answer that is no JSON."""

    data: bytes
    mime_type: str


@dataclass
class Request:
    method: str
    # Below `/drive/v3/`.
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]

    @property
    def target(self) -> str:
        return f"{self.method} /{self.path} " + " ".join(f"{name}={value}" for name, value in self.parameters.items())


class FakeDrive:
    """A Drive with one account; the tests change `tree`, the server asks `answer`."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.tokens = Tokens()
        self.faults = Faults()
        self.discovery = Discovery()
        self.lock = threading.RLock()
        # The largest page of any list; Drive's own is 1000.
        self.page_limit = 1000
        self.base = ""
        self.is_down = False
        self.requests: list[Request] = []
        # What requests and answers did that Google's description does not allow.
        self.problems: list[str] = []
        self._operations: dict[str, dict[str, Any]] = {}

    def count(self, path: str = "") -> int:
        """How many requests had `path` in their path."""
        return sum(path in request.path for request in self.requests)

    def answer(self, request: Request) -> Content | dict[str, Any]:
        with self.lock:
            self.requests.append(request)
            self.problems += self.discovery.problems_of_request(request.method, request.path, request.parameters)
            answer = self._route(request)
            if isinstance(answer, dict):
                selected = fields.select(answer, fields.parse(request.parameters.get("fields", "*")))
                self.problems += self.discovery.problems_of_answer(request.method, request.path, selected)
                return selected
            return answer

    def _route(self, request: Request) -> Content | dict[str, Any]:
        match request.path.split("/"):
            case ["about"]:
                user = {"kind": "drive#user", "displayName": "Indexer", "emailAddress": ACCOUNT, "me": True}
                return {"kind": "drive#about", "user": user}
            case ["drives"]:
                return {"kind": "drive#driveList", "drives": [self._drive(drive) for drive in self._visible_drives()]}
            case ["drives", drive] if drive in self._visible_drives():
                return self._drive(drive)
            case ["changes", "startPageToken"]:
                log = self._log(request)
                return {"kind": "drive#startPageToken", "startPageToken": str(len(self.tree.logs[log]) + 1)}
            case ["changes"]:
                return self._changes(request)
            case ["files"]:
                return self._list(request)
            case ["files", item_id]:
                return self._file(self._item(item_id, request), request)
            case ["files", item_id, "export"]:
                return self._export(self._item(item_id, request), request, EXPORT_LIMIT)
            case ["files", item_id, "download"]:
                return self._prepare(self._item(item_id, request), request)
            case ["operations", name] if name in self._operations:
                operation = self._operations[name]
                # The first look finds it unfinished.
                self._operations[name] = {**operation, "done": True}
                return operation if operation["done"] else {"name": name, "done": False}
        raise Refused(404, "notFound", f"File not found: {request.path}")

    # Files

    def _item(self, item_id: str, request: Request) -> Item:
        item_id = self.tree.root if item_id == "root" else item_id
        if not self.tree.is_visible(item_id):
            raise Refused(404, "notFound", f"File not found: {item_id}.")
        item = self.tree.items[item_id]
        if item.drive_id and request.parameters.get("supportsAllDrives") != "true" and len(request.path.split("/")) < 3:
            raise Refused(404, "notFound", f"File not found: {item_id}.")
        keys = dict(
            pair.split("/", 1) for pair in request.headers.get("x-goog-drive-resource-keys", "").split(",") if pair
        )
        if item.resource_key and keys.get(item_id) != item.resource_key:
            raise Refused(404, "notFound", f"File not found: {item_id}.")
        return item

    def _file(self, item: Item, request: Request) -> Content | dict[str, Any]:
        if request.parameters.get("alt") != "media":
            return self.tree.resource(item)
        if item.is_google:
            raise Refused(403, "fileNotDownloadable", "Only files with binary content can be downloaded.")
        if item.is_abusive and request.parameters.get("acknowledgeAbuse") != "true":
            raise Refused(403, "cannotDownloadAbusiveFile", "This file has been identified as malware or spam.")
        return Content(item.content, item.mime_type)

    def _export(self, item: Item, request: Request, limit: int) -> Content:
        mime_type = request.parameters["mimeType"]
        if mime_type not in item.exports:
            raise Refused(400, "badRequest", "The requested conversion is not supported.")
        if len(item.exports[mime_type]) > limit:
            raise Refused(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return Content(item.exports[mime_type], mime_type)

    def _prepare(self, item: Item, request: Request) -> dict[str, Any]:
        name = f"operation-{len(self._operations)}"
        self.export_of(item.id, request.parameters["mimeType"])
        address = f"{self.base}/prepared/{item.id}?mimeType={request.parameters['mimeType']}"
        response = {
            "@type": "type.googleapis.com/google.apps.drive.v3.DownloadFileResponse",
            "downloadUri": address,
            "partialDownloadAllowed": False,
        }
        self._operations[name] = {"name": name, "done": False, "response": response}
        return {"name": name, "done": False}

    def export_of(self, item_id: str, mime_type: str) -> Content:
        """What a prepared download gives, of any size."""
        item = self.tree.items[item_id]
        if mime_type not in item.exports:
            raise Refused(400, "badRequest", "The requested conversion is not supported.")
        return Content(item.exports[mime_type], mime_type)

    def _list(self, request: Request) -> dict[str, Any]:
        query = request.parameters.get("q", "")
        match = re.fullmatch(r"\(?(.*?)\)? and trashed ?= ?false", query)
        parents = [re.sub(r"\\(.)", r"\1", parent) for parent in CLAUSE.findall(query)]
        if not match or not parents or CLAUSE.sub("#", match[1]) != " or ".join("#" * len(parents)):
            raise Refused(400, "invalid", f"Invalid Value: {query}")
        if request.parameters.get("corpora") == "drive":
            self._log(request)
        found: list[Item] = []
        for parent in parents:
            parent = self.tree.root if parent == "root" else parent
            if not self.tree.is_visible(parent):
                raise Refused(404, "notFound", f"File not found: {parent}.")
            found += self._children(parent, request)
        incomplete = self.faults.take({"incomplete"}, request.method, request.target, request.parameters)
        if len(parents) > 1 and self.faults.take({"empty"}, request.method, request.target, request.parameters):
            found = []
        page, token = self._page(sorted(found, key=lambda item: item.id), request, "list")
        answer = {"kind": "drive#fileList", "files": [self.tree.resource(item) for item in page]}
        answer["incompleteSearch"] = incomplete is not None
        return answer | ({"nextPageToken": token} if token else {})

    def _children(self, parent: str, request: Request) -> list[Item]:
        children = [self.tree.items[child] for child in self.tree.children.get(parent, ())]
        sees_drives = request.parameters.get("includeItemsFromAllDrives") == "true"
        return [
            item
            for item in children
            if not item.is_hidden and not self.tree.is_trashed(item) and (sees_drives or not item.drive_id)
        ]

    def _page(self, found: list[Any], request: Request, kind: str) -> tuple[list[Any], str | None]:
        size = min(int(request.parameters.get("pageSize", "100")), self.page_limit)
        token = request.parameters.get("pageToken", f"{kind}-0")
        if not token.startswith(f"{kind}-"):
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        start = int(token.removeprefix(f"{kind}-"))
        rest = f"{kind}-{start + size}" if start + size < len(found) else None
        return found[start : start + size], rest

    # Changes

    def _log(self, request: Request) -> str:
        log = request.parameters.get("driveId", USER)
        if log not in self.tree.logs or (log != USER and not self.tree.is_visible(log)):
            raise Refused(404, "notFound", f"Shared drive not found: {log}")
        return log

    def _changes(self, request: Request) -> dict[str, Any]:
        log = self.tree.logs[self._log(request)]
        token = request.parameters["pageToken"]
        if not token.isdecimal() or not 1 <= int(token) <= len(log) + 1:
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        start = int(token) - 1
        size = min(int(request.parameters.get("pageSize", "100")), self.page_limit)
        changes = [self._change(item_id) for item_id in log[start : start + size]]
        if self.faults.take({"shuffle"}, request.method, request.target, request.parameters):
            changes = [*changes, *changes][::-1]
        if request.parameters.get("includeRemoved") == "false":
            changes = [change for change in changes if not change["removed"]]
        following = start + size
        answer: dict[str, Any] = {"kind": "drive#changeList", "changes": changes}
        if following < len(log):
            return answer | {"nextPageToken": str(following + 1)}
        return answer | {"newStartPageToken": str(len(log) + 1)}

    def _change(self, item_id: str) -> dict[str, Any]:
        change = {"kind": "drive#change", "changeType": "file", "fileId": item_id, "time": "2026-01-01T00:00:00.000Z"}
        if not self.tree.is_visible(item_id):
            return change | {"removed": True}
        return change | {"removed": False, "file": self.tree.resource(self.tree.items[item_id])}

    def _visible_drives(self) -> list[str]:
        return [drive for drive in self.tree.drives if self.tree.is_visible(drive)]

    def _drive(self, drive: str) -> dict[str, Any]:
        return {"kind": "drive#drive", "id": drive, "name": self.tree.drives[drive]}


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


__all__ = ["FOLDER", "Content", "FakeDrive", "Refused", "Request", "as_json"]
