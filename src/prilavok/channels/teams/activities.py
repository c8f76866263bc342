"""Activities in, words of the shop out: a pure table from each type to what it means."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Edited,
    Inbound,
    Reachability,
    Reacted,
    Received,
    Sender,
    Typing,
    Unknown,
)
from prilavok.channels.teams.shapes import Activity, Entity, File
from prilavok.channels.wire import believable, said, storable
from prilavok.domain.capabilities import BLOCKED

LINK = re.compile(r"#([A-Za-z0-9_-]{8,64})", re.ASCII)  # the visible text that a deep link writes beforehand
FILE = "application/vnd.microsoft.teams.file.download.info"
EMOJI_CODE = re.compile(r"[0-9a-f]{4,6}(?:-[0-9a-f]{4,6})*(?=_|$)")
REACTIONS = {
    "like": "👍",
    "plusOne": "👍",
    "heart": "❤️",
    "laugh": "😆",
    "surprised": "😮",
    "sad": "😢",
    "angry": "😡",
}
LONGEST_ID = 400  # characters


def inbound(activity: Activity, at: datetime) -> Iterator[Inbound]:
    """What one activity means. Only talks between the shop and one person are conversations."""
    if activity.conversation.is_group or activity.conversation.kind not in {"", "personal"}:
        yield Unknown(said(f"{activity.type} in a team or a group chat", 120))
    elif not activity.conversation.id or not activity.sender.id:
        yield Unknown(said(f"{activity.type} of nobody", 120))
    elif (meaning := MEANINGS.get(activity.type)) is not None:
        yield from meaning(activity, when(activity, at))
    else:
        yield Unknown(said(f"{activity.type} {activity.name or ''}".strip(), 120) or "an activity without a type")


def message(activity: Activity, at: datetime) -> Iterator[Inbound]:
    if not activity.id:
        yield Unknown("message without an id")
        return
    text = words(activity)
    link = LINK.fullmatch(text)
    pressed = button(activity.value)
    yield Received(
        provider_id=provider_id(activity, activity.id),
        at=at,
        sender=sender(activity),
        text="" if link else text,
        attachments=tuple(files(activity)),
        replies_to=(provider_id(activity, activity.reply_to),) if activity.reply_to else (),
        link_token=link[1] if link else "",
        silent=link is not None,
        content={"button": pressed} if pressed else {},
    )


def changed(activity: Activity, at: datetime) -> Iterator[Inbound]:
    """An edit; also when a message that was taken back is put back."""
    yield Edited(provider_id(activity, activity.id), at, sender(activity), words(activity))


def deleted(activity: Activity, at: datetime) -> Iterator[Inbound]:
    yield Deleted(provider_id(activity, activity.id), at, sender(activity))


def reacted(activity: Activity, at: datetime) -> Iterator[Inbound]:
    """To the message in `replyToId`. One person may put several; the last one stands."""
    if not activity.reply_to:
        yield Unknown("reaction to nothing")
        return
    put = [emoji(one.type) for one in activity.reactions or ()]
    taken = [""] if activity.unreactions and not put else []
    for one in [*taken, *put][-1:]:
        yield Reacted(provider_id(activity, activity.reply_to), at, sender(activity), one)


def joined(activity: Activity, at: datetime) -> Iterator[Inbound]:
    """The customer added the shop's app, or threw it out; who else comes and goes is no news in a talk of two."""
    us = activity.recipient.id
    if us in {one.id for one in activity.removed or ()}:
        yield Reachability(address(activity), at, reachable=False, reason=BLOCKED)
    elif us in {one.id for one in activity.added or ()} and activity.id:
        yield Received(provider_id(activity, activity.id), at, sender(activity), silent=True)
    else:
        yield Unknown("conversationUpdate")


def installed(activity: Activity, at: datetime) -> Iterator[Inbound]:
    match activity.action:
        case "add" | "add-upgrade":
            yield Reachability(address(activity), at, reachable=True)
        case "remove" | "remove-upgrade":
            yield Reachability(address(activity), at, reachable=False, reason=BLOCKED)
        case _:
            yield Unknown(said(f"installationUpdate {activity.action or ''}".strip(), 120))


