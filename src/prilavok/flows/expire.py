"""The owner hears that a channel's token ends before it has ended. When it ends, the vendor is asked once a day, and at
once when it has refused us.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from prilavok.channels.base import Account
from prilavok.domain.events import InboxChanged
from prilavok.domain.expiry import WARNINGS, warning
from prilavok.flows.unit import Unit
from prilavok.store import inboxes, jobs

JOB = jobs.ACCOUNT
EVERY = timedelta(days=1)
SAME = timedelta(hours=1)  # some say how long it lasts from now on, and not until when


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


def watch(unit: Unit) -> int:
    """Whatever may end is to be asked about, a day from now on and then daily. Returns how many are new."""
    watched = jobs.inboxes_with(unit.db, JOB)
    kinds = unit.world.directory.kinds
    fresh = [row for row in inboxes.everything(unit.db) if row["id"] not in watched]
    fresh = [row for row in fresh if row["channel"] in kinds and kinds[row["channel"]].expires]
    for row in fresh:
        jobs.add(unit.db, row["shop_id"], JOB, {}, unit.now + EVERY, inbox_id=row["id"])
    return len(fresh)


def learned(unit: Unit, job: Mapping[Any, Any], account: Account | None, refused: str = "") -> None:
    """What the vendor said of our account; `refused`: why it lets us in no more, and the inbox stops. Neither: it could
    not be asked. It is asked again tomorrow.
    """
    shop_id, inbox_id = job["shop_id"], job["inbox_id"]
    jobs.finish(unit.db, shop_id, job["id"])
    row = inboxes.get(unit.db, shop_id, inbox_id)
    if row is None:
        return
    jobs.add(unit.db, shop_id, JOB, {}, unit.now + EVERY, inbox_id=inbox_id)
    changes: dict[str, Any] = {}
    if account is not None and _differ(account.expires_at, row["expires_at"]):
        changes = {"expires_at": account.expires_at, "expiry_told": None}
    if refused and row["state"] == "active":
        changes = {"state": "paused", "reason": refused}
    if changes:
        inboxes.change(unit.db, shop_id, inbox_id, changes)
        unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))
        warn(unit)


def _differ(told: datetime | None, known: datetime | None) -> bool:
    if told is None or known is None:
        return told is not known
    return abs(told - known) > SAME
