"""Events of VK's Callback API in, words of the shop out: one call, one event."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from prilavok.channels import base
from prilavok.channels.base import (
    Echoed,
    Edited,
    Inbound,
    Reachability,
    Reacted,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.vk import comments
from prilavok.channels.vk.attached import attachments, links
from prilavok.channels.vk.shapes import (
    Allowed,
    Comment,
    CommentGone,
    Envelope,
    Message,
    NewMessage,
    Pressed,
    Reaction,
    Read,
    Typing,
)
from prilavok.channels.wire import NOT_READABLE, complaint, moment, said, storable
from prilavok.domain.capabilities import BLOCKED

GROUP_CHAT = 2_000_000_000  # peers above it are chats of several people
LINK = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
START = "start"
REACTIONS = dict(enumerate("❤🔥😂👍💩❓😭😡👎👌😄🤔🙏😘😍🎉", 1))

read_anything = msgspec.json.Decoder(Any)


@dataclass(frozen=True, slots=True)
class Context:
    group_id: int
    event_id: str
    at: datetime  # when we received it
    by_person: bool = False  # an administrator's token is there: what VK lets people do, we may


def inbound(envelope: Envelope, at: datetime, *, by_person: bool = False) -> list[Inbound]:
    """What cannot be read is Unknown, not an error: VK would repeat it."""
    found = MEANINGS.get(envelope.type)
    if found is None:
        return [Unknown(storable(envelope.type)[:100] or "an event without a type")]
    decoder, read = found
    try:
        part = decoder.decode(envelope.object)
    except NOT_READABLE as error:
        return [Unknown(storable(f"unreadable {envelope.type}: {complaint(error)}"))]
    return list(read(Context(envelope.group_id, storable(envelope.event_id)[:100], at, by_person), part))


def spoken(context: Context, new: NewMessage) -> Iterator[Inbound]:
    message = new.message
    if strange := no_person(message):
        yield Unknown(strange)
        return
    data, starts = carried(message.payload)
    ref = storable(message.ref or "")
    token = ref if LINK.fullmatch(ref) else ""
    content = placed(message) | ({"button": data} if data else {})
    if ref and not token:
        source = said(message.ref_source, 200)
        content["referral"] = {"id": ref[:500], **({"title": source} if source else {})}
    answered = message.reply_message
    yield Received(
        provider_id=number_of(message.peer_id, message.conversation_message_id),
        at=moment(message.date, context.at),
        sender=person(message.from_id),
        text="" if starts else words(message),
        attachments=tuple(attachments(message.attachments)),
        replies_to=(number_of(message.peer_id, answered.conversation_message_id),) if answered is not None else (),
        link_token=token,
        silent=starts,
        content=content,
    )


def edited(context: Context, message: Message) -> Iterator[Inbound]:
    if strange := no_person(message):
        yield Unknown(strange if message.from_id > 0 else "an edit by the community")
        return
    yield Edited(
        provider_id=number_of(message.peer_id, message.conversation_message_id),
        at=moment(message.update_time or message.date, context.at),
        sender=person(message.from_id),
        text=words(message),
    )


def echoed(context: Context, message: Message) -> Iterator[Inbound]:
    """What the community said: through us, or somebody of the shop in VK itself."""
    if message.peer_id > GROUP_CHAT or message.peer_id <= 0:
        yield Unknown("said by the community in a group chat")
        return
    yield Echoed(
        provider_id=number_of(message.peer_id, message.conversation_message_id),
        at=moment(message.date, context.at),
        address=str(message.peer_id),
        text=words(message),
        attachments=tuple(attachments(message.attachments)),
    )


def read_up_to(context: Context, read: Read) -> Iterator[Inbound]:
    if read.from_id <= 0 or read.peer_id != read.from_id:
        yield Unknown("read by somebody in the community")
        return
    yield ReceiptCame(
        receipt=Receipt.READ,
        at=context.at,
        provider_id=number_of(read.peer_id, read.conversation_message_id),
        address=str(read.from_id),
        and_before=True,
    )


def typing(context: Context, typed: Typing) -> Iterator[Inbound]:
    if typed.from_id <= 0 or typed.state != "typing":
        yield Unknown("message_typing_state")
    else:
        yield base.Typing(address=str(typed.from_id), at=context.at)


def allowed(context: Context, allow: Allowed) -> Iterator[Inbound]:
    """From a button on the site, which may carry a token of ours."""
    if allow.key and LINK.fullmatch(allow.key) and allow.user_id > 0:
        yield Received(
            provider_id=f"allow:{context.event_id}",
            at=context.at,
            sender=person(allow.user_id),
            link_token=allow.key,
            silent=True,
        )
    yield Reachability(address=str(allow.user_id), at=context.at, reachable=True)


def denied(context: Context, deny: Allowed) -> Iterator[Inbound]:
    yield Reachability(address=str(deny.user_id), at=context.at, reachable=False, reason=BLOCKED)


def pressed(context: Context, press: Pressed) -> Iterator[Inbound]:
    """A callback button of somebody else's keyboard: ours are said aloud in the chat."""
    if press.user_id <= 0 or press.peer_id > GROUP_CHAT:
        yield Unknown("button pressed in a group chat")
        return
    payload = press.payload if isinstance(press.payload, str) else msgspec.json.encode(press.payload).decode()
    data = carried(payload)[0]
    answered = press.conversation_message_id
    yield Received(
        provider_id=f"event:{storable(press.event_id)}",
        at=context.at,
        sender=person(press.user_id),
        text=data,
        replies_to=(number_of(press.peer_id, answered),) if answered else (),
        content={"button": data},
    )


