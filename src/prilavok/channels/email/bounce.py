"""Whether a mail is a server's report about one of ours, whom it did not reach and why (RFC 3464 and the others)."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass

from prilavok.channels.email.bounce_text import Found, failures_in_text, looks_like_report, original_part
from prilavok.channels.email.contents import Contents
from prilavok.channels.email.headers import ADDRESS, Headers, addresses, message_ids, read_headers
from prilavok.channels.email.library import failures_by_library
from prilavok.channels.email.mime import Part
from prilavok.channels.email.verdict import judge

log = logging.getLogger(__name__)

MOST_RECIPIENTS = 200
ORCPT = re.compile(r"^\s*(?:rfc822|utf-8|x400|smtp|unknown)\s*;\s*", re.IGNORECASE)
DAEMON = re.compile(
    r"mailer-?daemon|mail delivery (?:sub)?system|^postmaster@|^mail-?delivery|bounces?@|"
    r"^mdaemon|<>|microsoftexchange[0-9a-f]+@|^mailerdaemon",
    re.IGNORECASE,
)
FAILED_SUBJECT = re.compile(
    r"^\W*(?:undeliver(?:ed|able)|un?delivered mail|delivery (?:status notification|"
    r"failure|has failed|report|notification|problem|warning|delayed|incomplete|error)|"
    r"mail (?:delivery|system|failure|could not)|failure (?:notice|delivery|notification)|"
    r"returned (?:mail|to sender|message)|return(?:ed)? e?-?mail|message (?:not delivered|"
    r"undeliverable|delivery|"
    r"status|you sent blocked|delayed)|non-?delivery|warning: (?:could not send|message)|"
    r"your message .{0,40}(?:could not|couldn.t|not) |bounce|nondeliverable|could not "
    r"deliver|rejected:|permanent delivery|dsn:|"
    r"не ?доставлен|недоставлен|сбой (?:при )?доставк|сообщение не доставлен|письмо не "
    r"доставлен|невозможно доставить|не удалось доставить|(?:ваше|ваш) (?:сообщение|"
    r"письмо) не |ошибка доставки|"
    r"(?:отчет|отчёт|уведомление|уведомления) о (?:недоставк|доставк|состоянии доставки|"
    r"невозможности)|возврат (?:письма|почты|сообщения)|задержка доставки|доставка .{0,"
    r"30}(?:отложена|не удалась|невозможна)|"
    r"недоставлене|не вдалося доставити|помилка доставки|лист не доставлен|повідомлення "
    r"не доставлен|(?:звіт|сповіщення) про (?:недостав|достав|статус)|ваш лист не|"
    r"повернення (?:листа|пошти)|затримка доставки|"
    r"unzustellbar|zustellung|nicht zustellbar|échec|non remis|non distribu|no se puede "
    r"entregar|niedostarczon|mancato recapito|falha|onbestelbaar)",
    re.IGNORECASE,
)
TECHNICAL = re.compile(
    r"rcpt to:|(?<!\d)5\d\d[ -]5\.\d\.\d|^final-recipient:|reporting-mta:|smtp error|"
    r"remote server (?:returned|said)|smtp; ?5\d\d",
    re.IGNORECASE | re.MULTILINE,
)
COMPLAINTS = {"abuse", "fraud", "virus", "opt-out", "opt-out-list", "other", "miscategorized", "spam", "complaint", ""}


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of our mail to one recipient.

    `failed` is false for a mere delay and for a complaint. Neither `temporary` nor `policy`: the address is dead.
    """

    recipient: str
    failed: bool
    temporary: bool = False
    policy: bool = False  # our own sending is refused (spam filter, SPF, block list): not the address's fault
    status: str = ""
    reason: str = ""
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    bounces: tuple[Bounce, ...] = ()
    is_bounce: bool = False
    is_complaint: bool = False


def read_report(root: Part, contents: Contents, *, subject: str, sender: str) -> Report:
    headers = root.headers
    report_type = root.params.get("report-type", "").lower()
    original = original_headers(contents)
    feedback = [part for part in contents.reports if part.type == "message/feedback-report"]
    if feedback or report_type == "feedback-report":
        return complaint(feedback, original)
    statuses = [part for part in contents.reports if part.type.endswith("delivery-status")]
    text = contents.text or contents.markup
    if not (statuses or report_type == "delivery-status" or is_suspect(headers, subject, sender, text)):
        return Report()
    about = original_id(headers, original, text)
    founds = [one for part in statuses for one in from_status(part.text())] or from_status(text)
    if founds and all(one.delivered for one in founds):
        return Report()  # "it was delivered, as you wished to know" is no bounce
    founds = [one for one in founds if not one.delivered]
    if not founds or not any(one.recipient for one in founds):
        own = {
            address for name in ("to", "delivered-to", "x-original-to") for _, address in addresses(headers.get(name))
        }
        founds = failures_in_text(text, headers=headers, original=original, own=own) or founds
    if not founds:
        founds = [Found(recipient=one) for one in failures_by_library(root)]
    if not founds and original is not None and (report_type == "delivery-status" or FAILED_SUBJECT.match(subject)):
        founds = [Found(recipient=address) for _, address in addresses(original.get("to"))[:1]]
    if not founds and not statuses and report_type != "delivery-status" and not FAILED_SUBJECT.match(subject):
        return Report()
    bounces = tuple(unique(decided(one, text if len(founds) == 1 else "", about) for one in founds[:MOST_RECIPIENTS]))
    return Report(bounces, is_bounce=True)


