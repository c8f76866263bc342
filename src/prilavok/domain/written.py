"""Decisions as they are written down, and read again: plain values, for storage and for whoever shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from prilavok.domain.facts import Occasion
from prilavok.domain.plan import Because, Rejected, Step, Why

Written = Mapping[str, Any]


WORDS = {why: why.value for why in Why}  # asking the member costs more than all the rest of writing it down


def because_out(because: Because) -> dict[str, Any]:
    return {"why": WORDS[because.why], "data": dict(because.data)}


def step_out(step: Step) -> dict[str, Any]:
    return {
        "channel": step.channel,
        "inbox_id": step.inbox_id,
        "identity_id": step.identity_id,
        "address": step.address,
        "at": step.at.isoformat(),
        "wait_for": step.wait_for.value if step.wait_for is not None else None,
        "within": step.within,
        "because": [because_out(one) for one in step.because],
        "voice": step.voice,
    }


def rejected_out(rejected: Sequence[Rejected], steps: Sequence[Step] = ()) -> list[dict[str, Any]]:
    """`steps` are the plan's. `inbox_id` stands only where it tells two lines apart."""
    places = {(one.channel, one.address) for one in rejected}
    places.update([(one.channel, one.address) for one in steps])
    alone = len(places) == len(rejected) + len(steps)  # as nearly always: then there is nothing to compare
    told = rejected if alone else told_once(rejected, steps)
    said = [{"channel": one.channel, "address": one.address, "because": because_out(one.because)} for one in told]
    if not alone:
        for row, one in zip(said, told, strict=True):
            if one.inbox_id:
                row["inbox_id"] = one.inbox_id
    return said


def told_once(rejected: Iterable[Rejected], steps: Iterable[Step] = ()) -> list[Rejected]:
    """For people: each address once, however many lines of the shop reach it. What differs between the lines is said
    with the line's inbox; without one where nothing does.
    """
    apart: dict[tuple[str, str], list[Rejected]] = {}
    for one in rejected:
        said = apart.setdefault((one.channel, one.address), [])
        if all(one.because != other.because for other in said):
            said.append(one)
    used = {(one.channel, one.address) for one in steps}
    told: list[Rejected] = []
    for where, said in apart.items():
        differ = [one for one in said if one.because.why is not Why.SAME_ADDRESS]
        alone = len(differ) + (where in used) < 2
        told += [one._replace(inbox_id="") if alone and one.inbox_id else one for one in differ]
    return told


def occasion_out(occasion: Occasion, data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` is what the text may speak of."""
    return {
        "kind": occasion.kind,
        "key": occasion.key,
        "at": occasion.at.isoformat(),
        "urgent": occasion.urgent,
        "by_customer": occasion.by_customer,
        "data": dict(data),
    }


def occasion_in(written: Written) -> Occasion:
    return Occasion(
        kind=written["kind"],
        at=datetime.fromisoformat(written["at"]),
        key=written.get("key", ""),
        urgent=written.get("urgent", False),
        by_customer=written.get("by_customer", False),
    )


def key_of(occasion: Written) -> str:
    """As `Facts.told` has it. Also of a plan, by its own kind and key."""
    return f"{occasion['kind']}:{occasion['key']}" if occasion.get("key") else str(occasion["kind"])
