"""The fake itself: answers the requests of the Drive API out of a `Tree`."""

import re
import threading
from collections.abc import Callable
from typing import Any

from . import fields
from .discovery import Discovery
from .faults import Faults
from .items import DRIVE_ENTRY, USER, Item, Tree
from .messages import Content, Refused, Request, as_json
from .operations import Operations
from .tokens import ACCOUNT, Tokens

CLAUSE = re.compile(r"'((?:[^'\\]|\\.)*)' in parents")


class FakeDrive:
    """A Drive with one account; the tests change `tree`, the server asks `answer`."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.tokens = Tokens()
        self.faults = Faults()
        self.operations = Operations()
        self.discovery = Discovery()
        self.lock = threading.RLock()
        # The largest page of any list; Drive's own is 1000.
        self.page_limit = 1000
        # The largest plain export.
        self.export_limit = 10 << 20
        self.base = ""
        self.is_down = False
        # What is answered instead of everything: a status such as 503.
        self.outage_status: int | None = None
        # Every request that was answered, those for tokens and prepared downloads among them.
        self.requests: list[Request] = []
        # How many requests arrived, answered or not.
        self.arrived = 0
        # What requests and answers did that Google's description does not allow.
        self.problems: list[str] = []
        # Large folders that no `Tree` has to hold: pages of files by folder, offset and size.
        self.generated: dict[str, Callable[[int, int], list[dict[str, Any]]]] = {}

    def count(self, path: str = "") -> int:
        """How many requests had `path` in their path."""
        return sum(path in request.path for request in self.requests)

    def answer(self, request: Request) -> Content | dict[str, Any]:
        with self.lock:
            self.requests.append(request)
            self._check(self.discovery.problems_of_request(request))
            answer = self._route(request)
            if isinstance(answer, dict):
                selection = self._selection(request)
                selected = fields.select(answer, selection)
                self.problems += self.discovery.problems_of_answer(request.method, request.path, selected)
                return selected
            return answer

    def prepared(self, request: Request) -> Content:
        """What a prepared download gives, of any size, from the address that was given out for it."""
        with self.lock:
            self.requests.append(request)
            name = request.path.removeprefix("prepared/")
            known = self.operations.prepared.get(name)
            found = [] if request.method == "GET" else ["a prepared download is fetched with GET"]
            found += [] if request.parameters == {"alt": "media"} else ["a prepared address has changed"]
            self._check(found + self.discovery.problems_of_headers(request))
            if known is None:
                raise Refused(404, "notFound")
            item, mime_type = known
            return Content(self.tree.items[item].exports[mime_type], mime_type)

    def token(self, request: Request) -> tuple[int, dict[str, object]]:
        """The status and the answer of the token endpoint."""
        with self.lock:
            self.requests.append(request)
            found = self.tokens.problems_of_request(request)
            self.problems += found
            return (400, {"error": "invalid_request"}) if found else self.tokens.answer(request, f"{self.base}/token")

    def _selection(self, request: Request) -> dict[str, Any]:
        try:
            selection = fields.parse(request.parameters.get("fields", "*"))
        except ValueError as error:
            self._check([f"{error}"])
            raise
        self._check(self.discovery.problems_of_selection(request, selection))
        return selection

    def _check(self, problems: list[str]) -> None:
        self.problems += problems
        if problems:
            raise Refused(400, "badRequest", "; ".join(problems))

    def _route(self, request: Request) -> Content | dict[str, Any]:
        match request.path.split("/"):
            case ["about"]:
                user = {"kind": "drive#user", "displayName": "Indexer", "emailAddress": ACCOUNT, "me": True}
                return {"kind": "drive#about", "user": user}
            case ["drives"]:
                return self._drives(request)
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
                return self._export(self._item(item_id, request), request)
            case ["files", item_id, "download"]:
                item, mime_type = self._item(item_id, request), request.parameters["mimeType"]
                if mime_type not in item.exports:
                    raise Refused(400, "badRequest", "The requested conversion is not supported.")
                return self.operations.begin(item.id, mime_type, self.base)
            case ["operations", name] if name in self.operations.prepared:
                return self.operations.look(name)
        raise Refused(404, "notFound", f"File not found: {request.path}")

    # Files

    def _item(self, item_id: str, request: Request) -> Item:
        item_id = self.tree.root if item_id == "root" else item_id
        if not self.tree.is_visible(item_id):
            raise Refused(404, "notFound", f"File not found: {item_id}.")
        item = self.tree.items[item_id]
        if item.drive_id and request.parameters.get("supportsAllDrives") != "true" and len(request.path.split("/")) < 3:
            raise Refused(404, "notFound", f"File not found: {item_id}.")
        if item.resource_key and request.resource_keys.get(item_id) != item.resource_key:
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

    def _export(self, item: Item, request: Request) -> Content:
        mime_type = request.parameters["mimeType"]
        if mime_type not in item.exports:
            raise Refused(400, "badRequest", "The requested conversion is not supported.")
        if len(item.exports[mime_type]) > self.export_limit:
            raise Refused(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return Content(item.exports[mime_type], mime_type)

    def _list(self, request: Request) -> dict[str, Any] | Content:
        query = request.parameters.get("q", "")
        match = re.fullmatch(r"\(?(.*?)\)? and trashed ?= ?false", query)
        parents = [re.sub(r"\\(.)", r"\1", parent) for parent in CLAUSE.findall(query)]
        if not match or not parents or CLAUSE.sub("#", match[1]) != " or ".join("#" * len(parents)):
            raise Refused(400, "invalid", f"Invalid Value: {query}")
        if request.parameters.get("corpora") == "drive":
            self._log(request)
        if len(parents) == 1 and (generate := self.generated.get(parents[0])):
            return self._generated_page(generate, request)
        found: list[Item] = []
        for parent in parents:
            parent = self.tree.root if parent == "root" else parent
            if not self.tree.is_visible(parent):
                raise Refused(404, "notFound", f"File not found: {parent}.")
            found += self._children(parent, request)
        incomplete = self.faults.take({"incomplete"}, request.target)
        if len(parents) > 1 and self.faults.take({"empty"}, request.target):
            found = []
        page, token = self._page(sorted(found, key=lambda item: item.id), request, "list")
        answer = {"kind": "drive#fileList", "files": [self.tree.resource(item) for item in page]}
        answer["incompleteSearch"] = incomplete is not None
        return answer | ({"nextPageToken": token} if token else {})

    def _generated_page(
        self, generate: Callable[[int, int], list[dict[str, Any]]], request: Request
    ) -> dict[str, Any] | Content:
        start = int(request.parameters.get("pageToken", "0"))
        files = generate(start, self.page_limit)
        token = {"nextPageToken": str(start + len(files))} if len(files) == self.page_limit else {}
        page = {"files": files, "incompleteSearch": False, **token}
        # The first page stands for the others in being checked, which takes longer than all the rest.
        return Content(as_json(page), "application/json; charset=UTF-8") if start else page

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
        if not re.fullmatch(rf"{kind}-\d+", token):
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
        name = self._log(request)
        log = self.tree.logs[name]
        token = request.parameters["pageToken"]
        if not token.isdecimal() or not 1 <= int(token) <= len(log) + 1:
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        start = int(token) - 1
        size = min(int(request.parameters.get("pageSize", "100")), self.page_limit)
        changes = [self._change(entry, name, request) for entry in log[start : start + size]]
        if self.faults.take({"shuffle"}, request.target):
            changes = [*changes, *changes][::-1]
        if request.parameters.get("includeRemoved") == "false":
            changes = [change for change in changes if not change["removed"]]
        following = start + size
        answer: dict[str, Any] = {"kind": "drive#changeList", "changes": changes}
        if following < len(log):
            return answer | {"nextPageToken": str(following + 1)}
        return answer | {"newStartPageToken": str(len(log) + 1)}

    def _change(self, entry: str, log: str, request: Request) -> dict[str, Any]:
        change = {"kind": "drive#change", "time": "2026-01-01T00:00:00.000Z"}
        if entry.startswith(DRIVE_ENTRY):
            drive = entry.removeprefix(DRIVE_ENTRY)
            change |= {"changeType": "drive", "driveId": drive}
            is_member = drive in self._visible_drives()
            return change | {"removed": not is_member} | ({"drive": self._drive(drive)} if is_member else {})
        change |= {"changeType": "file", "fileId": entry}
        if not self.tree.is_visible(entry):
            return change | {"removed": True}
        item = self.tree.items[entry]
        # What moved to another drive is gone from this log, which tells of it only whoever asks for that.
        is_elsewhere = (item.drive_id or USER) != log
        if is_elsewhere and request.parameters.get("includeCorpusRemovals") != "true":
            return change | {"removed": True}
        return change | {"removed": is_elsewhere, "file": self.tree.resource(item)}

    def _visible_drives(self) -> list[str]:
        return [drive for drive in self.tree.drives if self.tree.is_visible(drive)]

    def _drives(self, request: Request) -> dict[str, Any]:
        page, token = self._page([self._drive(drive) for drive in self._visible_drives()], request, "drives")
        return {"kind": "drive#driveList", "drives": page, **({"nextPageToken": token} if token else {})}

    def _drive(self, drive: str) -> dict[str, Any]:
        return {"kind": "drive#drive", "id": drive, "name": self.tree.drives[drive]}
