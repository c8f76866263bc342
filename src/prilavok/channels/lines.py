"""What all telephone lines share: the shop's numbers, who is rung when, and what a call means once it is understood.

A call is one message. It comes when the telephone rings, is changed by what becomes of it, and its recording follows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from prilavok.channels.base import (
    Attachment,
    CallOutcome,
    Capabilities,
    Channel,
    Config,
    Edited,
    Inbound,
    NeedsOwner,
    Outbound,
    Reachability,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.wire import storable
from prilavok.channels.words import dialled
from prilavok.domain.duty import Holidays, ShopNumber, Turn, ring_order
from prilavok.domain.message import CallState, call_text
from prilavok.kit.phone import normalise
from prilavok.kit.public_holidays import holidays_of

EXTENSION = re.compile(r"\+?[0-9]{2,15}", re.ASCII)
NUMBER = re.compile(r"\+?[0-9]{5,20}", re.ASCII)
CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RECORDING_LIMIT = 60 * 1024 * 1024  # bytes
NOT_READY = 30.0  # seconds until a recording is asked for again
MOST_TURNS = 50
ENDS = {CallOutcome.ANSWERED: Receipt.READ}  # every other call of ours has failed

HIDDEN = "hidden"  # the address of all who do not show their number, and the reason why nobody can write to them
NAMELESS = "№ •••"
SECRETIVE = {"", "anonymous", "unknown", "private", "restricted", "unavailable", "withheld", "hidden", "+266696687"}
RECORDED = "☎ ●"


CALLS = Capabilities(  # what every line can do; each says how fast
    address_kind="phone",
    address_scope="shop",
    medium="phone",
    starts=True,
    voice=True,
    rings=True,
    receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
    text_limit=1000,
    media=False,
    cost="per message",
    parallel=1,
)


class Number(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    number: Annotated[str, field_of("Number", "As it is dialled, best with the country's code: +380 44 123 45 67.")]
    label: Annotated[
        str, msgspec.Meta(max_length=60), field_of("Label", "What customers read beside it: Kyivstar, Moscow office.")
    ] = ""
    kind: Annotated[
        Literal["local", "mobile", "toll_free", "other"],
        field_of("Kind", "A city's number, a mobile operator's, or one that is free for the caller (8-800)."),
    ] = "local"


class Shift(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    ring: Annotated[str, field_of("Telephone", "An extension of your exchange (101) or a number.")]
    agent_id: Annotated[
        str, field_of("Colleague", "Whose screen shows the caller; without one everybody's does.", format="agent")
    ] = ""
    days: Annotated[
        list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]],
        field_of("Days", "On which days; none means every day."),
    ] = []
    from_: Annotated[str, field_of("From", "The shop's time, 09:00; the same as “until” is the whole day.")] = "00:00"
    until: Annotated[str, field_of("Until", "The shop's time; earlier than “from” it is the next morning.")] = "00:00"
    holidays: Annotated[
        Literal["off", "as_usual", "only"],
        field_of("Public holidays", "Off duty then, on duty as on any day, or on duty only then."),
    ] = "off"
    seconds: Annotated[
        int, msgspec.Meta(ge=5, le=120), field_of("Rings for", "Seconds until the next telephone rings.")
    ] = 20


class LineConfig(Config, kw_only=True):
    """What the owner may set for every line. A subclass adds what its vendor needs."""

    numbers: Annotated[
        list[Number],
        msgspec.Meta(max_length=30),
        field_of("Your numbers", "Under which customers call this line; they are shown to them in one form."),
    ] = msgspec.field(default_factory=list)
    duty: Annotated[
        list[Shift],
        msgspec.Meta(max_length=MOST_TURNS),
        field_of("Who is rung", "In this order, whoever is on duty at that hour. Empty: as the exchange is set up."),
    ] = msgspec.field(default_factory=list)
    country: Annotated[
        str, field_of("Country", "How numbers without a country's code are read: UA, RU. Empty: the shop's own.")
    ] = ""


class Line(Channel):
    """A channel whose inbox is a telephone line; its Config is a LineConfig. `telephone`: what may be rung."""

    telephone: ClassVar[re.Pattern[str]] = EXTENSION

    @property
    def country(self) -> str:
        return (str(self.config.country) or self.inbox.country).upper()

    @property
    def numbers(self) -> Sequence[ShopNumber]:
        found = ((one, self.number_of(one.number)) for one in self.config.numbers)
        return [ShopNumber(number=number, label=one.label.strip(), kind=one.kind) for one, number in found if number]

    @property
    def shifts(self) -> Sequence[Turn]:
        return turns(self.config.duty)

    def on_duty(self, now: datetime) -> tuple[Turn, ...]:
        try:
            zone = ZoneInfo(self.inbox.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return ring_order(self.shifts, now, zone, holidays_near(self.country, now.astimezone(zone).date()))

    def number_of(self, text: str) -> str:
        """In E.164; empty for what is no number that could be called back (an extension, a hidden one)."""
        text = text.strip()
        known = normalise(text, self.country) if len(text) > 4 else None
        return known or (dialled(text) if NUMBER.fullmatch(text) else "")

    def check_settings(self) -> None:
        """NeedsOwner for a number, an hour or a telephone that nobody can read."""
        if self.config.country and not re.fullmatch(r"[A-Za-z]{2}", self.config.country):
            raise NeedsOwner("A country is two letters, such as UA.", field="country")
        for row, one in enumerate(self.config.numbers):
            if not self.number_of(one.number):
                reason = f"“{one.number}” is no telephone number. Write it with its country's code."
                raise NeedsOwner(reason, field=f"numbers.{row}.number")
        for row, turn in enumerate(self.config.duty):
            if not self.telephone.fullmatch(turn.ring.strip()):
                reason = "Who is rung is an extension such as 101, or a telephone number."
                raise NeedsOwner(reason, field=f"duty.{row}.ring")
            for name, hour in (("from", turn.from_), ("until", turn.until)):
                if minutes(hour) is None:
                    raise NeedsOwner("Hours of duty are written like 09:00.", field=f"duty.{row}.{name}")

    def agents_telephone(self, outbound: Outbound, usual: str) -> str:
        """Whose telephone rings first: the one that was named, the caller's own by the list of duty, else `usual`. Only
        for what was meant as a call: a text must never ring.
        """
        if not outbound.call:
            raise Undeliverable("A telephone is called, not written to.")
        agent = outbound.call.get("agent")
        own = next((one.ring.strip() for one in self.config.duty if agent and one.agent_id == agent), "")
        wanted = (str(outbound.call.get("extension") or ""), own)
        telephone = next((one for one in wanted if self.telephone.fullmatch(one)), usual)
        if not self.telephone.fullmatch(telephone):
            raise NeedsOwner("The extension is a number such as 101, or a telephone number.")
        return telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A customer's call as the vendor tells it. `caller` and `called` in E.164; a hidden caller has none."""

    id: str
    at: datetime
    caller: str
    called: str = ""
    extension: str = ""

    @property
    def sender(self) -> Sender:
        return Sender(address=self.caller) if self.caller else Sender(address=HIDDEN, name=NAMELESS)

    def rings(self) -> Iterator[Inbound]:
        yield Received(
            provider_id=self.id,
            at=self.at,
            sender=self.sender,
            text=call_text(CallState.RINGING),
            automatic=True,  # whoever is on the line needs no written answer; a missed call will
            content={"call": self._told(CallState.RINGING, extension="")},
        )
        if not self.caller:
            yield Reachability(address=HIDDEN, at=self.at, reachable=False, reason=HIDDEN)

    def taken(self) -> Iterator[Inbound]:
        """Somebody picked up: the extension says who."""
        content = {"call": self._told(CallState.ANSWERED, extension=self.extension)}
        yield Edited(self.id, self.at, self.sender, call_text(CallState.ANSWERED), content=content)

    def over(self, *, answered: bool, seconds: int = 0) -> Iterator[Inbound]:
        """Told whole, for the news of its ringing may never have come."""
        seconds = seconds if answered else 0
        state = CallState.ANSWERED if answered else CallState.MISSED
        content = {"call": self._told(state, extension=self.extension) | {"seconds": seconds}}
        yield from self.rings()
        yield Edited(self.id, self.at, self.sender, call_text(state, seconds), content=content, waits=not answered)

    def recorded(self, ref: str, type: str = "audio/mpeg") -> Iterator[Inbound]:
        """The recording is fetched by the channel itself: no browser ever sees the vendor's address of it."""
        ending = "wav" if type == "audio/wav" else "mp3"
        yield Received(
            provider_id=f"{self.id}:recording",
            at=self.at,
            sender=self.sender,
            text=RECORDED,
            attachments=(Attachment(name=f"call.{ending}", type=type, ref=ref, kind="audio"),),
            replies_to=(self.id,),
            automatic=True,
        )

    def _told(self, state: CallState, *, extension: str) -> dict[str, Any]:
        found = {
            "direction": "in",
            "state": state.value,
            "from": self.caller,
            "to": self.called,
            "extension": storable(extension)[:20],
        }
        return {name: value for name, value in found.items() if value}


