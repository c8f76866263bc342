"""Writing a mail: what the customer's mail program needs to thread it, show it and let us go.

Nothing that a customer or an agent typed can become a header of its own: every value is one line of printable
characters before it reaches the mail, and ids and links are written by a stricter rule still.
"""

import base64
import html
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from prilavok.channels.base import Attachment, InboxInfo, Outbound, Undeliverable
from prilavok.channels.email.config import Letterhead
from prilavok.channels.email.threading import bare, reply_address, sign_id
from prilavok.kit.content import Base64, Content, joined

REFERENCES = 10  # the first and the latest nine: enough for every program, short enough for every server
ANSWERS = re.compile(r"^\s*(re|aw|sv|ha|на|отв|ответ|відп|відповідь)\s*(\[\d+\])?\s*:", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,190}")
DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]»]")
TYPE = re.compile(r"(?!message/|multipart/)[a-z]+/[a-z0-9.+-]+", re.IGNORECASE)
MESSAGE_ID = re.compile(r"[!-;=?-~]{3,250}")  # printable ASCII without < and >
SUBJECT_LIMIT = 250  # characters


@dataclass(frozen=True, slots=True)
class Composed:
    message_id: str  # bare
    sender: str
    recipients: tuple[str, ...]  # the customer first
    mail: bytes | Content


def compose(outbound: Outbound, config: Letterhead, inbox: InboxInfo, now: datetime) -> Composed:
    """The whole mail with CRLF line ends. Undeliverable when the address is none or a file is no longer there."""
    sender, recipient = address_of(config.address), address_of(outbound.address)
    copies = _copies(outbound.copies, without={sender.lower(), recipient.lower()})
    shop = one_line(config.from_name or outbound.shop or inbox.shop_name)
    message_id = sign_id(inbox.signing_key, outbound.message_id, outbound.conversation_id, config.domain)

    unicode = not all(address.isascii() for address in (sender, recipient, *copies))
    mail = EmailMessage(policy=policy.SMTPUTF8 if unicode else policy.SMTP)
    mail["From"] = _person(_author(outbound, shop), sender)
    mail["To"] = _person(outbound.name, recipient)
    if copies:
        mail["Cc"] = [_person("", copy) for copy in copies]
    if config.plus_addresses:
        mail["Reply-To"] = _person(shop, reply_address(inbox.signing_key, sender, outbound.conversation_id))
    mail["Subject"] = _subject(outbound, shop)
    mail["Date"] = format_datetime(now)
    if outbound.automatic:
        mail["Auto-Submitted"] = "auto-replied" if outbound.replies_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"  # Exchange looks only at this one
    files = _write(mail, outbound, config.signature)
    return Composed(message_id, sender, (recipient, *copies), _whole(_ids(outbound, message_id), mail, files))


def address_of(given: str) -> str:
    """The address as it goes over the wire, the domain in ASCII."""
    address = given.strip()
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    clean = ADDRESS.fullmatch(address) and DOMAIN.fullmatch(ascii_domain)
    if not clean or any(unicodedata.category(c)[0] == "C" for c in address):
        raise Undeliverable(f"This is not an e-mail address: “{given}”", address_is_dead=True)
    return f"{local}@{ascii_domain}"


def one_line(text: str) -> str:
    """One line without control characters: line breaks of every kind, NUL, marks that turn the writing around.

    `=?` is taken apart: the library would decode the encoded word it may begin, and with it a line break.
    """
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join(shown.split()).replace("=?", "= ?")


