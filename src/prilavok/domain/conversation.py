"""One matter of one customer: its states and the order in which agents see it."""

from datetime import datetime, timedelta
from enum import StrEnum

FAR = 1 << 52  # milliseconds; far beyond any clock time, still exact in a JavaScript number


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


def rank(waiting_since: datetime | None, last_at: datetime) -> int:
    """The place in every list, ascending: those who wait, longest first; then the others, latest first."""
    if waiting_since is not None:
        return int(waiting_since.timestamp() * 1000)
    return FAR - int(last_at.timestamp() * 1000)


def continues(status: Status, last_at: datetime, now: datetime, *, memory: timedelta = timedelta(days=7)) -> bool:
    """Whether a new message without a thread belongs to this conversation or begins a new matter."""
    return status is not Status.CLOSED or now - last_at < memory
