"""What a mail carries: its plain text, its HTML, its files, and the machine-readable parts of reports."""

import mimetypes
import re
from dataclasses import dataclass, field

from prilavok.channels.email import tnef
from prilavok.channels.email.headers import clean
from prilavok.channels.email.mime import UU_BEGIN, Part, uudecode
from prilavok.domain.message import Attachment

MOST_FILES = 200
REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/feedback-report",
           "message/disposition-notification", "text/rfc822-headers", "message/rfc822-headers",
           "message/global-headers"}  # fmt: skip
WRAPPERS = {"application/ms-tnef", "application/vnd.ms-tnef"}
EXTENSIONS = {"text/calendar": ".ics", "message/rfc822": ".eml", "image/jpeg": ".jpg", "text/plain": ".txt",
              "text/html": ".html", "audio/ogg": ".ogg", "image/heic": ".heic", "text/vcard": ".vcf"}  # fmt: skip
UU_BLOCK = re.compile(
    r"^begin [0-7]{3,4} [^\n]{1,255}\n(?:[!-`][^\n]{0,90}\n){0,400000}?[` ]?\n?end[ ]*$", re.MULTILINE
)


@dataclass(slots=True)
class Contents:
    """Collected in the order of the mail."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)  # the mail that a report is about, or its header

    @property
    def text(self) -> str:
        return "\n".join(part.strip("\n") for part in self.plain if part.strip()).strip("\n")

    @property
    def markup(self) -> str:
        return "\n".join(self.html)


def collect(root: Part) -> Contents:
    contents = Contents()
    gather(root, contents, in_report=root.type == "multipart/report", alternative=False)
    return contents


def gather(part: Part, contents: Contents, *, in_report: bool, alternative: bool) -> None:
    if part.type.startswith("multipart/") and part.children:
        report = in_report or part.type == "multipart/report"
        choice = part.type == "multipart/alternative"
        for child in part.children:
            gather(
                child, contents, in_report=report, alternative=choice or (alternative and part.type.endswith("related"))
            )
        return
    if part.type in REPORTS:
        (contents.returned if "headers" in part.type else contents.reports).append(part)
    elif part.type in {"message/rfc822", "message/global"} and in_report:
        contents.returned.append(part)
    elif part.type in {"text/plain", "text/html"} and is_body(part, contents):
        add_body(part, contents)
    elif len(contents.attachments) < MOST_FILES:
        add_file(part, contents, alternative=alternative)


def is_body(part: Part, contents: Contents) -> bool:
    if part.disposition == "attachment":
        return False
    if not part.filename:
        return True
    # A text with a name is a file, unless it says "inline" and is the first thing to read.
    return part.disposition == "inline" and not (contents.plain or contents.html) and not part.headers.get("content-id")


def add_body(part: Part, contents: Contents) -> None:
    text = part.text()
    if part.type == "text/html":
        contents.html.append(text)
        return
    if part.params.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
    if "\nbegin " in f"\n{text}" and UU_BEGIN.search(text.encode("utf-8", "replace")):
        text = without_uuencoded(text, contents)
    contents.plain.append(text)


def unflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676: a line that ends in a blank goes on in the next one of the same quote depth."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if open_depth == depth and content != "-- ":
            out[-1] += content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        if soft and delsp:
            out[-1] = out[-1][:-1]
        open_depth = depth if soft else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in out)


def without_uuencoded(text: str, contents: Contents) -> str:
    def take(match: re.Match[str]) -> str:
        raw = match.group().encode("utf-8", "replace")
        begun = UU_BEGIN.search(raw)
        data = uudecode(raw)
        if not begun or not data or len(contents.attachments) >= MOST_FILES:
            return match.group()
        name = safe_name(begun[1].decode("utf-8", "replace"))
        contents.attachments.append(attachment(name, mimetypes.guess_type(name)[0] or "", data))
        return ""

    return UU_BLOCK.sub(take, text)


def add_file(part: Part, contents: Contents, *, alternative: bool) -> None:
    data = (
        part.everything[part.start - part.whole :] if part.type == "message/rfc822" and part.children else part.data()
    )
    name = safe_name(part.filename)
    content_id = clean(part.headers.get("content-id")).strip("<> ")[:500] or None
    if part.type in WRAPPERS or name.lower() == "winmail.dat":
        body, hidden = tnef.unwrap(data)
        if hidden or body:
            unwrapped(body, hidden, contents)
            return
    if not name and part.type == "text/calendar" and alternative:
        name = "invite.ics"
    if not name and part.type == "message/rfc822" and part.children:
        subject = part.children[0].headers.text("subject")
        name = safe_name(f"{subject[:80]}.eml") if subject else "message.eml"
    if not data and not name:
        return
    name = name or f"attachment-{len(contents.attachments) + 1}{extension(part.type)}"
    contents.attachments.append(attachment(name, part.type, data, content_id=content_id))


def unwrapped(body: str, hidden: list[tnef.Hidden], contents: Contents) -> None:
    if body and not contents.plain and not contents.html:
        contents.plain.append(body)
    for file in hidden[: MOST_FILES - len(contents.attachments)]:
        name = safe_name(file.name) or f"attachment-{len(contents.attachments) + 1}"
        contents.attachments.append(attachment(name, file.type, file.data, content_id=file.content_id or None))


def attachment(name: str, kind: str, data: bytes, *, content_id: str | None = None) -> Attachment:
    if not kind or kind in {"application/octet-stream", "application/x-unknown"}:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    main = kind.partition("/")[0]
    shown = main if main in {"image", "audio", "video"} else "file"
    return Attachment(name=name, type=kind, size=len(data), data=data, content_id=content_id, kind=shown)


def extension(kind: str) -> str:
    return EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ""


def safe_name(name: str) -> str:
    """Without folders and control characters, at most 200 characters; the extension is kept."""
    name = clean(name).replace("\\", "/").rsplit("/", 1)[-1].strip(" .\"'") if name else ""
    if len(name) > 200:
        stem, dot, tail = name.rpartition(".")
        name = f"{stem[:190]}.{tail}" if dot and len(tail) < 10 else name[:200]
    return name
