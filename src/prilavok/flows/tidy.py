"""What is kept for a time only is forgotten when the time is over."""

from datetime import timedelta

from prilavok.flows.unit import Unit
from prilavok.store import events, idempotency, journal, staff

RAW = timedelta(days=30)  # deliveries that were understood
LOG = timedelta(days=3)  # a screen that slept for longer loads anew
KEYS = timedelta(days=2)


def forget_old(unit: Unit) -> None:
    journal.forget_before(unit.db, unit.now - RAW)
    events.forget_before(unit.db, unit.now - LOG)
    idempotency.forget_before(unit.db, unit.now - KEYS)
    staff.forget_expired(unit.db, unit.now)
