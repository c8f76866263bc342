"""What a check for viruses means for a file. A file without a verdict is kept back until there is one."""

from datetime import datetime, timedelta
from enum import StrEnum


class Checked(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    WAITING = "waiting"  # the scanner is away
    UNCHECKED = "unchecked"  # it was away for longer than the owner wants to wait


def without_verdict(came_at: datetime, now: datetime, patience: timedelta | None) -> Checked:
    """`patience`: after which a file is let through unchecked; None: never."""
    if patience is not None and now - came_at >= patience:
        return Checked.UNCHECKED
    return Checked.WAITING
