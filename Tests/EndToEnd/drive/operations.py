"""Downloads that Drive prepares: begun, looked at, done."""

from typing import Any


class Operations:
    def __init__(self) -> None:
        # Of each operation: the file, and what it becomes.
        self.prepared: dict[str, tuple[str, str]] = {}
        # Looks that find an operation unfinished.
        self.unfinished_looks = 1
        # What an operation ends with instead of an address, as `google.rpc.Status` has it.
        self.errors: list[dict[str, Any]] = []
        # Where the prepared content is said to be, if not at the server itself.
        self.elsewhere: str | None = None
        self._base = ""
        self._looks: dict[str, int] = {}

    def begin(self, item: str, mime_type: str, base: str) -> dict[str, Any]:
        name = f"operation-{len(self.prepared)}"
        self.prepared[name] = (item, mime_type)
        self._base = base
        self._looks[name] = 0
        return {"name": name, "done": False}

    def look(self, name: str) -> dict[str, Any]:
        self._looks[name] += 1
        if self._looks[name] <= self.unfinished_looks:
            return {"name": name, "done": False}
        if self.errors:
            return {"name": name, "done": True, "error": self.errors.pop(0)}
        response = {
            "@type": "type.googleapis.com/google.apps.drive.v3.DownloadFileResponse",
            "downloadUri": f"{self.elsewhere or self._base}/prepared/{name}?alt=media",
            "partialDownloadAllowed": False,
        }
        return {"name": name, "done": True, "response": response}
