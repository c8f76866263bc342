"""Channels without a vendor: what comes in is what the test writes down, what goes out happens as the test decides."""

import asyncio
import base64
import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, get_type_hints

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Capabilities,
    Channel,
    Comments,
    Config,
    Dialogue,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Secret,
    Sent,
    Standing,
)
from prilavok.domain import message as said

SECRET = "the-pigeons-own-secret-word"
KINDS = {
    kind.__name__: kind
    for kind in (
        said.Received,
        said.Edited,
        said.Deleted,
        said.Echoed,
        said.Noticed,
        said.Reacted,
        said.ReceiptCame,
        said.Reachability,
        said.Typing,
        said.Unknown,
    )
}


class Loft:
    """What happened to the pigeons of each inbox, and what will. An outcome is a result, an error or an Event."""

    def __init__(self) -> None:
        self.flown: dict[str, list[Outbound]] = defaultdict(list)
        self.outcomes: dict[str, list[Any]] = defaultdict(list)
        self.always: dict[str, Any] = {}
        self.times: dict[str, list[float]] = defaultdict(list)
        self.under_way = 0
        self.moderated: list[tuple[str, str]] = []
        self.moderation: list[Exception | None] = []
        self.hanging: list[asyncio.Event] = []

    def texts(self, inbox_id: str) -> list[str]:
        return [one.text for one in self.flown[inbox_id]]

    async def fly(self, inbox_id: str, outbound: Outbound) -> Sent:
        self.flown[inbox_id].append(outbound)
        self.times[inbox_id].append(asyncio.get_running_loop().time())
        waiting = self.outcomes[inbox_id]
        outcome = waiting.pop(0) if waiting else self.always.get(inbox_id)
        self.under_way += 1
        try:
            if isinstance(outcome, asyncio.Event):
                self.hanging.append(outcome)
                await outcome.wait()
                outcome = None
        finally:
            self.under_way -= 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or Sent(provider_id=f"sent:{outbound.message_id}:{outbound.attempt}")


LOFT = Loft()


@dataclass(frozen=True)
class Flight:
    inbox_id: str
    outbound: Outbound = field(repr=False)

    async def perform(self, network: Any) -> Sent:
        return await LOFT.fly(self.inbox_id, self.outbound)


class PigeonConfig(Config):
    secret: Secret = SECRET
    place: str = ""
    api_base: str = ""  # pigeons of several towers


class Pigeon(Channel):
    """Nobody knows whether a lost pigeon arrived."""

    kind = "pigeon"
    title = "Pigeon"
    summary = "For tests."
    capabilities = Capabilities(
        address_kind="opaque",
        address_scope="inbox",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ}),
        deep_link="https://pigeon.example/{account}?start={token}",
        text_limit=1000,
        edits_in=True,
        deletes_in=True,
    )
    Config = PigeonConfig
    quality: ClassVar[dict[str, str]] = {}

    def check(self) -> Dialogue[Account]:
        yield from ()
        if self.config.place == "nowhere":
            raise NeedsOwner("There is no such place.")
        return Account(name="Pigeon post", handle="pigeon_post")

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if hook.headers.get("x-pigeon") != self.config.secret:
            raise BadSignature
        parts = json.loads(hook.body)
        return [read(values, KINDS[name]) for name, values in parts]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        sent: Sent = yield Flight(self.inbox.id, outbound)
        return sent


class Homing(Pigeon):
    """Drops what it carried already."""

    kind = "homing"
    capabilities = Capabilities(
        address_kind="opaque", deduplicates=True, receipts=frozenset({Receipt.SENT}), parallel=2
    )


class Letter(Pigeon):
    """With subjects and threads, as mail."""

    kind = "letter"
    capabilities = Capabilities(
        address_kind="letter", address_scope="shop", starts=True, threads=True, acknowledges=True, subject=True
    )


class Tired(Pigeon):
    """Two flights a second at most, one at a time."""

    kind = "tired"
    capabilities = Capabilities(address_kind="opaque", deduplicates=True, rate=(RateLimit(2, 0.5),), parallel=4)


class Window(Pigeon):
    """May only be answered within an hour."""

    kind = "window"
    capabilities = Capabilities(address_kind="opaque", reply_window_hours=1.0, media=False, text_limit=20)


class Dove(Pigeon):
    """As a messenger: buttons, everything is confirmed."""

    kind = "dove"
    capabilities = Capabilities(
        address_kind="opaque",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        buttons=3,
        medium="telegram",
    )