def is_suspect(headers: Headers, subject: str, sender: str, text: str) -> bool:
    """A report without any machine-readable part: a machine's origin, and a subject or words that speak of failure."""
    if "x-failed-recipients" in headers:
        return True
    if re.match(r"^\W*(?:re|aw|fw|fwd|отв|пересл|ha|нa|відп)\b\s*:", subject, re.IGNORECASE):
        return False
    by_daemon = bool(DAEMON.search(sender) or DAEMON.search(headers.get("from")))
    nobody = headers.get("return-path").replace(" ", "") == "<>"
    submitted = headers.get("auto-submitted").strip().lower() not in {"", "no"}
    if not (by_daemon or nobody or submitted or TECHNICAL.search(text[:8000])):
        return False  # "order 1042 was not delivered" is how customers write
    named = bool(FAILED_SUBJECT.match(subject))
    worded = looks_like_report(text)
    return (named and (worded or by_daemon)) or (worded and by_daemon) or (named and nobody)


def complaint(feedback: list[Part], original: Headers | None) -> Report:
    fields = read_headers(feedback[0].data(64 * 1024)) if feedback else Headers()
    kind = fields.get("feedback-type").strip().lower()
    if kind not in COMPLAINTS:
        return Report()  # "auth-failure" and "not-spam" are about the domain, not from a person
    about = (message_ids(original.get("message-id")) or ("",))[0] if original else ""
    people = [address for value in fields.all("original-rcpt-to") for _, address in addresses(value)]
    if not people and original:
        people = [address for _, address in addresses(original.get("to"))]
    reason = f"complaint: {kind or 'abuse'}"
    bounces = tuple(
        Bounce(one, failed=False, reason=reason, original_message_id=about) for one in people[:MOST_RECIPIENTS]
    )
    return Report(bounces, is_complaint=True)


def original_headers(contents: Contents) -> Headers | None:
    """The header of the mail that came back, as a part of its own or copied into the text."""
    for part in contents.returned:
        if part.children:
            return part.children[0].headers
        found = read_headers(part.data(256 * 1024).lstrip(b"\r\n"))
        if found.fields:
            return found
    copied = original_part(contents.text)
    return read_headers(copied.encode("utf-8", "replace")) if copied else None


def original_id(headers: Headers, original: Headers | None, text: str) -> str:
    candidates = [original.get("message-id") if original else ""]
    inline = re.search(r"^[>\s]*message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
    candidates += [inline[1] if inline else "", headers.get("x-original-message-id"), headers.get("in-reply-to")]
    for value in candidates:
        ids = message_ids(value)
        if ids:
            return ids[0]
    references = message_ids(headers.get("references"))
    return references[-1] if references else ""


def from_status(text: str) -> list[Found]:
    """Every recipient block of a delivery status, also where a program wrote it into the text."""
    if not re.search(r"^\s*(?:final|original)-recipient\s*:", text, re.IGNORECASE | re.MULTILINE):
        return []
    founds: list[Found] = []
    for block in re.split(r"\n[ \t]*\n", text):
        fields = read_headers(block.strip("\n").encode("utf-8", "replace"))
        recipient = fields.get("original-recipient") or fields.get("final-recipient")
        if "final-recipient" not in fields and "original-recipient" not in fields:
            continue
        address = plain_address(recipient) or plain_address(fields.get("final-recipient"))
        action = re.sub(r"[^a-z]", "", fields.get("action").lower().partition("(")[0])
        founds.append(
            Found(
                recipient=address,
                status=fields.get("status"),
                reason=ORCPT.sub("", fields.get("diagnostic-code")),
                delayed=action == "delayed",
                delivered=action in {"delivered", "relayed", "expanded"}
                or (not action and fields.get("status").startswith("2")),
            )
        )
    return founds


def plain_address(value: str) -> str:
    value = ORCPT.sub("", value).strip().strip("<>\"' ")
    value = re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), value) if "+40" in value else value
    match = ADDRESS.search(value)
    return match[0].lower() if match else ""


def decided(found: Found, text: str, about: str) -> Bounce:
    verdict = judge(found.status, f"{found.reason}\n{text[:3000]}" if vague(found) else found.reason)
    reason = " ".join(found.reason.split())[:500]
    delayed = found.delayed
    return Bounce(
        recipient=found.recipient,
        failed=not delayed,
        temporary=verdict.temporary or delayed,
        policy=verdict.policy and not delayed,
        status=verdict.status,
        reason=reason,
        original_message_id=about,
    )


def vague(found: Found) -> bool:
    """Whether the block says too little, so that the words for people must help."""
    return len(found.reason) < 12 and not re.search(r"[45]\.[1-7]\.\d", found.status)


def unique(bounces: Iterable[Bounce]) -> list[Bounce]:
    """One entry a recipient; a failure beats a delay."""
    kept: dict[str, Bounce] = {}
    for one in bounces:
        old = kept.get(one.recipient)
        if old is None or (one.failed and not old.failed):
            kept[one.recipient] = one
    return [one for address, one in kept.items() if address or len(kept) == 1]
