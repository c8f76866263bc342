"""Driving the e-mail channel by hand: a network that knows only this machine, dialogues, listening, a shop."""

import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prilavok.channels.base import Dialogue, Hook, InboxInfo, NeedsOwner, Outbound, Polled, Request, Response
from prilavok.channels.email import Email
from prilavok.channels.email.config import EmailConfig
from prilavok.simulator.mail import MailServer
from tests.mail_servers import PASSWORD, SHOP, MailServers

KEY = bytes(range(32))
INBOX = InboxInfo(
    id="1", shop_id=1, name="Mail", hook_url="", public_url="https://shop.test", signing_key=KEY, shop_name="Лавка"
)
NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


class Loopback:
    """Every host name is this machine."""

    async def http(self, request: Request) -> Response:
        raise AssertionError(f"a mail channel does not speak HTTP: {request.url}")

    async def resolve(self, host: str, port: int) -> str:
        if host == "unknown.test":
            raise NeedsOwner("There is no host unknown.test.")
        return "127.0.0.1"


def in_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs an async test, and finds out whether it left a thread behind."""

    @functools.wraps(test)
    def run(*arguments: Any, **more: Any) -> None:
        asyncio.run(test(*arguments, **more))
        for thread in threading.enumerate():
            if thread.name == "mail":
                thread.join(5)  # it has given its answer; this is its last breath
                assert not thread.is_alive()

    return run


async def drive(dialogue: Dialogue[Any]) -> Any:
    try:
        exchange = next(dialogue)
        while True:
            try:
                answer = await exchange.perform(Loopback())
            except Exception as error:
                exchange = dialogue.throw(error)
            else:
                exchange = dialogue.send(answer)
    except StopIteration as end:
        return end.value


def shop(**settings: Any) -> Email:
    plain = {"imap_security": "none", "smtp_security": "none", "imap_host": "localhost", "smtp_host": "localhost"}
    return Email(EmailConfig(**{"address": SHOP, "imap_password": PASSWORD, **plain, **settings}), INBOX)


def outbound(**fields: Any) -> Outbound:
    return Outbound(
        **{"message_id": "m1", "conversation_id": "c1", "address": "anna@customers.test", "text": "Да", **fields}
    )


def hook(raw: bytes | str, **headers: str) -> Hook:
    body = raw.encode() if isinstance(raw, str) else raw
    return Hook(body=body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), headers=headers, received_at=NOW)


def letter(text: str = "Когда привезёте?", **headers: str) -> bytes:
    """A customer's mail. `Message_ID="<1@x>"` becomes a header, None leaves it out."""
    fields = {"From": "Анна <anna@customers.test>", "To": SHOP, "Subject": "Вопрос", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items() if value)
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


@asynccontextmanager
async def listening(channel: Email, cursor: Any) -> AsyncIterator[Callable[[], Awaitable[Polled]]]:
    """Gives a function that waits for the next delivery."""
    async with aclosing(channel.listen(Loopback(), cursor)) as deliveries:

        async def following() -> Polled:
            return await asyncio.wait_for(anext(deliveries), 20)

        yield following


@dataclass
class Mailbox:
    """The shop's mailbox on a server of either kind."""

    channel: Email
    put: Callable[..., object]  # put(raw, at=None)
    number_anew: Callable[[], None]
    listened_to: Callable[[], object]  # whether somebody waits for mail, as far as the server can tell


@asynccontextmanager
async def simulated(**more: Any) -> AsyncIterator[tuple[MailServer, Email]]:
    async with MailServer(shop=SHOP, passwords={SHOP: PASSWORD}, **more) as server:
        yield server, shop(imap_port=server.imap_port, smtp_port=server.smtp_port)


@asynccontextmanager
async def in_simulator() -> AsyncIterator[Mailbox]:
    async with simulated() as (server, channel):
        box = server.box(SHOP)
        put = functools.partial(server.deliver, to=SHOP)
        yield Mailbox(channel, put, box.number_anew, lambda: box.watchers)


@asynccontextmanager
async def in_dovecot(servers: MailServers) -> AsyncIterator[Mailbox]:
    servers.empty()
    channel = shop(imap_port=servers.imap_port, smtp_port=servers.relay_port)
    yield Mailbox(channel, servers.put, servers.number_anew, lambda: True)
