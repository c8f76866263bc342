"""Every hook of a shop platform or a carrier comes in here: parsed, then stored raw together with what it says."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from prilavok.commerce.base import Hook
from prilavok.domain.errors import BadInput, BadSignature, NotFound
from prilavok.flows.bus import Bus
from prilavok.flows.suppliers import Supplier, Suppliers
from prilavok.flows.take.ahead import read_ahead
from prilavok.flows.take.batch import Arrival, Outcome, arrive, set_aside
from prilavok.kit.text import storable
from prilavok.store import journal

log = structlog.get_logger()


class Arrivals:
    def __init__(self, bus: Bus, suppliers: Suppliers) -> None:
        self.bus = bus
        self.suppliers = suppliers

    async def take(self, supplier: Supplier, hook: Hook) -> Outcome:
        """BadSignature propagates and keeps nothing; whatever else goes wrong leaves the delivery, marked failed."""
        return await self._store(self._read(supplier, hook))

    async def replay(self, shop_id: int, row: Mapping[Any, Any]) -> bool:
        """Takes a journaled delivery again; true when it went well this time. NotFound when its source is gone."""
        supplier = await self.bus.read(self.suppliers.get, shop_id, row["inbox_id"])
        if supplier is None:
            raise NotFound
        hook = Hook.again(bytes(row["body"]), row["headers"] or {}, row["received_at"])
        try:
            arrival = self._read(supplier, hook, journal_id=row["id"], replayed=True)
        except BadSignature:
            reason = "Its signature does not fit the secret of today."
            arrival = Arrival(shop_id, supplier.id, hook, failure=reason, journal_id=row["id"], replayed=True)
        await self._store(arrival)
        after = await self.bus.read(journal.entry, shop_id, row["id"])
        return after is not None and after["state"] != "failed"

    def _read(self, supplier: Supplier, hook: Hook, **further: Any) -> Arrival:
        try:
            news = tuple(supplier.source.parse(hook))
        except BadSignature:
            raise
        except Exception as error:  # noqa: BLE001  whatever a platform sends is kept, and a person is told why it failed
            reason = error.reason if isinstance(error, BadInput) else f"{type(error).__name__}: {error}"
            log.warning("delivery not understood", source=supplier.id, reason=reason)
            return Arrival(supplier.shop_id, supplier.id, hook, failure=storable(reason)[:500], **further)
        return Arrival(supplier.shop_id, supplier.id, hook, news, **further)

    async def _store(self, arrival: Arrival) -> Outcome:
        try:
            await read_ahead(self.bus, arrival.news)
            return await self.bus.do(arrive, arrival)
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise  # nothing was stored at all: the platform must come again
            reason = f"{type(error).__name__}: {error}"[:500]
            log.warning("delivery set aside", source=arrival.source_id, journal=arrival.journal_id, reason=reason)
            await self.bus.do(set_aside, arrival, reason)
            return Outcome()
