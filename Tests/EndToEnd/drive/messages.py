"""What goes in and out of the fake."""

import json
from dataclasses import dataclass, field


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
    # Below `/drive/v3/`; `token` and `prepared/…` are elsewhere.
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes = b""
    parameters: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = dict(self.query)

    @property
    def target(self) -> str:
        return f"{self.method} /{self.path} " + " ".join(f"{name}={value}" for name, value in self.query)

    @property
    def resource_keys(self) -> dict[str, str]:
        """Of each file by its id, as `X-Goog-Drive-Resource-Keys` says."""
        pairs = self.headers.get("x-goog-drive-resource-keys", "").split(",")
        return dict(pair.split("/", 1) for pair in pairs if "/" in pair)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()
