"""Some vendors must be asked what became of a message: whether it arrived, what it cost. Each message at the times that
its channel names (`capabilities.inquires`), and no longer than there is something to learn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prilavok.domain.events import Reported
from prilavok.domain.message import ReceiptCame
from prilavok.domain.receipt import Receipt
from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.store import jobs, messages

FINAL = frozenset({Receipt.READ, Receipt.FAILED})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What one inbox's vendor is to be asked now: the jobs by the vendor's id of their message."""

    inbox: Served
    jobs: dict[str, Mapping[Any, Any]]


def gather(unit: Unit, claimed: Iterable[Mapping[Any, Any]]) -> list[Inquiry]:
    """The jobs by inbox. What has become known meanwhile, and what belongs to no inbox any more, is done with."""
    found: dict[str, Inquiry] = {}
    for job in claimed:
        inbox = unit.world.directory.get(unit.db, job["shop_id"], job["inbox_id"])
        if inbox is None or _settled(unit, inbox, job):
            jobs.finish(unit.db, job["shop_id"], job["id"])
        else:
            found.setdefault(inbox.id, Inquiry(inbox, {})).jobs[job["data"]["provider_id"]] = job
    return list(found.values())


def learned(unit: Unit, asked: Inquiry, reports: Sequence[ReceiptCame], reason: str = "") -> None:
    """Stores what the vendor said, or why it said nothing. `gather` drops at the next time what it has settled."""
    inbox = asked.inbox
    for one in reports:
        unit.emit(Reported(shop_id=inbox.shop_id, inbox_id=inbox.id, scope=inbox.scope, report=one))
    times = inbox.capabilities.inquires
    for job in asked.jobs.values():
        if job["attempts"] >= len(times):
            jobs.finish(unit.db, job["shop_id"], job["id"])
        else:
            pause = timedelta(seconds=times[job["attempts"]] - times[job["attempts"] - 1])
            jobs.postpone(unit.db, job["shop_id"], job["id"], due_at=unit.now + pause, reason=reason)


def _settled(unit: Unit, inbox: Served, job: Mapping[Any, Any]) -> bool:
    """Whether nothing more can be learned about this message."""
    row = messages.get(unit.db, job["shop_id"], job["data"]["message_id"])
    if row is None:
        return True
    priced = "amount" in (row["content"] or {}).get("price", {})
    arrived = Receipt.READ not in inbox.capabilities.receipts and row["receipt"] == Receipt.DELIVERED
    return (row["receipt"] in FINAL or arrived) and (priced or not inbox.capabilities.prices)
