"""What a customer wants for good, as it is stored and as it is told to the API."""

import re
from collections.abc import Mapping
from typing import Any

from prilavok.domain.errors import BadInput
from prilavok.domain.facts import Preferences
from prilavok.domain.wishes import DAYS, Call, Window

LASTING = ("call", "preferred_channels", "forbidden_channels", "contact_window")  # what a comment can say for good
CONSENTS = ("promotion", "review", "survey")
FIELDS = ("call", "preferred_channels", "forbidden_channels", "contact_window", "consents")
WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
MOST_CHANNELS = 20


def as_mapping(preferences: Preferences) -> dict[str, Any]:
    """For storage and for the API; the window as {"from", "to", "days"}."""
    window = preferences.contact_window
    return {
        "call": preferences.call.value,
        "preferred_channels": list(preferences.preferred_channels),
        "forbidden_channels": list(preferences.forbidden_channels),
        "contact_window": None if window is None else {"from": window.from_, "to": window.to, "days": window.days},
        "consents": dict(preferences.consents),
    }


def preferences_from(given: Mapping[str, Any] | None) -> Preferences:
    """What `as_mapping` wrote, or somebody sent; what is missing is not said. BadInput names what is wrong. A channel
    that is both wanted and refused is refused.
    """
    values = dict(given or {})
    if extra := set(values) - set(FIELDS):
        raise BadInput(f"There is no preference called “{min(extra)}”.", field=min(extra))
    forbidden = _channels(values.get("forbidden_channels"), "forbidden_channels")
    preferred = _channels(values.get("preferred_channels"), "preferred_channels")
    return Preferences(
        call=_call(values.get("call")),
        preferred_channels=tuple(one for one in preferred if one not in forbidden),
        forbidden_channels=forbidden,
        contact_window=_window(values.get("contact_window")),
        consents=_consents(values.get("consents")),
    )


def lasting_in(reading: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What a stored reading of a comment asks for good, and `known` preferences do not say yet."""
    wishes, lasting = reading.get("wishes") or {}, reading.get("lasting") or ()
    asked = {name: wishes[name] for name in LASTING if name in lasting and name in wishes}
    return {name: value for name, value in asked.items() if known.get(name) != value}


def united(one: Preferences, other: Preferences) -> Preferences:
    """Of two records of one person. What either refused is refused; else the first word counts."""
    refused = Call.NEVER in {one.call, other.call}
    spoken = one.call if one.call is not Call.NO_STATEMENT else other.call
    forbidden = tuple(dict.fromkeys((*one.forbidden_channels, *other.forbidden_channels)))
    preferred = dict.fromkeys((*one.preferred_channels, *other.preferred_channels))
    consents = {**other.consents, **one.consents}
    return Preferences(
        call=Call.NEVER if refused else spoken,
        preferred_channels=tuple(word for word in preferred if word not in forbidden),
        forbidden_channels=forbidden,
        contact_window=one.contact_window or other.contact_window,
        consents={
            purpose: given and other.consents.get(purpose, given) and one.consents.get(purpose, given)
            for purpose, given in consents.items()
        },
    )


def newly_refused(before: Preferences, now: Preferences) -> Preferences:
    """Only the refusals of `now` that `before` did not have."""
    return Preferences(
        call=Call.NEVER if now.call is Call.NEVER and before.call is not Call.NEVER else Call.NO_STATEMENT,
        forbidden_channels=tuple(one for one in now.forbidden_channels if one not in before.forbidden_channels),
        consents={
            purpose: False
            for purpose, given in now.consents.items()
            if not given and before.consents.get(purpose) is not False
        },
    )


def refusing(said: Preferences, refused: Preferences) -> Preferences:
    """The same with further refusals; they win over what was wanted."""
    forbidden = tuple(dict.fromkeys((*said.forbidden_channels, *refused.forbidden_channels)))
    return Preferences(
        call=Call.NEVER if refused.call is Call.NEVER else said.call,
        preferred_channels=tuple(one for one in said.preferred_channels if one not in forbidden),
        forbidden_channels=forbidden,
        contact_window=said.contact_window,
        consents={**said.consents, **refused.consents},
    )


def _call(given: Any) -> Call:
    try:
        return Call(given or Call.NO_STATEMENT)
    except ValueError:
        raise BadInput(f"“{given}” is nothing that can be wished about calls.", field="call") from None


def _channels(given: Any, name: str) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or len(given) > MOST_CHANNELS:
        raise BadInput(f"“{name}” is a list of at most {MOST_CHANNELS} channels.", field=name)
    for one in given:
        if not isinstance(one, str) or not WORD.fullmatch(one):
            raise BadInput("A channel is called by its word, like “sms”.", field=name)
    return tuple(dict.fromkeys(given))


def _window(given: Any) -> Window | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise BadInput("Hours are {from, to, days}.", field="contact_window")
    start, end, days = given.get("from"), given.get("to"), given.get("days", "any")
    if days not in DAYS:
        raise BadInput(f"“{days}” are no days of a window.", field="contact_window")
    for hour in (start, end):
        if hour is not None and not (isinstance(hour, str) and HOUR.fullmatch(hour)):
            raise BadInput("Hours are written as 18:00.", field="contact_window")
    if start is None and end is None and days == "any":
        return None
    if start is not None and start == end:
        raise BadInput("These hours end when they begin.", field="contact_window")
    return Window(start, end, days)


def _consents(given: Any) -> dict[str, bool]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadInput("Consents are {purpose: true or false}.", field="consents")
    for purpose, said in given.items():
        if purpose not in CONSENTS:
            raise BadInput(f"Consent is asked for {', '.join(CONSENTS)}.", field="consents")
        if not isinstance(said, bool):
            raise BadInput("A consent is given or it is not.", field="consents")
    return {purpose: given[purpose] for purpose in CONSENTS if purpose in given}
