"""At what hour a word may go out, and what it waits for: the customer's nights, named hours, days of rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from prilavok.domain.country import habit_of
from prilavok.domain.facts import Facts, Occasion, Way
from prilavok.domain.hours import Spans, both, days_of, is_open, named, next_open, next_shift, zone_of
from prilavok.domain.plan import Because, Purpose, Why
from prilavok.domain.rules import Policy, Rule
from prilavok.domain.wishes import Window

GREENWICH = ZoneInfo("UTC")
NO_DAYS: frozenset[int] = frozenset()
NO_DATES: frozenset[date] = frozenset()
AT_ONCE = (Because(Why.AT_ONCE),)
OWN_ACT = (Because(Why.OWN_ACT),)

Hour = tuple[datetime, tuple[Because, ...]]


@dataclass(frozen=True, slots=True)
class Timing:
    """`start`: when the first word may go out for reasons other than the hour (`because`). `own_act`: it answers what
    the customer did minutes ago. `holidays` of a call and of a message differ: they rest on other days.
    """

    start: datetime
    because: tuple[Because, ...]
    own_act: bool
    zone: ZoneInfo
    guessed: bool
    window: Window | None
    silent: Spans  # for what makes no sound
    ringing: Spans
    calls: Spans
    quiet: tuple[Spans, Spans]  # the same for messages and calls without what the customer named
    left_out: frozenset[int]  # weekdays that the customer left out
    rest: tuple[frozenset[int], Collection[date]]  # days without such messages
    call_rest: tuple[frozenset[int], Collection[date]]
    facts: Facts

    def first(self, way: Way) -> Hour | None:
        """For the first rung."""
        if self.own_act and not (way.able.rings or way.able.voice) and self._welcome(self.start):
            return self.start, OWN_ACT
        hour = self.later(self.start, way)
        if hour is None or hour[1]:
            return hour
        return hour if self.because else (hour[0], AT_ONCE)

    def later(self, start: datetime, way: Way) -> Hour | None:
        """From `start` on. None when there is no decent hour for a call, or for what nobody asked for."""
        if way.able.voice:
            at = self._shift(start)
            return None if at is None else (at, self._why(start, at, way))
        spans = self.ringing if way.able.rings else self.silent
        at = next_open(start, self.zone, spans, self.rest[0], self.rest[1])
        return None if at is None else (at, () if at is start else self._why(start, at, way))

    def never(self, way: Way) -> Because:
        """Why there is no hour at all for such a way."""
        if way.able.voice and self.window is not None:
            return Because(Why.CONTACT_WINDOW, {"from": self.window.from_, "to": self.window.to})
        return Because(Why.OUT_OF_HOURS if way.able.voice else Why.WEEKEND)

    def asleep(self) -> bool:
        """Whether something that rings would have to wait."""
        return not is_open(self.start, self.zone, self.ringing, NO_DAYS, NO_DATES)

    def _welcome(self, at: datetime) -> bool:
        window = self.window
        return window is None or is_open(at, self.zone, named(window), self.left_out, NO_DATES)

    def _shift(self, start: datetime) -> datetime | None:
        """The hour of a call suits the customer, and somebody is in the shop to make it."""
        hours = self.facts.hours
        shop = (zone_of(hours.zone) or self.zone) if hours is not None else self.zone
        at = start
        for _ in range(60):
            suits = next_open(at, self.zone, self.calls, self.call_rest[0], self.call_rest[1])
            if suits is None:
                return None
            works = next_shift(suits, shop, hours.open if hours is not None else ())
            if works is None or works == suits:
                return works
            at = works
        return None

    def _why(self, start: datetime, at: datetime, way: Way) -> tuple[Because, ...]:
        """Everything that stood in the way of `start`."""
        if at == start:
            return ()
        voice = way.able.voice
        local, until = start.astimezone(self.zone), at.astimezone(self.zone)
        data = {"until": until.strftime("%Y-%m-%d %H:%M"), "zone": self.zone.key}
        days, dates = self.call_rest if voice else self.rest
        found: list[Because] = []
        if not is_open(start, self.zone, self.quiet[voice], NO_DAYS, NO_DATES):
            found.append(Because(Why.QUIET_HOURS, data))
        if not self._welcome(start):
            found.append(Because(Why.CONTACT_WINDOW, data))
        elif local.weekday() in days:
            found.append(Because(Why.WEEKEND, data))
        if local.date() in dates:
            found.append(Because(Why.HOLIDAY, data))
        if voice and not found:
            found.append(Because(Why.OUT_OF_HOURS, data))
        return tuple(found) or (Because(Why.QUIET_HOURS, data),)


def timing_of(occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime) -> Timing:
    """`now` in UTC."""
    zone = zone_of(facts.zone)
    guessed = zone is None
    if zone is None:
        zone = zone_of(habit_of(facts.country).zone) or GREENWICH
    window = _window(facts)
    messages, calls = policy.open_for_messages(rule.stage), policy.open_for_calls(rule.stage)
    silent = ringing = messages
    spoken = calls
    left_out = NO_DAYS
    if window is not None:
        wanted = named(window)
        left_out = days_of(window)
        # Who names hours of the night for a word gets it then, as long as it does not ring.
        silent = both(messages, wanted) or wanted
        ringing = both(messages, wanted) or messages
        spoken = both(calls, wanted)
    start, because = _start(occasion, facts, policy, rule, now)
    promotes = rule.purpose is Purpose.PROMOTION
    return Timing(
        start=start,
        because=because,
        own_act=_is_own_act(occasion, policy, rule, now) and not because,
        zone=zone,
        guessed=guessed,
        window=window,
        silent=silent,
        ringing=ringing,
        calls=spoken,
        quiet=(messages, calls),
        left_out=left_out,
        rest=(
            left_out | policy.no_promotion_on if promotes else left_out,
            facts.holidays if promotes and not policy.promotion_on_holidays else NO_DATES,
        ),
        call_rest=(
            left_out if occasion.urgent else left_out | policy.no_calls_on,
            NO_DATES if occasion.urgent or policy.calls_on_holidays else facts.holidays,
        ),
        facts=facts,
    )


def _window(facts: Facts) -> Window | None:
    """The hours that the customer named: with the order, else for good."""
    named_here = facts.order.wishes.contact_window if facts.order is not None else None
    return named_here or facts.preferences.contact_window


def _is_own_act(occasion: Occasion, policy: Policy, rule: Rule, now: datetime) -> bool:
    if not occasion.by_customer or rule.purpose is Purpose.PROMOTION:
        return False
    return now - occasion.at <= timedelta(seconds=policy.answer_own_act_within)


def _start(
    occasion: Occasion, facts: Facts, policy: Policy, rule: Rule, now: datetime
) -> tuple[datetime, tuple[Because, ...]]:
    if occasion.urgent or _is_own_act(occasion, policy, rule, now):
        return now, ()
    start = now
    because: tuple[Because, ...] = ()
    if rule.digest:
        gathered = min(occasion.at, now).astimezone(UTC) + timedelta(seconds=rule.digest)
        if gathered > now:
            start, because = gathered, (Because(Why.DIGEST, {"seconds": rule.digest}),)
    cap = policy.caps.get(rule.purpose)
    if cap is not None and len(facts.recent) >= cap.messages > 0:
        free = sorted(facts.recent)[-cap.messages].astimezone(UTC) + timedelta(days=cap.days)
        if free > start:
            start, because = free, (*because, Because(Why.CAP, {"messages": cap.messages, "days": cap.days}))
    return start, because