class Owl(Pigeon):
    """As mail: it begins, and nobody knows what is read."""

    kind = "owl"
    capabilities = Capabilities(
        address_kind="email",
        address_scope="shop",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.FAILED}),
        threads=True,
        subject=True,
        html=True,
        medium="email",
    )


class Rooster(Pigeon):
    """As SMS: it rings, costs, and says what was delivered."""

    kind = "rooster"
    capabilities = Capabilities(
        address_kind="phone",
        address_scope="shop",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=800,
        media=False,
        cost="per message",
        rings=True,
        medium="sms",
    )


class Bell(Pigeon):
    """Rings at a telephone number."""

    kind = "bell"
    capabilities = Capabilities(
        address_kind="phone",
        address_scope="shop",
        starts=True,
        voice=True,
        receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
    )


class Parrot(Pigeon):
    """As the chat on the site: it speaks with our own voice."""

    kind = "parrot"
    capabilities = Capabilities(
        address_kind="visitor",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ}),
        buttons=10,
        direct=True,
        deduplicates=True,
        medium="webchat",
    )


class Slip(Pigeon):
    """A few words to the same number."""

    kind = "slip"
    capabilities = Capabilities(address_kind="phone", address_scope="shop", starts=True, media=False)


class Formal(Pigeon):
    """Answers freely within an hour, afterwards and to strangers in approved words only."""

    kind = "formal"
    capabilities = Capabilities(address_kind="opaque", reply_window_hours=1.0, starts=True, templates=True)

    def why_no_template(self, language: str, notices: str) -> str:
        return "template_paused: people complained" if f"{language}: paused" in notices else ""


class Crier(Pigeon):
    """Cries out on the market place what others said, and carries letters besides."""

    kind = "crier"
    capabilities = Capabilities(
        address_kind="opaque",
        reply_window_hours=24.0,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ}),
        text_limit=1000,
        buttons=3,
        comments=Comments(
            text_limit=100,
            moderates=frozenset({"hide", "show", "report"}),
            amends=frozenset({"edit", "delete"}),
            private_reply=True,
        ),
    )

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        yield from self.moderate(f"say {text}" if text else "unsay", answer.replies_to)

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        outcome = LOFT.moderation.pop(0) if LOFT.moderation else None
        LOFT.moderated.append((act, provider_id))
        yield from ()
        if isinstance(outcome, Exception):
            raise outcome


class Herald(Pigeon):
    """Only public, and one answer a piece."""

    kind = "herald"
    capabilities = Capabilities(address_kind="opaque", public=True, comments=Comments(text_limit=200, answers=1))


KINDS_OF_POST = (
    Crier,
    Herald,
    Pigeon,
    Homing,
    Letter,
    Tired,
    Window,
    Dove,
    Owl,
    Rooster,
    Bell,
    Parrot,
    Slip,
    Formal,
)
ALL = {kind.kind: kind for kind in KINDS_OF_POST}


def read(values: dict[str, Any], kind: Any) -> Inbound:
    found = msgspec.convert(values, twin(kind))
    fields = {one.name: getattr(found, one.name) for one in dataclasses.fields(found)}
    if "attachments" in fields:
        fields["attachments"] = tuple(file(one) for one in fields["attachments"])
    return kind(**fields)  # type: ignore[no-any-return]


@cache
def twin(kind: Any) -> Any:
    """The same with files as they are written down: what they hold is of types that msgspec does not tell apart."""
    hints = {**get_type_hints(kind), "attachments": tuple[dict[str, Any], ...]}
    fields = [(one.name, hints[one.name], copy(one)) for one in dataclasses.fields(kind)]
    return dataclasses.make_dataclass(kind.__name__, fields)


def file(given: dict[str, Any]) -> said.Attachment:
    data = given.get("data")
    return said.Attachment(**{**given, "data": base64.b64decode(data) if data is not None else None})


def hook_of(parts: Iterable[tuple[str, Any]], at: datetime, *, secret: str = SECRET) -> Hook:
    """A delivery of the pigeons; the parts are (class of domain.message, its fields)."""
    return Hook(body=body_of(parts), headers={"x-pigeon": secret}, received_at=at)


def body_of(parts: Iterable[tuple[str, Any]]) -> bytes:
    return msgspec.json.encode([[name, values] for name, values in parts])
