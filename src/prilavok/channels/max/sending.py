"""A reply out: files are uploaded first; MAX may need a moment before it lets a message carry them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from prilavok.channels import base
from prilavok.channels.base import (
    Attachment,
    Button,
    Dialogue,
    NeedsOwner,
    Outbound,
    Pause,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.max.shapes import Complaint, SentMessage, Uploaded, UploadPlace
from prilavok.channels.wire import NOT_READABLE, retry_after, said
from prilavok.domain.capabilities import BLOCKED

TEXT = 4000  # characters
LABEL, CARRIED = 128, 1024  # characters on a button, and that it may carry
PICTURES = 10  # in one message
NOT_READY = "attachment.not.ready"
WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds, while MAX works on an upload
PATIENCE = 10.0  # seconds that we wait in the middle of a message rather than leave half of it out

read_complaint = msgspec.json.Decoder(Complaint)
read_sent = msgspec.json.Decoder(SentMessage)
read_place = msgspec.json.Decoder(UploadPlace)
read_uploaded = msgspec.json.Decoder(Uploaded)


class NotReady(TryLater):
    """The file is there, but not yet prepared: the same again in a moment."""


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one bot."""

    base: str
    token: str = field(repr=False)
    vouched: str = ""  # see `Config.vouched`

    def ask(
        self, method: str, path: str, query: Mapping[str, Any], fields: Mapping[str, Any] | None = None, **more: Any
    ) -> Request:
        where = f"{self.base}/{path}{f'?{urlencode(query)}' if query else ''}"
        headers = {"authorization": self.token}
        more["vouched"] = self.vouched
        if fields is None:
            return Request(method, where, headers=headers, **more)
        headers["content-type"] = "application/json"
        return Request(method, where, headers=headers, body=msgspec.json.encode(fields), **more)


def settle(response: Response, *, sends: bool = False) -> None:
    """Nothing for a 2xx; for the rest the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    try:
        complaint = read_complaint.decode(response.body)
    except NOT_READABLE:
        complaint = Complaint()
    reason = f"MAX: {said(complaint.message or complaint.code, 200) or 'not taken'} ({status})"
    if status == 429:
        raise TryLater(reason, after=retry_after(response.headers, datetime.now(UTC)))
    if status >= 500:
        # A gateway that gave up waiting does not know whether the message was sent.
        raise TryLater(reason, perhaps_sent=sends and status == 504)
    if complaint.code == NOT_READY:
        raise NotReady(reason, after=PATIENCE)
    if sends and status in {403, 404}:  # of this one person
        raise Undeliverable(BLOCKED if status == 403 else reason, address_is_dead=True)
    if status in {401, 403, 404}:
        raise NeedsOwner(f"{reason}. Check the bot's token and the server's address.")
    raise Undeliverable(reason)


def send(line: Line, outbound: Outbound) -> Dialogue[base.Sent]:
    ids: list[str] = []
    groups = grouped(outbound)
    for number, files in enumerate(groups):
        last = number == len(groups) - 1
        try:
            fields = yield from message(line, outbound, files, first=number == 0, last=last)
            ids.append((yield from say(line, outbound.address, fields)))
        except TryLater as error:
            if number == 0:
                raise
            raise TryLater(f"only a part was sent: {error.reason}", after=error.after, perhaps_sent=True) from error
        except Undeliverable as error:
            if number == 0:
                raise
            raise Undeliverable(f"Only a part was sent. {error.reason}") from error
    return base.Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))


def message(
    line: Line, outbound: Outbound, files: Sequence[Attachment], *, first: bool, last: bool
) -> Dialogue[dict[str, Any]]:
    attachments: list[dict[str, Any]] = []
    for file in files:
        attachments.append((yield from uploaded(line, file)))
    if last and outbound.buttons:
        attachments.append(
            {"type": "inline_keyboard", "payload": {"buttons": [[key(one)] for one in outbound.buttons]}}
        )
    fields: dict[str, Any] = {"text": outbound.text if first and outbound.text else None, "notify": True}
    if attachments:
        fields["attachments"] = attachments
    if first and outbound.replies_to.startswith("mid."):
        fields["link"] = {"type": "reply", "mid": outbound.replies_to}
    return fields


def say(line: Line, address: str, fields: Mapping[str, Any]) -> Dialogue[str]:
    """One message; its id. Waits while MAX prepares what was uploaded."""
    for wait in (*WAITS, None):
        query = {"user_id": address, "disable_link_preview": "true"}
        response = yield line.ask("POST", "messages", query, fields)
        try:
            settle(response, sends=True)
        except NotReady:
            if wait is None:
                raise
            yield Pause(wait)
            continue
        break
    try:
        return str(read_sent.decode(response.body).message.body.mid)
    except NOT_READABLE as error:
        raise TryLater("MAX's answer names no message", perhaps_sent=True) from error


def grouped(outbound: Outbound) -> list[list[Attachment]]:
    """Pictures together, any other file in a message of its own; the first one has the text."""
    groups: list[list[Attachment]] = [[]]
    for file in outbound.attachments:
        before = groups[-1]
        together = shown_as(file) == "image" and len(before) < PICTURES
        if before and not (together and shown_as(before[-1]) == "image"):
            groups.append([])
        groups[-1].append(file)
    return groups


def shown_as(file: Attachment) -> str:
    family, _, kind = file.type.partition("/")
    if family == "image":
        return "image" if kind in {"jpeg", "png", "gif", "webp"} else "file"
    return family if family in {"video", "audio"} else "file"


def uploaded(line: Line, file: Attachment) -> Dialogue[dict[str, Any]]:
    """In two steps: a place to put it, and the bytes. Of a video or a sound the place already tells the token."""
    if file.data is None:
        raise Undeliverable(f"“{file.name}” has no content.")
    kind = shown_as(file)
    response = yield line.ask("POST", "uploads", {"type": kind})
    settle(response)
    place = read(read_place, response)
    content = (("data", file.name, file.type, file.data),)
    response = yield Request("POST", place.url, files=content, timeout=120.0, vouched=line.vouched)
    if response.status >= 400:
        if response.status == 429 or response.status >= 500:
            raise TryLater(f"MAX's upload server answered {response.status}")
        raise Undeliverable(f"MAX could not take “{file.name}”.")
    if place.token:
        return {"type": kind, "payload": {"token": place.token}}
    given = read(read_uploaded, response)
    return {"type": kind, "payload": {"photos": given.photos} if given.photos else {"token": given.token}}


def read(decoder: "msgspec.json.Decoder[Any]", response: Response) -> Any:
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("MAX's answer has another shape than it promises") from error


def key(button: Button) -> dict[str, str]:
    label = button.text if len(button.text) <= LABEL else f"{button.text[: LABEL - 1]}…"
    if button.url:
        return {"type": "link", "text": label, "url": button.url}
    if len(button.data) > CARRIED:
        raise Undeliverable(f"The button “{label}” carries more than {CARRIED} characters.")
    return {"type": "callback", "text": label, "payload": button.data or button.text[:CARRIED]}