def typing(activity: Activity, at: datetime) -> Iterator[Inbound]:
    yield Typing(address(activity), at)


MEANINGS: Mapping[str, Callable[[Activity, datetime], Iterator[Inbound]]] = {
    "message": message,
    "messageUpdate": changed,
    "messageDelete": deleted,
    "messageReaction": reacted,
    "conversationUpdate": joined,
    "installationUpdate": installed,
    "typing": typing,
}


def address(activity: Activity) -> str:
    return storable(activity.conversation.id)


def provider_id(activity: Activity, activity_id: str) -> str:
    """An activity's id is unique within its conversation only."""
    return f"{said(activity_id, LONGEST_ID)}@{mark(activity.conversation.id)}"


def mark(conversation_id: str) -> str:
    return hashlib.sha256(conversation_id.encode(errors="replace")).hexdigest()[:12]


def sender(activity: Activity) -> Sender:
    facts = {
        "teams_user": activity.sender.id,
        "directory_id": activity.sender.aad_object_id,
        "organisation": activity.conversation.tenant,
    }
    info = next((one for one in activity.entities or () if one.type == "clientInfo"), Entity())
    return Sender(
        address=address(activity),
        name=said(activity.sender.name, 200),
        language=said(activity.locale or info.locale, 35).partition("-")[0],
        timezone=said(activity.timezone or info.timezone, 60),
        verified=True,
        facts={name: said(value, 200) for name, value in facts.items() if value},
    )


def words(activity: Activity) -> str:
    """Without the mention of our own name, and with the spaces that Teams writes as HTML."""
    text = activity.text or ""
    for one in activity.entities or ():
        if one.type == "mention" and one.text and one.mentioned and one.mentioned.id == activity.recipient.id:
            text = text.replace(one.text, "")
    return storable(text.replace("&nbsp;", " ").replace("\r\n", "\n")).strip()


def button(value: Any) -> str:
    return said(value.get("button"), 256) if isinstance(value, dict) else ""


def files(activity: Activity) -> Iterator[Attachment]:
    for one in activity.attachments or ():
        if one.type == FILE and isinstance(one.content, dict):
            if url := said(one.content.get("downloadUrl"), 8000):
                yield Attachment(name=said(one.name, 200) or "file", url=url)
        elif one.type.startswith(("image/", "video/", "audio/")) and one.url.startswith(("https://", "http://")):
            yield media(one)


def media(one: File) -> Attachment:
    """Kept at the conversation's server: it wants to see our token."""
    family, _, ending = said(one.type, 100).partition("/")
    name = said(one.name, 200) or f"{family}.{'png' if ending == '*' else ending[:10]}"
    mime = "application/octet-stream" if ending == "*" else f"{family}/{ending}"
    return Attachment(name=name, type=mime, ref=storable(one.url), kind=family)


def emoji(kind: str) -> str:
    """`1f440_eyes` and the six old names; a reaction that we cannot draw is shown by its name."""
    if kind in REACTIONS:
        return REACTIONS[kind]
    if found := EMOJI_CODE.match(kind):
        points = [int(one, 16) for one in found[0].split("-")]
        if all(0x20 <= point < 0x110000 and not 0xD800 <= point < 0xE000 for point in points):
            return "".join(map(chr, points))
    return said(kind, 40) or "👍"


def when(activity: Activity, at: datetime) -> datetime:
    try:
        told = datetime.fromisoformat(activity.timestamp)
    except ValueError:
        return at
    return believable(told, at) if told.tzinfo is not None else at


def origin(url: str) -> str:
    """Scheme, host and port of an address; empty for what is none."""
    try:
        where = urlsplit(url)
        port = where.port
    except ValueError:
        return ""
    if where.scheme not in {"https", "http"} or not where.hostname or where.username is not None:
        return ""
    return f"{where.scheme}://{where.hostname}" + (f":{port}" if port else "")
