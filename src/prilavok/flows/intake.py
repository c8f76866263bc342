"""Every delivery comes in here, whether a vendor knocked or we asked: parsed, its files put on disk, then received.

Parsing comes before the journal only in time, not in effect: whatever parsing does, the raw delivery is stored.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import structlog

from prilavok.channels.base import Attachment, Dialogue, Hook, Inbound
from prilavok.domain.capabilities import BLOCKED
from prilavok.domain.errors import BadInput, BadSignature, NotFound
from prilavok.domain.message import Reachability, Received
from prilavok.domain.optout import opted
from prilavok.flows.bus import Bus
from prilavok.flows.directory import Served
from prilavok.flows.receive import Delivery, Taken
from prilavok.kit import sniff
from prilavok.kit.content import Content, OnDisk, beginning
from prilavok.kit.ids import new_id
from prilavok.kit.text import LONGEST_KEY, UNSTORABLE, key_of, storable, storable_tree
from prilavok.store import files as file_store
from prilavok.store import journal, sources
from prilavok.store.files import Folder

log = structlog.get_logger()

T = TypeVar("T")
KEYS = {"provider_id", "thread", "album", "address"}  # what an index holds
LONGEST_SUBJECT = 300  # characters
TEXTED = "sms"  # the medium in which people say STOP
LOOKED_AT = 1 << 20  # bytes of a file that say what it is
LARGE = 200_000  # bytes; parsing more than that leaves the event loop


class Intake:
    def __init__(
        self, bus: Bus, folder: Folder, perform: Callable[[Dialogue[None]], Awaitable[None]] | None = None
    ) -> None:
        """`perform` carries out what a channel must ask before it can judge a delivery."""
        self.bus = bus
        self.folder = folder
        self.perform = perform
        self.replay_source: Callable[[int, Mapping[Any, Any]], Awaitable[bool]] | None = None  # of shops and carriers

    async def take(
        self, inbox: Served, hook: Hook, *, strict: bool = False, cursor: Mapping[str, Any] | None = None
    ) -> tuple[list[Taken], list[Inbound]]:
        """Stores one delivery; answers what became of its messages, and what it held.

        BadSignature always propagates and keeps nothing; BadInput only when `strict`. Anything else that goes wrong
        leaves the raw delivery in the journal, marked as failed.
        """
        try:
            inbounds = await self._parse(inbox, hook)
            delivery = await self.prepared(inbox, hook, inbounds, cursor=cursor)
        except BadSignature:
            raise
        except Exception as error:
            if strict and isinstance(error, BadInput):
                raise
            reason = error.reason if isinstance(error, BadInput) else f"{type(error).__name__}: {error}"[:500]
            log.warning("delivery not understood", inbox=inbox.id, reason=reason)
            await self.bus.receive(Delivery(inbox, hook, failure=reason, cursor=cursor))
            return [], []
        return await self.bus.receive(delivery), inbounds

    async def prepared(self, inbox: Served, hook: Hook, parsed: list[Inbound], **further: Any) -> Delivery:
        """Files that came along are put on disk; texts lose what no database stores."""
        inbounds: list[Inbound] = []
        rows: list[dict[str, Any]] = []
        for one in parsed:
            if not isinstance(one, Received):
                inbounds.append(_storable_report(one))
                continue
            kept = one
            if one.attachments:
                kept = dataclasses.replace(one, attachments=await self._keep(inbox, one, rows))
            wish = opted(one.text) if inbox.medium == TEXTED else None
            if wish is not None:  # shown, but nobody waits for an answer to "STOP"
                kept = dataclasses.replace(kept, automatic=True)
            inbounds.append(_storable(kept))
            if wish is not None:
                reason = "" if wish else BLOCKED
                inbounds.append(Reachability(kept.sender.address, kept.at, reachable=wish, reason=reason))
        return Delivery(inbox, hook, inbounds, files=rows, **further)

    async def replay(self, shop_id: int, entry_id: str) -> bool:
        """Takes a journaled delivery again; true when it went well this time. NotFound for an unknown one."""
        row = await self.bus.read(journal.entry, shop_id, entry_id)
        if row is not None and self.replay_source is not None and await self._of_source(shop_id, row):
            return await self.replay_source(shop_id, row)
        inbox = await self.bus.read(self.bus.world.directory.get, shop_id, row["inbox_id"]) if row is not None else None
        if row is None or inbox is None:
            raise NotFound
        body, beside = inbox.uncovered(bytes(row["body"])), inbox.with_secrets(row["headers"] or {})
        hook = Hook.again(body, beside, row["received_at"])
        try:
            inbounds = await self._parse(inbox, hook)
            delivery = await self.prepared(inbox, hook, inbounds, journal_id=entry_id, replayed=True)
        except Exception as error:  # noqa: BLE001  it stays in the journal with its new reason
            reason = error.reason if isinstance(error, BadInput) else f"{type(error).__name__}: {error}"[:500]
            await self.bus.receive(Delivery(inbox, hook, journal_id=entry_id, failure=reason, replayed=True))
            return False
        await self.bus.receive(delivery)
        after = await self.bus.read(journal.entry, shop_id, entry_id)
        return after is not None and after["state"] != "failed"

    async def _of_source(self, shop_id: int, row: Mapping[Any, Any]) -> bool:
        """Whether a shop platform or a carrier sent this, and not a channel's vendor."""
        return await self.bus.read(sources.get, shop_id, row["inbox_id"]) is not None

    async def _parse(self, inbox: Served, hook: Hook) -> list[Inbound]:
        if self.perform is not None and inbox.channel.bears_token:
            await self.perform(inbox.channel.acquaint(hook))
        if len(hook.body) <= LARGE:
            return list(inbox.channel.parse(hook))
        return await asyncio.to_thread(lambda: list(inbox.channel.parse(hook)))

    async def _keep(self, inbox: Served, one: Received, rows: list[dict[str, Any]]) -> tuple[Attachment, ...]:
        kept = []
        for attachment in one.attachments:
            if attachment.data is not None:
                row = file_row(inbox.shop_id, attachment.name, attachment.data, owner=one.sender.address)
                await asyncio.to_thread(self.folder.write, inbox.shop_id, row["id"], attachment.data)
                rows.append({**row, "created_at": self.bus.clock()})
                kept.append(_stored(attachment, row))
            elif attachment.file_id is not None:
                known = await self.bus.read(file_store.get, inbox.shop_id, attachment.file_id)
                if known is not None:
                    kept.append(_stored(attachment, known))
            else:
                kept.append(dataclasses.replace(attachment, name=sniff.safe_name(attachment.name)))
        return tuple(kept)


