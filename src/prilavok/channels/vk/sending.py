"""A reply out: files are uploaded first, then one message carries the text and all of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from prilavok.channels.base import (
    Attachment,
    Button,
    Dialogue,
    Outbound,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
)
from prilavok.channels.vk import comments, shapes
from prilavok.channels.vk.updates import number_of
from prilavok.channels.vk.verdicts import refuse, settle
from prilavok.channels.wire import NOT_READABLE

VERSION = "5.199"
TEXT = 4096  # characters; the schema knows 9000, the applications show less
LABEL, CARRIED = 40, 255  # characters on a button, and that it may carry
ATTACHED = 10  # files on one message
ROWS = 6  # of a keyboard under a message
PHOTOS = {"image/jpeg", "image/png", "image/gif"}
PHOTO = 50 * 1024 * 1024  # bytes
PEOPLE_ONLY = "VK lets people do that, not communities: enter an administrator's token in the settings."

read_sent = msgspec.json.Decoder(list[shapes.SentTo])
read_commented = msgspec.json.Decoder(shapes.Commented)
read_number = msgspec.json.Decoder(int)
read_server = msgspec.json.Decoder(shapes.UploadServer)
read_uploaded_photo = msgspec.json.Decoder(shapes.UploadedPhoto)
read_uploaded_file = msgspec.json.Decoder(shapes.UploadedFile)
read_photos = msgspec.json.Decoder(list[shapes.SavedPhoto])
read_file = msgspec.json.Decoder(shapes.SavedFile)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one community."""

    base: str
    token: str = field(repr=False)

    def ask(self, method: str, fields: Mapping[str, Any], *, token: str = "") -> Request:
        form = {name: str(value) for name, value in fields.items()}
        headers = {"authorization": f"Bearer {token or self.token}"}
        return Request("POST", f"{self.base}/{method}", headers=headers, form={**form, "v": VERSION})

    def call(self, method: str, fields: Mapping[str, Any], decoder: "msgspec.json.Decoder[Any]") -> Dialogue[Any]:
        response = yield self.ask(method, fields)
        return settle(response, decoder)


def send(line: Line, outbound: Outbound) -> Dialogue[Sent]:
    """Every part has a number made of our message's own, so a repeat of the whole is no second copy."""
    ids: list[str] = []
    groups = grouped(outbound)
    for number, files in enumerate(groups):
        attached = yield from uploaded(line, outbound.address, files)
        fields: dict[str, Any] = {
            "peer_ids": outbound.address,
            "random_id": random_id(outbound.message_id, number),
            "dont_parse_links": 1,
        }
        if number == 0 and outbound.text:
            fields["message"] = outbound.text
        if attached:
            fields["attachment"] = ",".join(attached)
        if number == len(groups) - 1 and outbound.buttons:
            fields["keyboard"] = keyboard(outbound.buttons)
        if number == 0 and (forward := answered(outbound)):
            fields["forward"] = forward
        ids.append((yield from say(line, fields)))
    return Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))


def say(line: Line, fields: Mapping[str, Any]) -> Dialogue[str]:
    """With `peer_ids` VK tells the number within the chat, and refuses each person apart."""
    sent = yield from line.call("messages.send", fields, read_sent)
    if not sent:
        raise TryLater("VK's answer names no message", perhaps_sent=True)
    if sent[0].error is not None:
        refuse(sent[0].error.code, sent[0].error.description)
    return number_of(sent[0].peer_id, sent[0].conversation_message_id)


def comment(line: Line, group_id: str, admin_token: str, outbound: Outbound) -> Dialogue[Sent]:
    """An answer for everybody to read, under the comment that it answers."""
    found = comments.parts_of(outbound.replies_to)
    if found is None:
        raise Undeliverable("It is not known which comment this answers.")
    if outbound.attachments:
        raise Undeliverable("A public answer in VK carries no files.")
    where, owner, thing, answers = found
    if where != "wall" and not admin_token:
        raise Undeliverable(PEOPLE_ONLY)
    fields = {
        "owner_id": owner,
        comments.THINGS[where]: thing,
        "from_group": group_id if where == "wall" else 1,
        "message": outbound.text,
        "reply_to_comment": answers,
        "guid": outbound.message_id,
    }
    by = "" if where == "wall" else admin_token
    response = yield line.ask(f"{comments.METHODS[where]}.createComment", fields, token=by)
    if where == "wall":
        made = settle(response, read_commented, about_comment=True).comment_id
    else:
        made = settle(response, read_number, about_comment=True)
    return Sent(provider_id=comments.number_of(where, int(owner), int(thing), made))


