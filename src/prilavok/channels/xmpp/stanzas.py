"""Message stanzas in, words of the shop out; and replies as stanzas. Pure: XML from and to bytes."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Outbound,
    Reacted,
    Receipt,
    ReceiptCame,
    Received,
    Sender,
    Typing,
    Undeliverable,
    Unknown,
)
from prilavok.channels.wire import believable, said, storable
from prilavok.channels.words import numbered
from prilavok.domain.errors import BadInput
from prilavok.kit.ids import is_id

CLIENT = "{jabber:client}"
OOB = "{jabber:x:oob}"
RECEIPTS = "{urn:xmpp:receipts}"
MARKERS = "{urn:xmpp:chat-markers:0}"
STATES = "{http://jabber.org/protocol/chatstates}"
CARBONS = "{urn:xmpp:carbons:2}"
ARCHIVED = "{urn:xmpp:mam:2}result"
COPIES = {CARBONS + "sent", CARBONS + "received", ARCHIVED}
SERVERS_ID = "{urn:xmpp:sid:0}stanza-id"
FORWARD = "{urn:xmpp:forward:0}"
RETRACT = "{urn:xmpp:message-retract:1}retract"
APPLIED = "{urn:xmpp:fasten:0}apply-to"
OLD_RETRACT = "{urn:xmpp:message-retract:0}retract"
CORRECTION = "{urn:xmpp:message-correct:0}replace"
REACTIONS = "{urn:xmpp:reactions:0}"
REPLY = "{urn:xmpp:reply:0}reply"
FALLBACK = "{urn:xmpp:fallback:0}"
DATA = "{jabber:x:data}"
RSM = "{http://jabber.org/protocol/rsm}"
DELAY = "{urn:xmpp:delay}delay"
ENCRYPTED = ("{eu.siacs.conversations.axolotl}encrypted", "{urn:xmpp:omemo:2}encrypted", "{urn:xmpp:eme:0}encryption")
NICK = "{http://jabber.org/protocol/nick}nick"
OURS = "prilavok-"  # our own stanza ids: this, and the message's id
LARGEST = 1024 * 1024  # bytes of one stanza
LONGEST_ID = 300  # characters
UNREADABLE = "[encrypted message: the shop cannot read it. Please ask for it without OMEMO.]"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GONE = {"item-not-found", "remote-server-not-found", "gone", "jid-malformed"}
MEDIA = re.compile(r"\.(?:(jpe?g|png|gif|webp|heic)|(mp4|mov|webm)|(ogg|oga|mp3|m4a|opus|wav|aac))$", re.IGNORECASE)


def read(stanza: bytes) -> Element:
    """The stanza; BadInput for what is none. XMPP knows no document types and no processing instructions."""
    if len(stanza) > LARGEST or b"<!" in stanza or b"<?" in stanza:
        raise BadInput("This is no XMPP stanza.")
    try:
        return fromstring(stanza)  # noqa: S314  without a document type there are no entities to expand
    except (ParseError, UnicodeError, ValueError) as error:
        raise BadInput("The XML cannot be read.") from error


def inbound(element: Element, us: str, at: datetime) -> Iterator[Inbound]:
    """What one message stanza means. `us` is our bare address."""
    if element.tag != CLIENT + "message":
        yield Unknown("no message")
        return
    copy = next((one for one in element if one.tag in COPIES), None)
    if copy is None:
        yield from message(element, us, at)
        return
    forwarded = copy.find(FORWARD + "forwarded")
    inner = None if forwarded is None else forwarded.find(CLIENT + "message")
    if bare(element.get("from", us)) != us or forwarded is None or inner is None:
        yield Unknown("a copy of a message, not from our own server")  # anybody could write such a thing
        return
    at = when(forwarded, at)
    if not inner.get("id") and copy.get("id"):
        inner.set("id", copy.get("id", ""))
    if copy.tag == CARBONS + "sent" or bare(inner.get("from", "")) == us:
        yield from written_by_us(inner, at)
    else:
        yield from message(inner, us, at)


def message(element: Element, us: str, at: datetime) -> Iterator[Inbound]:
    address, kind = bare(element.get("from", "")), element.get("type", "normal")
    at = when(element, at)
    numbered_by = next((one for one in element.findall(SERVERS_ID) if bare(one.get("by", "")) == us), None)
    if not element.get("id") and numbered_by is not None:
        element.set("id", numbered_by.get("id", ""))
    if kind == "error":
        yield bounced(element, address, at)
    elif not address or address == us or "@" not in address:
        yield Unknown("message of a server" if address != us else "message of our own")
    elif kind not in {"chat", "normal"}:
        yield Unknown(said(f"{kind} message", 60))
    else:
        yield from list(reports(element, address, at)) or [wrote(element, address, at)]


def reports(element: Element, address: str, at: datetime) -> Iterator[Inbound]:
    """Everything but a new message."""
    for tag, receipt in (
        (RECEIPTS + "received", Receipt.DELIVERED),
        (MARKERS + "received", Receipt.DELIVERED),
        (MARKERS + "displayed", Receipt.READ),
    ):
        for one in element.findall(tag):
            yield from receipts(receipt, one.get("id", ""), address, at)
    sender = Sender(address, verified=True)
    replaced, taken_back = element.find(CORRECTION), retracted(element)
    if replaced is not None and replaced.get("id"):
        yield Edited(provider_id(address, replaced.get("id", "")), at, sender, words(element))
    elif taken_back:
        yield Deleted(provider_id(address, taken_back), at, sender)
    elif (put := element.find(REACTIONS + "reactions")) is not None:
        yield Reacted(named(address, put.get("id", "")), at, sender, said(put.findtext(REACTIONS + "reaction"), 20))
    elif not words(element) and not files(element) and element.find(STATES + "composing") is not None:
        yield Typing(address, at)
    elif not words(element) and not files(element) and any(one.tag.startswith(STATES) for one in element):
        yield Unknown("no longer typing")


def receipts(receipt: Receipt, stanza_id: str, address: str, at: datetime) -> Iterator[ReceiptCame]:
    """Read means: everything before, too. Our ids carry the time at which they were made."""
    message_id = ours(stanza_id)
    if message_id:
        yield ReceiptCame(receipt, at, message_id=message_id, address=address)
        if receipt is Receipt.READ:
            made = EPOCH + timedelta(milliseconds=int(message_id.replace("-", "")[:12], 16))
            yield ReceiptCame(receipt, at, address=address, up_to=believable(made, at))


def ours(stanza_id: str) -> str:
    """The message of ours that a stanza id stands for; empty for another's."""
    message_id = stanza_id.removeprefix(OURS).partition(".")[0]
    return message_id if stanza_id.startswith(OURS) and is_id(message_id) else ""


