"""Shop platforms and carriers are asked in turn for what their hooks may have missed, and their hooks are made anew."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from prilavok.carriers.base import Carrier, Parcel
from prilavok.channels.transport import perform
from prilavok.commerce.base import Network, Polled
from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable
from prilavok.flows import connect_source
from prilavok.flows.bus import Bus
from prilavok.flows.suppliers import Supplier, Suppliers
from prilavok.flows.take.ahead import read_ahead
from prilavok.flows.take.batch import reconcile
from prilavok.flows.unit import Unit
from prilavok.store import sources

log = structlog.get_logger()

LOOK = 5.0  # seconds between two questions whose turn it is
AT_ONCE = 4
PAGES = 200  # of one source in one turn at most
LONGEST = 240.0  # seconds; less than the shortest time between two turns
ASKED_FOR = timedelta(days=60)  # a parcel older than that is not asked about
OFTEN_ENOUGH = timedelta(hours=1)  # for looking at the hooks


class Reconciler:
    def __init__(self, bus: Bus, suppliers: Suppliers, network: Network) -> None:
        self.bus = bus
        self.suppliers = suppliers
        self.network = network
        self._subscribed: dict[str, datetime] = {}

    async def run(self) -> None:
        """For ever; ends by cancellation."""
        while True:
            if not await self.round():
                await asyncio.sleep(LOOK)

    async def round(self) -> int:
        """Looks at those whose turn has come; returns how many there were."""
        every = {kind: source.every for kind, source in self.suppliers.kinds.items()}
        due = await self.bus.do(_claim, every)
        await asyncio.gather(*(self._look(*one) for one in due))
        return len(due)

    async def _look(self, shop_id: int, source_id: str) -> None:
        supplier = await self.bus.read(self.suppliers.get, shop_id, source_id)
        if supplier is None:
            return
        try:
            async with asyncio.timeout(LONGEST):
                trouble = await self._subscribe(supplier)
                await self._ask(supplier)
                if trouble:
                    await self.bus.do(connect_source.note_trouble, shop_id, source_id, trouble)
        except NeedsOwner as error:
            log.warning("source paused", source=source_id, reason=error.reason)
            await self.bus.do(connect_source.pause_source, shop_id, source_id, error.reason)
        except (TryLater, Undeliverable) as error:
            log.info("source does not answer", source=source_id, reason=error.reason)
            await self.bus.do(connect_source.note_trouble, shop_id, source_id, error.reason)
        except TimeoutError:
            await self.bus.do(connect_source.note_trouble, shop_id, source_id, "It answers too slowly.")
        except Exception:
            log.exception("looking at a source failed", source=source_id)
            await self.bus.do(connect_source.note_trouble, shop_id, source_id, "A fault of ours: see the log.")

    async def _subscribe(self, supplier: Supplier) -> str:
        """Why hooks cannot be had, though questions can; empty when all is well."""
        now = self.bus.clock()
        looked = self._subscribed.get(supplier.id)
        if not supplier.source.hooked or (looked is not None and now - looked < OFTEN_ENOUGH):
            return ""
        self._subscribed[supplier.id] = now
        try:
            made = await perform(supplier.source.subscribe(), self.network)
        except Undeliverable as error:
            return error.reason
        if made:
            log.info("webhooks made", source=supplier.id, made=list(made))
        return ""

    async def _ask(self, supplier: Supplier) -> None:
        row = await self.bus.read(sources.get, supplier.shop_id, supplier.id)
        cursor = dict(row["cursor"] or {}) if row is not None else {}
        for _ in range(PAGES):
            page = await self._page(supplier, cursor)
            if page is None:
                return
            cursor = dict(page.cursor)
            await read_ahead(self.bus, page.news)
            await self.bus.do(reconcile, supplier.shop_id, supplier.id, page.news, cursor, quiet=page.quiet)
            if not page.more:
                return

    async def _page(self, supplier: Supplier, cursor: dict[str, Any]) -> Polled | None:
        source, now = supplier.source, self.bus.clock()
        if not source.polled:
            return None
        if not isinstance(source, Carrier):
            page: Polled = await perform(source.poll(cursor, now), self.network)
            return page
        rows = await self.bus.read_slowly(
            sources.parcels, supplier.shop_id, after=cursor.get("after", ""), since=now - ASKED_FOR, limit=source.batch
        )
        parcels = [Parcel(row["tracking"], row["carrier"], row["number"], row["phone"]) for row in rows]
        ours = [parcel for parcel in parcels if source.carries(parcel)]
        news = await perform(source.track(ours, now), self.network) if ours else ()
        more = len(rows) == source.batch
        return Polled(news, {"after": rows[-1]["id"] if more else ""}, more=more)


def _claim(unit: Unit, every: dict[str, timedelta]) -> list[tuple[int, str]]:
    return sources.claim(unit.db, every, unit.now, AT_ONCE)
