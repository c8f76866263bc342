"""What marketplaces have in common: they are asked again and again, and whatever is new among their answers is one
delivery, sealed with a key of ours so that nobody else can bring one.
"""

import asyncio
import hashlib
import hmac
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import msgspec

from prilavok.channels.base import (
    BadSignature,
    Channel,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Network,
    Polled,
    Response,
    TryLater,
    Undeliverable,
    Unknown,
)
from prilavok.channels.transport import perform
from prilavok.channels.wire import NOT_READABLE, believable, retry_after, said, same
from prilavok.domain.errors import BadInput

SEAL = "x-prilavok-asked"
BACK = timedelta(days=30)  # how far back a new inbox looks for what nobody has answered
SETTLES = timedelta(seconds=60)  # by then we know the id of what we sent ourselves
REMEMBERED = 2000  # things of a kind whose state the cursor keeps
LONGEST_ID = 200  # characters

News = tuple[str, Any]  # what kind of thing it is, and the vendor's own words for it


@dataclass(slots=True)
class Look:
    """What one round of questions found: news in the order in which they happened, and where the next one goes on."""

    news: list[News] = field(default_factory=list)
    cursor: dict[str, Any] = field(default_factory=dict)


class Delivery(msgspec.Struct):
    asked: list[tuple[str, msgspec.Raw]]


read_delivery = msgspec.json.Decoder(Delivery)


class Marketplace(Channel):
    """`look` asks, `read` understands. A push, where the vendor has one, is a delivery as well."""

    every: ClassVar[float] = 60.0  # seconds between two rounds
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]]  # how each kind of thing is written

    @abstractmethod
    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        """One round of questions. An empty cursor is the first one: only what still waits for an answer is news."""

    @abstractmethod
    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        """One thing, already decoded."""

    def pushed(self, hook: Hook) -> Sequence[Inbound] | None:  # noqa: ARG002  most vendors only answer
        """What the vendor told by itself; None for what it never sends. BadSignature when it is not the vendor's."""
        return None

    def called(self, hook: Hook) -> Dialogue[Sequence[News]] | None:  # noqa: ARG002  most pushes say it all
        """What a push that names only ids has us ask for. Nothing of such a push is believed: it only makes us ask."""
        return None

    def afterwards(self, hook: Hook) -> Dialogue[Hook | None] | None:
        asking = self.called(hook)
        return self._delivered(asking, hook.received_at) if asking is not None else None

    def _delivered(self, asking: Dialogue[Sequence[News]], at: datetime) -> Dialogue[Hook | None]:
        news = yield from asking
        return self.delivery(news, at) if news else None

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        while True:
            now = datetime.now(UTC)
            found = await perform(self.look(cursor, now), network)
            if found.news or not cursor:
                yield Polled(hook=self.delivery(found.news, now), cursor=found.cursor)
                cursor = found.cursor
            await asyncio.sleep(self.every)

    def delivery(self, news: Iterable[News], now: datetime) -> Hook:
        body = msgspec.json.encode({"asked": list(news)})
        return Hook(body=body, headers={SEAL: self.seal(body)}, received_at=now)

    def seal(self, body: bytes) -> str:
        return hmac.new(self.inbox.signing_key, b"asked:" + body, hashlib.sha256).hexdigest()

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        ours = same(hook.headers.get(SEAL, ""), self.seal(hook.body))
        if not ours or b'"asked"' not in hook.body:
            told = self.pushed(hook)
            if told is not None:
                return told
            if not ours:
                raise BadSignature
        try:
            things = read_delivery.decode(hook.body).asked
        except NOT_READABLE as error:
            raise BadInput(f"The {self.title} answers cannot be read.") from error
        return [one for kind, raw in things for one in self._read(kind, raw, hook.received_at)]

    def _read(self, kind: str, raw: msgspec.Raw, at: datetime) -> Iterator[Inbound]:
        reader = self.readers.get(kind)
        if reader is None:
            yield Unknown(f"{self.title}: {said(kind, 40)}")
            return
        try:
            thing = reader.decode(raw)
        except NOT_READABLE:
            yield Unknown(f"{self.title}: {kind} of another shape")
            return
        yield from self.understand(kind, thing, at)


class Seen:
    """Which things of a kind are known, in which state; what is new or changed is news. Lives in the cursor."""

    def __init__(self, known: Mapping[str, str] | None) -> None:
        self.first = known is None
        self.known: dict[str, str] = dict(known or {})

    def is_news(self, key: str, state: str) -> bool:
        before = self.known.pop(key, None)
        self.known[key] = state  # at the end: what is told of again is forgotten last
        return before != state

    def has(self, key: str) -> bool:
        return key in self.known

    def kept(self) -> dict[str, str]:
        return dict(list(self.known.items())[-REMEMBERED:])


def ident(value: Any) -> str:
    """A vendor's id as text; empty for what is none."""
    return said(str(value), LONGEST_ID) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def stars(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5 else None


def moment_of(text: Any, otherwise: datetime) -> datetime:
    """A vendor's time, in UTC where it names no zone; `otherwise` for one that is none."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else otherwise
    except ValueError:
        return otherwise
    return believable(at if at.tzinfo is not None else at.replace(tzinfo=UTC), otherwise)


def refused(
    vendor: str, response: Response, reason: str, *, sends: bool = False, hint: str = "", busy: int = 429
) -> TryLater | Undeliverable | NeedsOwner:
    """What an error's status means for whoever asked. `busy`: the status by which this vendor says "slower"."""
    status = response.status
    words = f"{vendor}: {said(reason, 200) or f'answer {status}'}"
    if status in {429, busy}:
        return TryLater(words, after=retry_after(response.headers, datetime.now(UTC)) or 60.0)
    if status in {401, 403}:
        return NeedsOwner(f"{words}. {hint}".strip())
    if status >= 500:
        return TryLater(words, perhaps_sent=sends and status == 504)
    return Undeliverable(words)
