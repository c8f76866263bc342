"""A program of the shop's own posts signed orders and events (Standard Webhooks), one or many at a time."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

import msgspec

from prilavok.commerce import shape
from prilavok.commerce.base import (
    BadInput,
    Config,
    Hook,
    News,
    decode,
    field_of,
    standard_webhooks,
)
from prilavok.commerce.signed import Signed


class GenericConfig(Config):
    secret: Annotated[
        str,
        field_of(
            "Signing secret", "Signs deliveries (Standard Webhooks). Leave it empty and one is made.", secret=True
        ),
    ] = ""


class Delivery(msgspec.Struct):
    order: shape.GivenOrder | None = None
    orders: list[shape.GivenOrder] = []
    events: list[shape.GivenEvent] = []


whole = msgspec.json.Decoder(Delivery)


class Generic(Signed):
    kind = "generic"
    title = "Your own program"
    summary = "Any program posts signed orders and events."
    Config = GenericConfig
    quality: ClassVar[dict[str, str]] = {"signature": "done", "replay": "done", "batches": "done"}

    def parse(self, hook: Hook) -> Iterable[News]:
        """An order alone takes the events beside it for its own, unless they name another."""
        standard_webhooks.verify(self.key, hook.headers, hook.body, hook.received_at)
        delivery = decode(whole, hook.body)
        given = ([delivery.order] if delivery.order is not None else []) + delivery.orders
        count = len(given) + len(delivery.events)
        if not 0 < count <= shape.BATCH:
            raise BadInput(f"A delivery holds 1 to {shape.BATCH} orders and events, this one {count}.", field="orders")
        news = [shape.news_of(one, hook.received_at) for one in given]
        only = news[0].order if len(news) == 1 else None
        for event in delivery.events:
            if only is not None and not (event.order or event.number or event.tracking):
                event.order = only.external_id
            news.append(shape.news_of_event(event, hook.received_at))
        return news
