"""Any carrier, or a courier service of the shop's own: signed events of parcels (Standard Webhooks)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.carriers.base import (
    BadInput,
    Carrier,
    Config,
    Happened,
    Hook,
    News,
    OrderEvent,
    field_of,
    standard_webhooks,
)
from prilavok.commerce.base import decode
from prilavok.commerce.signed import Signed

BATCH = 1000  # events in one delivery
OF_A_PARCEL = frozenset(
    {
        Happened.PACKED,
        Happened.SHIPPED,
        Happened.ARRIVED_AT_PICKUP,
        Happened.OUT_FOR_DELIVERY,
        Happened.DELIVERED,
        Happened.FAILED_ATTEMPT,
        Happened.DELAYED,
        Happened.RETURNED,
    }
)
Word = Annotated[str, msgspec.Meta(max_length=500)]


class ParcelsConfig(Config):
    secret: Annotated[
        str,
        field_of(
            "Signing secret", "Signs deliveries (Standard Webhooks). Leave it empty and one is made.", secret=True
        ),
    ] = ""


class ParcelEvent(msgspec.Struct):
    """Of the parcel with this number, or of the order with that."""

    kind: Happened
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    tracking: Word = ""
    number: Word = ""
    key: Word = ""
    data: dict[str, Any] = {}


class ParcelDelivery(msgspec.Struct):
    events: list[ParcelEvent]


whole = msgspec.json.Decoder(ParcelDelivery)


class Parcels(Signed, Carrier):
    kind = "parcels"
    title = "Any carrier"
    summary = "Your courier service's program posts signed events of parcels."
    Config = ParcelsConfig
    quality: ClassVar[dict[str, str]] = {"signature": "done", "replay": "done", "batches": "done"}

    def parse(self, hook: Hook) -> Iterable[News]:
        standard_webhooks.verify(self.key, hook.headers, hook.body, hook.received_at)
        events = decode(whole, hook.body).events
        if not 0 < len(events) <= BATCH:
            raise BadInput(f"A delivery holds 1 to {BATCH} events, this one {len(events)}.", field="events")
        return [news_of(event) for event in events]


def news_of(event: ParcelEvent) -> News:
    """A carrier knows nothing of what was paid or ordered."""
    if event.kind not in OF_A_PARCEL:
        raise BadInput(f"“{event.kind}” is not for a carrier to say.", field="events.kind")
    if not (event.tracking or event.number):
        raise BadInput("Say which parcel this happened to: tracking or number.", field="events.tracking")
    happened = OrderEvent(event.kind, event.at, event.key, event.data)
    return News(events=(happened,), number=event.number, tracking=event.tracking)
