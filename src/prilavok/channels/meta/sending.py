"""A reply out through Messenger or Instagram, in private or in public."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

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
from prilavok.channels.meta.shapes import Made, SendAnswer, Uploaded
from prilavok.channels.meta.verdicts import settle
from prilavok.channels.parts import in_parts
from prilavok.channels.wire import NOT_READABLE
from prilavok.channels.words import numbered

QUICK, TITLE, PAYLOAD = 13, 20, 1000  # quick replies under a message; characters of one, and of what it carries
BUTTONS, BUTTON_TEXT = 3, 640  # buttons of a template, characters of the text over them
METADATA = 1000

read_sent = msgspec.json.Decoder(SendAnswer)
read_made = msgspec.json.Decoder(Made)
read_upload = msgspec.json.Decoder(Uploaded)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one page or account. `platform` is named where a page's token speaks for an Instagram account."""

    base: str  # with the version
    token: str = field(repr=False)
    text_bytes: int = 0  # of one message, where bytes are counted
    text_signs: int = 2000
    platform: str = ""
    answers: str = "comments"  # the edge of a comment under which it is answered
    hides: str = "is_hidden"
    echoes_metadata: bool = False  # what we send along comes back in the echo

    @property
    def login(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> Request:
        return Request("GET", f"{self.base}/{path}", headers=self.login)

    def post(self, path: str, fields: Mapping[str, Any]) -> Request:
        headers = {**self.login, "content-type": "application/json"}
        return Request("POST", f"{self.base}/{path}", headers=headers, body=msgspec.json.encode(fields))

    def delete(self, path: str) -> Request:
        return Request("DELETE", f"{self.base}/{path}", headers=self.login)

    def upload(self, file: Attachment) -> Request:
        about = {"attachment": {"type": shown_as(file), "payload": {"is_reusable": True}}}
        form = {"message": msgspec.json.encode(about).decode()}
        form |= {"platform": self.platform} if self.platform else {}
        parts = (("filedata", file.name, file.type, file.data or b""),)
        path = f"{self.base}/me/message_attachments"
        return Request("POST", path, headers=self.login, form=form, files=parts, timeout=120.0)


@dataclass(frozen=True, slots=True)
class Part:
    """One message. `file` is uploaded first."""

    message: dict[str, Any]
    file: Attachment | None = None


def send(line: Line, outbound: Outbound) -> Dialogue[Sent]:
    if outbound.public:
        return (yield from answer_in_public(line, outbound))
    if outbound.window_shut and outbound.automatic and not outbound.private_to:
        raise Undeliverable("More than 24 hours have passed since the customer wrote; only a person may answer now.")
    found = list(parts(line, outbound))
    if outbound.private_to and len(found) > 1:
        raise Undeliverable("A comment can be answered in private with one message only. Shorten it, without files.")
    return (yield from in_parts([partial(say, line, outbound, part) for part in found]))


def answer_in_public(line: Line, outbound: Outbound) -> Dialogue[Sent]:
    if not outbound.replies_to:
        raise Undeliverable("A public answer needs the comment that it answers.")
    if outbound.attachments:
        raise Undeliverable("A public answer here is words only.")
    path = f"{quote(outbound.replies_to, safe='')}/{line.answers}"
    response = yield line.post(path, {"message": numbered(outbound)})
    settle(response, sends=True)
    return Sent(provider_id=str(answered(read_made, response, perhaps_sent=True).id))


def amend(line: Line, provider_id: str, text: str) -> Dialogue[None]:
    comment = quote(provider_id, safe="")
    response = yield line.post(comment, {"message": text}) if text else line.delete(comment)
    settle(response)


def moderate(line: Line, act: str, provider_id: str) -> Dialogue[None]:
    comment = quote(provider_id, safe="")
    match act:
        case "hide" | "show":
            response = yield line.post(comment, {line.hides: act == "hide"})
        case "delete":
            response = yield line.delete(comment)
        case _:
            raise Undeliverable(f"Meta cannot {act} a comment.")
    settle(response)


def say(line: Line, outbound: Outbound, part: Part) -> Dialogue[str]:
    """One message; its id at Meta's."""
    message = dict(part.message)
    if part.file is not None:
        response = yield line.upload(part.file)
        settle(response)
        upload = answered(read_upload, response, perhaps_sent=False).attachment_id
        message["attachment"] = {"type": shown_as(part.file), "payload": {"attachment_id": upload}}
    if line.echoes_metadata:
        message["metadata"] = outbound.message_id[:METADATA]
    to = {"comment_id": outbound.private_to} if outbound.private_to else {"id": outbound.address}
    fields: dict[str, Any] = {"recipient": to, "messaging_type": "RESPONSE", "message": message}
    if outbound.window_shut and not outbound.private_to:
        fields |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    response = yield line.post("me/messages", fields)
    settle(response, sends=True)
    return str(answered(read_sent, response, perhaps_sent=True).message_id)


def answered(decoder: "msgspec.json.Decoder[Any]", response: Response, *, perhaps_sent: bool) -> Any:
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Meta's answer has another shape than it promises", perhaps_sent=perhaps_sent) from error


def parts(line: Line, outbound: Outbound) -> Iterator[Part]:
    """The files, then the text; what can be pressed hangs on its end."""
    for file in outbound.attachments:
        yield media(file)
    if in_template(outbound):
        yield template(outbound.text, outbound.buttons)
        return
    quick = [button for button in outbound.buttons if not button.url]
    as_text = len(quick) > QUICK or any(len(one.text) > TITLE or len(data(one)) > PAYLOAD for one in quick)
    text = numbered(outbound, only_links=not as_text) or ("" if as_text or not quick else quick[0].text)
    pieces = list(split(text, line.text_signs, line.text_bytes))
    for number, piece in enumerate(pieces, 1):
        message: dict[str, Any] = {"text": piece}
        if quick and not as_text and number == len(pieces):
            message["quick_replies"] = [
                {"content_type": "text", "title": one.text, "payload": data(one)} for one in quick
            ]
        yield Part(message)


def in_template(outbound: Outbound) -> bool:
    """Links can be pressed only in a template, which holds few buttons and a short text."""
    buttons = outbound.buttons
    few = 0 < len(buttons) <= BUTTONS and all(0 < len(one.text) <= TITLE for one in buttons)
    return few and any(one.url for one in buttons) and 0 < len(outbound.text) <= BUTTON_TEXT


def template(text: str, buttons: Sequence[Button]) -> Part:
    rows = [
        {"type": "web_url", "title": one.text, "url": one.url}
        if one.url
        else {"type": "postback", "title": one.text, "payload": data(one)}
        for one in buttons
    ]
    payload = {"template_type": "button", "text": text, "buttons": rows}
    return Part({"attachment": {"type": "template", "payload": payload}})


def data(button: Button) -> str:
    return button.data or button.text


def media(file: Attachment) -> Part:
    if file.data is not None:
        return Part({}, file)
    if not file.url:
        raise Undeliverable(f"“{file.name}” has no content.")
    return Part({"attachment": {"type": shown_as(file), "payload": {"url": file.url}}})


def shown_as(file: Attachment) -> str:
    kind = file.type.partition("/")[0]
    return kind if kind in {"image", "video", "audio"} else "file"


def split(text: str, signs: int, most_bytes: int) -> Iterator[str]:
    """Pieces that fit, broken between words where there are any."""
    while text:
        end = min(len(text), signs)
        while most_bytes and len(text[:end].encode()) > most_bytes:
            end -= max(1, (len(text[:end].encode()) - most_bytes) // 4)
        if end < len(text):
            between = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end)) + 1
            end = between if between > end // 2 else end
        piece = text[:end].strip()
        if piece:
            yield piece
        text = text[end:]
