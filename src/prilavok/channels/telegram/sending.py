"""A reply out: which calls it takes, in which order, and what each answer of Telegram means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from prilavok.channels.base import (
    Attachment,
    Button,
    Dialogue,
    NeedsOwner,
    Outbound,
    Pause,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
)
from prilavok.channels.telegram.shapes import SentMessage, Verdict
from prilavok.channels.wire import NOT_READABLE
from prilavok.domain.capabilities import BLOCKED

TEXT = 4096  # UTF-16 units in one message: an emoji counts twice, so a text within `text_limit` may still be too long
CAPTION = 1024  # UTF-16 units under a file; a longer text is sent by itself
CALLBACK = 64  # bytes that a button may carry
ALBUM = 10  # files in one sendMediaGroup
PATIENCE = 10.0  # seconds that we wait in the middle of a message rather than leave half of it out

GONE = ("chat not found", "user not found", "peer_id_invalid", "bot can't initiate conversation")
UPLOADS = {"image": ("sendPhoto", "photo"), "voice": ("sendVoice", "voice"), "video": ("sendVideo", "video")}
PHOTO_TYPES = {"image/jpeg", "image/png", "image/webp"}
PHOTO_LIMIT = 10 * 1024 * 1024  # bytes; a larger picture goes as a document

read_verdict = msgspec.json.Decoder(Verdict)
read_sent = msgspec.json.Decoder(SentMessage | list[SentMessage])


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one bot: where it is asked and with which token, which must never be seen again."""

    base: str
    token: str = field(repr=False)

    def call(
        self, method: str, fields: Mapping[str, Any], *, timeout: float = 20.0, sends: bool = False
    ) -> Dialogue[Any]:
        """One call; the decoded `result`. `sends`: a repeat would be seen by the customer."""
        request = self.request(method, fields, timeout=timeout)
        return (yield from self.ask(request, sends=sends))

    def request(self, method: str, fields: Mapping[str, Any], *, timeout: float = 20.0) -> Request:
        return Request(
            "POST",
            f"{self.base}/bot{self.token}/{method}",
            headers={"content-type": "application/json"},
            body=msgspec.json.encode(fields),
            timeout=timeout,
        )

    def upload(self, method: str, fields: Mapping[str, Any], files: Sequence["Upload"]) -> Request:
        form = {name: it if isinstance(it, str) else msgspec.json.encode(it).decode() for name, it in fields.items()}
        parts = tuple((one.field, one.file.name, one.file.type, one.file.data or b"") for one in files)
        return Request("POST", f"{self.base}/bot{self.token}/{method}", form=form, files=parts, timeout=120.0)

    def ask(self, request: Request, *, sends: bool = False) -> Dialogue[msgspec.Raw]:
        try:
            response = yield request
        except TryLater as error:
            # Whoever carries the request may put its address, and with it the token, into the text of the error.
            raise TryLater(self.hide(error.reason), after=error.after, perhaps_sent=error.perhaps_sent) from None
        except (Undeliverable, NeedsOwner) as error:
            raise NeedsOwner(self.hide(error.reason)) from None
        return result(response, sends=sends)

    def hide(self, text: str) -> str:
        return text.replace(self.token, "…") if self.token else text


@dataclass(frozen=True, slots=True)
class Upload:
    field: str
    file: Attachment


@dataclass(frozen=True, slots=True)
class Part:
    """One call of a reply."""

    method: str
    fields: dict[str, Any] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()


