"""Worked cases in the owner's words: a line of a table becomes facts, and a decision becomes words again."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prilavok.domain.facts import Facts, Hours, Occasion, OrderFacts, Preferences, Way
from prilavok.domain.media import KNOWN, UNHEARD_OF
from prilavok.domain.order import STATUS_AFTER, Happened, Status
from prilavok.domain.plan import Decision, Silence, Why
from prilavok.domain.policy import decide
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.wishes import Call, Window, Wishes

COUNTRIES = {
    "Ukraine": ("UA", "Europe/Kyiv"), "Russia": ("RU", "Europe/Moscow"), "Siberia": ("RU", "Asia/Novosibirsk"),
    "Britain": ("GB", "Europe/London"), "France": ("FR", "Europe/Paris"), "Sweden": ("SE", "Europe/Stockholm"),
    "Poland": ("PL", "Europe/Warsaw"), "New York": ("US", "America/New_York"), "the US": ("US", ""),
    "nowhere": ("", ""), "Samoa": ("WS", "Pacific/Apia"),
}  # fmt: skip
CALLS = {
    "no calls": Call.NEVER, "calls only if urgent": Call.ONLY_IF_URGENT, "asks for a call": Call.REQUIRED,
    "call before arrival": Call.BEFORE_ARRIVAL,
}  # fmt: skip
STATES = {
    "blocked": "unreachable: blocked",
    "never wrote": "never_wrote",
    "too late": "window_shut",
    "dead": "unreachable",
    "landline": "unreachable: landline",
}
WHERE = {
    "delayed": Status.SHIPPED, "stuck": Status.SHIPPED, "incident": Status.SHIPPED, "slot_offer": Status.PACKED,
    "slot_reminder": Status.PACKED, "failed_attempt": Status.OUT_FOR_DELIVERY, "pickup_reminder": Status.AT_PICKUP,
    "courier_no_answer": Status.OUT_FOR_DELIVERY, "courier_arrived": Status.OUT_FOR_DELIVERY,
    "unanswered_call": Status.OUT_FOR_DELIVERY,
    "courier_on_the_way": Status.OUT_FOR_DELIVERY, "review_request": Status.DELIVERED, "survey": Status.DELIVERED,
    "promotion": Status.DELIVERED,
}  # fmt: skip
SPANS = {"min": 1, "h": 60, "d": 1440}


class Unclear(AssertionError):
    """A case that says something nobody understands."""


def parts(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(",") if one.strip() not in ("", "—")]


class Case:
    """Columns: customer, wishes, ways, time (theirs), occasion."""

    def __init__(self, customer: str, wishes: str, ways: str, at: str, occasion: str) -> None:
        if customer not in COUNTRIES:
            raise Unclear(customer)
        self.country, self.zone_name = COUNTRIES[customer]
        self.zone = ZoneInfo(self.zone_name or "UTC")
        local = datetime.strptime(at[4:], "%Y-%m-%d %H:%M").replace(tzinfo=self.zone)
        if f"{local:%a}" != at[:3]:
            raise Unclear(f"{at} is no {at[:3]}")
        self.now = local.astimezone(UTC)
        self.occasion = Occasion(kind="", at=self.now)
        self._tell(parts(occasion))
        self.facts = Facts(ways=tuple(self._way(one) for one in parts(ways)), zone=self.zone_name, country=self.country)
        happened = next((one for one in Happened if one == self.occasion.kind), None)
        status = STATUS_AFTER.get(happened) if happened else None
        status = status or WHERE.get(self.occasion.kind) or Status.PLACED
        self.order = OrderFacts(status)
        self.wishes, self.preferences = Wishes(), Preferences()
        for one in parts(wishes):
            self._wish(one)

    def decide(self) -> Decision:
        facts = self.facts._replace(order=self.order._replace(wishes=self.wishes), preferences=self.preferences)
        return decide(self.occasion, facts, BUILT_IN, self.now)

    def _tell(self, words: list[str]) -> None:
        kind, *marks = words
        if kind.replace(" ", "_") not in BUILT_IN.rules and kind != "something unheard of":
            raise Unclear(kind)
        self.occasion = Occasion(kind=kind.replace(" ", "_"), at=self.now, by_customer="by them" in marks)
        for mark in marks:
            if mark == "urgent":
                self.occasion = replace(self.occasion, urgent=True)
            elif ago := re.fullmatch(r"(\d+) (min|h|d) ago", mark):
                since = timedelta(minutes=int(ago[1]) * SPANS[ago[2]])
                self.occasion = replace(self.occasion, at=self.now - since)
            elif mark.startswith("no. "):
                self.occasion = replace(self.occasion, key=mark[4:])
            elif mark != "by them":
                raise Unclear(mark)

    def _way(self, text: str) -> Way:
        found = re.fullmatch(r"(\w+)(?: (twice))?(?: \((.+)\))?", text)
        if found is None:
            raise Unclear(text)
        word, _, state = found.groups()
        way = Way(channel=word, address=word, inbox_id=text, able=KNOWN.get(word, UNHEARD_OF))
        if state is None:
            return way
        if state == "paused":
            return way._replace(paused=True)
        if state == "public":
            return way._replace(able=replace(way.able, public=True))
        if state in STATES:
            return way._replace(refusal=STATES[state])
        if ago := re.fullmatch(r"(wrote|read) (\d+) (min|h|d) ago", state):
            at = self.now - timedelta(minutes=int(ago[2]) * SPANS[ago[3]])
            return way._replace(last_inbound=at) if ago[1] == "wrote" else way._replace(last_read=at)
        raise Unclear(text)

    def _wish(self, text: str) -> None:
        always = text.removeprefix("always ")
        if always in CALLS:
            self._set(text, call=CALLS[always])
        elif found := re.fullmatch(r"write in (\w+)", always):
            self._add(text, "preferred_channels", found[1])
        elif found := re.fullmatch(r"not in (\w+)", always):
            self._add(text, "forbidden_channels", found[1])
        elif found := re.fullmatch(
            r"(?:from (\d\d:\d\d))?\s?(?:until (\d\d:\d\d))?(?: on (weekdays|weekends))?", always
        ):
            self._set(text, contact_window=Window(found[1], found[2], found[3] or "any"))
        else:
            self._know(text)

    def _know(self, text: str) -> None:
        if found := re.fullmatch(r"(agreed to|withdrew) (promotion|review|survey)", text):
            consents = {**self.preferences.consents, found[2]: found[1] == "agreed to"}
            self.preferences = replace(self.preferences, consents=consents)
        elif text == "complaint open":
            self.facts = self.facts._replace(complaint_open=True)
        elif text == "comment unread":
            self.order = self.order._replace(comment_unread=True)
        elif text == "already paid":
            self.order = self.order._replace(paid=True)
        elif found := re.fullmatch(r"order is (\w+)", text):
            self.order = self.order._replace(status=Status(found[1]))
        elif found := re.fullmatch(r"was told (\w+(?::\w+)?)", text):
            self.facts = self.facts._replace(told=self.facts.told | {found[1]})
        elif found := re.fullmatch(r"tried (\w+)", text):
            self.facts = self.facts._replace(tried=self.facts.tried | {(found[1], found[1])})
        elif found := re.fullmatch(r"(\d+) messages since (\d+) (h|d)", text):
            ago = self.now - timedelta(minutes=int(found[2]) * SPANS[found[3]])
            self.facts = self.facts._replace(recent=(ago,) * int(found[1]))
        elif found := re.fullmatch(r"holiday (\d{4}-\d\d-\d\d)", text):
            self.facts = self.facts._replace(holidays=self.facts.holidays | {date.fromisoformat(found[1])})
        elif text == "shop open 10-18 on weekdays":
            shifts = tuple((day, time(10), time(18)) for day in range(5))
            self.facts = self.facts._replace(hours=Hours(zone=self.zone_name, open=shifts))
        else:
            raise Unclear(text)

    def _set(self, text: str, **values: object) -> None:
        if text.startswith("always "):
            self.preferences = replace(self.preferences, **values)
        else:
            self.wishes = replace(self.wishes, **values)

    def _add(self, text: str, field: str, word: str) -> None:
        owner = self.preferences if text.startswith("always ") else self.wishes
        self._set(text, **{field: (*getattr(owner, field), word)})


def outcome(case: Case) -> tuple[str, str]:
    """What happens, and why: as the last two columns say it."""
    decision = case.decide()
    refused = [f"{one.channel}: {_say(one.because.why)}" for one in decision.rejected if _matters(one.because.why)]
    if isinstance(decision, Silence):
        what = "silence, a person must look" if decision.needs_person else "silence"
        return what, ", ".join([_say(decision.because.why), *refused])
    rungs = []
    for step in decision.steps:
        local = step.at.astimezone(case.zone)
        rungs.append(f"{'call' if step.voice else step.channel} {local:%a %H:%M}")
    chosen = [one.why for one in decision.steps[0].because if one.why is not Why.NO_READ_RECEIPT]
    return " → ".join(rungs), ", ".join([*_said(chosen), *refused])


def _matters(why: Why) -> bool:
    return why is not Why.LATER_RUNG


def _said(whys: Iterable[Why]) -> list[str]:
    return [_say(why) for why in whys]


def _say(why: Why) -> str:
    return why.value.replace("_", " ")
