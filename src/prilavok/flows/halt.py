"""An inbox whose vendor refuses us stands still until its owner has mended what is wrong."""

from prilavok.domain.events import InboxChanged
from prilavok.flows.unit import Unit
from prilavok.store import inboxes, jobs


def halt(unit: Unit, shop_id: int, inbox_id: str, reason: str) -> None:
    inboxes.change(unit.db, shop_id, inbox_id, {"state": "paused", "reason": reason})
    jobs.hasten(unit.db, shop_id, inbox_id, jobs.ACCOUNT, unit.now)  # perhaps its access has ended
    unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))
