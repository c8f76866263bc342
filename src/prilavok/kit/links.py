"""Addresses that open a messenger, with what they carry and without."""

from urllib.parse import urlsplit, urlunsplit

MARK = "0prilavok0"  # stands where a token would
OPENS = frozenset({"https", "http", "viber", "tg", "whatsapp", "sms", "tel", "mailto", "xmpp", "matrix"})


def without(link: str, mark: str) -> str:
    """The address without those parts of its query that hold `mark`; empty for a scheme that opens no conversation."""
    parts = urlsplit(link)
    if parts.scheme.lower() not in OPENS:
        return ""
    kept = "&".join(part for part in parts.query.split("&") if part and mark not in part)
    return urlunsplit(parts._replace(query=kept)).replace(mark, "")
