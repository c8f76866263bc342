"""At what hour a word may go out, and what it waits for: the customer's nights, named hours, days of rest."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from prilavok.domain.country import habit_of
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.hours import Spans, both, days_of, inside, is_open, named, next_open, next_shift, zone_of
from prilavok.domain.plan import Because, Purpose, Stage, Why
from prilavok.domain.rules import Policy, Rule
from prilavok.domain.wishes import Window

GREENWICH = ZoneInfo("UTC")
NO_DAYS: frozenset[int] = frozenset()
NO_DATES: frozenset[date] = frozenset()
AT_ONCE = (Because(Why.AT_ONCE),)
OWN_ACT = (Because(Why.OWN_ACT),)

Hour = tuple[datetime, tuple[Because, ...]]
Rest = tuple[Collection[int], Collection[date]]  # weekdays and dates without such words


class Timing:
    """`start`: when the first word may go out for reasons other than the hour (`because`). `own_act`: it answers what
    the customer did minutes ago. Made once a decision and many thousand times a second, hence no frozen dataclass.
    """

    __slots__ = (
        "because",
        "calls",
        "facts",
        "guessed",
        "left_out",
        "messages",
        "minute",
        "occasion",
        "own_act",
        "policy",
        "pressing",
        "rest",
        "ringing",
        "silent",
        "start",
        "talks",
        "wanted",
        "window",
        "zone",
    )

    def __init__(self, occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime) -> None:
        """`now` in UTC."""
        self.occasion, self.facts, self.policy = occasion, facts, policy
        zone = zone_of(facts.zone)
        self.guessed = zone is None
        self.zone = zone or zone_of(habit_of(facts.country).zone) or GREENWICH
        self.own_act = rule.purpose is not Purpose.PROMOTION and _is_own_act(occasion, policy, now)
        self.start = now
        self.because: tuple[Because, ...] = ()
        if not (self.own_act or occasion.urgent):
            self.start, self.because = _start(occasion, facts, policy, rule, now)
        local = self.start.astimezone(self.zone)
        self.minute = local.hour * 60 + local.minute
        self.messages, self.talks = policy.hours[occasion.kind]
        self.silent = self.ringing = self.messages
        self.calls = self.talks
        self.left_out = NO_DAYS
        self.wanted: Spans = ()
        self.window = _window(facts)
        # An urgent word about a delivery under way is of no use in the evening; a call keeps to the named hours.
        self.pressing = occasion.urgent and rule.stage is Stage.DELIVERY
        if self.window is not None:
            self._narrow(self.window)
        self.rest: Rest = (NO_DAYS if self.pressing else self.left_out, NO_DATES)
        if rule.purpose is Purpose.PROMOTION:
            holidays = NO_DATES if policy.promotion_on_holidays else facts.holidays
            self.rest = (self.left_out | policy.no_promotion_on, holidays)

    def first(self, way: Way) -> Hour | None:
        """For the first rung."""
        able = way.able
        if not able.voice:
            if self.own_act and not able.rings and self._welcome(self.start):
                return self.start, OWN_ACT
            if self.window is None and not self.rest[0] and not self.rest[1] and inside(self.minute, self.messages):
                return self.start, () if self.because else AT_ONCE
        hour = self.later(self.start, way)
        if hour is None or hour[1] or self.because:
            return hour
        return hour[0], AT_ONCE

    def later(self, start: datetime, way: Way) -> Hour | None:
        """From `start` on. None when there is no decent hour for a call, or for what nobody asked for."""
        able = way.able
        if able.voice:
            at = self._shift(start)
        else:
            spans = self.ringing if able.rings else self.silent
            at = next_open(start, self.zone, spans, *self.rest)
        if at is None:
            return None
        return at, () if at == start else self._why(start, at, voice=able.voice)

    def never(self, way: Way) -> Because:
        """Why there is no hour at all for such a way."""
        if way.able.voice and self.window is not None:
            return Because(Why.CONTACT_WINDOW, {"from": self.window.from_, "to": self.window.to})
        return Because(Why.OUT_OF_HOURS if way.able.voice else Why.WEEKEND)

    def asleep(self) -> bool:
        """Whether something that rings would have to wait."""
        return not inside(self.minute, self.ringing)

    def _narrow(self, window: Window) -> None:
        """To the hours that the customer named. Who names hours of the night for a word gets it then, as long as it
        does not ring.
        """
        self.wanted = named(window)
        self.left_out = days_of(window)
        if not self.pressing:
            shared = both(self.messages, self.wanted)
            self.silent = shared or self.wanted
            self.ringing = shared or self.messages
        self.calls = both(self.talks, self.wanted)

    def _welcome(self, at: datetime) -> bool:
        return self.window is None or is_open(at, self.zone, self.wanted, self.left_out, NO_DATES)

    def _call_rest(self) -> Rest:
        """Days without calls."""
        if self.occasion.urgent:
            return self.left_out, NO_DATES
        holidays = NO_DATES if self.policy.calls_on_holidays else self.facts.holidays
        return self.left_out | self.policy.no_calls_on, holidays

    def _shift(self, start: datetime) -> datetime | None:
        """The hour of a call suits the customer, and somebody is in the shop to make it."""
        hours = self.facts.hours
        shop = (zone_of(hours.zone) or self.zone) if hours is not None else self.zone
        at = start
        for _ in range(60):
            suits = next_open(at, self.zone, self.calls, *self._call_rest())
            if suits is None:
                return None
            works = suits if hours is None else next_shift(suits, shop, hours.open, hours.closed)
            if works is None or works == suits:
                return works
            at = works
        return None

    def _why(self, start: datetime, at: datetime, *, voice: bool) -> tuple[Because, ...]:
        """Everything that stood in the way of `start`."""
        local = start.astimezone(self.zone)
        data = _until(at, self.zone)
        days, dates = self._call_rest() if voice else self.rest
        found: list[Because] = []
        if not inside(local.hour * 60 + local.minute, self.talks if voice else self.messages):
            found.append(Because(Why.QUIET_HOURS, data))
        if not (self.pressing and not voice) and not self._welcome(start):
            found.append(Because(Why.CONTACT_WINDOW, data))
        elif local.weekday() in days:
            found.append(Because(Why.WEEKEND, data))
        if dates and local.date() in dates:
            found.append(Because(Why.HOLIDAY, data))
        return tuple(found) or (Because(Why.OUT_OF_HOURS if voice else Why.QUIET_HOURS, data),)


@lru_cache(maxsize=8192)
def _until(at: datetime, zone: ZoneInfo) -> Mapping[str, str]:
    return {"until": at.astimezone(zone).isoformat(" ", "minutes")[:16], "zone": zone.key}


def _window(facts: Facts) -> Window | None:
    """The hours that the customer named: with the order, else for good."""
    named_here = facts.order.wishes.contact_window if facts.order is not None else None
    return named_here or facts.preferences.contact_window


def _is_own_act(occasion: Occasion, policy: Policy, now: datetime) -> bool:
    within = policy.answer_own_act_within
    return occasion.by_customer and within > 0 and now - occasion.at <= timedelta(seconds=within)


def _start(occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime) -> Hour:
    start = now
    because: tuple[Because, ...] = ()
    if rule.digest:
        gathered = min(occasion.at, now).astimezone(UTC) + timedelta(seconds=rule.digest)
        if gathered > now:
            start, because = gathered, (Because(Why.DIGEST, {"seconds": rule.digest}),)
    if facts.recent:
        cap = policy.caps.get(rule.purpose)
        if cap is not None and len(facts.recent) >= cap.messages > 0:
            free = sorted(facts.recent)[-cap.messages].astimezone(UTC) + timedelta(days=cap.days)
            if free > start:
                start, because = free, (*because, Because(Why.CAP, {"messages": cap.messages, "days": cap.days}))
    return start, because