def file_row(shop_id: int, name: str, data: bytes | Content, *, owner: str) -> dict[str, Any]:
    """A row of `files` (without its time); the type is what the bytes are, not what the sender says."""
    head = beginning(data, LOOKED_AT)
    kind = sniff.type_of(head)
    size = sniff.image_size(head)
    return {
        "shop_id": shop_id,
        "id": new_id(),
        "name": sniff.safe_name(name),
        "type": kind,
        "size": len(data),
        "kind": sniff.kind_of(kind),
        "width": size[0] if size else None,
        "height": size[1] if size else None,
        "owner": owner,
    }


def take(folder: Folder, shop_id: int, name: str, data: bytes | OnDisk, *, owner: str) -> dict[str, Any]:
    """The row of what is now in the folder: written there, or only given its name where it lay there already."""
    row = file_row(shop_id, name, data, owner=owner)
    if isinstance(data, OnDisk):
        folder.take(shop_id, row["id"], data.path)
    else:
        folder.write(shop_id, row["id"], data)
    return row


def _stored(attachment: Attachment, row: Mapping[Any, Any]) -> Attachment:
    kind = "voice" if attachment.kind == "voice" and row["kind"] == "audio" else row["kind"]
    return Attachment(
        name=row["name"],
        type=row["type"],
        size=row["size"],
        file_id=row["id"],
        content_id=attachment.content_id,
        kind=kind,
    )


def _storable(one: Received) -> Received:
    """The very same object where nothing had to be changed, which is nearly always."""
    one = _without_unstorable(one)
    changed: dict[str, Any] = {}
    if len(one.subject) > LONGEST_SUBJECT:
        changed["subject"] = one.subject[:LONGEST_SUBJECT]
    if (sender := _without_unstorable(one.sender)).facts:
        sender = dataclasses.replace(sender, facts=storable_tree(sender.facts))
    if sender is not one.sender:
        changed["sender"] = sender
    if one.replies_to:
        changed["replies_to"] = tuple(key_of(storable(each)) for each in one.replies_to)
    if one.public is not None:
        public = _without_unstorable(one.public)
        changed["public"] = dataclasses.replace(public, product=storable_tree(dict(public.product)))
    if one.content:
        changed["content"] = storable_tree(one.content)
    return dataclasses.replace(one, **changed) if changed else one


def _storable_report(one: Inbound) -> Inbound:
    """An edit and a deletion say of whom they are, too."""
    sender = getattr(one, "sender", None)
    if sender is not None and (clean := _without_unstorable(sender)) is not sender:
        one = dataclasses.replace(one, sender=clean)
    return _without_unstorable(one)


def _without_unstorable(one: T) -> T:
    """Every text of a dataclass as a database takes it; nearly always the very same object."""
    wrong: dict[str, str] = {}
    kind: Any = type(one)
    for name in _names_of(kind):
        text = getattr(one, name)
        if not isinstance(text, str) or not text:
            continue
        if UNSTORABLE.search(text) or (name in KEYS and len(text) > LONGEST_KEY):
            wrong[name] = key_of(storable(text)) if name in KEYS else storable(text)
    replaced: T = dataclasses.replace(one, **wrong) if wrong else one  # type: ignore[type-var]
    return replaced


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(kind))
