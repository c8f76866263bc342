"""A token that ends is renewed in time when somebody speaks of it in time."""

from datetime import datetime, timedelta

WARNINGS = (14, 3, 0)  # days before the end


def warning(expires_at: datetime | None, now: datetime) -> int | None:
    """The nearest of the warnings that are due, in days; None while there is time."""
    if expires_at is None:
        return None
    due = [days for days in WARNINGS if now >= expires_at - timedelta(days=days)]
    return min(due, default=None)