def picked_up(call_id: str, at: datetime, extension: str = "") -> Edited:
    """Somebody answers; the vendor names the call alone."""
    told = {"state": CallState.ANSWERED.value} | ({"extension": storable(extension)[:20]} if extension else {})
    return Edited(call_id, at, Sender(address=""), call_text(CallState.ANSWERED), content={"call": told})


def line_is_free(call_id: str, at: datetime, seconds: int = 0) -> Edited:
    """The call is over, and only what is known of it says how; whose it was is known too."""
    content: dict[str, Any] = {"call": {"state": CallState.ENDED.value} | ({"seconds": seconds} if seconds else {})}
    return Edited(call_id, at, Sender(address=""), call_text(CallState.MISSED), content=content)


def recording_of(call_id: str, at: datetime, ref: str, type: str = "audio/mpeg") -> Edited:
    """The recording of a call of which the vendor tells only the id. `ref` is for the channel's own `fetch`: no browser
    ever sees the vendor's address.
    """
    ending = "wav" if type == "audio/wav" else "mp3"
    file = Attachment(name=f"call.{ending}", type=type, ref=ref, kind="audio")
    return Edited(call_id, at, Sender(address=""), "", attachments=(file,))


def of_number(
    address: str, at: datetime, outcome: CallOutcome | None = None, *, reason: str = "", dead: bool = False
) -> Inbound:
    """Of our own call, where the vendor knows nothing of our message: the call to this number that is under way.
    Without an outcome it rings; `reason` is what the vendor knows beyond it.
    """
    if not address:
        return Unknown("a call to an extension")
    came = of_message("", at, outcome, reason=reason)
    return replace(came, address=address, up_to=at, address_is_dead=dead)


