"""Vendors that are no `Office` by themselves, in the shape in which `vendor` drives one: Telegram, a mailbox, a program
that posts to the echo channel.
"""

from typing import Any

import msgspec

from prilavok.simulator.knocker import Knock, Knocker
from prilavok.simulator.mail import MailServer
from prilavok.simulator.office import Office, answer
from prilavok.simulator.telegram import TelegramEmulator
from prilavok.simulator.telegram.delivery import Webhook, post
from prilavok.simulator.telegram.http import serve

ECHO_SECRET = "demo-secret-of-echo"
TOKEN, BOT = "100200300:load-load-load-load-load-load-load", "load_bot"
HOOK_SECRET = "demo-secret-of-a-webhook"


class TelegramOffice(Office):
    """One bot, by webhook: each update of each chat in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.telegram = TelegramEmulator()
        self.bot = self.telegram.add_bot(TOKEN, username=BOT)
        self.knocker = Updating(self.telegram)
        self.hook = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await serve(self.telegram, scope, receive, send)

    async def user_says(self, person: str, text: str) -> None:
        user_id = int(person.removeprefix("+"))
        if user_id not in self.telegram.people:
            self.telegram.add_user("Customer", user_id=user_id)
        updates = self.telegram.updates_of(self.bot)
        updates.webhook = updates.webhook or Webhook(self.hook, HOOK_SECRET)
        updates.post = self.knocker.post
        await self.telegram.user_says(user_id, text)

    async def close(self) -> None:
        await self.telegram.close()


class Updating(Knocker):
    """Telegram pushes by itself: only `post` and `settled` are asked for."""

    def __init__(self, telegram: TelegramEmulator) -> None:
        super().__init__(post)
        self.telegram = telegram

    async def settled(self) -> None:
        await self.telegram.delivered()


class EchoOffice(Office):
    """A program as docs/channels/write-your-own.md has it."""

    def __init__(self) -> None:
        super().__init__()
        self.hook = ""
        self.said = 0
        self.route("GET", r"/reply", lambda _: answer({}))
        self.route("POST", r"/reply", lambda _: answer({}), sends=True)

    def user_says(self, person: str, text: str) -> None:
        self.said += 1
        headers = {"content-type": "application/json", "x-echo-secret": ECHO_SECRET}
        body = msgspec.json.encode({"id": f"e{self.said}", "from": person, "text": text})
        self.knocker.tell(Knock(self.hook, headers, body))


class MailOffice(Office):
    """A mailbox at a mail server of its own: read over IMAP, so nothing is posted to us."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.server = MailServer(shop=address)
        self.mailbox = address

    async def open(self) -> dict[str, Any]:
        """Serves; the settings that lead there."""
        await self.server.start()
        ports = {"imap_port": self.server.imap_port, "smtp_port": self.server.smtp_port}
        hosts = dict.fromkeys(("imap_host", "smtp_host"), "127.0.0.1")
        return {**ports, **hosts, **dict.fromkeys(("imap_security", "smtp_security"), "none"), "imap_password": "any"}

    def user_writes(self, raw: bytes) -> None:
        self.server.deliver(raw, self.mailbox)

    async def close(self) -> None:
        await self.server.stop()