def reacted(context: Context, reaction: Reaction) -> Iterator[Inbound]:
    if reaction.reacted_id <= 0 or reaction.peer_id > GROUP_CHAT:
        yield Unknown("a reaction of the community or in a group chat")
        return
    number = reaction.reaction_id
    yield Reacted(
        provider_id=number_of(reaction.peer_id, reaction.cmid),
        at=context.at,
        sender=person(reaction.reacted_id),
        emoji="" if number is None else REACTIONS.get(number, "🙂"),
    )


def commented(where: str, context: Context, comment: Comment) -> Iterator[Inbound]:
    yield comments.said(where, comment, context.group_id, context.at, by_person=context.by_person)


def comment_edited(where: str, context: Context, comment: Comment) -> Iterator[Inbound]:
    yield comments.edited(where, comment, context.group_id, context.at)


def comment_gone(where: str, context: Context, gone: CommentGone) -> Iterator[Inbound]:
    yield comments.gone(where, gone, context.group_id, context.at)


def asked(context: Context, _: Any) -> Iterator[Inbound]:
    del context
    yield Unknown("VK asked for the confirmation string")


Meaning = tuple["msgspec.json.Decoder[Any]", Callable[[Context, Any], Iterator[Inbound]]]
MEANINGS: dict[str, Meaning] = {
    "confirmation": (read_anything, asked),
    "message_new": (msgspec.json.Decoder(NewMessage), spoken),
    "message_edit": (msgspec.json.Decoder(Message), edited),
    "message_reply": (msgspec.json.Decoder(Message), echoed),
    "message_read": (msgspec.json.Decoder(Read), read_up_to),
    "message_typing_state": (msgspec.json.Decoder(Typing), typing),
    "message_allow": (msgspec.json.Decoder(Allowed), allowed),
    "message_deny": (msgspec.json.Decoder(Allowed), denied),
    "message_event": (msgspec.json.Decoder(Pressed), pressed),
    "message_reaction_event": (msgspec.json.Decoder(Reaction), reacted),
}


def _of_comments(where: str, event: str) -> dict[str, Meaning]:
    """What becomes of comments of one place; VK names these events alike."""
    read, read_gone = msgspec.json.Decoder(Comment), msgspec.json.Decoder(CommentGone)
    return {
        f"{event}_new": (read, partial(commented, where)),
        f"{event}_edit": (read, partial(comment_edited, where)),
        f"{event}_delete": (read_gone, partial(comment_gone, where)),
        f"{event}_restore": (read, partial(commented, where)),
    }


MEANINGS |= _of_comments("wall", "wall_reply")
MEANINGS |= _of_comments("photo", "photo_comment")
MEANINGS |= _of_comments("video", "video_comment")
MEANINGS |= _of_comments("market", "market_comment")


def number_of(peer_id: int, conversation_message_id: int) -> str:
    """Within a chat: reactions and reading know no other number."""
    return f"{peer_id}:{conversation_message_id}"


def person(user_id: int) -> Sender:
    """VK tells a community the number alone."""
    return Sender(address=str(user_id), verified=True, facts={"page": f"https://vk.com/id{user_id}"})


def no_person(message: Message) -> str:
    """Why this is not a customer's word to the shop; empty when it is."""
    if message.peer_id > GROUP_CHAT:
        return "message in a group chat"
    return "" if message.from_id > 0 else "message of another community"


def carried(payload: str | None) -> tuple[str, bool]:
    """What a pressed button carries (a string that holds JSON), and whether it is VK's own "Start"."""
    if not payload:
        return "", False
    try:
        found = read_anything.decode(payload)
    except NOT_READABLE:
        return storable(payload)[:1000], False
    if isinstance(found, dict):
        if found.get("command") == START:
            return "", True
        if isinstance(ours := found.get("button"), str):
            return storable(ours)[:1000], False
    return storable(payload)[:1000], False


def words(message: Message) -> str:
    """The text, what was forwarded, and the addresses of what has no file."""
    forwarded = [storable(one.text) for one in message.fwd_messages]
    lines = [storable(message.text), *(f"> {text}" for text in forwarded if text), *links(message.attachments)]
    return "\n".join(filter(None, lines))


def placed(message: Message) -> dict[str, Any]:
    spot = message.geo.coordinates if message.geo is not None else None
    return {} if spot is None else {"location": {"lat": spot.latitude, "lon": spot.longitude}}