def bounced(element: Element, address: str, at: datetime) -> Inbound:
    message_id, why = ours(element.get("id", "")), refusal(element)
    if not message_id:
        return Unknown(why.reason)
    return ReceiptCame(
        Receipt.FAILED,
        at,
        message_id=message_id,
        address=address,
        reason=why.reason,
        address_is_dead=why.address_is_dead,
    )


def refusal(element: Element) -> Undeliverable:
    """Why a server gave a message back."""
    error = element.find(CLIENT + "error")
    parts = [] if error is None else [one.tag.rpartition("}")[2] for one in error]
    condition = next((one for one in parts if one != "text"), "refused")
    reason = said(f"the server gave it back: {condition.replace('-', ' ')}", 200)
    return Undeliverable(reason, address_is_dead=condition in GONE)


def retracted(element: Element) -> str:
    found = element.find(RETRACT)
    if found is None and element.find(f"{APPLIED}/{OLD_RETRACT}") is not None:
        found = element.find(APPLIED)
    return "" if found is None else found.get("id", "")


def wrote(element: Element, address: str, at: datetime) -> Inbound:
    text, attached = words(element), files(element)
    if any(element.find(one) is not None for one in ENCRYPTED):
        text, attached = UNREADABLE, ()
    if not text and not attached:
        return Unknown("message without a word")
    answered = element.find(REPLY)
    return Received(
        provider_id=provider_id(address, element.get("id", "") or digest(f"{at} {text}")),
        at=at,
        sender=Sender(address, name=said(element.findtext(NICK), 100) or address.partition("@")[0], verified=True),
        text=text,
        attachments=attached,
        replies_to=(named(address, answered.get("id", "")),) if answered is not None and answered.get("id") else (),
    )


def written_by_us(element: Element, at: datetime) -> Iterator[Inbound]:
    """Somebody of the shop wrote in another program, or we did: then the server has it, whatever we were told."""
    address, text, stanza_id = bare(element.get("to", "")), words(element), element.get("id", "")
    if not address or element.get("type", "normal") not in {"chat", "normal"} or not (text or files(element)):
        yield Unknown("a copy of what we did elsewhere")
    elif message_id := ours(stanza_id):
        yield ReceiptCame(Receipt.SENT, at, message_id=message_id, address=address)
    else:
        known = provider_id(address, stanza_id or digest(f"{at} {text}"))
        yield Echoed(known, at, address, text=text, attachments=files(element))


def words(element: Element) -> str:
    """Without the quotation that stands in for a reply, and without the bare address of a file."""
    text = element.findtext(CLIENT + "body") or ""
    for fallback in element.findall(FALLBACK + "fallback"):
        part = fallback.find(FALLBACK + "body")
        if fallback.get("for") == REPLY[1:].partition("}")[0] and part is not None:
            start, end = part.get("start", ""), part.get("end", "")
            if start.isdecimal() and end.isdecimal() and len(start + end) < 12:
                text = text[: int(start)] + text[int(end) :]
    text = storable(text).strip()
    return "" if text and text in {one.url for one in files(element)} else text