def _copies(given: Iterable[str], *, without: set[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for copy in given:
        try:
            address = address_of(copy)
        except Undeliverable:
            continue  # somebody's broken Cc must not keep the answer from the customer
        if address.lower() not in without:
            found.setdefault(address.lower(), address)
    return tuple(found.values())


def _person(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(one_line(name)[:100], local, domain)


def _author(outbound: Outbound, shop: str) -> str:
    author = "" if outbound.automatic else one_line(outbound.author)
    return f"{author} ({shop})" if author and shop else author or shop


def _subject(outbound: Outbound, shop: str) -> str:
    subject = one_line(outbound.subject)[:SUBJECT_LIMIT]
    if not subject:
        return shop or "…"
    return f"Re: {subject}" if outbound.replies_to and not ANSWERS.match(subject) else subject


def _ids(outbound: Outbound, message_id: str) -> bytes:
    """These headers by hand: the library would encode an id longer than a line, and nothing would thread any more."""
    known = [one for given in outbound.references if (one := bare(given)) and MESSAGE_ID.fullmatch(one)]
    answered = bare(outbound.replies_to) or (known[-1] if known else "")
    lines = [f"Message-ID: <{message_id}>", f"X-Prilavok-Id: <{message_id}>"]
    if MESSAGE_ID.fullmatch(answered):
        chain = [*dict.fromkeys(one for one in known if one != answered), answered]
        if len(chain) > REFERENCES:
            chain = [chain[0], *chain[1 - REFERENCES :]]
        lines.append(f"In-Reply-To: <{answered}>")
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in chain))
    if link := outbound.links.get("unsubscribe", ""):
        safe = quote(link, safe=":/?#[]@!$&'()*+,;=%~-._")
        lines.append(f"List-Unsubscribe: <{safe}>")
        if safe.startswith("https://"):  # RFC 8058 wants nothing less
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _whole(head: bytes, mail: EmailMessage, files: Mapping[bytes, bytes | Content]) -> bytes | Content:
    """Every file in the place that was kept for it: the library would hold each of them several times."""
    parts: list[bytes | Content] = [head]
    rest = mail.as_bytes()
    for place, content in files.items():
        before, _, rest = rest.partition(place)
        parts += [before, Base64(content, lines=True).settled()]
    return joined([*parts, rest])


def _write(mail: EmailMessage, outbound: Outbound, signature: str) -> dict[bytes, bytes | Content]:
    """Returns the files by the line that keeps their place."""
    text = outbound.text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "replace").decode()
    linked = [f"{one_line(file.name)}: {file.url}" for file in outbound.attachments if file.data is None and file.url]
    if linked:
        text = "\n".join([text.rstrip(), "", *linked]).strip()
    signature = signature.strip()
    mail.set_content(f"{text}\n\n-- \n{signature}\n" if signature else f"{text}\n", cte="base64")
    mail.add_alternative(_html(text, signature, outbound.language), subtype="html", cte="base64")
    return dict(_attach(mail, file) for file in outbound.attachments if file.data is not None or not file.url)


def _attach(mail: EmailMessage, file: Attachment) -> tuple[bytes, bytes | Content]:
    if file.data is None:
        raise Undeliverable(f"The file {file.name} is no longer there.")
    main, _, sub = type_of(file).partition("/")
    place = secrets.token_bytes(30)
    mail.add_attachment(place, maintype=main, subtype=sub, filename=name_of(file), cte="base64")
    return base64.b64encode(place) + b"\r\n", file.data


def type_of(file: Attachment) -> str:
    return file.type if TYPE.fullmatch(file.type) else "application/octet-stream"


def name_of(file: Attachment) -> str:
    return one_line(file.name)[:150] or "file"


def _html(text: str, signature: str, language: str) -> str:
    """Paragraphs and links, nothing else: it looks like a mail from a person, and in dark mode too."""
    paragraphs = "".join(f"<p>{_linked(part)}</p>" for part in re.split(r"\n\s*\n", text.strip()))
    end = f'<p style="opacity:.7">-- <br>{_linked(signature)}</p>' if signature else ""
    code = language if re.fullmatch(r"[a-z]{2}", language) else "en"
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8"></head>'
        f'<body style="font-family:sans-serif;font-size:15px;line-height:1.5">{paragraphs}{end}</body></html>\n'
    )


def _linked(text: str) -> str:
    pieces, at = [], 0
    for found in LINK.finditer(text):
        link = html.escape(found[0])
        pieces += [html.escape(text[at : found.start()]), f'<a href="{link}">{link}</a>']
        at = found.end()
    pieces.append(html.escape(text[at:]))
    return "".join(pieces).replace("\n", "<br>\n")
