"""When the answer comes, as told to visitors; computed anew every few minutes."""

from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.promise import expected, hour_of_week
from prilavok.flows.directory import Served
from prilavok.store import answers, shops
from prilavok.web.ask import Services

HISTORY = timedelta(days=90)
FRESH = timedelta(minutes=5)
DEFAULT = 15 * 60  # seconds, where nothing has been measured
_known: dict[tuple[str, int], tuple[Any, dict[str, Any]]] = {}


async def promise(services: Services, inbox: Served) -> dict[str, Any]:
    """{"seconds", "at", "online", "measured"} as the visitors' socket says it."""
    now = services.now
    key = (inbox.id, hash(now.replace(minute=0, second=0, microsecond=0)))
    at, known = _known.get(key, (None, {}))
    if at is None or now - at > FRESH:
        known = await services.bus.read(_measure, inbox, now)
        _known[key] = (now, known)
        if len(_known) > 1000:
            _known.clear()
    online = bool(services.hub.online(inbox.shop_id))
    return {**known, "at": now + timedelta(seconds=known["seconds"]), "online": online}


def _measure(db: Connection, inbox: Served, now: Any) -> dict[str, Any]:
    shop = shops.get(db, inbox.shop_id)
    zone = shop["timezone"] if shop is not None else "UTC"
    rows = answers.recent(db, inbox.shop_id, now - HISTORY)
    samples = [(hour, seconds) for inbox_id, hour, seconds in rows if inbox_id == inbox.id]
    found = expected(samples, hour_of_week(now, zone), default=DEFAULT)
    return {"seconds": found.seconds, "measured": found.measured}