def files(element: Element) -> tuple[Attachment, ...]:
    found = []
    for one in element.findall(f"{OOB}x/{OOB}url"):
        url = storable((one.text or "").strip())
        if url.startswith(("https://", "http://")) and len(url) < 4000:
            found.append(Attachment(name=name_of(url), url=url, kind=kind_of(url)))
    return tuple(found[:20])


def name_of(url: str) -> str:
    try:
        return said(unquote(urlsplit(url).path.rpartition("/")[2]), 200) or "file"
    except ValueError:
        return "file"


def kind_of(url: str) -> str:
    found = MEDIA.search(url.partition("?")[0].partition("#")[0])
    return "file" if found is None else "image" if found[1] else "video" if found[2] else "audio"


def when(element: Element, at: datetime) -> datetime:
    """A message that waited at the server says since when."""
    delay = element.find(DELAY)
    try:
        told = datetime.fromisoformat(delay.get("stamp", "") if delay is not None else "")
    except ValueError:
        return at
    return believable(told, at) if told.tzinfo is not None else at


def bare(jid: str) -> str:
    """Without the resource, in lower case: two spellings are one address."""
    return storable(jid.partition("/")[0].strip().lower())[:300]


def provider_id(address: str, stanza_id: str) -> str:
    """Stanza ids are made by the sender, so they mean something only together with the address."""
    return f"{said(stanza_id, LONGEST_ID)}@{digest(address)}"


def named(address: str, stanza_id: str) -> str:
    """The message that a stanza id means: one of ours, or one of theirs."""
    return said(stanza_id, LONGEST_ID) if ours(stanza_id) else provider_id(address, stanza_id)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def archive_query(since: datetime, after: str, most: int) -> Element:
    """Asks for what the server's archive (XEP-0313) holds from `since` on, the oldest first; `after`: the next page."""
    query = Element("{urn:xmpp:mam:2}query")
    form = SubElement(query, DATA + "x", {"type": "submit"})
    for name, value in (("FORM_TYPE", "urn:xmpp:mam:2"), ("start", since.strftime("%Y-%m-%dT%H:%M:%SZ"))):
        SubElement(SubElement(form, DATA + "field", {"var": name}), DATA + "value").text = value
    page = SubElement(query, RSM + "set")
    SubElement(page, RSM + "max").text = str(most)
    if after:
        SubElement(page, RSM + "after").text = after
    return query


def next_page(answer: Element) -> str:
    """After what the next page begins; empty when this was the last one."""
    end = answer.find("{urn:xmpp:mam:2}fin")
    if end is None or end.get("complete") == "true":
        return ""
    return end.findtext(f"{RSM}set/{RSM}last") or ""


def acknowledgement(stanza: bytes) -> Element | None:
    """What is to be answered once a message is stored: "delivered", if it asks for it (XEP-0184)."""
    element = read(stanza)
    if (
        element.find(RECEIPTS + "request") is None
        or not element.get("id")
        or element.get("type") in {"error", "groupchat"}
    ):
        return None
    answer = Element(CLIENT + "message", {"to": element.get("from", ""), "type": element.get("type", "normal")})
    SubElement(answer, RECEIPTS + "received", {"id": element.get("id", "")})
    return answer


def texts(outbound: Outbound) -> list[Element]:
    """The words of a reply, which asks for both receipts."""
    text = numbered(outbound)
    return [stanza(outbound, text, stanza_id(outbound, 0))] if text.strip() else []


def stanza_id(outbound: Outbound, part: int) -> str:
    """Of the first part it is the message's own id; receipts of the others mean the same message."""
    return f"{OURS}{outbound.message_id}" + (f".{part}" if part else "")


def stanza(outbound: Outbound, text: str, id: str) -> Element:
    element = Element(CLIENT + "message", {"to": outbound.address, "type": "chat", "id": id})
    SubElement(element, CLIENT + "body").text = sendable(text)
    SubElement(element, RECEIPTS + "request")
    SubElement(element, MARKERS + "markable")
    SubElement(element, STATES + "active")
    SubElement(element, "{urn:xmpp:sid:0}origin-id", {"id": id})
    return element


def shared(outbound: Outbound, url: str, part: int) -> Element:
    """A file that lies on the server: its address is the text, so that every program can open it."""
    element = stanza(outbound, url, stanza_id(outbound, part))
    SubElement(SubElement(element, OOB + "x"), OOB + "url").text = url
    return element


def sendable(text: str) -> str:
    """Without the signs that XML cannot carry: one of them would end the whole connection."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
