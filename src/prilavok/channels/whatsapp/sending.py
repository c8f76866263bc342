"""A reply out: which calls it takes, in which order. Outside of the 24 hours only a template gets through."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
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
from prilavok.channels.parts import in_parts
from prilavok.channels.whatsapp.shapes import SendAnswer, Uploaded
from prilavok.channels.whatsapp.verdicts import settle
from prilavok.channels.wire import NOT_READABLE
from prilavok.channels.words import numbered

TEXT, BODY, CAPTION = 4096, 1024, 1024  # characters: of a text, of one with buttons, under a file
BUTTONS, BUTTON = 3, 20  # reply buttons beside each other, characters of each
ROWS, ROW, MORE = 10, 24, 72  # rows of a list, characters of a row and of the line under it
PAYLOAD = 200  # characters that a button may carry
VARIABLE = 1024  # characters that a variable of a template may have; no line breaks
OPAQUE = 512  # characters that come back in every status

MEGABYTE = 1024 * 1024
UPLOADS = {  # by type: how it is shown, and up to which size; anything else is a document
    "image/jpeg": ("image", 5 * MEGABYTE),
    "image/png": ("image", 5 * MEGABYTE),
    "video/mp4": ("video", 16 * MEGABYTE),
    "video/3gpp": ("video", 16 * MEGABYTE),
    "audio/aac": ("audio", 16 * MEGABYTE),
    "audio/amr": ("audio", 16 * MEGABYTE),
    "audio/mp4": ("audio", 16 * MEGABYTE),
    "audio/mpeg": ("audio", 16 * MEGABYTE),
    "audio/ogg": ("audio", 16 * MEGABYTE),
    "image/webp": ("sticker", 100 * 1024),
}
CAPTIONED = {"image", "video", "document"}
CHOOSE = {"ru": "Выбрать", "uk": "Обрати", "en": "Choose"}
SPACES = re.compile(r"\s+")

read_sent = msgspec.json.Decoder(SendAnswer)
read_upload = msgspec.json.Decoder(Uploaded)


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one number: where it is asked and with which token."""

    base: str  # with the version
    number_id: str
    token: str = field(repr=False)

    @property
    def login(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def get(self, path: str, **more: Any) -> Request:
        return Request("GET", f"{self.base}/{path}", headers=self.login, **more)

    def post(self, path: str, fields: Mapping[str, Any]) -> Request:
        headers = {**self.login, "content-type": "application/json"}
        return Request("POST", f"{self.base}/{path}", headers=headers, body=msgspec.json.encode(fields))

    def upload(self, file: Attachment) -> Request:
        form = {"messaging_product": "whatsapp", "type": file.type}
        parts = (("file", file.name, file.type, file.data or b""),)
        return Request(
            "POST", f"{self.base}/{self.number_id}/media", headers=self.login, form=form, files=parts, timeout=120.0
        )


@dataclass(frozen=True, slots=True)
class Templates:
    """The owner's approved template for words outside of the 24 hours: its body is one variable, `{{1}}`."""

    name: str = ""
    languages: tuple[str, ...] = ()

    def language(self, wanted: str) -> str:
        """As it is registered: `en` finds en_US; without a match the first one."""
        same = [one for one in self.languages if one.partition("_")[0] == wanted]
        return next(iter([*same, *self.languages]), wanted)


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a reply. `file` is uploaded first, and its id put into `content`."""

    type: str
    content: dict[str, Any]
    file: Attachment | None = None


def send(line: Line, templates: Templates, outbound: Outbound) -> Dialogue[Sent]:
    found = enumerate(parts(templates, outbound))
    return (yield from in_parts([partial(say, line, outbound, part, first=number == 0) for number, part in found]))


def say(line: Line, outbound: Outbound, part: Part, *, first: bool) -> Dialogue[str]:
    """One message; its id at Meta's."""
    content = dict(part.content)
    if part.file is not None:
        response = yield line.upload(part.file)
        settle(response)
        content["id"] = answered(read_upload, response, perhaps_sent=False).id
    fields: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(outbound.address),
        "type": part.type,
        part.type: content,
        "biz_opaque_callback_data": outbound.message_id[:OPAQUE],
    }
    if first and outbound.replies_to.startswith("wamid."):
        fields["context"] = {"message_id": outbound.replies_to}
    response = yield line.post(f"{line.number_id}/messages", fields)
    settle(response, sends=True)
    return str(answered(read_sent, response, perhaps_sent=True).messages[0].id)


def recipient(address: str) -> dict[str, str]:
    """A customer who hides the number is written to by the id that Meta gives them for this shop."""
    return {"to": address[1:]} if address.startswith("+") else {"recipient": address}


def answered(decoder: "msgspec.json.Decoder[Any]", response: Response, *, perhaps_sent: bool) -> Any:
    try:
        return decoder.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("WhatsApp's answer has another shape than it promises", perhaps_sent=perhaps_sent) from error