def of_message(message_id: str, at: datetime, outcome: CallOutcome | None = None, *, reason: str = "") -> ReceiptCame:
    """Of our own call, where the vendor says back which one it is."""
    receipt = Receipt.SENT if outcome is None else ENDS.get(outcome, Receipt.FAILED)
    return ReceiptCame(receipt=receipt, at=at, message_id=storable(message_id)[:64], reason=reason, outcome=outcome)


def hides(text: str) -> bool:
    return text.strip().lower() in SECRETIVE


def whole(text: Any) -> int:
    """Seconds as vendors write them; 0 for anything else."""
    text = str(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def minutes(text: str) -> int | None:
    found = CLOCK.fullmatch(text.strip())
    return (int(found[1]) * 60 + int(found[2])) % (24 * 60) if found else None


def turns(shifts: Sequence[Shift]) -> list[Turn]:
    return [
        Turn(
            ring=one.ring.strip(),
            agent_id=one.agent_id,
            days=frozenset(WEEKDAYS.index(day) for day in one.days),
            starts=minutes(one.from_) or 0,
            ends=minutes(one.until) or 0,
            holidays=Holidays(one.holidays),
            seconds=one.seconds,
        )
        for one in shifts
    ]


def holidays_near(country: str, today: date) -> frozenset[date]:
    """Of the years of today and yesterday: a night shift may have begun last year."""
    if not country:
        return frozenset()
    return holidays_of(country, today.year) | holidays_of(country, (today - timedelta(days=1)).year)


Fields = Mapping[str, str]
