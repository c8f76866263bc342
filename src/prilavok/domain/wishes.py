"""What an order comment asks for, and which words said so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from prilavok.domain.errors import BadInput

DAYS = ("any", "weekdays", "weekends")


class Call(StrEnum):
    """What the customer says about being called."""

    NEVER = "never"  # refused outright
    ONLY_IF_URGENT = "only_if_urgent"  # under a condition: a problem, nobody at home
    REQUIRED = "required"  # they ask for a call of its own
    BEFORE_ARRIVAL = "before_arrival"  # tied to the courier
    NO_STATEMENT = "no_statement"


@dataclass(frozen=True, slots=True)
class Window:
    """Local times of day, "HH:MM"; None where one side is open. `vague`: a part of the day rather than a time."""

    from_: str | None
    to: str | None
    days: str = "any"
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the comment, and the wish that was read from them."""

    start: int
    end: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is not said stays at its default. Channels by the word that people use, in order of mention."""

    call: Call = Call.NO_STATEMENT
    preferred_channels: tuple[str, ...] = ()
    forbidden_channels: tuple[str, ...] = ()
    contact_window: Window | None = None
    delivery_window: Window | None = None
    intercom: str | None = None
    floor: str | None = None
    entrance: str | None = None
    apartment: str | None = None
    recipient_other: bool = False
    leave_at_door: bool = False
    change_from: float | None = None
    gift: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A comment, understood. `to_read`: what nobody understood; `lasting`: wishes that are meant for ever."""

    wishes: Wishes = Wishes()
    spans: tuple[Span, ...] = ()
    needs_human: bool = False
    to_read: tuple[Span, ...] = ()
    lasting: frozenset[str] = frozenset()
    language: str = ""


def as_mapping(wishes: Wishes) -> dict[str, Any]:
    """For storage and for the API: windows as {"from", "to", "days", "vague"?}."""
    values = {one.name: getattr(wishes, one.name) for one in fields(wishes)}
    values["call"] = wishes.call.value
    for name in ("contact_window", "delivery_window"):
        values[name] = _window_out(values[name])
    for name in ("preferred_channels", "forbidden_channels"):
        values[name] = list(values[name])
    return values


def wishes_from(stored: Mapping[str, Any]) -> Wishes:
    """What `as_mapping` wrote; missing fields stay at their defaults. BadInput names what is wrong."""
    known = {one.name for one in fields(Wishes)}
    if extra := set(stored) - known:
        raise BadInput(f"There is no wish called “{min(extra)}”.", field=min(extra))
    values = dict(stored)
    try:
        values["call"] = Call(values.get("call") or Call.NO_STATEMENT)
    except ValueError:
        raise BadInput(f"“{values['call']}” is nothing that can be wished about calls.", field="call") from None
    for name in ("contact_window", "delivery_window"):
        values[name] = _window_in(name, values.get(name))
    for name in ("preferred_channels", "forbidden_channels"):
        values[name] = tuple(values.get(name) or ())
    return Wishes(**values)


def _window_out(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    values = asdict(window)
    values["from"] = values.pop("from_")
    if not values["vague"]:
        del values["vague"]
    return values


def _window_in(name: str, value: Any) -> Window | None:
    if value is None:
        return None
    days = value.get("days", "any")
    if days not in DAYS:
        raise BadInput(f"“{days}” are no days of a window.", field=name)
    return Window(value.get("from"), value.get("to"), days, bool(value.get("vague", False)))
