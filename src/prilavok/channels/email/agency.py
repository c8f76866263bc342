"""What mail agencies (Mailgun, Postmark, SendGrid) share: they call us with mails and with what became of ours.

A mail of theirs is understood as one from a mailbox, down to the last byte; where an agency hands over only its parts,
the mail is put together again. An open is told, and believed by nobody: pictures are loaded by machines.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.channels.base import (
    Attachment,
    Capabilities,
    Channel,
    Config,
    Hook,
    Inbound,
    NeedsOwner,
    Outbound,
    RateLimit,
    Reachability,
    Receipt,
    ReceiptCame,
    Response,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.email import inbound
from prilavok.channels.email.compose import Composed, address_of, compose, name_of, one_line, type_of
from prilavok.channels.email.headers import clean
from prilavok.channels.email.threading import bare
from prilavok.channels.email.verdict import judge
from prilavok.channels.wire import retry_after as asked_pause
from prilavok.channels.wire import said, storable
from prilavok.kit.content import whole

PAUSE = 30.0  # seconds, where an agency says only that it is busy
OURS = "prilavok"  # the variable that comes back with every event: our id of the message
WHOM = "prilavok_to"  # and whom it was for: what becomes of a copy is not what becomes of the message
DESCRIBES_CONTENT = ("content-", "mime-version")

ADDRESS = field_of("E-mail address", "The address customers write to.", format="email")
FROM_NAME = field_of("Sender's name", "As customers see it; empty: the shop's name.")
SIGNATURE = field_of("Signature", "Stands under every answer.", format="textarea")
ACKNOWLEDGE = field_of("Confirm receipt", "A new matter is answered at once with the time of the answer and a link.")
PLUS = field_of(
    "Plus addresses arrive",
    "Mail to shop+anything@… reaches the agency too: answers then find their conversation in every program.",
)
AUTHSERV = field_of(
    "Name in Authentication-Results",
    "As the agency's mail server signs this header; its verdict then proves a sender's address. Empty: nothing does.",
)


class AgencyConfig(Config, kw_only=True):
    """What all of them ask for; each adds its keys in front."""

    from_name: Annotated[str, FROM_NAME] = ""
    acknowledge: Annotated[bool, ACKNOWLEDGE] = True
    signature: Annotated[str, SIGNATURE] = ""
    plus_addresses: Annotated[bool, PLUS] = False
    authserv_id: Annotated[str, AUTHSERV] = ""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A composed mail taken apart, for agencies that take no whole one."""

    message_id: str  # bare
    recipients: tuple[str, ...]  # the customer first
    sender: tuple[str, str]  # name, address
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    files: tuple[Attachment, ...]  # each with its content, a name and a type that a mail may have
    reply_to: str = ""


class Agency(Channel):
    capabilities = Capabilities(
        address_kind="email",
        address_scope="shop",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=100_000,
        media_limit=7 * 1024 * 1024,
        deduplicates=True,  # under the same Message-ID: programs show it once, as with SMTP
        threads=True,
        subject=True,
        html=True,
        acknowledges=True,
        medium="email",
        cost="low",
        rate=(RateLimit(10, 1.0), RateLimit(5, 60.0, each="recipient")),
        parallel=4,
    )
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, retries of hours are theirs; a mail counts once by its Message-ID, and receipts only climb",
        "batches": "exempt, a mail comes alone",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "receipts": "done",
        "opens": "done",
        "edits": "exempt, a mail cannot be changed",
        "deep link": "exempt, an address is no link with a token",
    }

    @property
    def acknowledges(self) -> bool:
        return bool(self.config.acknowledge)

    def composed(self, outbound: Outbound) -> Composed:
        return compose(outbound, self.config, self.inbox, datetime.now(UTC))

    def in_pieces(self, outbound: Outbound) -> Pieces:
        files = [one for one in outbound.attachments if one.data is not None]
        rest = tuple(one for one in outbound.attachments if one.data is None)
        named = tuple(replace(one, name=name_of(one), type=type_of(one)) for one in files)
        return pieces(self.composed(replace(outbound, attachments=rest)), named)

    def mail(self, raw: bytes, hook: Hook) -> Iterable[Inbound]:
        """A whole mail, understood like one that lay in a mailbox."""
        return tuple(inbound.read(replace(hook, body=raw, headers={}), self.config, self.inbox))

    def own_address(self) -> str:
        try:
            return address_of(self.config.address)
        except Undeliverable as error:
            raise NeedsOwner(error.reason, field="address") from error


@dataclass(frozen=True, slots=True)
class About:
    """Which mail an event speaks of, and whose: as the agency says it."""

    at: datetime
    address: str
    message_id: str = ""  # ours, out of the variable
    provider_id: str = ""  # the Message-ID, bare, or the agency's own id
    main: str = ""  # whom the message was for, where known

    def came(self, receipt: Receipt, **more: Any) -> Inbound:
        if self.main and self.address and self.main.lower() != self.address.lower():
            return Unknown(f"{receipt.value}: a copy to {self.address}")
        if not (self.message_id or self.provider_id):
            return Unknown(f"{receipt.value}: of a mail that names no id")
        return ReceiptCame(
            receipt,
            at=self.at,
            provider_id=self.provider_id,
            message_id=self.message_id,
            address=self.address.lower(),
            **more,
        )

    def delivered(self) -> Inbound:
        return self.came(Receipt.DELIVERED)

    def opened(self) -> Inbound:
        """Whoever loaded a picture: a person, or their provider's machine. It never counts as read."""
        return self.came(Receipt.READ, unreliable=True)

    def failed(self, status: str, reason: str, *, hard: bool) -> Inbound:
        """`hard`: the agency says that it will not go; the words say whether the address is to blame."""
        verdict = judge(status, reason)
        dead = hard and bool(self.address) and not (verdict.temporary or verdict.policy)
        words = " ".join(storable(f"{'' if status in reason else status} {reason}").split())[:500]
        return self.came(Receipt.FAILED, reason=words or "bounced", address_is_dead=dead)

    def complained(self) -> Inbound:
        """They called our mail spam: the agency sends them nothing more, and neither should we."""
        if not self.address:
            return Unknown("complaint of nobody")
        return Reachability(self.address.lower(), self.at, reachable=False, reason="complaint: called our mail spam")


