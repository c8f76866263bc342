"""Where a domain's XMPP server stands, as DNS tells it (RFC 6120 §3.2, XEP-0368): STARTTLS and TLS from the first byte,
mixed by priority and weight. DNS is believed about the way only; the certificate is the domain's, wherever it leads.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from prilavok.channels.base import NeedsOwner

SERVICES = {"_xmpps-client._tcp": "tls", "_xmpp-client._tcp": "starttls"}
PORT = 5222  # where a domain is served whose DNS says nothing
PATIENCE = 6.0  # seconds for both questions together
MOST = 5  # servers that are tried


@dataclass(frozen=True, slots=True)
class Record:
    priority: int
    weight: int
    port: int
    target: str
    security: str  # starttls | tls


@dataclass(frozen=True, slots=True)
class Place:
    host: str
    port: int
    security: str
    by_dns: bool = True


async def places_of(domain: str) -> Sequence[Place]:
    """Where to knock, in this order. NeedsOwner when the domain says that it has no such server."""
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError as error:
        raise NeedsOwner(f"“{domain}” is no domain.") from error
    told = await _told(domain)
    named = [one for found in told.values() for one in found or () if one.target]
    if not named and any(not one.target for one in told["_xmpp-client._tcp"] or ()):
        raise NeedsOwner(f"DNS says that {domain} has no XMPP server for people. Is the address right?")
    found = [Place(one.target, one.port, one.security) for one in ordered(named, random.randint)]
    return found[:MOST] or [Place(domain, PORT, "starttls", by_dns=False)]


def ordered(records: Iterable[Record], draw: Callable[[int, int], int]) -> list[Record]:
    """By priority, the lowest first; among equals by a lot whose chances are the weights (RFC 2782)."""
    waiting = sorted(records, key=lambda one: (one.priority, one.weight > 0))
    order: list[Record] = []
    while waiting:
        equals = [one for one in waiting if one.priority == waiting[0].priority]
        lot = draw(0, sum(one.weight for one in equals))
        for one in equals:
            lot -= one.weight
            if lot <= 0:
                break
        waiting.remove(one)
        order.append(one)
    return order


def name_servers() -> Any:
    """Who is asked: those of this machine. It is to be closed again."""
    try:
        import aiodns
    except ImportError as error:
        raise NeedsOwner("XMPP needs a library on this server: pip install prilavok[xmpp]") from error
    return aiodns.DNSResolver(timeout=PATIENCE / 3, tries=2)


async def _told(domain: str) -> dict[str, Sequence[Record] | None]:
    async with name_servers() as asked:
        answers = await asyncio.gather(*(_asked(asked, f"{service}.{domain}", service) for service in SERVICES))
    return dict(zip(SERVICES, answers, strict=True))


async def _asked(name_servers: Any, name: str, service: str) -> Sequence[Record] | None:
    """None when there is no answer, or no such name: then the domain itself is knocked at, as RFC 6120 says."""
    from aiodns.error import DNSError

    try:
        async with asyncio.timeout(PATIENCE):
            answer = await name_servers.query_dns(name, "SRV")
    except (DNSError, TimeoutError):
        return None
    return [
        Record(data.priority, data.weight, data.port, data.target.rstrip("."), SERVICES[service])
        for data in (one.data for one in answer.answer)
        if hasattr(data, "target") and hasattr(data, "port")  # an alias may stand before it
    ]
