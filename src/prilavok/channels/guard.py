"""Which addresses our requests may reach: the public internet, and what the operator trusts. Nothing else.

Without this, whoever types an address into a settings form, or sends us a link to a file, could look through the
shop's server into the network behind it. Pure: names are resolved elsewhere, every answer is judged here.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from prilavok.domain.errors import NeedsOwner

LONGEST_URL = 8192
NOT_PUBLIC = [
    ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Of IPv6 only 2000::/3 is the internet, and of that not what tunnels, documents or benchmarks.
        *("::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
MAPPED = ip_network("::ffff:0:0/96")
NAT64 = ip_network("64:ff9b::/96")
NUMERIC = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.ASCII)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]


def checked_url(text: str) -> URL:
    """The address, if it is one that we would ever ask. NeedsOwner says what is wrong without repeating it."""
    if len(text) > LONGEST_URL or any(ord(sign) <= 32 or sign in "\\\x7f" for sign in text):
        raise NeedsOwner("this is no address on the web: it is too long, or has spaces or backslashes in it")
    try:
        url = URL(text)
        host = url.raw_host
        port = url.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise NeedsOwner("this is no address on the web")
    if url.scheme not in {"http", "https"}:
        raise NeedsOwner(f"addresses begin with https://, not with {url.scheme[:20]}:")
    if url.raw_user is not None or url.raw_password is not None:
        raise NeedsOwner(f"{host}: an address with a name and a password in it is not accepted")
    checked_host(host)
    return url


def checked_host(host: str) -> Address | None:
    """The address that is written out in `host`, or None when it is a name. NeedsOwner when it is neither.

    Numbers in any but the usual spelling (2130706433, 0x7f.1, 127.1) are refused: systems disagree about them.
    """
    host = host.lower().removesuffix(".")
    if "%" in host:
        raise NeedsOwner("an address with a zone belongs to one machine's network card only")
    try:
        return ip_address(host)
    except ValueError:
        pass  # then it must be a name
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise NeedsOwner("this is no host name")
    if NUMERIC.fullmatch(labels[-1]):
        raise NeedsOwner("an address in numbers is written as four decimal ones, without leading zeros")
    return None


def allowed(address: str | Address, trusted: Networks = ()) -> bool:
    """Whether it is public or trusted. What is wrapped into IPv6 is judged by the address inside."""
    try:
        plain = ip_address(address)
    except ValueError:
        return False
    if isinstance(plain, IPv6Address):
        if plain.scope_id:
            return False
        if plain in MAPPED or plain in NAT64:
            plain = IPv4Address(int(plain) & 0xFFFFFFFF)
    if any(plain in network for network in trusted):
        return True
    return not any(plain in network for network in NOT_PUBLIC)


def all_allowed(host: str, addresses: Iterable[str], trusted: Networks = ()) -> list[str]:
    """The addresses, unless one of them is forbidden: a name that means both is a trap. NeedsOwner then."""
    found = list(dict.fromkeys(addresses))
    if not all(allowed(address, trusted) for address in found):
        raise NeedsOwner(
            f"{host} is an address in a private network. If it is meant, name its network in PRILAVOK_TRUSTED_NETWORKS"
        )
    return found
