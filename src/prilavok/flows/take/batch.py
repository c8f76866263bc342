"""Many pieces of news in one commit: a hook with its raw delivery, or a page of what a source was asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prilavok.commerce.base import Hook
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.order import News
from prilavok.flows.take import Taken, take
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id
from prilavok.store import journal, sources


@dataclass(frozen=True, slots=True)
class Arrival:
    """One hook of a source, already parsed. `failure` says why it could not be: then it is only kept."""

    shop_id: int
    source_id: str
    hook: Hook
    news: Sequence[News] = ()
    failure: str = ""
    journal_id: str = field(default_factory=new_id)
    replayed: bool = False


@dataclass(slots=True)
class Outcome:
    """`unknown`: news of orders that nobody has told of; `bad`: what could not be taken, and why."""

    taken: list[Taken] = field(default_factory=list)
    unknown: int = 0
    bad: list[str] = field(default_factory=list)


def arrive(unit: Unit, arrival: Arrival) -> Outcome:
    """The raw delivery first, then what it says."""
    outcome = _take_all(unit, arrival.shop_id, arrival.source_id, arrival.news, quiet=False)
    state, reason = _judged(arrival, outcome)
    _keep_raw(unit, arrival, state, reason)
    sources.change(unit.db, arrival.shop_id, arrival.source_id, {"last_received_at": unit.now})
    return outcome


def set_aside(unit: Unit, arrival: Arrival, reason: str) -> None:
    """Keeps the raw delivery of a flow that failed, to be replayed when the reason is gone."""
    _keep_raw(unit, arrival, "failed", reason)


def reconcile(
    unit: Unit, shop_id: int, source_id: str, news: Sequence[News], cursor: Mapping[str, Any], *, quiet: bool
) -> Outcome:
    """A page of what a source answered, and where to go on, in one commit."""
    outcome = _take_all(unit, shop_id, source_id, news, quiet=quiet)
    changes: dict[str, Any] = {"cursor": dict(cursor), "reason": ""}
    if any(one.changed for one in outcome.taken):
        changes["last_received_at"] = unit.now
    sources.change(unit.db, shop_id, source_id, changes)
    return outcome


def _take_all(unit: Unit, shop_id: int, source_id: str, news: Iterable[News], *, quiet: bool) -> Outcome:
    """What is wrong with one piece of news is found before anything of it is written, and hides no other."""
    outcome = Outcome()
    for one in news:
        try:
            outcome.taken.append(take(unit, shop_id, source_id, one, quiet=quiet))
        except NotFound:
            outcome.unknown += 1
        except BadInput as error:
            outcome.bad.append(error.reason)
    return outcome


def _judged(arrival: Arrival, outcome: Outcome) -> tuple[str, str]:
    if arrival.failure or outcome.bad:
        return "failed", arrival.failure or outcome.bad[0]
    if outcome.unknown:
        return "failed", "Of an order that nobody has told of yet: take it again when the order is there."
    return ("done", "") if outcome.taken else ("ignored", "")


def _keep_raw(unit: Unit, arrival: Arrival, state: str, reason: str) -> None:
    if arrival.replayed:
        journal.settle(unit.db, arrival.shop_id, arrival.journal_id, state=state, reason=reason or None)
        return
    row = {
        "shop_id": arrival.shop_id,
        "id": arrival.journal_id,
        "inbox_id": arrival.source_id,
        "received_at": arrival.hook.received_at,
        "headers": arrival.hook.beside_body,
        "body": arrival.hook.body,
        "state": state,
        "reason": reason or None,
    }
    journal.add(unit.db, [row])
