"""What a vendor delivers, raw, and what it reads in our answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

METHOD = ":method"
KEPT_QUERY, KEPT_QUERY_VALUE = 40, 1000  # parameters, and characters of each


@dataclass(frozen=True, slots=True)
class Hook:
    """One delivery from a vendor: raw bytes first, everything else as it came. Header names in lower case."""

    body: bytes
    headers: Mapping[str, str]
    received_at: datetime
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    @property
    def beside_body(self) -> dict[str, str]:
        """Headers, query and method as one table, for the journal: no header's name begins with "?" or ":"."""
        beside = dict(self.headers)
        for name, value in list(self.query.items())[:KEPT_QUERY]:
            beside[f"?{name[:KEPT_QUERY_VALUE]}"] = value[:KEPT_QUERY_VALUE]
        return beside if self.method == "POST" else {**beside, METHOD: self.method}

    @classmethod
    def again(cls, body: bytes, beside: Mapping[str, str], received_at: datetime) -> "Hook":
        """The same delivery out of the journal, so that its signature is verified just as it was."""
        return cls(
            body=body,
            headers={name: value for name, value in beside.items() if name[:1] not in {"?", ":"}},
            received_at=received_at,
            query={name[1:]: value for name, value in beside.items() if name.startswith("?")},
            method=beside.get(METHOD, "POST"),
        )


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What the vendor insists to read in our 200 (VK: exactly `ok`)."""

    body: bytes = b"{}"
    content_type: str = "application/json"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Polled:
    """One delivery that we fetched ourselves. `cursor` is stored in the same commit as what was received."""

    hook: Hook
    cursor: Mapping[str, Any]
