"""The owner hears that a channel's token ends before it has ended."""

from datetime import timedelta

from prilavok.domain.events import InboxChanged
from prilavok.domain.expiry import WARNINGS, warning
from prilavok.flows.unit import Unit
from prilavok.store import inboxes


def warn(unit: Unit) -> int:
    """Each warning once; every open screen shows it. Returns how many there were."""
    told = 0
    for row in inboxes.ending(unit.db, unit.now + timedelta(days=max(WARNINGS))):
        due = warning(row["expires_at"], unit.now)
        if due is None or due == row["expiry_told"]:
            continue
        inboxes.change(unit.db, row["shop_id"], row["id"], {"expiry_told": due})
        unit.emit(InboxChanged(shop_id=row["shop_id"], ref_id=row["id"]))
        told += 1
    return told
