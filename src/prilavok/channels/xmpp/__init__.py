"""XMPP (Jabber): the shop's account on any server, through one connection that listens and sends.

`line.py` is the connection, `stanzas.py` reads and writes what goes over it. The library comes with `prilavok[xmpp]`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from prilavok.channels.base import (
    Account,
    Capabilities,
    Certificates,
    Channel,
    Config,
    Dialogue,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Network,
    Outbound,
    Polled,
    Receipt,
    Sent,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.guard import checked_host
from prilavok.channels.standing import Standing
from prilavok.channels.xmpp import stanzas
from prilavok.channels.xmpp.line import Line, Login, open_line
from prilavok.channels.xmpp.places import PORT, places_of

JID = re.compile(r"[^\s@/\"&'<>:]{1,255}@[^\s@/]{1,255}")


class XmppConfig(Config):
    jid: Annotated[str, field_of("Address", "The shop's account: shop@example.org.")]
    password: Annotated[str, field_of("Password", "Of this account. Give the shop one of its own.", secret=True)]
    url: Annotated[
        str, field_of("Server", "Empty: it is found by DNS. A host name or an address in numbers leads there instead.")
    ] = ""
    port: Annotated[
        int, field_of("Port", "5222 for STARTTLS, usually 5223 for TLS. Any but 5222 is taken without asking DNS.")
    ] = 5222
    security: Annotated[
        Literal["starttls", "tls", "none"],
        field_of("Encryption", "STARTTLS is usual; none is for a server on this very machine only."),
    ] = "starttls"
    link: Annotated[str, field_of("Link to the chat", "With {account} in it. Change it only for a web client.")] = (
        "xmpp:{account}?message"
    )
    certificates: Certificates = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Logs in and out again. Returns where."""

    standing: Standing[Line]

    async def perform(self, network: Network) -> Login:
        async with self.standing.use(network) as line:
            line._alive()
            return line.login


@dataclass(frozen=True, slots=True)
class Say:
    """One reply, in as many stanzas as it needs. Returns how many went out."""

    standing: Standing[Line]
    outbound: Outbound

    async def perform(self, network: Network) -> int:
        async with self.standing.use(network) as line:
            # Files first go to the server: one that it refuses must not leave half of a message behind.
            urls = [await line.upload(one.name, one.type, one.data or b"") for one in self.outbound.attachments]
            parts = stanzas.texts(self.outbound)
            parts += [stanzas.shared(self.outbound, url, len(parts) + n) for n, url in enumerate(urls)]
            for number, part in enumerate(parts):
                try:
                    returned = await line.say(part)
                except TryLater as error:
                    raise TryLater(error.reason, perhaps_sent=error.perhaps_sent or number > 0) from error
                if returned is not None:
                    raise stanzas.refusal(returned)
            return len(parts)


class Xmpp(Channel):
    kind = "xmpp"
    title = "XMPP (Jabber)"
    summary = "The shop's Jabber account on any server: delivered and read, files, corrections; nothing in between."
    capabilities = Capabilities(
        address_kind="jid",
        address_scope="shop",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        text_limit=10_000,
        media_limit=20 * 1024 * 1024,
        deep_link="xmpp:{account}?message",
        edits_in=True,
        deletes_in=True,
        typing_in=True,
        polled=True,
        hooked=False,
        parallel=1,
    )
    Config = XmppConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, because we fetch the messages ourselves over a connection of ours",
        "replay": "exempt, for the same reason; a repeated stanza counts once",
        "batches": "exempt, one delivery is one stanza",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "exempt, they are written as numbered text",
        "receipts": "done",
        "edits": "done",
        "deletions": "done",
        "reactions": "done",
        "deep link": "exempt, an xmpp: address carries no hidden token",
        "what staff write in another program": "done",
        "encryption between people (OMEMO)": "exempt, a shop's inbox must be able to read; it is said in the message",
        "server by DNS (SRV)": "done",
        "an authority of its own": "done",
    }

    config: XmppConfig

    def __init__(self, config: XmppConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.us = stanzas.bare(config.jid)
        self.standing: Standing[Line] = Standing(self._open)

    def check(self) -> Dialogue[Account]:
        if not JID.fullmatch(self.config.jid.strip()):
            raise NeedsOwner("The address looks like shop@example.org.", field="jid")
        try:
            login: Login = yield Look(self.standing)
        except TryLater as error:
            raise NeedsOwner(f"{error.reason}. Are server, port and encryption right?") from error
        cursor = {"since": datetime.now(UTC).isoformat()}
        return Account(name=self.inbox.shop_name or self.us, handle=self.us, cursor=cursor, note=told_of(login))

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        return list(stanzas.inbound(stanzas.read(hook.body), self.us, hook.received_at))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        if not JID.fullmatch(outbound.address):
            raise Undeliverable("This is no XMPP address.", address_is_dead=True)
        count: int = yield Say(self.standing, outbound)
        ids = [stanzas.stanza_id(outbound, part) for part in range(count)]
        return Sent(provider_id=ids[0], more_ids=tuple(ids[1:]))

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """What comes over the line, stanza by stanza. What is stored is acknowledged to its sender.

        The cursor is `{"since"}`, when the last stanza came (RFC 3339): what the archive has from then on comes again.
        It stays where it is until the archive is read: a crash before that begins from the same place.
        """
        since = cursor.get("since", "")
        async with self.standing.keep(network) as line:
            line.caught_up = not since
            reading = asyncio.ensure_future(line.catch_up(datetime.fromisoformat(since))) if since else None
            try:
                async for stanza in line.take():
                    now = datetime.now(UTC)
                    known = now.isoformat() if line.caught_up else since
                    yield Polled(Hook(body=stanza, headers={}, received_at=now), cursor={"since": known})
                    if (answer := stanzas.acknowledgement(stanza)) is not None:
                        line.mention(answer)
            finally:
                if reading is not None:
                    reading.cancel()
                    await asyncio.gather(reading, return_exceptions=True)

    @asynccontextmanager
    async def _open(self, network: Network, listening: bool) -> AsyncIterator[Line]:
        async with open_line(network, await self._logins(), listening=listening) as line:
            yield line

    async def _logins(self) -> Sequence[Login]:
        """One for each server that may serve us. DNS is asked where the owner left the way to it open."""
        given, domain = self.config, self.us.partition("@")[2]
        own = partial(Login, self.us, given.password, vouched=given.vouched)
        if given.url.strip() or given.port != PORT or given.security != "starttls" or checked_host(domain):
            return [own(given.url.strip() or domain, given.port, given.security)]
        return [own(one.host, one.port, one.security, by_dns=one.by_dns) for one in await places_of(domain)]


def told_of(login: Login) -> str:
    """Which server was found; empty where the owner has named it."""
    if login.by_dns is None:
        return ""
    domain = login.jid.partition("@")[2]
    if not login.by_dns:
        return f"DNS names no server for {domain}: it was reached under its own name, port {login.port}."
    if login.security == "tls":
        return f"The server was found by DNS: {login.host}, port {login.port}, encrypted from the first byte (TLS)."
    return f"The server was found by DNS: {login.host}, port {login.port}, encrypted (STARTTLS)."
