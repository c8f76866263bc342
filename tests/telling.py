"""A shop that tells its customers about their orders: a messenger, mail and SMS, a clock that the test moves, and
nothing that works by itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from prilavok.domain.events import OccasionArose
from prilavok.domain.facts import Occasion
from prilavok.flows.directory import Served
from prilavok.flows.take import take
from prilavok.flows.unit import Unit
from prilavok.store import orders as order_store
from prilavok.store import plans, tasks
from tests.house import Shop
from tests.ordering import buyer, event, news, order

PERSON = ("messengers", "email", "phone", "language", "timezone", "country")
NOON = 10  # UTC: twelve o'clock in Kyiv by winter time


class Counter:
    """One shop, one customer called Olena, and whatever is said between them."""

    def __init__(self, shop: Shop, loft: Any) -> None:
        self.shop = shop
        self.loft = loft
        self.dove: Served
        self.owl: Served
        self.rooster: Served

    @classmethod
    async def open(cls, shop: Shop, loft: Any) -> "Counter":
        """It is Wednesday noon, far from every night."""
        counter = cls(shop, loft)
        shop.clock.now = wednesday(shop.clock.now)
        counter.dove = await shop.connect("dove")
        counter.owl = await shop.connect("owl")
        counter.rooster = await shop.connect("rooster")
        return counter

    @property
    def now(self) -> datetime:
        return self.shop.clock.now

    async def placed(
        self, number: str = "1", *, messenger: bool = True, said: bool = True, by: str = "olena", **fields: Any
    ) -> str:
        """An order of hers; with `messenger` she wrote to the shop there before. `said`: what is said about it is
        carried out. Fields of domain.order.Order, and of its buyer.
        """
        person = {name: fields.pop(name) for name in PERSON if name in fields}
        if messenger:
            await self.shop.customer_writes("Добрий день", who=by, inbox=self.dove)
            person["messengers"] = {"dove": by}
        given = order(number, at=self.now, buyer=buyer(**person), **fields)
        taken = await self.shop.house.bus.do(take, self.shop.id, "api", news(given))
        if said:
            await self.work()
        return str(taken.order_id)

    async def happens(self, order_id: str, kind: str, key: str = "", *, said: bool = True, **data: Any) -> None:
        """An event of the order."""
        parts = news(event(kind, self.now, key, **data), external_id="")
        await self.shop.house.bus.do(take, self.shop.id, "api", parts, order_id=order_id)
        if said:
            await self.work()

    async def arises(
        self,
        order_id: str,
        kind: str,
        key: str = "",
        *,
        said: bool = True,
        data: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """An occasion that is no event of the order."""
        row = await self.shop.read(order_store.get, order_id)
        arose = OccasionArose(
            shop_id=self.shop.id,
            ref_id=order_id,
            contact_id=row["contact_id"],
            occasion=Occasion(kind=kind, at=self.now, key=key, **more),
            data=data or {},
        )
        await self.do(lambda unit: unit.emit(arose))
        if said:
            await self.work()

    async def do(self, flow: Callable[[Unit], Any]) -> Any:
        return await self.shop.house.bus.do(flow)

    # Time

    async def later(self, **time: float) -> None:
        """Time passes, and what is due is done."""
        self.shop.clock.forward(**time)
        await self.work()

    async def work(self) -> None:
        """Everything that is due is decided, written and sent."""
        house = self.shop.house
        moved = True
        while moved:
            moved = bool(await house.steps.take())
            moved |= bool(await house.deliverer._lease())
            await asyncio.gather(*house.deliverer._tasks)

    # What the customer does

    async def writes(
        self, text: str = "Дякую!", *, inbox: Served | None = None, who: str = "olena", **fields: Any
    ) -> Any:
        taken = await self.shop.customer_writes(text, who=who, inbox=inbox or self.dove, **fields)
        await self.work()
        return taken

    async def receipt(self, outbound: Any, receipt: str, *, inbox: Served | None = None) -> None:
        """The vendor reports how far one of our messages has come."""
        report = {"receipt": receipt, "at": self.now, "message_id": outbound.message_id}
        await self.shop.vendor_says(("ReceiptCame", report), inbox=inbox or self.dove)
        await self.work()

    async def blocks(self, *, who: str = "olena") -> None:
        state = {"address": who, "at": self.now, "reachable": False, "reason": "blocked"}
        await self.shop.vendor_says(("Reachability", state), inbox=self.dove)

    # What can be seen

    def said(self, inbox: Served) -> list[str]:
        return self.loft.texts(inbox.id)

    @property
    def in_messenger(self) -> list[str]:
        return self.said(self.dove)

    @property
    def in_mail(self) -> list[str]:
        return self.said(self.owl)

    @property
    def in_sms(self) -> list[str]:
        return self.said(self.rooster)

    def last(self, inbox: Served) -> Any:
        return self.loft.flown[inbox.id][-1]

    async def plans(self, order_id: str) -> list[Any]:
        return list(await self.shop.read(plans.of_order, order_id))

    async def plan(self, order_id: str) -> Any:
        [one] = await self.plans(order_id)
        return one

    async def attempts(self, order_id: str) -> list[Any]:
        found = await self.shop.read(plans.attempts_of, [one["id"] for one in await self.plans(order_id)])
        return [one for rungs in found.values() for one in rungs]

    async def silences(self, order_id: str) -> list[Any]:
        return list(await self.shop.read(plans.silences_of, order_id))

    async def tasks(self, order_id: str) -> list[Any]:
        return [one for one in await self.shop.read(tasks.of_order, order_id) if one["state"] == "open"]


def wednesday(now: datetime) -> datetime:
    """Noon of the next Wednesday but one."""
    day = now + timedelta(days=7 + (2 - now.weekday()) % 7)
    return datetime(day.year, day.month, day.day, NOON, tzinfo=UTC)
