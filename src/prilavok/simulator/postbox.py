"""The customer's side of the mail: letters written by hand, and the mailbox as the telephone shows it."""

import email
import email.policy
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parsedate_to_datetime
from functools import lru_cache
from typing import Any

TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
BREAK = re.compile(r"<(br|/p|/div|/tr|/h\d|/li)\b[^>]*>", re.IGNORECASE)
BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
PREFIX = re.compile(r"^((re|fwd?|ответ|відповідь)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as a mail program shows it. `id` is the Message-ID, `thread` the id of the first letter known of it."""

    id: str
    subject: str
    sender: str
    to: str
    at: datetime
    text: str
    quoted: str
    files: tuple[File, ...]
    references: tuple[str, ...]
    mine: bool

    def shown(self, thread: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "thread": thread,
            "subject": self.subject,
            "from": self.sender,
            "to": self.to,
            "at": self.at.isoformat(),
            "text": self.text,
            "quoted": self.quoted,
            "mine": self.mine,
            "files": [{"name": one.name, "type": one.type, "size": len(one.data)} for one in self.files],
        }


def write(
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    *,
    at: datetime,
    answers: Letter | None = None,
    files: Sequence[File] = (),
) -> bytes:
    """A plain letter; an answer quotes what it answers and points to it, as mail programs do."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = formataddr(sender)
    message["To"] = to
    message["Subject"] = f"Re: {PREFIX.sub('', answers.subject)}" if answers else subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain="mail.example")
    if answers:
        message["In-Reply-To"] = answers.id
        message["References"] = " ".join([*answers.references, answers.id])
        quoted = "\n".join(f"> {line}" for line in answers.text.splitlines())
        text = f"{text}\n\n{answers.at:%d.%m.%Y, %H:%M}, {answers.sender}:\n{quoted}"
    message.set_content(text)
    for one in files:
        main, _, sub = one.type.partition("/")
        message.add_attachment(one.data, maintype=main, subtype=sub or "octet-stream", filename=one.name)
    return message.as_bytes()


@lru_cache(maxsize=512)
def read(raw: bytes, owner: str) -> Letter:
    """Any letter, also a broken one: what cannot be read is left empty."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text, quoted = _unquoted(_text(message))
    sender = _header(message, "From")
    return Letter(
        id=_header(message, "Message-ID") or f"<{hash(raw)}@no-id>",
        subject=_header(message, "Subject"),
        sender=sender,
        to=_header(message, "To"),
        at=_date(message),
        text=text,
        quoted=quoted,
        files=tuple(_files(message)),
        references=tuple(f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}".split()),
        mine=owner in sender.lower(),
    )


def mailbox(received: Sequence[bytes], sent: Sequence[bytes], owner: str) -> list[Letter]:
    """Everything, oldest first. A Date header knows only seconds: of two in one second the answer comes later."""
    letters = (read(raw, owner) for raw in (*received, *sent))
    return sorted(letters, key=lambda one: (one.at, len(one.references)))


def threads(letters: Sequence[Letter]) -> dict[str, str]:
    """Message-ID of each letter → Message-ID of the first letter of its thread."""
    by_id = {one.id: one for one in letters}
    return {one.id: _first_of_thread(one, by_id) for one in letters}


def _first_of_thread(letter: Letter, by_id: Mapping[str, Letter]) -> str:
    climbed = {letter.id}
    while known := next((one for one in reversed(letter.references) if one in by_id and one not in climbed), None):
        climbed.add(known)
        letter = by_id[known]
    return letter.id


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "").strip()
    except (MessageError, ValueError, IndexError, AttributeError):  # the parser gives up on some broken headers
        return ""


def _date(message: EmailMessage) -> datetime:
    try:
        return parsedate_to_datetime(_header(message, "Date")).astimezone()
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0).astimezone()


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, KeyError, UnicodeError):  # an unknown charset or type
        payload = body.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if body.get_content_type() == "text/html":
        content = html.unescape(TAG.sub("", BREAK.sub("\n", content)))
    return BLANK_LINES.sub("\n\n", content.replace("\r\n", "\n")).strip()


def _unquoted(text: str) -> tuple[str, str]:
    """What was written now, and the history below it."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.startswith(">")), len(lines))
    if first and first < len(lines):
        while first > 1 and not lines[first - 1].strip():
            first -= 1
        first -= lines[first - 1].rstrip().endswith(":")
    return "\n".join(lines[:first]).strip(), "\n".join(lines[first:]).strip()


def _files(message: EmailMessage) -> list[File]:
    found = []
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            found.append(File(part.get_filename() or "file", part.get_content_type(), payload))
    return found
