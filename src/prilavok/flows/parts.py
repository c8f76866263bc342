"""Parts of a message as they are stored, for whoever stores one that came from outside."""

from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.message import Attachment

OLDEST = timedelta(days=30)  # a vendor's clock further back is not believed


def believable(at: datetime, now: datetime) -> datetime:
    return min(max(at, now - OLDEST), now)


def attachment_row(one: Attachment) -> dict[str, Any]:
    """As it stands in a message: our file's id, or where the vendor keeps it."""
    values = {
        "id": one.file_id,
        "name": one.name,
        "type": one.type,
        "size": one.size,
        "kind": one.kind,
        "ref": one.ref,
        "url": one.url,
        "content_id": one.content_id,
    }
    return {name: value for name, value in values.items() if value is not None}
