"""What a Drive holds: files, folders, shortcuts, shared drives, and the logs of what happened to them."""

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
DOCUMENT = "application/vnd.google-apps.document"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
PRESENTATION = "application/vnd.google-apps.presentation"

# The log of a user's own files, among those of shared drives.
USER = "user"
# In front of the ids of shared drives in the user's log: joined, left, renamed.
DRIVE_ENTRY = "drive:"


@dataclass
class Item:
    """A file, folder or shortcut."""

    id: str
    name: str
    mime_type: str
    parent: str | None
    drive_id: str | None = None
    content: bytes = b""
    # Of Google's own documents: what an export to each type gives.
    exports: dict[str, bytes] = field(default_factory=dict)
    modified_time: str = "2026-01-01T00:00:00.000Z"
    version: int = 1
    is_trashed: bool = False
    # Exists, but the account does not see it.
    is_hidden: bool = False
    is_abusive: bool = False
    # Whether Drive tells the checksum of the content.
    has_checksum: bool = True
    resource_key: str | None = None
    target: str | None = None

    @property
    def is_google(self) -> bool:
        return self.mime_type.startswith("application/vnd.google-apps.")


class Tree:
    """The state; every change of it leaves an entry in the log that Drive would write."""

    def __init__(self) -> None:
        self._ids = (f"1Fake{number:06d}Id" for number in itertools.count(1))
        self._versions = itertools.count(10)
        self.items: dict[str, Item] = {}
        self.children: dict[str, set[str]] = {}
        self.drives: dict[str, str] = {}
        # For each log the ids of what changed, in order; a token is a position.
        self.logs: dict[str, list[str]] = {USER: []}
        self.root = self._add(Item(self._next_id(), "My Drive", FOLDER, None)).id

    # What people do

    def folder(self, name: str, parent: str | None = None, **fields: Any) -> str:
        return self._add(Item(self._next_id(), name, FOLDER, parent or self.root, **fields)).id

    def upload(
        self, name: str, content: bytes | str, parent: str | None = None, mime_type: str = "text/plain", **fields: Any
    ) -> str:
        data = content.encode() if isinstance(content, str) else content
        return self._add(Item(self._next_id(), name, mime_type, parent or self.root, content=data, **fields)).id

    def google(self, name: str, mime_type: str, exports: dict[str, bytes | str], parent: str | None = None) -> str:
        """A document of Google's own."""
        return self._add(
            Item(self._next_id(), name, mime_type, parent or self.root, exports=encoded(exports))
        ).id

    def shortcut(self, name: str, target: str, parent: str | None = None) -> str:
        return self._add(Item(self._next_id(), name, SHORTCUT, parent or self.root, target=target)).id

    def shared_drive(self, name: str) -> str:
        item = Item(self._next_id(), name, FOLDER, None)
        item.drive_id = item.id
        self.drives[item.id] = name
        self.logs[item.id] = []
        self.logs[USER].append(DRIVE_ENTRY + item.id)
        return self._add(item).id

    def rename_drive(self, drive: str, name: str) -> None:
        self.drives[drive] = name
        self.logs[USER].append(DRIVE_ENTRY + drive)
        self.rename(drive, name)

    def leave_drive(self, drive: str, is_left: bool = True) -> None:
        """The account is no member any more, or one again."""
        self.items[drive].is_hidden = is_left
        self.logs[USER].append(DRIVE_ENTRY + drive)

    def write(self, item_id: str, content: bytes | str, modified_time: str | None = None) -> None:
        """Uploads new content; without a time the old modification time stays, as some programs keep it."""
        item = self.items[item_id]
        item.content = content.encode() if isinstance(content, str) else content
        item.modified_time = modified_time or item.modified_time
        self._changed(item)

    def edit(self, item_id: str, exports: dict[str, bytes | str]) -> None:
        self.items[item_id].exports = encoded(exports)
        self._changed(self.items[item_id])

    def rename(self, item_id: str, name: str) -> None:
        self.items[item_id].name = name
        self._changed(self.items[item_id])

    def move(self, item_id: str, parent: str) -> None:
        item = self.items[item_id]
        if item.parent:
            self.children[item.parent].discard(item_id)
        item.parent = parent
        self.children.setdefault(parent, set()).add(item_id)
        if item.drive_id == self.items[parent].drive_id:
            return self._changed(item)
        self._move_to_drive(item, self.items[parent].drive_id)

    def trash(self, item_id: str, is_trashed: bool = True) -> None:
        self.items[item_id].is_trashed = is_trashed
        self._changed(self.items[item_id])

    def hide(self, item_id: str, is_hidden: bool = True) -> None:
        """Takes away, or gives back, the account's access."""
        self.items[item_id].is_hidden = is_hidden
        self._changed(self.items[item_id])

    def delete(self, item_id: str) -> None:
        for child in list(self.children.get(item_id, ())):
            self.delete(child)
        item = self.items.pop(item_id)
        if item.parent:
            self.children[item.parent].discard(item_id)
        self._changed(item)

    # What the API tells

    def is_visible(self, item_id: str | None) -> bool:
        """Whether the item is there for the account; what lies in a hidden folder is hidden."""
        while item_id is not None:
            item = self.items.get(item_id)
            if item is None or item.is_hidden:
                return False
            item_id = item.parent
        return True

    def is_trashed(self, item: Item) -> bool:
        while not item.is_trashed:
            if item.parent is None or item.parent not in self.items:
                return False
            item = self.items[item.parent]
        return True

    def resource(self, item: Item) -> dict[str, Any]:
        """The resource `File`, with every field that the fake knows."""
        resource: dict[str, Any] = {
            "kind": "drive#file",
            "id": item.id,
            "name": item.name,
            "mimeType": item.mime_type,
            "trashed": self.is_trashed(item),
            "version": str(item.version),
            "modifiedTime": item.modified_time,
            "webViewLink": f"https://drive.google.com/file/d/{item.id}/view?usp=drivesdk",
        }
        if item.parent:
            resource["parents"] = [item.parent]
        if item.drive_id:
            resource["driveId"] = item.drive_id
        if item.resource_key:
            resource["resourceKey"] = item.resource_key
        if item.target:
            details = {"targetId": item.target}
            if target := self.items.get(item.target):
                details["targetMimeType"] = target.mime_type
                if target.resource_key:
                    details["targetResourceKey"] = target.resource_key
            resource["shortcutDetails"] = details
        if not item.is_google:
            if item.has_checksum:
                resource["md5Checksum"] = hashlib.md5(item.content).hexdigest()
            resource["size"] = str(len(item.content))
        return resource

    def paths(self, root: str) -> dict[str, str]:
        """The files below a folder by their ids, shortcuts left out."""
        found: dict[str, str] = {}
        waiting = [(root, "")]
        while waiting:
            folder, prefix = waiting.pop()
            for child in self.children.get(folder, ()):
                item = self.items[child]
                if item.is_trashed or item.is_hidden or item.mime_type == SHORTCUT:
                    continue
                path = prefix + item.name.replace("/", "\u2215")
                if item.mime_type == FOLDER:
                    waiting.append((child, path + "/"))
                else:
                    found[child] = path
        return found

    def _next_id(self) -> str:
        return next(self._ids)

    def _add(self, item: Item) -> Item:
        if item.parent:
            item.drive_id = item.drive_id or self.items[item.parent].drive_id
            self.children.setdefault(item.parent, set()).add(item.id)
        self.items[item.id] = item
        self._changed(item)
        return item

    def _move_to_drive(self, item: Item, drive: str | None) -> None:
        """One log loses the item and all that lies in it, another gets it."""
        self.logs[item.drive_id or USER].append(item.id)
        item.drive_id = drive
        self._changed(item)
        for child in self.children.get(item.id, ()):
            self._move_to_drive(self.items[child], drive)

    def _changed(self, item: Item) -> None:
        item.version = next(self._versions)
        self.logs[item.drive_id or USER].append(item.id)


def encoded(exports: dict[str, bytes | str]) -> dict[str, bytes]:
    return {kind: value.encode() if isinstance(value, str) else value for kind, value in exports.items()}
