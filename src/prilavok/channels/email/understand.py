"""One mail, from its raw bytes to everything the shop needs to know about it. Pure; never raises on any bytes."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from prilavok.channels.email.automatic import is_automatic
from prilavok.channels.email.bounce import Bounce, Report, read_report
from prilavok.channels.email.contents import Contents, collect
from prilavok.channels.email.headers import Headers, addresses, clean, instant, message_ids
from prilavok.channels.email.mime import read
from prilavok.channels.email.quotes import Cut, cut_mail
from prilavok.domain.message import Attachment

MOST_SUBJECT = 2000  # characters
MOST_BODY = 1024 * 1024  # characters of text that are kept


@dataclass(frozen=True, slots=True)
class Mail:
    """`visible_text` is what the person wrote this time; `folded` the history and the signature behind a fold.

    Where answers stand between quoted lines (`interleaved`), `folded` repeats the whole dialogue.
    """

    visible_text: str
    folded: str
    text: str
    html: str  # as it came: to be cleaned before anybody sees it
    subject: str
    from_address: str  # lower case; "" when there is none
    from_name: str
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime | None  # UTC
    message_id: str  # with angle brackets; "" when the mail has none
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first
    thread_key: str
    is_auto: bool
    is_bounce: bool
    is_complaint: bool
    bounce: tuple[Bounce, ...]
    recipients: tuple[str, ...]  # addresses that a bounce says were not reached
    temporary: bool  # a bounce that may go away by itself: every failure in it is temporary, or a mere delay
    attachments: tuple[Attachment, ...]
    interleaved: bool = False

    @property
    def by_machine(self) -> bool:
        """Nothing of ours may answer it by itself."""
        return self.is_auto or self.is_bounce or self.is_complaint


def understand(raw: bytes) -> Mail:
    """Reads at most 64 MB, 12 levels, 400 parts; a hopeless mail gives what can be read."""
    root = read(raw)
    headers = root.headers
    contents = collect(root)
    subject = headers.text("subject")[:MOST_SUBJECT]
    name, sender = first_address(headers, "from", "sender", "return-path")
    _, reply_to = first_address(headers, "reply-to")
    report = read_report(root, contents, subject=subject, sender=sender)
    whole, cut = texts(contents, name, report)
    ids = message_ids(headers.get("message-id"))
    in_reply_to = message_ids(headers.get("in-reply-to"))
    references = message_ids(headers.get("references"))
    machine = not (report.is_bounce or report.is_complaint) and is_automatic(
        headers,
        subject=subject,
        sender=sender,
        reply_to=reply_to,
        text=cut.visible,
        report_type=root.params.get("report-type", "").lower(),
    )
    failed = [one for one in report.bounces if one.failed]
    return Mail(
        visible_text=cut.visible[:MOST_BODY],
        folded=cut.folded[:MOST_BODY],
        text=whole[:MOST_BODY],
        html=safe(contents.markup[: 2 * MOST_BODY]),
        subject=subject,
        from_address=sender,
        from_name=name,
        reply_to=reply_to,
        to=all_addresses(headers, "to"),
        cc=all_addresses(headers, "cc"),
        date=instant(headers.get("date")) or arrival(headers),
        message_id=ids[0] if ids else "",
        in_reply_to=in_reply_to,
        references=references,
        thread_key=thread_key(raw, ids, in_reply_to, references),
        is_auto=machine,
        is_bounce=report.is_bounce,
        is_complaint=report.is_complaint,
        bounce=report.bounces,
        recipients=tuple(one.recipient for one in failed if one.recipient),
        temporary=report.is_bounce and bool(report.bounces) and all(one.temporary for one in report.bounces),
        attachments=tuple(contents.attachments),
        interleaved=cut.interleaved,
    )


def texts(contents: Contents, author: str, report: Report) -> tuple[str, Cut]:
    plain = safe(contents.text[:MOST_BODY])
    if useless(plain) and contents.markup:
        plain = ""
    if report.is_bounce or report.is_complaint:
        whole, _ = cut_mail(plain, safe(contents.markup))
        return whole, Cut(whole)
    return cut_mail(plain, safe(contents.markup), author=author)


def useless(plain: str) -> bool:
    """Some programs put an excuse where the plain text should be."""
    return len(plain) < 300 and bool(
        re.search(
            r"(?:view|see|read) this (?:e-?mail|message)[^.]{0,60}(?:html|browser)|"
            r"(?:does ?n.t|does not|cannot|can.t) (?:support|display|show|view) html|"
            r"не поддержива\w+ html|не підтриму\w+ html|requires? (?:an? )?html|"
            r"html-(?:совместим|сумісн)|this is an html (?:e-?mail|message)|"
            r"сообщение (?:в формате|содержит) html|повідомлення (?:у форматі|містить) html",
            plain,
            re.IGNORECASE,
        )
    )


def safe(text: str) -> str:
    """Without NUL and lone surrogates, which no database takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def first_address(headers: Headers, *names: str) -> tuple[str, str]:
    """(name, address) from the first of these fields that has an address."""
    best = ("", "")
    for field in names:
        for name, address in addresses(headers.get(field)):
            if address:
                return best[0] or name, address
            best = best if best[0] else (name, "")
    return best


def all_addresses(headers: Headers, field: str) -> tuple[str, ...]:
    found = [address for value in headers.all(field) for _, address in addresses(value) if address]
    return tuple(dict.fromkeys(found))


def arrival(headers: Headers) -> datetime | None:
    """A mail without a date came when the last server says that it came."""
    for name in ("delivery-date", "received"):
        moment = instant(headers.get(name).rpartition(";")[2] or headers.get(name))
        if moment:
            return moment
    return None


def thread_key(raw: bytes, ids: tuple[str, ...], in_reply_to: tuple[str, ...], references: tuple[str, ...]) -> str:
    """The same for all mails of a thread as long as programs hand on References; else the parent's or the own id."""
    known = references[:1] or in_reply_to[:1] or ids[:1]
    if known:
        return clean(known[0])
    return f"<{hashlib.sha256(raw[:65536]).hexdigest()[:32]}@no-message-id>"
