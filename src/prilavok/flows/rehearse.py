"""What if: recorded orders, or a population, under several policies. Reads only; nobody is written to."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.editing import policy_from
from prilavok.domain.errors import BadInput
from prilavok.domain.facts import Occasion
from prilavok.domain.order import Happened, OrderEvent, status_of
from prilavok.domain.population import behaviour, population
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.whatif import COMPARISONS, Decider, Moment, Story, Tally, by_policy, play
from prilavok.flows.circumstances import Circumstances, Matter, policy_in
from prilavok.flows.unit import Unit, World
from prilavok.store import rehearsal

OWN, SHOPS = "built-in", "shop"
AT_ONCE = 200  # orders between two looks at whether to stop


def named(name: str | Mapping[str, Any], db: Connection | None = None, shop_id: int = 0) -> Decider:
    """A policy by its name, or as data. The comparisons keep no rule and can never become a shop's own policy."""
    if not isinstance(name, str):
        return by_policy(policy_from(name))
    if name == OWN:
        return by_policy(BUILT_IN)
    if name == SHOPS and db is not None:
        return by_policy(policy_in(db, shop_id))
    if name not in COMPARISONS:
        raise BadInput(f"There is no policy called “{name}”.", field="policies")
    return COMPARISONS[name]


def recorded(db: Connection, world: World, shop_id: int, since: datetime, now: datetime, limit: int) -> list[Story]:
    """The shop's own orders. How people read is not recorded in full, so it is played, the same for every policy."""
    rows = rehearsal.events_since(db, shop_id, since, limit)
    matters = {row["order_id"]: Matter(row["contact_id"], row["order_id"], _occasion(row)) for row in rows}
    known = Circumstances(Unit(db, now, world, {}, lambda *_: None), shop_id, matters.values())
    by_order = groupby(rows, lambda row: row["order_id"])
    return [_story(known, matters[order_id], list(events)) for order_id, events in by_order]


def rehearse(
    db: Connection, world: World, shop_id: int, data: Mapping[str, Any], since: datetime, now: datetime, limit: int
) -> dict[str, Tally]:
    """The recorded orders under the present policy and under `data`."""
    stories = recorded(db, world, shop_id, since, now, limit)
    present, proposed = named(SHOPS, db, shop_id), named(data)
    return {"present": play(stories, present, Tally()), "proposed": play(stories, proposed, Tally())}


def compare(
    db: Connection,
    world: World,
    shop_id: int,
    policies: Sequence[str | Mapping[str, Any]],
    *,
    orders: int,
    since: datetime | None,
    seed: int,
    now: datetime,
) -> dict[str, Tally]:
    """`since` None: a population of that seed."""
    stories: Sequence[Story] | None = None
    if since is not None:
        stories = recorded(db, world, shop_id, since, now, orders)
    found: dict[str, Tally] = {}
    for number, one in enumerate(policies, 1):
        name = one if isinstance(one, str) else f"policy {number}"
        decider = named(one, db, shop_id)
        found[name] = play(population(seed, orders) if stories is None else stories, decider, Tally())
    return found


def step_by_step(
    stories: Callable[[], Iterable[Story]], deciders: Mapping[str, Decider], tallies: Mapping[str, Tally]
) -> Generator[int, None, None]:
    """Yields how many orders were lived through more; whoever stops listening keeps the figures so far."""
    batch: list[Story] = []
    for story in stories():
        batch.append(story)
        if len(batch) == AT_ONCE:
            yield _through(batch, deciders, tallies)
            batch = []
    if batch:
        yield _through(batch, deciders, tallies)


def _through(batch: Sequence[Story], deciders: Mapping[str, Decider], tallies: Mapping[str, Tally]) -> int:
    for name, decider in deciders.items():
        play(batch, decider, tallies[name])
    return len(batch)


def _story(known: Circumstances, matter: Matter, rows: Sequence[Mapping[Any, Any]]) -> Story:
    facts = known.facts_of(matter)
    order = facts.order
    assert order is not None
    person = behaviour(Random(str(matter.order_id)), facts.country, hash_of(str(matter.order_id)))  # noqa: S311  a play
    events: list[OrderEvent] = []
    moments = []
    for row in rows:
        events.append(OrderEvent(Happened(row["kind"]), row["at"], row["key"]))
        as_then = order._replace(status=status_of(events))
        then = facts._replace(order=as_then, told=frozenset(), recent=(), tried=frozenset())
        moments.append(Moment(_occasion(row), then))
    return Story(person, tuple(moments))


def hash_of(text: str) -> int:
    """The same in every process, unlike `hash`."""
    return int.from_bytes(text.encode()[-6:], "big")


def _occasion(row: Mapping[Any, Any]) -> Occasion:
    kind = row["kind"]
    return Occasion(kind=kind, at=row["at"], key=row["key"], by_customer=kind == Happened.PLACED.value)