def parts(templates: Templates, outbound: Outbound) -> list[Part]:
    """A template where one is asked for or needed. Else the text under the only file, or before the files; buttons
    hang on a text.
    """
    if outbound.template:
        return [template(outbound.template, templates, outbound)]
    if outbound.window_shut:
        return [in_a_template(templates, outbound)]
    files = outbound.attachments
    answers = [button for button in outbound.buttons if not button.url]
    text = numbered(outbound, only_links=True)
    if answers:
        return [*(media(file) for file in files), *with_buttons(text, answers, outbound.language)]
    if len(files) == 1 and 0 < len(text) <= CAPTION and shown_as(files[0]) in CAPTIONED:
        return [media(files[0], text)]
    return [*words(text), *(media(file) for file in files)]


def template(wanted: Mapping[str, Any], templates: Templates, outbound: Outbound) -> Part:
    """`{"name", "language"?, "parameters"?: [text], "buttons"?: [payload]}` as the owner registered it."""
    components: list[dict[str, Any]] = []
    if parameters := wanted.get("parameters"):
        values = [{"type": "text", "text": flat(str(one))} for one in parameters]
        components.append({"type": "body", "parameters": values})
    for number, payload in enumerate(wanted.get("buttons", ())):
        value = [{"type": "payload", "payload": str(payload)}]
        components.append({"type": "button", "sub_type": "quick_reply", "index": str(number), "parameters": value})
    code = wanted.get("language") or templates.language(outbound.language)
    content: dict[str, Any] = {
        "name": wanted["name"],
        "language": {"policy": "deterministic", "code": code},
    }
    return Part("template", content | ({"components": components} if components else {}))


def in_a_template(templates: Templates, outbound: Outbound) -> Part:
    if not templates.name:
        raise Undeliverable("More than 24 hours have passed since the customer wrote, and this inbox has no template.")
    if outbound.attachments:
        raise Undeliverable("After 24 hours no files can be sent, only a text within the template.")
    return template({"name": templates.name, "parameters": [numbered(outbound)]}, templates, outbound)


def flat(text: str) -> str:
    """A variable has no line breaks, no tabs and no rows of spaces."""
    plain = SPACES.sub(" ", text).strip()
    if len(plain) > VARIABLE:
        raise Undeliverable(f"A template takes {VARIABLE} characters; this text has {len(plain)}.")
    return plain


def words(text: str) -> Iterator[Part]:
    """Links written out may have made it longer than one message."""
    while text:
        head, text = split(text, TEXT)
        yield Part("text", {"body": head, "preview_url": False})


def split(text: str, most: int) -> tuple[str, str]:
    """What fits into `most` characters, broken between words where there are any, and the rest."""
    if len(text) <= most:
        return text, ""
    end = max(text.rfind("\n", 0, most), text.rfind(" ", 0, most)) + 1
    end = end if end > most // 2 else most
    return text[:end].rstrip() or text[:end], text[end:].lstrip()


def with_buttons(text: str, buttons: Sequence[Button], language: str) -> Iterator[Part]:
    """The end of a long text carries the buttons, for that is where the customer is when they have read it."""
    if len(text) > BODY:
        head, tail = split(text, max(len(text) - BODY + 1, len(text) // 2))
        while len(tail) > BODY:
            more, tail = split(tail, BODY)
            head = f"{head}\n{more}"
        yield from words(head)
        text = tail
    body = {"text": text or buttons[0].text}
    short = len(buttons) <= BUTTONS and all(len(button.text) <= BUTTON for button in buttons)
    if short:
        replies = [{"type": "reply", "reply": {"id": data(one), "title": one.text}} for one in buttons]
        yield Part("interactive", {"type": "button", "body": body, "action": {"buttons": replies}})
        return
    if len(buttons) > ROWS:
        raise Undeliverable(f"WhatsApp shows at most {ROWS} answers to choose from.")
    action = {"button": CHOOSE.get(language, CHOOSE["en"]), "sections": [{"rows": [row(one) for one in buttons]}]}
    yield Part("interactive", {"type": "list", "body": body, "action": action})


def row(button: Button) -> dict[str, str]:
    """A label that is too long for a row goes on under it."""
    if len(button.text) <= ROW:
        return {"id": data(button), "title": button.text}
    return {"id": data(button), "title": f"{button.text[: ROW - 1]}…", "description": button.text[:MORE]}


def data(button: Button) -> str:
    if len(button.data) > PAYLOAD:
        raise Undeliverable(f"The button “{button.text}” carries more than {PAYLOAD} characters.")
    return button.data or button.text[:PAYLOAD]


def media(file: Attachment, caption: str = "") -> Part:
    kind = shown_as(file)
    content: dict[str, Any] = {"caption": caption} if caption else {}
    if kind == "document":
        content["filename"] = file.name
    if file.data is not None:
        return Part(kind, content, file)
    if not file.url:
        raise Undeliverable(f"“{file.name}” has no content.")
    return Part(kind, {**content, "link": file.url})


def shown_as(file: Attachment) -> str:
    kind, most = UPLOADS.get(file.type, ("document", 0))
    size = len(file.data) if file.data is not None else file.size or 0
    return kind if size <= most else "document"
