"""Access tokens of one inbox: asked for with its refresh token, shared by all its connections, renewed before they end.

Where the vendor gives another refresh token with each answer, that one is stored before the access token is used.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prilavok.channels.consent import Consent, Ended, Grant, granted
from prilavok.channels.exchange import Exchange, Keep, Network
from prilavok.domain.errors import NeedsOwner, TryLater

EARLY = timedelta(minutes=1)  # before it ends
USUAL = timedelta(minutes=30)  # of a token that does not say how long it lives


class TokenRefused(NeedsOwner):
    """The server does not let us in with this access token; perhaps it does with the next."""


class Tokens:
    """Of one inbox in one process. `keep` stores another refresh token and says which one holds now."""

    def __init__(self, consent: Consent, keep: Keep, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.consent = consent
        self.ends_at: datetime | None = None  # of the refresh token, where the vendor says so
        self._keep = keep
        self._clock = clock
        self._refresh = consent.refresh_token
        self._access = ""
        self._until = clock()
        self._one_at_a_time = asyncio.Lock()  # a server that sees a refresh token twice may take everything back

    async def access(self, network: Network) -> str:
        """NeedsOwner when the owner must sign in, TryLater when the token server cannot be asked."""
        if not self._refresh:
            raise NeedsOwner(self.consent.missing)
        async with self._one_at_a_time:
            if not self._access or self._clock() >= self._until:
                await self._renew(network)
            return self._access

    def spoil(self, token: str) -> None:
        """It was refused: the next `access` asks for another one, unless somebody has done so already."""
        if token == self._access:
            self._access = ""

    async def _renew(self, network: Network) -> None:
        try:
            grant = await self._ask(network)
        except Ended:
            # Another process may have been given a new one meanwhile.
            stored = await self._keep(self.consent.given, self._refresh, "")
            if stored in {"", self._refresh}:
                raise
            self._refresh = stored
            grant = await self._ask(network)
        if grant.refresh_token and grant.refresh_token != self._refresh:
            await self._keep(self.consent.given, self._refresh, grant.refresh_token)
            self._refresh = grant.refresh_token
        now, lives = self._clock(), timedelta(seconds=grant.lives) or USUAL
        self._access, self._until = grant.access_token, now + max(lives - EARLY, lives / 2)
        self.ends_at = now + timedelta(seconds=grant.refresh_lives) if grant.refresh_lives else None

    async def _ask(self, network: Network) -> Grant:
        try:
            return granted(self.consent.vendor, await self.consent.renewal(self._refresh).perform(network))
        except TryLater as error:
            # Whatever became of the question: the customer's message has not been sent.
            raise TryLater(error.reason, after=error.after) from error


@dataclass(frozen=True, slots=True)
class WithToken:
    """An exchange that needs an access token: once more with a new one when the server does not take it."""

    tokens: Tokens
    make: Callable[[str], Exchange]

    async def perform(self, network: Network) -> Any:
        return await with_token(self.tokens, network, lambda token: self.make(token).perform(network))


async def with_token(tokens: Tokens, network: Network, act: Callable[[str], Awaitable[Any]]) -> Any:
    token = await tokens.access(network)
    try:
        return await act(token)
    except TokenRefused:
        tokens.spoil(token)
    return await act(await tokens.access(network))
