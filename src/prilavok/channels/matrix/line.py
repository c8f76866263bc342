"""Requests to the homeserver, and what its refusals mean."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from prilavok.channels.base import (
    Attachment,
    Dialogue,
    Download,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.matrix.events import MXC, OURS
from prilavok.channels.matrix.shapes import Complaint, read_complaint, read_sent, read_stored
from prilavok.channels.wire import NOT_READABLE, retry_after, said
from prilavok.channels.words import numbered

T = TypeVar("T")
LONG_POLL = 25  # seconds that the homeserver holds /sync open when there is nothing new
SYNC_LIMIT = 32 * 1024 * 1024  # bytes of one answer
TIMELINE = 100  # events of a room in one answer
KINDS = {"image": "m.image", "video": "m.video", "audio": "m.audio", "voice": "m.audio"}
SHUT = {"M_USER_DEACTIVATED", "M_USER_SUSPENDED", "M_USER_LOCKED", "M_CONSENT_NOT_GIVEN"}
EVENTS = ["m.room.message", "m.room.encrypted", "m.room.redaction", "m.room.member", "m.reaction", "m.sticker"]
NOTHING: Mapping[str, Any] = {"types": []}
FILTER = msgspec.json.encode(
    {
        "presence": NOTHING,
        "account_data": NOTHING,
        "room": {
            "timeline": {"limit": TIMELINE, "types": EVENTS},
            "state": {"lazy_load_members": True, "types": ["m.room.member"]},
            "ephemeral": {"types": ["m.receipt", "m.typing"]},
            "account_data": NOTHING,
        },
    }
).decode()


@dataclass(frozen=True, slots=True)
class Line:
    base: str
    token: str = field(repr=False)
    vouched: str = ""  # see `Config.vouched`

    def ask(self, method: str, path: str, body: Any = None, *, query: Mapping[str, str] | None = None) -> Request:
        url = f"{self.base}/_matrix/{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"authorization": f"Bearer {self.token}"}
        if body is None:
            return Request(method, url, headers=headers, vouched=self.vouched)
        headers["content-type"] = "application/json"
        return Request(method, url, headers=headers, body=msgspec.json.encode(body), vouched=self.vouched)

    def sync(self, since: str, *, wait: int = LONG_POLL) -> Request:
        query = {"timeout": str(wait * 1000), "filter": FILTER, **({"since": since} if since else {})}
        url = f"{self.base}/_matrix/client/v3/sync?{urlencode(query)}"
        headers = {"authorization": f"Bearer {self.token}"}
        return Request("GET", url, headers=headers, timeout=wait + 30.0, max_bytes=SYNC_LIMIT, vouched=self.vouched)

    def earlier(self, room: str, start: str, end: str) -> Request:
        """What lies between two places of a room, newest first."""
        query = {"dir": "b", "from": start, "limit": str(TIMELINE), **({"to": end} if end else {})}
        return self.ask("GET", f"client/v3/rooms/{named(room)}/messages", query=query)

    def join(self, room: str) -> Request:
        return self.ask("POST", f"client/v3/rooms/{named(room)}/join", {})

    def leave(self, room: str) -> Request:
        return self.ask("POST", f"client/v3/rooms/{named(room)}/leave", {})

    def members(self, room: str) -> Request:
        return self.ask("GET", f"client/v3/rooms/{named(room)}/joined_members")

    def say(self, room: str, content: Mapping[str, Any], transaction: str) -> Request:
        return self.ask("PUT", f"client/v3/rooms/{named(room)}/send/m.room.message/{named(transaction)}", content)

    def notice(self, room: str, text: str) -> Request:
        """From the machine to the person; the same words go out once a room and login."""
        transaction = f"{OURS}notice-{hashlib.sha256(f'{room} {text}'.encode()).hexdigest()[:16]}"
        return self.say(room, {"msgtype": "m.notice", "body": text}, transaction)

    def download(self, ref: str, limit: int) -> Download:
        found = MXC.fullmatch(ref)
        if found is None:
            raise Undeliverable("This is no file of Matrix'.")
        url = f"{self.base}/_matrix/client/v1/media/download/{named(found[1])}/{named(found[2])}"
        headers = {"authorization": f"Bearer {self.token}"}
        return Download("GET", url, headers=headers, timeout=120.0, max_bytes=limit, vouched=self.vouched)

    def upload(self, one: Attachment) -> Request:
        url = f"{self.base}/_matrix/media/v3/upload?{urlencode({'filename': one.name})}"
        headers = {"authorization": f"Bearer {self.token}", "content-type": one.type}
        return Request("POST", url, headers=headers, body=one.data or b"", timeout=120.0, vouched=self.vouched)


def named(part: str) -> str:
    return quote(part, safe="")


def send(line: Line, outbound: Outbound) -> Dialogue[list[str]]:
    """The ids of the events that a reply became. A repeat carries the same transaction ids and is dropped there."""
    contents = list(words(outbound))
    for one in outbound.attachments:
        response = yield line.upload(one)
        stored = read(read_stored, response)
        contents.append(file(one, stored.content_uri))
    ids = []
    for number, content in enumerate(contents):
        response = yield line.say(outbound.address, content, f"{OURS}{outbound.message_id}-{number}")
        ids.append(said(read(read_sent, response).event_id, 300))
    return ids


def words(outbound: Outbound) -> Iterator[dict[str, Any]]:
    if text := numbered(outbound):
        answers = {"m.in_reply_to": {"event_id": outbound.replies_to}} if outbound.replies_to else None
        yield {"msgtype": "m.text", "body": text, **({"m.relates_to": answers} if answers else {})}


def file(one: Attachment, uri: str) -> dict[str, Any]:
    info = {"mimetype": one.type, "size": len(one.data or b"")}
    return {"msgtype": KINDS.get(one.kind, "m.file"), "body": one.name, "filename": one.name, "url": uri, "info": info}


def read(decoder: "msgspec.json.Decoder[T]", response: Response) -> T:
    settle(response)
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("the homeserver's answer has another shape than it promises", perhaps_sent=True) from error


def settle(response: Response) -> None:
    """What is wrong with an answer, as the error that says what to do."""
    if response.status == 200:
        return
    complaint = complaint_of(response)
    code = said(complaint.errcode, 60)
    told = f"the homeserver answered {response.status}" + (f" {code}" if code else "")
    match response.status:
        case 401:
            raise NeedsOwner(f"{told}: the access token is no longer good. Sign in anew and copy the new one.")
        case _ if code in SHUT:
            raise NeedsOwner(f"{told}: the homeserver has shut this account.")
        case 429:
            raise TryLater(told, after=pause(complaint, response))
        case 403:
            raise Undeliverable(f"{told}: the shop is not in this room, or may not write there.", address_is_dead=True)
        case 404:
            raise Undeliverable(f"{told}: there is no such room or file.", address_is_dead=code == "M_NOT_FOUND")
        case status if 400 <= status < 500 and status != 408:
            raise Undeliverable(": ".join(filter(None, [told, said(complaint.error, 200)])))
        case _:
            raise TryLater(told, after=pause(complaint, response))


def complaint_of(response: Response) -> Complaint:
    try:
        return read_complaint.decode(response.body)
    except NOT_READABLE:
        return Complaint()


def pause(complaint: Complaint, response: Response) -> float | None:
    if complaint.retry_after_ms is not None and 0 <= complaint.retry_after_ms < 86_400_000:
        return complaint.retry_after_ms / 1000
    return retry_after(response.headers, datetime.now(UTC))
