"""What an order comment asks for, and which words said so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from math import isfinite
from typing import Any

from prilavok.domain.errors import BadInput

CHANNELS = ("telegram", "whatsapp", "viber", "sms", "email", "vk", "phone")
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
LONGEST = 60  # characters of a code or a number
DAYS = ("any", "weekdays", "weekends")


class Call(StrEnum):
    """What the customer says about being called."""

    NEVER = "never"  # refused outright
    ONLY_IF_URGENT = "only_if_urgent"  # under a condition: a problem, nobody at home
    REQUIRED = "required"  # they ask for a call of its own
    BEFORE_ARRIVAL = "before_arrival"  # tied to the courier
    NO_STATEMENT = "no_statement"


def about_calls(said: Call, forbidden: Sequence[str]) -> Call:
    """What somebody says about calls who may also have struck the telephone off the list of channels."""
    return Call.NEVER if "phone" in forbidden else said


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
    change_from: int | float | None = None
    gift: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A comment, understood. `to_read`: what nobody understood; `lasting`: wishes that are meant for ever.
    `calls_wait`: nobody is called until a person has read it, for it may refuse calls in words that nobody knows.
    """

    wishes: Wishes = Wishes()
    spans: tuple[Span, ...] = ()
    needs_human: bool = False
    calls_wait: bool = False
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


def labels(reading: Reading) -> dict[str, Any]:
    """Every field and whether a person must read, as `prilavok understand order-comment` prints it."""
    return {**as_mapping(reading.wishes), "free_text_needs_human": reading.needs_human}


def wishes_from(stored: Mapping[str, Any]) -> Wishes:
    """What `as_mapping` wrote; missing fields stay at their defaults. BadInput names what is wrong."""
    if stored == UNSAID:  # most orders
        return NOTHING
    if extra := set(stored) - UNSAID.keys():
        raise BadInput(f"There is no wish called “{min(extra)}”.", field=min(extra))
    call = stored.get("call") or Call.NO_STATEMENT
    if call not in list(Call):
        raise BadInput(f"“{call}” is nothing that can be wished about calls.", field="call")
    return Wishes(
        call=Call(call),
        preferred_channels=_names("preferred_channels", stored.get("preferred_channels")),
        forbidden_channels=_names("forbidden_channels", stored.get("forbidden_channels")),
        contact_window=_window_in("contact_window", stored.get("contact_window")),
        delivery_window=_window_in("delivery_window", stored.get("delivery_window")),
        intercom=_words("intercom", stored.get("intercom")),
        floor=_words("floor", stored.get("floor")),
        entrance=_words("entrance", stored.get("entrance")),
        apartment=_words("apartment", stored.get("apartment")),
        recipient_other=_yes("recipient_other", stored.get("recipient_other")),
        leave_at_door=_yes("leave_at_door", stored.get("leave_at_door")),
        change_from=_sum("change_from", stored.get("change_from")),
        gift=_yes("gift", stored.get("gift")),
    )


def _names(name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
        raise BadInput("Channels come as a list of names.", field=name)
    if unknown := sorted(set(value) - set(CHANNELS)):
        raise BadInput(f"“{unknown[0]}” is no channel; there are {', '.join(CHANNELS)}.", field=name)
    return tuple(dict.fromkeys(value))


def _words(name: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST:
        raise BadInput(f"This is a short text, at most {LONGEST} characters.", field=name)
    return value


def _yes(name: str, value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BadInput("This is either true or false.", field=name)
    return value


def _sum(name: str, value: Any) -> int | float | None:
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not isfinite(value) or value <= 0:
        raise BadInput("The banknote is a sum above nought.", field=name)
    return float(value) if isinstance(value, float) else int(value)


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
    if not isinstance(value, Mapping):
        raise BadInput("A window is from, to and days.", field=name)
    if extra := set(value) - {"from", "to", "days", "vague"}:
        raise BadInput(f"A window has no “{min(map(str, extra))}”.", field=name)
    days = value.get("days", "any")
    if days not in DAYS:
        raise BadInput(f"“{days}” are no days of a window; there are {', '.join(DAYS)}.", field=name)
    for side in ("from", "to"):
        time = value.get(side)
        if time is not None and not (isinstance(time, str) and CLOCK.fullmatch(time)):
            raise BadInput(f"“{time}” is no time of day; write it as 18:30.", field=name)
    return Window(value.get("from"), value.get("to"), days, _yes(name, value.get("vague")))


NOTHING = Wishes()
UNSAID = as_mapping(NOTHING)  # how an order without wishes is stored
