"""At the door: passwords, brute force, foreign origins."""

import asyncio
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Address

from prilavok.domain.errors import BadInput
from prilavok.kit.later import later
from prilavok.web.errors import Refusal

if TYPE_CHECKING:
    import argon2
    import limits
else:
    argon2, limits = later("argon2"), later("limits")


class Limit(NamedTuple):
    """At most so many in any stretch of so many seconds."""

    most: int
    seconds: int


def per_minute(most: int) -> Limit:
    return Limit(most, 60)


def per_hour(most: int) -> Limit:
    return Limit(most, 3600)


SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SIGN_IN = (per_minute(10), per_hour(40))
UPLOADS = per_minute(20)
FRAMES = per_minute(240)


class Guard:
    """`redis_url` shares the counters between processes; without it they are this process's own."""

    def __init__(self, public_url: str, redis_url: str = "", *, visitors_per_minute: int = 300) -> None:
        self.visitors = per_minute(visitors_per_minute)
        self._origin = origin_of(public_url)
        self._counters = redis_url or "memory://"

    def check_rate(self, limit: Limit, *who: str) -> None:
        """Counts one; Refusal 429 when it was one too many."""
        if not self.allow(limit, *who):
            text = f"Too many tries. Wait {limit.seconds} seconds."
            raise Refusal(429, text, headers={"retry-after": str(limit.seconds)})

    def allow(self, limit: Limit, *who: str) -> bool:
        return self._limiter.hit(_item(limit), *who)

    @cached_property
    def _limiter(self) -> "limits.strategies.MovingWindowRateLimiter":
        return limits.strategies.MovingWindowRateLimiter(limits.storage.storage_from_string(self._counters))

    async def hash_password(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise BadInput(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")
        return await asyncio.to_thread(argon2.PasswordHasher().hash, password)

    async def password_fits(self, stored: str | None, password: str) -> bool:
        """Takes the same time whether or not there is such a person: nobody learns who works here."""
        if len(password) > LONGEST_PASSWORD:
            return False
        fits = await asyncio.to_thread(self._verify, stored, password)
        return fits and stored is not None

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return argon2.PasswordHasher().verify(stored or decoy(), password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    def check_origin(self, method: str, headers: Mapping[str, str]) -> None:
        """For requests that a cookie speaks for: only our own pages may change things. Refusal 403."""
        if method in SAFE_METHODS:
            return
        if not self.own_origin(headers):
            raise Refusal(403, "This request came from another site.")

    def refuse_other_sites(self, headers: Mapping[str, str]) -> None:
        """For signing in: a browser must not be signed in as somebody else by another site. Programs say nothing."""
        if (headers.get("origin") or headers.get("sec-fetch-site")) and not self.own_origin(headers):
            raise Refusal(403, "This request came from another site.")

    def own_origin(self, headers: Mapping[str, str]) -> bool:
        """Whether our own page sent it. Browsers always say one of the two; without either it is no browser's page."""
        site = headers.get("sec-fetch-site", "")
        if site and site not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin", "")
        if origin == "null":  # a page that hides where it is; nobody can feign the other header
            return site == "same-origin"
        if not origin:
            return site in {"same-origin", "none"}
        here = {self._origin, origin_of(f"//{headers.get('host', '')}")} - {"", "null"}
        return origin_of(origin) in here


def household(client: Address | None) -> str:
    """Whom to count: an address, or of IPv6 the network that one household has, for it has more than can be counted."""
    host = client.host if client is not None else "unknown"
    return ":".join(host.split(":")[:4]) if ":" in host else host


@cache
def _item(limit: Limit) -> "limits.RateLimitItem":
    return limits.RateLimitItemPerSecond(limit.most, limit.seconds)


@cache
def decoy() -> str:
    """What is compared for people who are not here."""
    return argon2.PasswordHasher().hash("no such password")


def origin_of(url: str) -> str:
    """Host and port, lower case: the scheme may change at a proxy that ends TLS. Empty when it is no address."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
    except ValueError:
        return ""
    return parts.netloc.rpartition("@")[2].lower()
