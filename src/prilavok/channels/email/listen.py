"""Listening to a mailbox for ever: new mails in the order of their UIDs, each with the place to go on from.

The cursor is `{"uidvalidity", "uid", "since"}`: how the folder is numbered, the last mail handed over, and when this
inbox was made (RFC 3339). `since` matters when the server numbers the folder anew: older mail is not ours to answer.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import structlog

from prilavok.channels.base import Hook, Network, Polled
from prilavok.channels.email.imap import Fetch, Lost, Mailbox, Place, unfetched
from prilavok.channels.email.wire import Endpoint, open_wire
from prilavok.channels.tokens import TokenRefused, Tokens

IDLE_SECONDS = 10 * 60.0  # RFC 2177 allows 29 min; home routers and some servers forget a silent connection earlier
IDLE_LEAST = 60.0
TRIES = 2  # a mail at which the connection breaks this often is set aside
LEFT_OUT = "left-out"  # headers of our own hook: the true size of a mail cut short ...
TROUBLE = "trouble"  # ... and why a mail could not be fetched at all

log = structlog.get_logger()


@dataclass(slots=True)
class Habits:
    """What we learnt about a server; outlives the connections."""

    idle_seconds: float = IDLE_SECONDS
    broken: dict[tuple[int, int], int] = field(default_factory=dict)  # how often a mail broke the connection


@dataclass(slots=True)
class Listening:
    """One run of `listen`: where it stands in the mailbox."""

    endpoint: Endpoint
    folder: str
    poll_seconds: float
    size_limit: int  # bytes
    uidvalidity: int = 0
    uid: int = 0
    since: datetime | None = None
    habits: Habits = field(default_factory=Habits)
    tokens: Tokens | None = None  # in place of a password
    refused: bool = False  # the last token was

    @classmethod
    def begin(cls, endpoint: Endpoint, cursor: Mapping[str, Any], **more: Any) -> "Listening":
        since = cursor.get("since")
        return cls(
            endpoint,
            uidvalidity=int(cursor.get("uidvalidity", 0)),
            uid=int(cursor.get("uid", 0)),
            since=datetime.fromisoformat(since) if since else None,
            **more,
        )

    async def run(self, network: Network) -> AsyncGenerator[Polled, None]:
        """Yields until cancelled. TryLater when the connection is lost, NeedsOwner when the settings are wrong."""
        while True:
            try:
                async with aclosing(self._session(network)) as session:
                    async for polled in session:
                        yield polled
            except TokenRefused:
                if self.refused or self.tokens is None:
                    raise
                self.refused = True
                self.tokens.spoil(self.endpoint.password)
            except Lost as lost:
                if not lost.uid:
                    raise
                mail = (self.uidvalidity, lost.uid)
                times = self.habits.broken[mail] = self.habits.broken.get(mail, 0) + 1
                log.warning("connection lost while a mail was fetched", uid=lost.uid, times=times)

    async def _session(self, network: Network) -> AsyncGenerator[Polled, None]:
        if self.tokens is not None:
            self.endpoint = replace(self.endpoint, password=await self.tokens.access(network), bearer=True)
        async with open_wire(network, self.endpoint) as wire:
            mailbox = Mailbox(wire.sock, self.endpoint)
            try:
                await wire.call(mailbox.log_in)
                self.refused = False
                place = await wire.call(lambda: mailbox.open(self.folder))
                waiting = await wire.call(lambda: self._first(mailbox, place))
                while True:
                    for uid in waiting:
                        if (mail := await wire.call(partial(self._fetch, mailbox, uid))) is not None:
                            yield self._polled(place, mail)
                        self.uid = uid
                    await self._wait(wire.call, mailbox)
                    waiting = await wire.call(lambda: mailbox.after(self.uid))
            finally:
                mailbox.close()

    def _first(self, mailbox: Mailbox, place: Place) -> list[int]:
        """What came while nobody listened. Without a cursor: nothing, this mailbox begins now."""
        if not self.uidvalidity:
            self.uidvalidity, self.uid = place.uidvalidity, mailbox.last_uid(place)
            return mailbox.after(self.uid)
        went_back = 0 < place.next_uid <= self.uid  # restored from a backup without a new UIDVALIDITY
        if place.uidvalidity != self.uidvalidity or went_back:
            log.warning("the mailbox was numbered anew", folder=self.folder, uidvalidity=place.uidvalidity)
            found = mailbox.recent(datetime.now(UTC), self.since)
            self.uidvalidity, self.uid = place.uidvalidity, min(found, default=mailbox.last_uid(place) + 1) - 1
            return found
        return mailbox.after(self.uid)

    def _fetch(self, mailbox: Mailbox, uid: int) -> Fetch | None:
        if self.habits.broken.get((self.uidvalidity, uid), 0) >= TRIES:
            return unfetched(uid, "the server breaks off when it is asked for this mail")
        return mailbox.fetch(uid, self.size_limit)

    async def _wait(self, call: Any, mailbox: Mailbox) -> None:
        seconds = self.habits.idle_seconds if mailbox.announces else self.poll_seconds
        begun = datetime.now(UTC)
        try:
            await call(lambda: mailbox.wait(seconds))
        except Lost:
            lasted = (datetime.now(UTC) - begun) / timedelta(seconds=1)
            if mailbox.announces and lasted < self.habits.idle_seconds:
                self.habits.idle_seconds = max(IDLE_LEAST, lasted * 0.8)
            raise

    def _polled(self, place: Place, mail: Fetch) -> Polled:
        headers = {"uid": str(mail.uid), "uidvalidity": str(place.uidvalidity)}
        if mail.left_out:
            headers[LEFT_OUT] = str(mail.left_out)
        if mail.trouble:
            headers[TROUBLE] = mail.trouble
        cursor: dict[str, Any] = {"uidvalidity": place.uidvalidity, "uid": mail.uid}
        if self.since is not None:
            cursor["since"] = self.since.isoformat()
        hook = Hook(body=mail.raw or _stand_in(place, mail), headers=headers, received_at=mail.received_at)
        return Polled(hook, cursor)


def _stand_in(place: Place, mail: Fetch) -> bytes:
    """A mail that could not be fetched, as something an agent can read. Its id makes a second attempt a duplicate."""
    said = mail.trouble.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")
    return (
        f"From: mailbox@localhost\r\nDate: {format_datetime(mail.received_at)}\r\n"
        f"Message-ID: <unfetched.{place.uidvalidity}.{mail.uid}@localhost>\r\nAuto-Submitted: auto-generated\r\n"
        "Subject: A mail that could not be fetched\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        f"A mail lies in the mailbox (number {mail.uid}) that its server does not hand over:\r\n{said}\r\n"
        "Please look for it there.\r\n"
    ).encode("ascii")
