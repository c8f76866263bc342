"""The owner's policy in and out of its stored form. What can never be edited away is refused here, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from prilavok.domain.country import CALL, CLASSES
from prilavok.domain.errors import BadInput
from prilavok.domain.hours import between as hours_between
from prilavok.domain.hours import both, clock, minutes, outside
from prilavok.domain.plan import Purpose, Stage
from prilavok.domain.receipt import Receipt
from prilavok.domain.rules import BUILT_IN, LEAST_FOR_CALLS, LEAST_FOR_MESSAGES, Cap, Policy, Quiet, Rule

RECEIPTS = (Receipt.SENT, Receipt.DELIVERED, Receipt.READ)
LIMITS: Mapping[str, tuple[int, int]] = {  # least and most, times in seconds
    "rungs": (1, 6),
    "within": (60, 7 * 86400),
    "digest": (0, 3600),
    "stale_after": (0, 90 * 86400),
    "answer_own_act_within": (0, 7200),
    "messages": (1, 100),
    "days": (1, 90),
}


def as_mapping(policy: Policy) -> dict[str, Any]:
    """For storage and for the API; `policy_from` reads it back. Times of day as "HH:MM", weekdays from Monday 0."""
    return {
        "rules": {kind: _rule_out(rule) for kind, rule in policy.rules.items()},
        "quiet_messages": _quiet_out(policy.quiet_messages),
        "quiet_calls": _quiet_out(policy.quiet_calls),
        "quiet_at": {
            stage.value: {"messages": _quiet_out(messages), "calls": _quiet_out(calls)}
            for stage, (messages, calls) in policy.quiet_at.items()
        },
        "no_calls_on": sorted(policy.no_calls_on),
        "calls_on_holidays": policy.calls_on_holidays,
        "no_promotion_on": sorted(policy.no_promotion_on),
        "promotion_on_holidays": policy.promotion_on_holidays,
        "caps": {purpose.value: {"messages": cap.messages, "days": cap.days} for purpose, cap in policy.caps.items()},
        "answer_own_act_within": policy.answer_own_act_within,
        "prefer": policy.prefer,
        "habits": {country: list(media) for country, media in policy.habits.items()},
    }


def policy_from(data: Mapping[str, Any], *, version: int = 0) -> Policy:
    """What is not said stays built in. BadInput names the field that is wrong."""
    known = _mapping(data, "", tuple(as_mapping(BUILT_IN)))
    messages = _quiet_in(known.get("quiet_messages"), "quiet_messages", BUILT_IN.quiet_messages, LEAST_FOR_MESSAGES)
    calls = _quiet_in(known.get("quiet_calls"), "quiet_calls", BUILT_IN.quiet_calls, LEAST_FOR_CALLS)
    prefer = known.get("prefer", BUILT_IN.prefer)
    if prefer not in ("habit", "cost"):
        raise BadInput("Ways are preferred by “habit” or by “cost”.", field="prefer")
    return Policy(
        rules=_rules_in(known.get("rules", {})),
        quiet_messages=messages,
        quiet_calls=calls,
        quiet_at=_stages_in(known.get("quiet_at", {}), messages, calls),
        caps=_caps_in(known.get("caps")),
        answer_own_act_within=_number(known, "answer_own_act_within", "", BUILT_IN.answer_own_act_within),
        no_calls_on=_days_in(known.get("no_calls_on"), "no_calls_on", BUILT_IN.no_calls_on),
        calls_on_holidays=_flag(known, "calls_on_holidays", "", BUILT_IN.calls_on_holidays),
        no_promotion_on=_days_in(known.get("no_promotion_on"), "no_promotion_on", BUILT_IN.no_promotion_on),
        promotion_on_holidays=_flag(known, "promotion_on_holidays", "", BUILT_IN.promotion_on_holidays),
        prefer=prefer,
        habits=_habits_in(known.get("habits", {})),
        version=version,
    )


def editable() -> dict[str, Any]:
    """What the editor offers: words, limits, and the nights that no policy can shorten."""
    return {
        "media": list(CLASSES),
        "wait_for": [one.value for one in RECEIPTS],
        "prefer": ["habit", "cost"],
        "limits": {name: {"from": least, "to": most} for name, (least, most) in LIMITS.items()},
        "least_quiet": {"messages": _quiet_out(LEAST_FOR_MESSAGES), "calls": _quiet_out(LEAST_FOR_CALLS)},
        "rules": {
            kind: {"stage": rule.stage.value, "purpose": rule.purpose.value, "may_call": _may_call(rule)}
            for kind, rule in BUILT_IN.rules.items()
        },
    }


def _rule_out(rule: Rule) -> dict[str, Any]:
    return {
        "stage": rule.stage.value,
        "purpose": rule.purpose.value,
        "tell": rule.tell,
        "media": list(rule.media),
        "rungs": rule.rungs,
        "wait_for": rule.wait_for.value,
        "within": list(rule.within),
        "insist": rule.insist,
        "digest": rule.digest,
        "stale_after": rule.stale_after,
        "until": rule.until.value if rule.until is not None else None,
        "until_paid": rule.until_paid,
    }


def _rules_in(data: Any) -> dict[str, Rule]:
    stated = _mapping(data, "rules", tuple(BUILT_IN.rules))
    return {
        kind: _rule_in(kind, stated[kind], rule) if kind in stated else rule for kind, rule in BUILT_IN.rules.items()
    }


def _rule_in(kind: str, data: Any, built_in: Rule) -> Rule:
    where = f"rules.{kind}"
    ours = _rule_out(built_in)
    stated = _mapping(data, where, tuple(ours))
    for name in _FIXED:
        value = ours[name]
        if stated.get(name, value) != value:
            # Else a promotion would become transactional by its owner's word, and need no consent.
            raise BadInput(f"{name} of “{kind}” is what it is: {value}.", field=f"{where}.{name}")
    media = _words(stated.get("media", built_in.media), f"{where}.media")
    if CALL in media and not _may_call(built_in):
        raise BadInput("People are called about the delivery and about nothing else.", field=f"{where}.media")
    if not media:
        raise BadInput("Name at least one medium, or do not tell it at all.", field=f"{where}.media")
    if (wait_for := stated.get("wait_for", built_in.wait_for.value)) not in RECEIPTS:
        raise BadInput("Wait for sent, delivered or read.", field=f"{where}.wait_for")
    within = _list(stated.get("within", built_in.within), f"{where}.within")
    if not 1 <= len(within) <= 6:
        raise BadInput("Name between one and six times.", field=f"{where}.within")
    return replace(
        built_in,
        tell=_flag(stated, "tell", where, built_in.tell),
        media=media,
        rungs=_number(stated, "rungs", where, built_in.rungs),
        wait_for=Receipt(wait_for),
        within=tuple(_limited(one, "within", f"{where}.within") for one in within),
        insist=_flag(stated, "insist", where, built_in.insist),
        digest=_number(stated, "digest", where, built_in.digest),
        stale_after=_number(stated, "stale_after", where, built_in.stale_after),
    )


_FIXED = ("stage", "purpose", "until", "until_paid")


def _may_call(rule: Rule) -> bool:
    return rule.stage is Stage.DELIVERY and rule.purpose is Purpose.TRANSACTIONAL


def _stages_in(data: Any, messages: Quiet, calls: Quiet) -> dict[Stage, tuple[Quiet, Quiet]]:
    found = {}
    for name, value in _mapping(data, "quiet_at", tuple(stage.value for stage in Stage)).items():
        where = f"quiet_at.{name}"
        stated = _mapping(value, where, ("messages", "calls"))
        found[Stage(name)] = (
            _quiet_in(stated.get("messages"), f"{where}.messages", messages, LEAST_FOR_MESSAGES),
            _quiet_in(stated.get("calls"), f"{where}.calls", calls, LEAST_FOR_CALLS),
        )
    return found


def _quiet_in(data: Any, where: str, otherwise: Quiet, least: Quiet) -> Quiet:
    if data is None:
        return otherwise
    stated = _mapping(data, where, ("from", "to"))
    start, end = (minutes(value) if isinstance(value := stated.get(side), str) else None for side in ("from", "to"))
    if start is None or end is None:
        raise BadInput("Quiet hours are two times of day, such as 21:00 and 09:00.", field=where)
    quiet = Quiet(start % 1440, end % 1440)
    night = hours_between(quiet.start, quiet.end)
    longest = hours_between(least.start, least.end)
    if both(longest, outside(night)):
        reason = f"The hours from {clock(least.start)} to {clock(least.end)} are quiet in every shop."
        raise BadInput(reason, field=where)
    if sum(end - start for start, end in night) > 22 * 60:
        raise BadInput("Leave at least two hours of the day.", field=where)
    return quiet


def _quiet_out(quiet: Quiet) -> dict[str, str]:
    return {"from": clock(quiet.start), "to": clock(quiet.end)}


def _caps_in(data: Any) -> Mapping[Purpose, Cap]:
    if data is None:
        return BUILT_IN.caps
    found = dict(BUILT_IN.caps)
    for name, value in _mapping(data, "caps", tuple(purpose.value for purpose in Purpose)).items():
        stated = _mapping(value, f"caps.{name}", ("messages", "days"))
        old = found[Purpose(name)]
        found[Purpose(name)] = Cap(
            _number(stated, "messages", f"caps.{name}", old.messages), _number(stated, "days", f"caps.{name}", old.days)
        )
    return found


def _habits_in(data: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(data, Mapping):
        raise BadInput("Habits are lists of media by country.", field="habits")
    for country in data:
        if not (isinstance(country, str) and len(country) == 2 and country.isascii() and country.isupper()):
            raise BadInput(f"“{country}” is no country code such as GB.", field="habits")
    return {country: _words(media, f"habits.{country}") for country, media in data.items()}


def _days_in(data: Any, where: str, otherwise: frozenset[int]) -> frozenset[int]:
    if data is None:
        return otherwise
    days = _list(data, where)
    if any(isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6 for day in days):
        raise BadInput("Weekdays are numbers from 0, Monday, to 6, Sunday.", field=where)
    return frozenset(days)


def _words(data: Any, where: str) -> tuple[str, ...]:
    words = _list(data, where)
    if wrong := [word for word in words if not (isinstance(word, str) and 0 < len(word) <= 32)]:
        raise BadInput(f"“{wrong[0]}” is no medium.", field=where)
    if len(words) > 20 or len(set(words)) < len(words):
        raise BadInput("Name each medium once, twenty at most.", field=where)
    return tuple(words)


def _list(data: Any, where: str) -> Sequence[Any]:
    if not isinstance(data, list | tuple):
        raise BadInput("A list belongs here.", field=where)
    return data


def _mapping(data: Any, where: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadInput("An object belongs here.", field=where)
    if extra := [name for name in data if name not in known]:
        name = f"{where}.{extra[0]}" if where else str(extra[0])
        raise BadInput(f"There is no “{extra[0]}” in a policy here.", field=name)
    return data


def _flag(data: Mapping[str, Any], name: str, where: str, otherwise: bool) -> bool:
    value = data.get(name, otherwise)
    if not isinstance(value, bool):
        raise BadInput("Say true or false.", field=f"{where}.{name}" if where else name)
    return value


def _number(data: Mapping[str, Any], name: str, where: str, otherwise: int) -> int:
    return _limited(data.get(name, otherwise), name, f"{where}.{name}" if where else name)


def _limited(value: Any, name: str, where: str) -> int:
    least, most = LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadInput(f"A whole number from {least} to {most} belongs here.", field=where)
    return value
