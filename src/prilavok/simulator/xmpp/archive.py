"""What the server has kept of what was said, told page by page (XEP-0313, XEP-0059)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

MAM, RSM = "urn:xmpp:mam:2", "http://jabber.org/protocol/rsm"
QUERY = f"{{{MAM}}}query"
FIELD, VALUE = "{jabber:x:data}field", "{jabber:x:data}value"
MOST = 250  # of one page
Archive = Mapping[str, tuple[datetime, str]]
"""By a number of the archive's own, the oldest first: when, and the stanza."""


@dataclass(frozen=True, slots=True)
class Kept:
    id: str
    at: datetime
    stanza: str
    query: str  # the word by which whoever asks knows the answers again

    def told(self, jid: str, domain: str) -> str:
        stamp = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        delay = f"<delay xmlns='urn:xmpp:delay' from='{domain}' stamp='{stamp}'/>"
        forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{delay}{self.stanza}</forwarded>"
        result = f"<result xmlns='{MAM}' id='{self.id}' queryid={quoteattr(self.query)}>{forwarded}</result>"
        return f"<message xmlns='jabber:client' from={quoteattr(_bare(jid))} to={quoteattr(jid)}>{result}</message>"


def page(archive: Archive, query: Element) -> tuple[Sequence[Kept], bool]:
    """What was asked for, and whether it is the last of it."""
    rows = list(islice(_wanted(archive, query), _most(query) + 1))
    return rows[: _most(query)], len(rows) <= _most(query)


def finished(told: Sequence[Kept], last: bool, iq: str, jid: str) -> str:
    """The answer behind a page: where it ended, and whether there is more."""
    complete = " complete='true'" if last else ""
    ends = f"<first>{told[0].id}</first><last>{told[-1].id}</last>" if told else ""
    fin = f"<fin xmlns='{MAM}'{complete}><set xmlns='{RSM}'>{ends}</set></fin>"
    return f"<iq xmlns='jabber:client' type='result' id={quoteattr(iq)} to={quoteattr(jid)}>{fin}</iq>"


def _wanted(archive: Archive, query: Element) -> Iterator[Kept]:
    begun = {one.get("var", ""): one.findtext(VALUE) or "" for one in query.iter(FIELD)}.get("start", "")
    since = datetime.fromisoformat(begun) if begun else datetime.fromtimestamp(0, UTC)
    after = query.findtext(f"{{{RSM}}}set/{{{RSM}}}after") or ""
    passed = after not in archive
    for key, (at, stanza) in archive.items():
        if passed and at >= since:
            yield Kept(key, at, stanza, query.get("queryid", ""))
        passed = passed or key == after


def _most(query: Element) -> int:
    asked = query.findtext(f"{{{RSM}}}set/{{{RSM}}}max") or ""
    return min(int(asked), MOST) if asked.isdecimal() else MOST


def _bare(jid: str) -> str:
    return jid.partition("/")[0]
