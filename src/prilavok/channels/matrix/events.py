"""An answer of /sync in, words of the shop out. Pure. A room of two is one customer's conversation."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Reachability,
    Reacted,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Typing,
    Unknown,
)
from prilavok.channels.matrix.shapes import Content, Event, Joined, read_event, read_receipts, read_sync
from prilavok.channels.wire import NOT_READABLE, complaint, decode, moment_of_ms, said, storable
from prilavok.domain.capabilities import BLOCKED

OURS = "prilavok-"  # our transaction ids: this, the message's id, and the part
KINDS = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": "file"}
PLACE = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)", re.ASCII)
MXC = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]{1,255})/([A-Za-z0-9_-]{1,255})", re.ASCII)
QUOTED = re.compile(r"\A(?:>.*\n)+\n?")
UNREADABLE = "[encrypted message: the shop cannot read it. Please ask for it in a room without encryption.]"
LARGEST_NUMBER = 1 << 53


def inbound(body: bytes, us: str, at: datetime) -> Iterator[Inbound]:
    """Everything in the order in which it must be understood. BadInput when it is no answer of /sync."""
    sync = decode(read_sync, body)
    for room, joined in sync.rooms.join.items():
        address = storable(room)
        names = dict(known_names(joined))
        for raw in joined.timeline.events:
            try:
                yield from happened(read_event.decode(raw), address, names, us, at)
            except NOT_READABLE as error:
                yield Unknown(storable(f"unreadable event: {complaint(error)}")[:300])
        for raw in joined.ephemeral.events:
            try:
                told = read_receipts.decode(raw)
            except NOT_READABLE as error:
                yield Unknown(storable(f"unreadable news: {complaint(error)}")[:300])
                continue
            yield from receipts(told.content, address, us, at) if told.type == "m.receipt" else ()
            yield from typing(told.content, address, us, at) if told.type == "m.typing" else ()
    for room in sync.rooms.leave:
        yield Reachability(storable(room), at, reachable=False, reason=BLOCKED)


def happened(event: Event, room: str, names: dict[str, str], us: str, at: datetime) -> Iterator[Inbound]:
    at = moment_of_ms(event.at, at)
    if event.sender == us:
        yield from by_us(event, room, at)
    elif event.type == "m.room.member":
        yield from member(event, room, names, at)
    elif event.unsigned is not None and event.unsigned.redacted_because is not None:
        yield Unknown("an event that was taken back before we saw it")
    else:
        meaning = MEANINGS.get(event.type)
        sender = sender_of(event, room, names)
        yield meaning(event, sender, at) if meaning else Unknown(said(event.type, 100) or "an event without a type")


def by_us(event: Event, room: str, at: datetime) -> Iterator[Inbound]:
    """What we sent ourselves comes back with our transaction id and is no news; staff write without one."""
    own = event.unsigned.transaction_id if event.unsigned else ""
    content = event.content
    changes = content.relates_to is not None and content.relates_to.rel_type == "m.replace"
    if event.type == "m.room.message" and not own.startswith(OURS) and not changes:
        yield Echoed(
            storable(event.event_id), at, room, text=words(content), attachments=tuple(files(content, event.type))
        )


def member(event: Event, room: str, names: dict[str, str], at: datetime) -> Iterator[Inbound]:
    if event.state_key != event.sender and event.content.membership in {"leave", "ban"}:
        yield Unknown("somebody was sent out of a room")
    elif event.content.membership in {"leave", "ban"}:
        yield Reachability(room, at, reachable=False, reason=BLOCKED)
    elif event.content.membership == "join":
        names[event.sender] = said(event.content.displayname, 200)
        yield Reachability(room, at, reachable=True)


def message(event: Event, sender: Sender, at: datetime) -> Inbound:
    content, relation = event.content, event.content.relates_to
    if relation is not None and relation.rel_type == "m.replace":
        return Edited(storable(relation.event_id), at, sender, words(content.new_content or content))
    if content.msgtype.startswith("m.key.verification"):
        return Unknown("a wish to compare keys")
    attached = tuple(files(content, event.type))
    answered = relation.in_reply_to if relation is not None else None
    answers = said(answered.get("event_id"), 300) if isinstance(answered, Mapping) else ""
    text = words(content)
    if answers:
        text = QUOTED.sub("", text, count=1)
    if not text and not attached:
        return Unknown(said(f"empty {content.msgtype}", 100))
    return Received(
        provider_id=storable(event.event_id),
        at=at,
        sender=sender,
        text=text,
        attachments=attached,
        replies_to=(answers,) if answers else (),
        automatic=content.msgtype == "m.notice",
        content=place(content),
    )


def sticker(event: Event, sender: Sender, at: datetime) -> Inbound:
    return Received(storable(event.event_id), at, sender, attachments=tuple(files(event.content, event.type)))


def encrypted(event: Event, sender: Sender, at: datetime) -> Inbound:
    return Received(storable(event.event_id), at, sender, text=UNREADABLE)


def reaction(event: Event, sender: Sender, at: datetime) -> Inbound:
    relation = event.content.relates_to
    if relation is None or relation.rel_type != "m.annotation" or not relation.event_id:
        return Unknown("reaction to nothing")
    return Reacted(storable(relation.event_id), at, sender, said(relation.key, 40))


def redaction(event: Event, sender: Sender, at: datetime) -> Inbound:
    return Deleted(storable(event.redacts or event.content.redacts), at, sender)


MEANINGS: Mapping[str, Callable[[Event, Sender, datetime], Inbound]] = {
    "m.room.message": message,
    "m.sticker": sticker,
    "m.room.encrypted": encrypted,
    "m.reaction": reaction,
    "m.room.redaction": redaction,
}


def receipts(content: Mapping[str, Any], room: str, us: str, at: datetime) -> Iterator[Inbound]:
    """Read up to an event, which is often the customer's own: so everything of ours up to then is read, too."""
    for event_id, kinds in content.items():
        for kind in ("m.read", "m.read.private"):
            people = kinds.get(kind) if isinstance(kinds, Mapping) else None
            for person, about in people.items() if isinstance(people, Mapping) else ():
                stamp = about.get("ts") if isinstance(about, Mapping) else None
                if person == us or not isinstance(stamp, int | float) or not abs(stamp) < LARGEST_NUMBER:
                    continue
                when = moment_of_ms(stamp, at)
                yield ReceiptCame(Receipt.READ, when, provider_id=said(event_id, 300), address=room)
                yield ReceiptCame(Receipt.READ, when, address=room, up_to=when)


