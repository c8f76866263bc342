"""The sites that may show what is ours, as an owner writes them down."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
ORIGIN = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\[\]\\%]{1,253})(?::([0-9]{1,5}))?")
ALLOWED = re.compile(
    r"(?:(https?)://)?(?:\*\.)?(\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\[\]\\%*]{1,253})(?::([0-9]{1,5}))?/?"
)


def origin_allowed(origin: str | None, allowed: Iterable[str]) -> bool:
    """Whether a page of `origin` may show the chat: its host is an allowed one or lies below it.

    An entry may be written `shop.example`, `https://shop.example`, `shop.example:8443` or `магазин.укр`; a scheme or
    a port that it names must be that of the page. No entry at all: every site may. A page without an origin of its
    own ("null": a file, a sandboxed frame) never may.
    """
    if not (found := ORIGIN.fullmatch(origin or "")):
        return False
    scheme, host, port = found[1], _ascii(found[2]), found[3]
    if not host or int(port or 0) > 65535:
        return False
    entries = [entry.strip() for entry in allowed if entry.strip()]
    at_port = int(port) if port else DEFAULT_PORTS[scheme]
    return not entries or any(_covers(entry, scheme, host, at_port) for entry in entries)


def _covers(entry: str, scheme: str, host: str, port: int) -> bool:
    if not (found := ALLOWED.fullmatch(entry)):
        return False
    wanted = _ascii(found[2])
    if found[1] and (scheme != found[1] or port != int(found[3] or DEFAULT_PORTS[scheme])):
        return False
    if found[3] and port != int(found[3]):
        return False
    if not wanted or host == wanted:
        return bool(wanted)
    # Below a domain, but never below an address ("0.0.1" is not above 127.0.0.1) nor a whole top-level domain.
    return "." in wanted and not _is_address(host) and host.endswith("." + wanted)


def _ascii(host: str) -> str:
    """As browsers write it: lower case, punycode, no dot at the end. Empty when it is no host name."""
    if host.startswith("["):
        return str(ip_address(host[1:-1])) if _is_address(host[1:-1]) else ""
    try:
        written = host.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return written if HOST.fullmatch(written) else ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
