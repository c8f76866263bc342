"""When somebody is in the shop, as the owner has set it: hours of each weekday and single days off."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from prilavok.domain.errors import BadInput
from prilavok.domain.facts import Hours
from prilavok.domain.hours import minutes

MOST_SPANS = 6  # a day
MOST_DAYS_OFF = 366


def hours_from(data: Mapping[str, Any] | None, zone: str) -> Hours | None:
    """`data` as `as_mapping` makes it; None while the owner has said nothing. BadInput names what is wrong."""
    if data is None:
        return None
    if extra := set(data) - {"week", "closed_days"}:
        raise BadInput(f"Hours know nothing of “{min(extra)}”.", field="hours")
    week = data.get("week", [])
    if not isinstance(week, list) or len(week) != 7:
        raise BadInput("A week has seven days, from Monday; an empty list is a day off.", field="hours")
    spans = tuple(span for weekday, day in enumerate(week) for span in _day(weekday, day))
    closed = data.get("closed_days", [])
    if not isinstance(closed, list) or len(closed) > MOST_DAYS_OFF:
        raise BadInput(f"Name at most {MOST_DAYS_OFF} days off, as YYYY-MM-DD.", field="hours")
    if not spans:
        raise BadInput("A shop that is never open cannot keep a promise: name at least one hour.", field="hours")
    return Hours(zone=zone, open=spans, closed=frozenset(_date(one) for one in closed))


def as_mapping(hours: Hours) -> dict[str, Any]:
    """{week: seven lists of {from, to}, closed_days: [YYYY-MM-DD]}; "00:00" as an end is midnight."""
    week: list[list[dict[str, str]]] = [[] for _ in range(7)]
    for weekday, opens, closes in hours.open:
        week[weekday].append({"from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"})
    return {"week": week, "closed_days": [one.isoformat() for one in sorted(hours.closed)]}


def _day(weekday: int, spans: Any) -> Iterable[tuple[int, time, time]]:
    if not isinstance(spans, list) or len(spans) > MOST_SPANS:
        raise BadInput(f"A day has at most {MOST_SPANS} spans of hours.", field="hours")
    ended = -1
    for one in spans:
        start, end = (minutes(one.get(edge)) for edge in ("from", "to")) if isinstance(one, Mapping) else (None, None)
        if start is None or end is None:
            raise BadInput("Hours are {from, to}, each as HH:MM.", field="hours")
        until = end % 1440
        if start >= 1440 or start == until:
            raise BadInput("The shop closes at another hour than it opens.", field="hours")
        if start < ended:
            raise BadInput("The hours of one day follow each other and do not overlap.", field="hours")
        ended = until if until > start else 1440
        yield weekday, time(start // 60, start % 60), time(until // 60, until % 60)


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadInput("A day off is written as YYYY-MM-DD.", field="hours") from error
