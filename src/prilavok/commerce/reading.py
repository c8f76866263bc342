"""Reading what a platform sends: trees of which any branch may be missing, empty or of another kind than documented."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from prilavok.channels.wire import NOT_READABLE, complaint, storable
from prilavok.domain.errors import BadInput


def tree(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; BadInput for everything else."""
    try:
        found = msgspec.json.decode(body)
    except NOT_READABLE as error:
        raise BadInput(complaint(error)) from error
    if not isinstance(found, dict):
        raise BadInput("The body is JSON, but no object.")
    return found


def branch(value: Any, *path: str) -> dict[str, Any]:
    """The object at the end of the path; empty when there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def branches(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at the end of the path."""
    found = at(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def at(value: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def words(value: Any, *path: str) -> str:
    """A text or a number, as text."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return storable(str(found)).strip()


def amount(value: Any, *path: str) -> Decimal | None:
    text = words(value, *path).replace(",", ".")
    try:
        found = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def whole(value: Any, *path: str) -> int | None:
    """A whole number; None for a fraction of a piece."""
    found = amount(value, *path)
    return int(found) if found is not None and abs(found) < 10**9 and found == int(found) else None


def moment(value: Any, *path: str) -> datetime | None:
    """ISO 8601; without a zone it is UTC. None for what is no time."""
    text = words(value, *path)
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def joined(*parts: str, by: str = " ") -> str:
    return by.join(part for part in parts if part)
