"""The shape of a carrier: a source whose news are of parcels, found by the order's number or by the parcel's own."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from prilavok.commerce.base import (
    Account,
    BadInput,
    BadSignature,
    Config,
    Dialogue,
    Happened,
    Hook,
    HookAnswer,
    NeedsOwner,
    News,
    OrderEvent,
    Request,
    Response,
    Source,
    SourceInfo,
    TryLater,
    Undeliverable,
    field_of,
    refused,
    same,
    standard_webhooks,
)

__all__ = [
    "Account",
    "BadInput",
    "BadSignature",
    "Carrier",
    "Config",
    "Dialogue",
    "Happened",
    "Hook",
    "HookAnswer",
    "NeedsOwner",
    "News",
    "OrderEvent",
    "Parcel",
    "Request",
    "Response",
    "SourceInfo",
    "TryLater",
    "Undeliverable",
    "field_of",
    "refused",
    "same",
    "standard_webhooks",
]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One that is on its way. `phone` is the receiver's, E.164 or empty."""

    tracking: str
    carrier: str = ""
    number: str = ""  # of the order
    phone: str = ""


class Carrier(Source):
    family = "carrier"
    every: ClassVar[timedelta] = timedelta(minutes=30)
    batch: ClassVar[int] = 100  # parcels in one question
    names: ClassVar[tuple[str, ...]] = ()  # parts of how shops write this carrier, in lower case
    numbers: ClassVar[str] = ""  # what its parcels' numbers look like, where no carrier is named

    def carries(self, parcel: Parcel) -> bool:
        """Whether this parcel is ours to ask about."""
        if parcel.carrier:
            named = parcel.carrier.lower()
            return any(part in named for part in self.names)
        return bool(self.numbers) and re.fullmatch(self.numbers, parcel.tracking) is not None

    def track(self, parcels: Sequence[Parcel], now: datetime) -> Dialogue[tuple[News, ...]]:  # noqa: ARG002
        """What has become of at most `batch` parcels."""
        yield from ()
        return ()

    @abstractmethod
    def check(self) -> Dialogue[Account]: ...