def moment_of(value: Any, otherwise: datetime) -> datetime:
    """RFC 3339 with any number of decimals, as agencies write it."""
    text = said(value, 40).replace("Z", "+00:00")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        head, dot, rest = text.partition(".")
        zone = rest.lstrip("0123456789")
        if not dot:
            return otherwise
        try:
            at = datetime.fromisoformat(head + zone)
        except ValueError:
            return otherwise
    if at.tzinfo is None:
        return otherwise
    try:
        return min(at.astimezone(UTC), otherwise)
    except OverflowError:
        return otherwise


def rebuilt(headers: Iterable[tuple[str, str]], text: str, html: str, files: Sequence[File]) -> bytes:
    """A mail out of its parts: its own headers, except those that describe a content that is put together anew."""
    mail = EmailMessage(policy=policy.SMTP)
    if text or not html:
        mail.set_content(safe(text), cte="base64")
        if html:
            mail.add_alternative(safe(html), subtype="html", cte="base64")
    else:
        mail.set_content(safe(html), subtype="html", cte="base64")
    for file in files:
        main, _, sub = file.type.partition(";")[0].strip().lower().partition("/")
        known = (
            main.isalnum() and main not in {"multipart", "message"} and sub.replace("-", "").replace(".", "").isalnum()
        )
        mail.add_attachment(
            file.data,
            maintype=main if known else "application",
            subtype=sub if known else "octet-stream",
            filename=one_line(file.name)[:150] or "file",
            cid=f"<{one_line(file.content_id).strip('<> ')}>" if file.content_id.strip("<> ") else None,
            cte="base64",
        )
    # Boundaries that follow from the content: the same mail, told again, is the same bytes.
    mark = hashlib.sha256(repr((text, html, [file.data for file in files])).encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{mark}")
    lines = [
        f"{name}: {clean(value)}\r\n"
        for name, value in headers
        if name.isascii() and name.replace("-", "").isalnum() and not name.lower().startswith(DESCRIBES_CONTENT)
    ]
    return "".join(lines).encode("utf-8", "replace") + mail.as_bytes()


def safe(text: str) -> str:
    return storable(text).encode("utf-8", "replace").decode()


def pieces(composed: Composed, files: tuple[Attachment, ...]) -> Pieces:
    """`composed`: without the files."""
    mail = message_from_bytes(whole(composed.mail), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    sender = mail["From"].addresses[0]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    apart = {"from", "to", "cc", "subject", "date", "reply-to", "mime-version", "content-type"}
    headers = {name: " ".join(str(value).split()) for name, value in mail.items() if name.lower() not in apart}
    return Pieces(
        message_id=composed.message_id,
        recipients=composed.recipients,
        sender=(sender.display_name, sender.addr_spec),
        subject=str(mail["Subject"]),
        text=plain.get_content() if plain is not None else "",
        html=html.get_content() if html is not None else "",
        headers=headers,
        files=files,
        reply_to=str(mail["Reply-To"] or ""),
    )


def settle(response: Response, vendor: str, complaint: str, *, sends: bool = False) -> None:
    """Raises for what every agency answers alike; 400 and 422 are for each of them to read before."""
    status = response.status
    if 200 <= status < 300:
        return
    words = f": {said(complaint, 300).rstrip('.')}" if complaint else ""
    if status in {401, 403}:
        raise NeedsOwner(f"{vendor} refuses the key ({status}){words}. Paste a new one from its settings.")
    if status == 404:
        raise NeedsOwner(f"{vendor} does not know this domain or address{words}. Compare it with its settings.")
    if status == 429:
        pause = asked_pause(response.headers, datetime.now(UTC))
        raise TryLater(f"{vendor} is busy", after=pause if pause is not None else PAUSE)
    if status == 413:
        raise Undeliverable(f"{vendor} takes no mail as large as this one.")
    if status >= 500:
        raise TryLater(f"{vendor} answered {status}", perhaps_sent=sends)
    raise Undeliverable(f"{vendor} refuses this mail ({status}){words}")


def told(response: Response, *names: str) -> str:
    """The first of these fields that an answer explains itself with; empty when it is no JSON."""
    try:
        body = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    if isinstance(body, dict) and isinstance(body.get("errors"), list) and body["errors"]:
        body = body["errors"][0] if isinstance(body["errors"][0], dict) else body
    return next((one for name in names if isinstance(body, dict) and (one := said(body.get(name), 300))), "")


def json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def bare_id(value: Any) -> str:
    return bare(said(value, 300))[:250]
