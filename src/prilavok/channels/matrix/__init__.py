"""Matrix: the shop's account on any homeserver. Whoever opens a chat with it has a conversation with the shop.

`events.py` reads what /sync brings, `line.py` asks the homeserver, `shapes.py` names the parts that we read. It is
plain HTTP, without a library: rooms with end-to-end encryption stay shut to us, and both sides are told so.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import msgspec
import structlog

from prilavok.channels.base import (
    Account,
    Capabilities,
    Certificates,
    Channel,
    Config,
    Dialogue,
    Fetched,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Network,
    Outbound,
    Polled,
    RateLimit,
    Receipt,
    Sent,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.matrix import events
from prilavok.channels.matrix import line as wire
from prilavok.channels.matrix.line import Line, read, settle
from prilavok.channels.matrix.shapes import Rooms, Sync, read_members, read_page, read_sync, read_who
from prilavok.channels.wire import said

log = structlog.get_logger()

USER = re.compile(r"@[^:\s]{1,200}:[^\s]{1,255}")
DOWNLOAD_LIMIT = 1024 * 1024 * 1024  # bytes; what is kept here is the owner's to say
PAGES = 10  # of what a long absence left out of one room
NOT_READABLE_HERE = (
    "Это сообщение зашифровано, магазин не может его прочитать. Напишите, пожалуйста, в чате без шифрования.\n"
    "Це повідомлення зашифроване, магазин не може його прочитати. Напишіть, будь ласка, у чаті без шифрування.\n"
    "This message is encrypted and the shop cannot read it. Please write in a chat without encryption."
)


class MatrixConfig(Config):
    user: Annotated[str, field_of("Account", "The shop's Matrix ID: @shop:example.org.")]
    token: Annotated[
        str,
        field_of(
            "Access token",
            "In Element: sign in as the shop, Settings → Help & About → Access token. Then close it, don't sign out.",
            secret=True,
        ),
    ]
    api_base: Annotated[
        str,
        field_of(
            "Homeserver",
            "Its address, as https://example.org/.well-known/matrix/client names it in base_url.",
            asked=True,
        ),
    ] = "https://matrix-client.matrix.org"
    link: Annotated[str, field_of("Link to the chat", "With {account} in it. Change it only for a web client.")] = (
        "https://matrix.to/#/{account}"
    )
    certificates: Certificates = ""


class Matrix(Channel):
    kind = "matrix"
    title = "Matrix"
    summary = "The shop's account on any Matrix homeserver: read receipts, files, edits, reactions; no encrypted rooms."
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
        text_limit=10_000,
        media_limit=50 * 1024 * 1024,
        deep_link="https://matrix.to/#/{account}",
        edits_in=True,
        deletes_in=True,
        typing_in=True,
        deduplicates=True,
        polled=True,
        hooked=False,
        rate=(RateLimit(5, 5.0, "inbox"),),
    )
    Config = MatrixConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, because we ask the homeserver ourselves",
        "replay": "exempt, for the same reason; an event's id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "exempt, they are written as numbered text",
        "receipts": "done",
        "edits": "done",
        "deletions": "done",
        "reactions": "done",
        "reactions taken back": "exempt, a redaction does not say what the reaction was put to",
        "deep link": "exempt, a link of Matrix' carries no hidden token",
        "what staff write in another program": "done",
        "an authority of its own": "done",
        "encrypted rooms": "exempt, a shop's inbox must be able to read; both sides are told",
        "rooms of several": "exempt, a conversation here is between the shop and one person; the shop leaves them",
    }

    def __init__(self, config: MatrixConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.us = config.user.strip()
        self.line = Line(config.api_base.rstrip("/"), config.token, config.vouched)
        self._told: set[str] = set()  # encrypted rooms that have been told

    def check(self) -> Dialogue[Account]:
        if not USER.fullmatch(self.us):
            raise NeedsOwner("The account looks like @shop:example.org.", field="user")
        try:
            response = yield self.line.ask("GET", "client/v3/account/whoami")
            who = read(read_who, response)
            response = yield self.line.sync("", wait=0)
            begun = read(read_sync, response)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason} Is this the homeserver's address?") from error
        if who.user_id != self.us:
            raise NeedsOwner(f"This token belongs to {said(who.user_id, 100)}, not to {self.us}.")
        return Account(name=self.inbox.shop_name or self.us, handle=self.us, cursor={"since": begun.next_batch})

    def connect(self) -> Dialogue[None]:
        """Whoever invited the shop before it was connected here waits no longer."""
        response = yield self.line.sync("", wait=0)
        for room in read(read_sync, response).rooms.invite:
            response = yield self.line.join(room)
            if response.status not in {403, 404}:
                settle(response)

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        return list(events.inbound(hook.body, self.us, hook.received_at))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        ids = yield from wire.send(self.line, outbound)
        return Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        response = yield self.line.download(ref, DOWNLOAD_LIMIT)
        settle(response)
        return Fetched.of(response)

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """One long poll after another; `since` says where the last one ended. What it left out is asked for first."""
        since = str(cursor.get("since", ""))
        while True:
            response = await self.line.sync(since).perform(network)
            sync = read(read_sync, response)
            if not sync.next_batch:
                raise TryLater("The homeserver does not say where its answer ends.", after=60.0)
            for body in [one async for one in self._left_out(network, sync, since)]:
                yield self._polled(body, since)
            since = sync.next_batch
            if sync.rooms.join or sync.rooms.leave:
                yield self._polled(response.body, since)
            await self._welcome(network, sync.rooms)

    def _polled(self, body: bytes, since: str) -> Polled:
        return Polled(Hook(body=body, headers={}, received_at=datetime.now(UTC)), cursor={"since": since})

    async def _left_out(self, network: Network, sync: Sync, since: str) -> AsyncIterator[bytes]:
        """After a long absence /sync brings only the newest of a room. The rest, page by page, oldest first."""
        for room, joined in sync.rooms.join.items():
            pages: list[bytes] = []
            start = joined.timeline.prev_batch
            while since and joined.timeline.limited and start and len(pages) < PAGES:
                page = read(read_page, await self.line.earlier(room, start, since).perform(network))
                if page.chunk:
                    timeline = {"timeline": {"events": page.chunk[::-1]}}
                    pages.append(msgspec.json.encode({"rooms": {"join": {room: timeline}}}))
                start = page.end if page.chunk else ""
            for body in reversed(pages):
                yield body

    async def _welcome(self, network: Network, rooms: Rooms) -> None:
        """After what came is stored: invitations are accepted, and encrypted rooms are told that we cannot read."""
        for room in rooms.invite:
            await self._try(self._enter(network, room), room)
        for room, joined in rooms.join.items():
            # In the raw bytes: that an event is encrypted stands in its type.
            if room not in self._told and any(b'"m.room.encrypted"' in bytes(raw) for raw in joined.timeline.events):
                self._told.add(room)
                await self._try(self._say(network, room, NOT_READABLE_HERE), room)

    async def _enter(self, network: Network, room: str) -> None:
        settle(await self.line.join(room).perform(network))
        response = await self.line.members(room).perform(network)
        if response.status == 200 and len(read(read_members, response).joined) > 2:
            settle(await self.line.leave(room).perform(network))

    async def _say(self, network: Network, room: str, text: str) -> None:
        settle(await self.line.notice(room, text).perform(network))

    async def _try(self, work: Awaitable[None], room: str) -> None:
        """One room that does not let us do something does not keep us from the others."""
        try:
            await work
        except (Undeliverable, TryLater) as error:
            log.info("room left alone", inbox=self.inbox.id, room=room, reason=error.reason)
