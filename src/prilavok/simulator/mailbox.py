"""Mailboxes in memory, and what IMAP asks of them: searching, flags, whole mails and parts of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
ITEM = re.compile(r"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?|[A-Z0-9.]+", re.IGNORECASE)


@dataclass(slots=True)
class Stored:
    uid: int
    raw: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)
    trouble: str = ""  # "no": the server refuses to hand it over; "cut": it breaks off instead


@dataclass(slots=True)
class Box:
    """The INBOX of one address. `watchers` are called when it grows."""

    uidvalidity: int = 1
    next_uid: int = 1
    mails: list[Stored] = field(default_factory=list)
    watchers: set[Callable[[], None]] = field(default_factory=set)

    def add(self, raw: bytes, at: datetime | None = None) -> int:
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails.append(Stored(uid, raw, at or datetime.now(UTC)))
        for watcher in tuple(self.watchers):
            watcher()
        return uid

    def number_anew(self) -> None:
        """As after a restored backup: another UIDVALIDITY, every mail with a new UID."""
        self.uidvalidity += 1
        for uid, mail in enumerate(self.mails, 1):
            mail.uid = uid
        self.next_uid = len(self.mails) + 1


def words(arguments: str) -> list[str]:
    unquoted = (
        (re.sub(r"\\(.)", r"\1", one[1]) if one[1] is not None else one[2]) for one in TOKEN.finditer(arguments)
    )
    return [word.strip("()") if " " not in word else word for word in unquoted]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def within(uid: int, chosen: str, box: Box) -> bool:
    """Whether a sequence set (`5`, `2:*`, `1,4:6`) names this UID; `*` is the last mail, whatever its number."""
    last = box.mails[-1].uid if box.mails else 0
    for part in chosen.split(","):
        start, _, end = part.partition(":")
        numbers = sorted(last if one == "*" else int(one) for one in (start, end or start))
        if numbers[0] <= uid <= numbers[1]:
            return True
    return False


def search(box: Box, criteria: list[str]) -> Iterator[Stored]:
    """ALL, UID set, SINCE date, SEEN and UNSEEN; everything else finds nothing."""
    rest, found = [word.upper() for word in criteria], list(box.mails)
    while rest:
        match rest:
            case ["ALL", *rest]:
                pass
            case ["UID", chosen, *rest]:
                found = [mail for mail in found if within(mail.uid, chosen, box)]
            case ["SINCE", day, *rest]:
                since = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC)
                found = [mail for mail in found if mail.at.date() >= since.date()]
            case ["SEEN" | "UNSEEN" as wanted, *rest]:
                found = [mail for mail in found if ("\\Seen" in mail.flags) == (wanted == "SEEN")]
            case _:
                return
    yield from found


def store(mail: Stored, what: str) -> None:
    sign, flags = what.lstrip()[0], {word.strip("()") for word in what.split()[1:]} - {""}
    if sign == "+":
        mail.flags |= flags
    elif sign == "-":
        mail.flags -= flags
    else:
        mail.flags = flags


def answers(mail: Stored, what: str) -> Iterator[bytes]:
    for item in ITEM.finditer(what):
        match item[0].upper():
            case "UID":
                continue
            case "FLAGS":
                yield b"FLAGS (" + " ".join(sorted(mail.flags)).encode() + b")"
            case "INTERNALDATE":
                yield mail.at.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S +0000"').encode()
            case "RFC822.SIZE":
                yield b"RFC822.SIZE %d" % len(mail.raw)
            case "BODYSTRUCTURE":
                yield b"BODYSTRUCTURE " + structure(message_from_bytes(mail.raw)).encode()
            case name if name.startswith("BODY"):
                if "PEEK" not in name:
                    mail.flags.add("\\Seen")
                content = section(mail.raw, item[1].upper())
                place = b""
                if item[2]:
                    start, size = int(item[2]), int(item[3])
                    content, place = content[start : start + size], b"<%d>" % start
                yield b"BODY[%b]%b {%d}\r\n%b" % (item[1].encode(), place, len(content), content)


def section(raw: bytes, wanted: str) -> bytes:
    head, separator, text = raw.partition(b"\r\n\r\n")
    if wanted in {"", "HEADER", "TEXT"}:
        return {"": raw, "HEADER": head + separator, "TEXT": text}[wanted]
    part: Any = message_from_bytes(raw)
    for number in wanted.split("."):
        if part.is_multipart():
            children = part.get_payload()
            if not 1 <= int(number) <= len(children):
                return b""
            part = children[int(number) - 1]
    return content_of(part)


def content_of(part: "Message[str, str]") -> bytes:
    """The body of a part as it was sent, still encoded."""
    whole: bytes = part.as_bytes(policy=part.policy.clone(linesep="\r\n"))
    return whole.partition(b"\r\n\r\n")[2]


def structure(part: "Message[str, str]") -> str:
    """BODYSTRUCTURE, with the extension data that carries file names."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        children: Any = part.get_payload()
        return f"({''.join(structure(child) for child in children)} {quoted(part.get_content_subtype())} NIL NIL NIL)"
    content = content_of(part)
    parameters = part.get_params(failobj=[("", "")])[1:] if part.get("Content-Type") else [("charset", "us-ascii")]
    listed = " ".join(f"{quoted(key)} {quoted(str(value))}" for key, value in parameters)
    name = part.get_filename()
    disposition = f"({quoted('attachment')} ({quoted('filename')} {quoted(name)}))" if name else "NIL"
    encoding = str(part.get("Content-Transfer-Encoding", "7bit"))
    lines = f" {content.count(10)}" if part.get_content_maintype() == "text" else ""
    kind = f"{quoted(part.get_content_maintype())} {quoted(part.get_content_subtype())}"
    size = f"{quoted(encoding)} {len(content)}{lines}"
    return f"({kind} {f'({listed})' if listed else 'NIL'} NIL NIL {size} NIL {disposition} NIL NIL)"
