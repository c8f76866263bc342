"""What the server answers to questions (iq): what it can, who is there, where a file may be put."""

from collections.abc import Callable
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

CLIENT = "{jabber:client}"
INFO, ITEMS = "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items"
UPLOAD = "urn:xmpp:http:upload:0"
EMPTY = {"{urn:xmpp:ping}ping", "{urn:xmpp:carbons:2}enable", "{urn:ietf:params:xml:ns:xmpp-session}session"}
FEATURES = (INFO, ITEMS, "urn:xmpp:ping", "urn:xmpp:carbons:2", "urn:xmpp:blocking")
Slot = Callable[[str], tuple[str, str]]


def answered(stanza: Element, jid: str, domain: str, largest: int, slot: Slot) -> str:
    """The iq that goes back. `slot` makes a place for a file of this name: its address and the header to put it."""
    asked = next(iter(stanza), None)
    to = stanza.get("to", domain)
    inner = None if asked is None else _inner(asked, to, domain, largest, slot)
    kind = "error" if inner is None or inner.startswith("<error") else "result"
    if inner is None:
        inner = _error("cancel", "service-unavailable")
    head = f"<iq xmlns='jabber:client' type='{kind}' id={quoteattr(stanza.get('id', ''))}"
    return f"{head} from={quoteattr(to)} to={quoteattr(jid)}>{inner}</iq>"


def _inner(asked: Element, to: str, domain: str, largest: int, slot: Slot) -> str | None:
    """None for what nobody here understands."""
    upload = f"upload.{domain}"
    if asked.tag in EMPTY:
        return ""
    if asked.tag == "{jabber:iq:roster}query":
        return "<query xmlns='jabber:iq:roster'/>"
    if asked.tag == f"{{{ITEMS}}}query":
        item = f"<item jid='{upload}'/>" if to == domain else ""
        return f"<query xmlns='{ITEMS}'>{item}</query>"
    if asked.tag == f"{{{INFO}}}query":
        return _uploads(largest) if to == upload else _server()
    if asked.tag == f"{{{UPLOAD}}}request" and to == upload:
        return _slot(asked, largest, slot)
    return None


def _server() -> str:
    features = "".join(f"<feature var='{one}'/>" for one in FEATURES)
    return f"<query xmlns='{INFO}'><identity category='server' type='im' name='simulator'/>{features}</query>"


def _uploads(largest: int) -> str:
    form = f"<field var='FORM_TYPE' type='hidden'><value>{UPLOAD}</value></field>"
    form += f"<field var='max-file-size'><value>{largest}</value></field>"
    described = f"<x xmlns='jabber:x:data' type='result'>{form}</x>"
    known = f"<identity category='store' type='file' name='files'/><feature var='{UPLOAD}'/>"
    return f"<query xmlns='{INFO}'>{known}{described}</query>"


def _slot(asked: Element, largest: int, slot: Slot) -> str:
    size = asked.get("size", "")
    if not size.isdecimal() or not asked.get("filename"):
        return _error("modify", "bad-request")
    if int(size) > largest:
        return _error("modify", "not-acceptable", f"<file-too-large xmlns='{UPLOAD}'/>")
    url, header = slot(asked.get("filename", ""))
    put = f"<put url={quoteattr(url)}><header name='Authorization'>{escape(header)}</header></put>"
    return f"<slot xmlns='{UPLOAD}'>{put}<get url={quoteattr(url)}/></slot>"


def _error(kind: str, condition: str, more: str = "") -> str:
    return f"<error type='{kind}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>{more}</error>"
