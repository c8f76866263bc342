"""How the shop judges whether a buyer is real: the weights in use, how well they foretell, the borders."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.risk import BUILT_IN
from prilavok.flows import assess
from prilavok.store import risk
from prilavok.web.ask import Ask


class Borders(msgspec.Struct):
    tap_from: float = BUILT_IN.tap_from
    prepay_from: float = BUILT_IN.prepay_from
    person_from: float = BUILT_IN.person_from


class Weight(msgspec.Struct):
    """In log-odds; `built_in` is ours."""

    name: str
    weight: float
    built_in: float


class Version(msgspec.Struct):
    version: int
    active: bool
    quality: dict[str, Any]
    created_at: datetime


class Judgement(msgspec.Struct):
    version: int
    weights: list[Weight]
    borders: Borders
    versions: list[Version]


async def show(ask: Ask) -> Judgement:
    return await ask.read(_shown, ask.shop_id)


async def change(ask: Ask) -> Judgement:
    given: Borders = ask.body
    await ask.do(assess.set_borders, ask.shop_id, msgspec.to_builtins(given), ask.me.id)
    return await ask.read(_shown, ask.shop_id)


async def learn_now(ask: Ask) -> Judgement:
    """Learns from this shop's ended orders; what does not prove better is kept for the eye and not used."""
    learned = await ask.services.bus.read_alone(assess.learn_from, ask.shop_id)
    await ask.do(assess.keep_learned, ask.shop_id, learned)
    return await ask.read(_shown, ask.shop_id)


async def forget(ask: Ask) -> Judgement:
    await ask.do(assess.forget_learned, ask.shop_id)
    return await ask.read(_shown, ask.shop_id)


def _shown(db: Connection, shop_id: int) -> Judgement:
    model = assess.model_of(db, shop_id)
    return Judgement(
        version=model.version,
        weights=[Weight(name, weight, BUILT_IN.weights.get(name, 0.0)) for name, weight in model.weights.items()],
        borders=Borders(model.tap_from, model.prepay_from, model.person_from),
        versions=[
            Version(row["version"], row["active"], row["quality"], row["created_at"])
            for row in risk.models(db, shop_id)
        ],
    )
