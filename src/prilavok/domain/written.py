"""Decisions as they are written down, and read again: plain values, for storage and for whoever shows them."""

from collections.abc import Iterable, Mapping
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


def rejected_out(rejected: Iterable[Rejected]) -> list[dict[str, Any]]:
    return [{"channel": one.channel, "address": one.address, "because": because_out(one.because)} for one in rejected]


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
