"""The parts of long texts wait for each other here. What waits is kept in the cursor, so a crash loses none of it."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prilavok.channels.base import Hook, Polled
from prilavok.channels.smpp.pdu import BadPduError, Pdu, short_of
from prilavok.channels.smpp.text import part_of

PATIENCE = timedelta(minutes=10)  # for parts that are still on their way
MOST, MOST_PARTS = 50, 300  # texts and parts that wait at once; beyond that the oldest text goes as it is
AS = "x-smpp"  # header of ours: "whole", or "part" for one that only waits
WHOLE, PART = {AS: "whole"}, {AS: "part"}


@dataclass(slots=True)
class Gathering:
    """`waiting`: key → {since, parts: {number: bytes}}, as the cursor keeps it."""

    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    last: str = ""  # digest of what was stored last: it may not have been acknowledged

    @classmethod
    def begin(cls, cursor: Mapping[str, Any]) -> "Gathering":
        return cls({key: dict(one) for key, one in cursor.get("waiting", {}).items()}, cursor.get("last", ""))

    def cursor(self) -> dict[str, Any]:
        return {"waiting": {key: dict(one) for key, one in self.waiting.items()}, "last": self.last}

    def came(self, one: Pdu, now: datetime) -> Polled:
        """What is to be stored now: a whole text, or only the part that came."""
        self.last = digest(one)
        raw = Pdu(one.command, 0, 0, one.body).packed()
        try:
            short = short_of(one)
            place = part_of(short)
        except BadPduError:
            place = None
        if place is None:
            return Polled(Hook(raw, WHOLE, now), self.cursor())
        key = f"{short.source.value}>{short.destination.value}:{place.ref}/{place.total}"
        text = self.waiting.setdefault(key, {"since": now.isoformat(), "total": place.total, "parts": {}})
        text["parts"] = {**text["parts"], str(place.number): base64.b64encode(raw).decode()}
        if len(text["parts"]) == place.total:
            return self._hand_over(key, now)
        return Polled(Hook(raw, PART, now), self.cursor())

    def overdue(self, now: datetime) -> Polled | None:
        """A text that has waited long enough for its missing parts; None when there is none."""
        crowded = len(self.waiting) > MOST or sum(len(one["parts"]) for one in self.waiting.values()) > MOST_PARTS
        for key, text in self.waiting.items():
            if crowded or datetime.fromisoformat(text["since"]) + PATIENCE <= now:
                return self._hand_over(key, now)
        return None

    def _hand_over(self, key: str, now: datetime) -> Polled:
        found = self.waiting.pop(key)["parts"]
        body = b"".join(base64.b64decode(found[number]) for number in sorted(found, key=int))
        return Polled(Hook(body, WHOLE, now), self.cursor())


def digest(one: Pdu) -> str:
    return hashlib.sha256(one.body).hexdigest()[:24]
