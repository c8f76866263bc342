"""What an incident tells many goes out at the pace of each channel and not at once: an agent's reply, or an answer to a
press, must not stand at the end of an hour's queue; and what has not gone yet can still be stopped.
"""

from collections.abc import Mapping
from datetime import timedelta

from prilavok.flows.directory import Served
from prilavok.flows.unit import Unit
from prilavok.store import incidents

UNLIMITED = 200.0  # messages a second, where a channel sets no pace
SHARE = 0.8  # of a channel's pace that an incident may use


class Queue:
    """Where an incident's next message stands at each of the shop's `inboxes`, from one piece to the next."""

    def __init__(self, unit: Unit, shop_id: int, incident_id: str, inboxes: Mapping[str, Served]) -> None:
        self.unit = unit
        self.key = (shop_id, incident_id)
        self.inboxes = inboxes
        row = incidents.get(unit.db, *self.key)
        self.lengths: dict[str, int] = dict(row["queued"]) if row is not None else {}
        self._gaps: dict[str, float] = {}

    def wait(self, inbox_id: str) -> timedelta:
        """For one more that is to go out there, behind all who came before."""
        before = self.lengths.get(inbox_id, 0)
        self.lengths[inbox_id] = before + 1
        if inbox_id not in self._gaps:
            self._gaps[inbox_id] = self._gap(inbox_id)
        return timedelta(seconds=before * self._gaps[inbox_id])

    def keep(self) -> None:
        incidents.change(self.unit.db, *self.key, {"queued": self.lengths})

    def _gap(self, inbox_id: str) -> float:
        """Seconds between two."""
        inbox = self.inboxes.get(inbox_id)
        rates = [one for one in inbox.capabilities.rate if one.each == "inbox"] if inbox is not None else []
        pace = min((one.messages / one.per for one in rates), default=UNLIMITED)
        return 1 / (pace * SHARE)