def typing(content: Mapping[str, Any], room: str, us: str, at: datetime) -> Iterator[Inbound]:
    people = content.get("user_ids")
    if isinstance(people, list) and any(one != us for one in people):
        yield Typing(room, at)


def known_names(joined: Joined) -> Iterator[tuple[str, str]]:
    for raw in joined.state.events:
        try:
            event = read_event.decode(raw)
        except NOT_READABLE:
            continue  # a state that we cannot read has no name in it that we could show
        if event.type == "m.room.member" and event.content.displayname:
            yield event.state_key or event.sender, said(event.content.displayname, 200)


def sender_of(event: Event, room: str, names: Mapping[str, str]) -> Sender:
    person = storable(event.sender)
    name = names.get(event.sender) or person.removeprefix("@").partition(":")[0]
    return Sender(address=room, name=name[:200], verified=True, facts={"matrix_id": person[:300]})


def words(content: Content) -> str:
    """A file's own name is no text; a caption is."""
    text = storable(content.body)
    if content.msgtype in KINDS:
        return text if content.filename and content.filename != content.body else ""
    return f"* {text}" if content.msgtype == "m.emote" else text


def files(content: Content, type: str) -> Iterator[Attachment]:
    if MXC.fullmatch(content.url):
        info, kind = content.info, "sticker" if type == "m.sticker" else KINDS.get(content.msgtype, "file")
        size = info.size if info and info.size is not None and 0 <= info.size < 1 << 40 else None
        yield Attachment(
            name=said(content.filename or content.body, 200) or kind,
            type=(said(info.mimetype, 100) if info else "") or "application/octet-stream",
            size=size,
            ref=content.url,
            kind="voice" if content.voice is not None and kind == "audio" else kind,
        )


def place(content: Content) -> dict[str, Any]:
    found = PLACE.match(content.geo_uri)
    return {"location": {"lat": float(found[1]), "lon": float(found[2])}} if found else {}
