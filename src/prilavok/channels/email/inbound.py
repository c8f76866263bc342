"""What a mail means to the shop: a customer's message, news of our own mail that did not arrive, or neither.

Order matters: bounces carry the marks of automatic mail too, so they are looked for first. Whatever changes the fate
of our own message or a customer's address must name a Message-ID that we signed; anybody can write a bounce.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from email.parser import BytesHeaderParser

from prilavok.channels.base import Hook, Inbound, InboxInfo, Receipt, ReceiptCame, Received, Sender, Unknown
from prilavok.channels.email.config import Letterhead
from prilavok.channels.email.listen import LEFT_OUT, TROUBLE
from prilavok.channels.email.threading import Ours, bare, many, read_address, read_id
from prilavok.channels.email.understand import Mail, understand

OWN_HEADER = "X-Prilavok-Id"  # the Message-ID once more, for relays that put their own in its place
OWN_HEADER_LINE = re.compile(rb"^[> \t]*X-Prilavok-Id:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
AUTHENTICATED = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)
HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*\"?(?:[^\s;@\"]*@)?([^\s;\"]+)", re.IGNORECASE)

Headers = tuple[tuple[str, str], ...]


def read(hook: Hook, config: Letterhead, inbox: InboxInfo) -> Iterator[Inbound]:
    """One mail, as it lies in the mailbox. Pure; whatever `understand` raises sets this mail aside."""
    mail = understand(hook.body)
    key = inbox.signing_key
    if mail.is_bounce:
        yield from _bounced(mail, hook, key)
    elif mail.is_complaint:
        # The customer wants no more advertising; the answer to a question of theirs is none, so they stay reachable.
        yield Unknown(f"complaint: {mail.from_address} passes on that our mail was called spam")
    elif read_id(key, mail.message_id) or _own_header(hook.body, key):
        yield Unknown("own mail")
    else:
        yield _received(mail, hook, config, key)


def _bounced(mail: Mail, hook: Hook, key: bytes) -> Iterator[Inbound]:
    for fate in mail.bounce:
        ours = _own_header(hook.body, key) or read_id(key, fate.original_message_id)
        if not fate.failed:
            yield Unknown(f"delayed: {fate.recipient} {fate.reason}".strip())
        elif ours is None:
            yield Unknown(f"bounce of a mail that we did not send: {fate.recipient}")
        else:
            yield ReceiptCame(
                Receipt.FAILED,
                at=hook.received_at,
                provider_id=bare(fate.original_message_id),
                message_id=ours.message_id,
                address=fate.recipient.lower(),
                reason=" ".join(part for part in (fate.status, fate.reason) if part)[:500],
                address_is_dead=bool(fate.recipient) and not (fate.temporary or fate.policy),
            )
    if not mail.bounce:
        yield Unknown("bounce that names nobody")


def _own_header(raw: bytes, key: bytes) -> Ours | None:
    """Our signed id anywhere in the mail where a returned header could stand."""
    found = (read_id(key, one[1].decode("ascii", "replace")) for one in OWN_HEADER_LINE.finditer(raw))
    return next((ours for ours in found if ours), None)


def _received(mail: Mail, hook: Hook, config: Letterhead, key: bytes) -> Received:
    headers: Headers = tuple(
        (name.lower(), str(value)) for name, value in BytesHeaderParser().parsebytes(hook.body).items()
    )
    sender = _sender(mail, config, headers)
    recipients = [*mail.to, *mail.cc]
    answered = tuple(dict.fromkeys((*many(mail.in_reply_to), *reversed(many(mail.references)))))
    delivered = [value for name, value in headers if name in DELIVERED_TO]
    return Received(
        provider_id=bare(mail.message_id) or f"sha256.{hashlib.sha256(hook.body).hexdigest()}",
        at=hook.received_at,
        sender=sender,
        text=mail.visible_text,
        attachments=mail.attachments,
        html=mail.html,
        folded=mail.folded,
        subject=mail.subject,
        thread=mail.thread_key,
        replies_to=answered,
        conversation_hint=_proven(answered, (*recipients, *delivered), key),
        automatic=mail.is_auto or TROUBLE in hook.headers,
        copies=_copies(recipients, config, sender.address),
        content={"left_out": {"bytes": int(hook.headers[LEFT_OUT])}} if LEFT_OUT in hook.headers else {},
    )


def _proven(answered: Iterable[str], recipients: Iterable[str], key: bytes) -> str:
    """The conversation that the mail answers, by a Message-ID or an address that we signed."""
    ours = next((found for one in answered if (found := read_id(key, one))), None)
    return ours.conversation_id if ours else read_address(key, recipients)


def _sender(mail: Mail, config: Letterhead, headers: Headers) -> Sender:
    """Answers go to Reply-To, so that is whom we talk to; a proof speaks for the From address only."""
    own = config.address.lower()
    wanted = mail.reply_to.lower() if mail.reply_to.lower() != own else ""
    written_by = mail.from_address.lower()
    address = wanted or written_by or "unknown@localhost"
    facts = {"from": written_by} if address != written_by and written_by else {}
    proven = address == written_by and _authenticated(headers, config.authserv_id, written_by)
    return Sender(address, name=mail.from_name, email=address, verified=proven, facts=facts)


def _authenticated(headers: Headers, authserv_id: str, address: str) -> bool:
    """Whether our own mail server vouches for the From address: only its own, topmost verdict counts."""
    verdict = next((value for name, value in headers if name == "authentication-results"), "")
    server, _, results = verdict.partition(";")
    if not authserv_id or server.strip().split(" ")[0].lower() != authserv_id.lower():
        return False
    dmarc = next((part for part in results.split(";") if AUTHENTICATED.search(part)), "")
    spoken_for = HEADER_FROM.search(dmarc)
    return spoken_for is not None and spoken_for[1].lower() == address.rpartition("@")[2]


def _copies(recipients: Iterable[str], config: Letterhead, sender: str) -> tuple[str, ...]:
    """Everybody else who got the mail; our own address in all its plus forms left out."""
    user, _, domain = config.address.lower().rpartition("@")
    own = re.compile(rf"{re.escape(user)}(\+[^@]*)?@{re.escape(domain)}")
    others = (address.lower() for address in recipients)
    return tuple(dict.fromkeys(one for one in others if one and one != sender and not own.fullmatch(one)))