def amend(line: Line, admin_token: str, provider_id: str, text: str) -> Dialogue[None]:
    """Our own comment says something else, or goes."""
    found = comments.parts_of(provider_id)
    if found is None:
        raise Undeliverable("This is no comment of the community's.")
    if not admin_token:
        raise Undeliverable(PEOPLE_ONLY)
    where, owner, _, number = found
    fields = {"owner_id": owner, "comment_id": number, **({"message": text} if text else {})}
    method = f"{comments.METHODS[where]}.{'editComment' if text else 'deleteComment'}"
    response = yield line.ask(method, fields, token=admin_token)
    settle(response, read_number, about_comment=True)


def random_id(message_id: str, part: int) -> int:
    """31 bits that belong to this part of this message alone."""
    digest = hashlib.sha256(f"{message_id}:{part}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1 or 1


def grouped(outbound: Outbound) -> list[list[Attachment]]:
    """Ten files a message; a voice stands alone. The first message has the text."""
    groups: list[list[Attachment]] = [[]]
    for file in outbound.attachments:
        before = groups[-1]
        if file.kind == "voice" or len(before) == ATTACHED or (before and before[-1].kind == "voice"):
            groups.append([])
        groups[-1].append(file)
    return groups if groups[0] or outbound.text else groups[1:]


def answered(outbound: Outbound) -> str:
    """The message that this one answers, as VK wants it told; empty when it is of another chat."""
    peer, _, number = outbound.replies_to.partition(":")
    if peer != outbound.address or not number.isdecimal():
        return ""
    told = {"peer_id": int(peer), "conversation_message_ids": [int(number)], "is_reply": True}
    return msgspec.json.encode(told).decode() if peer.isdecimal() else ""


def keyboard(buttons: Sequence[Button]) -> str:
    """Under the message, at most six rows: more than six buttons stand in pairs."""
    wide = 1 if len(buttons) <= ROWS else 2
    keys = [key(button) for button in buttons]
    rows = [keys[at : at + wide] for at in range(0, len(keys), wide)]
    return msgspec.json.encode({"one_time": False, "inline": True, "buttons": rows}).decode()


def key(button: Button) -> dict[str, Any]:
    label = button.text if len(button.text) <= LABEL else f"{button.text[: LABEL - 1]}…"
    if button.url:
        return {"action": {"type": "open_link", "label": label, "link": button.url}}
    payload = msgspec.json.encode({"button": button.data or button.text}).decode()
    if len(payload) > CARRIED:
        raise Undeliverable(f"The button “{label}” carries more than VK takes.")
    return {"action": {"type": "text", "label": label, "payload": payload}}


def uploaded(line: Line, peer: str, files: Sequence[Attachment]) -> Dialogue[list[str]]:
    """As VK names them in `attachment`."""
    found = []
    for file in files:
        if file.data is None:
            raise Undeliverable(f"“{file.name}” has no content.")
        whole = file.type in PHOTOS and len(file.data) <= PHOTO
        found.append((yield from (photo if whole else document)(line, peer, file)))
    return found


def photo(line: Line, peer: str, file: Attachment) -> Dialogue[str]:
    server = yield from line.call("photos.getMessagesUploadServer", {"peer_id": peer}, read_server)
    response = yield upload(server.upload_url, "photo", file)
    given = taken(response, read_uploaded_photo)
    fields = {"photo": given.photo, "server": given.server, "hash": given.hash}
    saved = yield from line.call("photos.saveMessagesPhoto", fields, read_photos)
    if not saved:
        raise TryLater("VK kept nothing of an uploaded photograph")
    return name_of("photo", saved[0])


def document(line: Line, peer: str, file: Attachment) -> Dialogue[str]:
    kind = "audio_message" if file.kind == "voice" else "doc"
    server = yield from line.call("docs.getMessagesUploadServer", {"type": kind, "peer_id": peer}, read_server)
    response = yield upload(server.upload_url, "file", file)
    given = taken(response, read_uploaded_file)
    saved = yield from line.call("docs.save", {"file": given.file, "title": file.name[:120]}, read_file)
    if saved.audio_message is not None:
        return name_of("audio_message", saved.audio_message)
    if saved.doc is None:
        raise TryLater("VK kept nothing of an uploaded file")
    return name_of("doc", saved.doc)


def upload(url: str, name: str, file: Attachment) -> Request:
    """To a server that VK names; it takes no token, for the address is the key."""
    return Request("POST", url, files=((name, file.name, file.type, file.data or b""),), timeout=120.0)


def taken(response: Response, decoder: "msgspec.json.Decoder[Any]") -> Any:
    if response.status == 429 or response.status >= 500:
        raise TryLater(f"VK's upload server answered {response.status}")
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise Undeliverable("VK could not take the file.") from error


def name_of(kind: str, saved: Any) -> str:
    return f"{kind}{saved.owner_id}_{saved.id}{f'_{saved.access_key}' if saved.access_key else ''}"
