"""A parcel that stands still is noticed before the customer asks."""

from datetime import timedelta

from prilavok.domain.events import OccasionArose, TaskChanged
from prilavok.domain.facts import Occasion
from prilavok.domain.order import Status
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import incidents, tasks

ON_THE_WAY = (Status.SHIPPED.value, Status.OUT_FOR_DELIVERY.value)
STILL_FOR = timedelta(days=5)  # without any news
FORGOTTEN = timedelta(days=30)  # older ones are no news to anybody
AT_ONCE = 200
STUCK = "stuck"


def notice_stuck(unit: Unit) -> int:
    """Once for each standstill: a task for a person, and an occasion that the policy may speak of."""
    rows = incidents.stuck(unit.db, ON_THE_WAY, unit.now - STILL_FOR, unit.now - FORGOTTEN, AT_ONCE)
    for row in rows:
        since = row["last_event_at"].date().isoformat()
        days = (unit.now - row["last_event_at"]).days
        because = [{"why": STUCK, "data": {"days": days, "since": since, "carrier": row["carrier"]}}]
        tasks.add(
            unit.db,
            {
                "shop_id": row["shop_id"],
                "id": new_id(),
                "kind": "look",
                "order_id": row["id"],
                "contact_id": row["contact_id"],
                "because": because,
                "created_at": unit.now,
            },
        )
        unit.emit(TaskChanged(shop_id=row["shop_id"], ref_id=row["id"]))
        unit.emit(
            OccasionArose(
                shop_id=row["shop_id"],
                ref_id=row["id"],
                contact_id=row["contact_id"],
                occasion=Occasion(kind=STUCK, at=unit.now, key=since),
                data={"days": days, "carrier": row["carrier"], "tracking": row["tracking"]},
            )
        )
    return len(rows)
