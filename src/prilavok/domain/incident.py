"""Something happened that concerns many orders: which ones, as a condition that can be read aloud."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from prilavok.domain.errors import BadInput
from prilavok.domain.order import ENDED, Status

TEXT_LIMIT = 600  # characters in one language
METHODS = frozenset({"courier", "pickup", "post"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All that is given must fit; what is empty does not matter. Orders at their end are never meant."""

    statuses: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    placed_from: str = ""  # YYYY-MM-DD, in the shop's zone
    placed_to: str = ""
    delivery_from: str = ""
    delivery_to: str = ""
    unpaid: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Condition()


def condition_from(given: Mapping[str, Any]) -> Condition:
    """Out of an owner's form. BadInput names the field that does not fit."""
    known = {one.name for one in fields(Condition)}
    if extra := set(given) - known:
        raise BadInput(f"There is no condition called “{min(extra)}”.", field=f"condition.{min(extra)}")
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name == "unpaid":
            values[name] = bool(value)
        elif name.endswith(("_from", "_to")):
            values[name] = _day(name, value)
        else:
            values[name] = _words(name, value)
    condition = Condition(**values)
    open_statuses = {status.value for status in Status} - {status.value for status in ENDED}
    _only(condition.statuses, open_statuses, "statuses")
    _only(condition.methods, METHODS, "methods")
    return condition


def as_mapping(condition: Condition) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(condition).items()}


def texts_from(given: Mapping[str, Any], language: str) -> dict[str, str]:
    """Language → text. The shop's own language must be among them: it stands in for the others."""
    texts = {str(key): str(value).strip() for key, value in given.items() if str(value).strip()}
    if language not in texts:
        raise BadInput(f"Write the text at least in the shop's own language ({language}).", field=f"texts.{language}")
    for key, text in texts.items():
        if len(text) > TEXT_LIMIT:
            raise BadInput(f"The text has {len(text)} characters; {TEXT_LIMIT} are enough.", field=f"texts.{key}")
    return texts


def _words(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise BadInput("This must be a list of words.", field=f"condition.{name}")
    return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))


def _day(name: str, value: Any) -> str:
    if not value:
        return ""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise BadInput("A day is written like 2026-11-22.", field=f"condition.{name}") from None


def _only(given: tuple[str, ...], allowed: frozenset[str] | set[str], name: str) -> None:
    for one in given:
        if one not in allowed:
            raise BadInput(f"“{one}” cannot stand here.", field=f"condition.{name}")
