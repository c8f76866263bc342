"""The shape of a source of orders: what a shop platform tells us, by its hook and when it is asked.

A source never touches the database and never opens a connection by itself: `parse` is pure, everything else is a
dialogue, as with channels. Its settings, hooks and dialogues are the channels' own types, re-exported here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from prilavok.channels import standard_webhooks
from prilavok.channels.base import (
    Account,
    Config,
    Dialogue,
    Hook,
    HookAnswer,
    Network,
    Request,
    Response,
    field_of,
    secret_fields,
)
from prilavok.channels.wire import NOT_READABLE, complaint, decode, retry_after, same, storable
from prilavok.domain.errors import BadInput, BadSignature, NeedsOwner, TryLater, Undeliverable
from prilavok.domain.order import Buyer, Happened, Item, News, Order, OrderEvent

__all__ = [
    "NOT_READABLE",
    "Account",
    "BadInput",
    "BadSignature",
    "Buyer",
    "Config",
    "Dialogue",
    "Happened",
    "Hook",
    "HookAnswer",
    "Item",
    "NeedsOwner",
    "Network",
    "News",
    "Order",
    "OrderEvent",
    "Polled",
    "Request",
    "Response",
    "Source",
    "SourceInfo",
    "TryLater",
    "Undeliverable",
    "complaint",
    "decode",
    "field_of",
    "refused",
    "retry_after",
    "same",
    "secret_fields",
    "standard_webhooks",
    "storable",
]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source may know about the shop it serves. `hook_url` means nothing while settings are only checked."""

    id: str
    shop_id: int
    name: str
    hook_url: str
    public_url: str
    signing_key: bytes = field(repr=False)  # 32 bytes, of this source alone
    timezone: str = "UTC"  # the shop's
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """One page of what a source answered. `cursor` is stored in the commit that takes the news; `more` asks on at once.

    `quiet`: the history of a shop that has just been connected; nobody is written to about it.
    """

    news: tuple[News, ...]
    cursor: Mapping[str, Any]
    more: bool = False
    quiet: bool = False


class Source(ABC):
    """One kind of source, bound to one set of settings."""

    kind: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]  # one sentence for the settings page and the docs
    Config: ClassVar[type[Config]]
    family: ClassVar[str] = "shop"  # shop | carrier
    hooked: ClassVar[bool] = True  # it posts to /hooks/{key}
    polled: ClassVar[bool] = False  # it can be asked what has changed
    every: ClassVar[timedelta] = timedelta(minutes=5)  # between two looks
    quality: ClassVar[Mapping[str, str]] = {}  # what: done | exempt, because ...

    def __init__(self, config: Any, info: SourceInfo) -> None:
        self.config = config
        self.info = info

    @classmethod
    def prepare(cls, config: Any) -> Any:
        """The settings to store: empty secrets of our own making are filled in."""
        return config

    @abstractmethod
    def check(self) -> Dialogue[Account]:
        """Asks the platform who we are. NeedsOwner with a reason the owner can act on when the settings are wrong."""

    @abstractmethod
    def parse(self, hook: Hook) -> Iterable[News]:
        """Pure. BadSignature when the hook is not theirs; nothing for a test delivery or for what is no order."""

    def poll(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Polled]:  # noqa: ARG002
        """One page of what has changed since the cursor; {} when it is asked for the first time."""
        yield from ()
        return Polled((), cursor)

    def subscribe(self) -> Dialogue[tuple[str, ...]]:
        """Makes the platform's webhooks, and makes those again that are gone or switched off; returns which."""
        yield from ()
        return ()

    def unsubscribe(self) -> Dialogue[None]:
        """Takes our webhooks away before the settings are forgotten."""
        yield from ()

    def answer(self, hook: Hook) -> HookAnswer:  # noqa: ARG002
        """What the platform insists to read in the 200."""
        return HookAnswer()


def refused(response: Response, who: str, *, rights: str = "") -> None:
    """Nothing for a 2xx; for the rest the error that says what to do. `rights`: what the key must be allowed to."""
    status = response.status
    match status:
        case _ if 200 <= status < 300:
            return
        case 401 | 403:
            hint = f" It must be allowed to {rights}." if rights else ""
            raise NeedsOwner(f"{who} does not accept the key ({status}).{hint}")
        case 404:
            raise NeedsOwner(f"{who} has nothing at this address (404): compare the address in the settings.")
        case 402 | 423:
            raise NeedsOwner(f"{who} has locked the shop ({status}).")
        case 408 | 425 | 429 | 503:
            raise TryLater(f"{who} is busy ({status})", after=_seconds(response))
        case _ if 400 <= status < 500:
            raise Undeliverable(f"{who} refuses the request ({status})")
        case _:
            raise TryLater(f"{who} has a fault ({status})")


def _seconds(response: Response) -> float | None:
    value = response.headers.get("retry-after", "").strip()
    return float(value[:6]) if value.isascii() and value.isdecimal() else None