class Migrated(Undeliverable):
    """The group has become a supergroup: the same again to the new id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"Telegram: the chat is now {chat_id}")
        self.chat_id = chat_id


def send(line: Line, outbound: Outbound) -> Dialogue[Sent]:
    chat = outbound.address
    ids: list[str] = []
    for number, part in enumerate(parts(outbound)):
        try:
            result = yield from say(line, chat, part)
        except Migrated as migrated:
            chat = str(migrated.chat_id)
            result = yield from say(line, chat, part)
        except TryLater as error:
            if number == 0:
                raise
            result = yield from say_after(line, chat, part, error)
        except Undeliverable as error:
            if number == 0:
                raise
            raise Undeliverable(f"Only a part was sent. {error.reason}") from error
        ids += [f"{chat}:{message_id}" for message_id in result]
    return Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))


def say_after(line: Line, chat: str, part: Part, error: TryLater) -> Dialogue[list[int]]:
    """The first part is out already; what comes after it may wait a little, but must not make us repeat the first."""
    if error.perhaps_sent or error.after is None or error.after > PATIENCE:
        raise TryLater(f"only a part was sent: {error.reason}", after=error.after, perhaps_sent=True) from error
    yield Pause(error.after)
    try:
        return (yield from say(line, chat, part))
    except TryLater as again:
        raise TryLater(f"only a part was sent: {again.reason}", after=again.after, perhaps_sent=True) from again


def say(line: Line, chat: str, part: Part) -> Dialogue[list[int]]:
    """Ids of the messages that this call made."""
    connection, _, number = chat.rpartition(":")
    fields: dict[str, Any] = {"chat_id": int(number) if number.lstrip("-").isdecimal() else number, **part.fields}
    if connection:
        fields["business_connection_id"] = connection
    if part.files:
        raw = yield from line.ask(line.upload(part.method, fields, part.files), sends=True)
    else:
        raw = yield from line.call(part.method, fields, sends=True)
    try:
        sent = read_sent.decode(raw)
    except NOT_READABLE as error:
        raise TryLater("Telegram's answer names no message", perhaps_sent=True) from error
    return [one.message_id for one in (sent if isinstance(sent, list) else [sent])]


def parts(outbound: Outbound) -> list[Part]:
    """Text beside its only file or first album where it fits under it; otherwise before the files.

    Buttons hang on the last part, and an album cannot carry them.
    """
    groups = list(grouped(outbound.attachments))
    markup = keyboard(outbound.buttons)
    if markup and not outbound.text and groups and len(groups[-1]) > 1:
        groups[-1:] = [groups[-1][:-1], groups[-1][-1:]]
    fits = bool(groups) and units(outbound.text) <= CAPTION
    if markup and outbound.text and (len(groups) > 1 or any(len(group) > 1 for group in groups)):
        fits = False
    made = [media(group, outbound.text if fits and number == 0 else "") for number, group in enumerate(groups)]
    if outbound.text and not fits:
        preview = {"link_preview_options": {"is_disabled": True}}
        words = [Part("sendMessage", {"text": piece, **preview}) for piece in pieces(outbound.text)]
        made = [*made, *words] if markup else [*words, *made]
    if not made:
        raise Undeliverable("There is nothing in this message.")
    if markup:
        made[-1] = replace(made[-1], fields={**made[-1].fields, "reply_markup": markup})
    if answered := answered_message(outbound):
        made[0] = replace(made[0], fields={**made[0].fields, "reply_parameters": answered})
    return made


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def pieces(text: str) -> Iterator[str]:
    """The text in as few messages as it needs, broken between words where there are any."""
    while units(text) > TEXT:
        end = min(TEXT, len(text))
        while units(text[:end]) > TEXT:
            end -= max(1, (units(text[:end]) - TEXT) // 2)
        broken = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end)) + 1
        end = broken if broken > end // 2 else end
        yield text[:end]
        text = text[end:]
    if text.strip():
        yield text


def grouped(files: Sequence[Attachment]) -> Iterator[list[Attachment]]:
    """Neighbours that may form one album: pictures with videos, documents with documents; voices never."""
    group: list[Attachment] = []
    for file in files:
        if group and (len(group) == ALBUM or album_of(group[-1]) != album_of(file) or album_of(file) == "single"):
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def album_of(file: Attachment) -> str:
    match shown_as(file):
        case "sendPhoto" | "sendVideo":
            return "pictures"
        case "sendVoice":
            return "single"
        case _:
            return "documents"


def shown_as(file: Attachment) -> str:
    size = len(file.data) if file.data is not None else file.size or 0
    if file.type.startswith("image/") and (file.type not in PHOTO_TYPES or size > PHOTO_LIMIT):
        return "sendDocument"  # Telegram refuses other pictures, or would turn an animation into a still
    if file.kind == "voice" and file.type not in {"audio/ogg", "audio/mpeg", "audio/mp4"}:
        return "sendDocument"
    return UPLOADS.get("image" if file.type in PHOTO_TYPES else file.kind, ("sendDocument", "document"))[0]


def media(files: list[Attachment], caption: str) -> Part:
    names = dict(UPLOADS.values())
    if len(files) == 1:
        method = shown_as(files[0])
        name = names.get(method, "document")
        fields: dict[str, Any] = {"caption": caption} if caption else {}
        if files[0].data is None:
            return Part(method, {name: source(files[0]), **fields})
        return Part(method, fields, (Upload(name, files[0]),))
    items, uploads = [], []
    for number, file in enumerate(files):
        item: dict[str, Any] = {"type": names.get(shown_as(file), "document")}
        if file.data is None:
            item["media"] = source(file)
        else:
            item["media"] = f"attach://file{number}"
            uploads.append(Upload(f"file{number}", file))
        if caption and number == 0:
            item["caption"] = caption
        items.append(item)
    return Part("sendMediaGroup", {"media": items}, tuple(uploads))


def source(file: Attachment) -> str:
    """Where Telegram finds a file that we do not upload: its own handle, or an address on the net."""
    where = file.ref or file.url
    if not where:
        raise Undeliverable(f"“{file.name}” has no content.")
    return where


def keyboard(buttons: Sequence[Button]) -> dict[str, Any] | None:
    return {"inline_keyboard": [[key(button)] for button in buttons]} if buttons else None


def key(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.text, "url": button.url}
    if len(button.data.encode()) > CALLBACK:
        raise Undeliverable(f"The button “{button.text}” carries more than {CALLBACK} bytes.")
    # A quick reply carries its own words; when they are cut here, its label still comes back whole.
    data = button.data or button.text.encode()[:CALLBACK].decode(errors="ignore")
    return {"text": button.text, "callback_data": data}


def answered_message(outbound: Outbound) -> dict[str, Any] | None:
    chat, _, number = outbound.replies_to.rpartition(":")
    if chat != outbound.address or not (number.isascii() and number.isdecimal()):
        return None
    return {"message_id": int(number), "allow_sending_without_reply": True}


def result(response: Response, *, sends: bool = False) -> msgspec.Raw:
    """The undecoded `result`, or the error that says what to do."""
    try:
        verdict = read_verdict.decode(response.body)
    except NOT_READABLE as error:
        if response.status < 400:
            # Taken, but the answer was cut or replaced on its way: saying it again might say it twice.
            raise TryLater(f"Telegram's answer ({response.status}) is not JSON", perhaps_sent=sends) from error
        verdict = Verdict()
    if response.status == 200 and verdict.ok:
        return verdict.result
    raise refusal(response.status, verdict, sends=sends)


def refusal(status: int, verdict: Verdict, *, sends: bool) -> Exception:
    reason = f"Telegram: {verdict.description or f'answer {status}'}"[:300]
    parameters = verdict.parameters
    match status:
        case 429:
            return TryLater(reason, after=parameters.retry_after if parameters else None)
        case 403 if "blocked by the user" in verdict.description:
            return Undeliverable(BLOCKED, address_is_dead=True)
        case 403:
            return Undeliverable(reason, address_is_dead=True)
        case 401 | 404:
            return NeedsOwner(f"{reason}. Telegram does not know this token: get it from @BotFather again.")
        case 409:
            return NeedsOwner(f"{reason}. Another program receives this bot's messages: one bot, one receiver.")
        case 400 if parameters is not None and parameters.migrate_to_chat_id is not None:
            return Migrated(parameters.migrate_to_chat_id)
        case 400:
            gone = any(sign in verdict.description.lower() for sign in GONE)
            return Undeliverable(reason, address_is_dead=gone)
        case _ if 400 <= status < 500:
            return Undeliverable(reason)
        case _:
            # A gateway that gave up waiting (504) does not know whether the message was sent.
            return TryLater(reason, perhaps_sent=sends and status == 504)
