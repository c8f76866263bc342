# ruff: noqa: ARG002, N802  (aiosmtpd chooses the names of its hooks and hands everything over)
"""Both ends of the mail on loopback: an SMTP server that the shop submits to, and mailboxes read over IMAP.

    async with MailServer(shop="shop@example.com", passwords={"shop@example.com": "secret"}) as server:
        server.deliver(raw, "shop@example.com")          # a customer writes
        server.mailbox("anna@example.com")               # what the shop has sent her, raw

Every address has a mailbox from the first mail on. `fault` makes the server misbehave the next times it is asked.
"""

import asyncio
import base64
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from prilavok.simulator.imap import TOKEN_REFUSED, ImapSession
from prilavok.simulator.mailbox import Box

CAPABILITIES = "IMAP4rev1 AUTH=PLAIN UIDPLUS"
SIZE_LIMIT = 50 * 1024 * 1024
ANY = "*"


class Fault(StrEnum):
    """What goes wrong next. Those about a recipient can be set for one address."""

    CLOSING = "421 4.3.2 the server is going down"
    GREYLISTED = "451 4.7.1 greylisted, come back later"
    NO_SUCH_USER = "550 5.1.1 no such user here"
    BOUNCE = "taken, and sent back an instant later"
    LOST_AFTER_DATA = "taken, but the connection breaks before the answer"
    SPAM = "554 5.7.1 refused as spam"


class MailServer:
    """`on_delivery(address, raw)` is called for every mail that arrives, from either side, in the event loop."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        imap_port: int = 0,
        *,
        shop: str = "shop@example.com",
        passwords: Mapping[str, str] | None = None,
        idle: bool = True,
        whose: Callable[[str], str] | None = None,
    ) -> None:
        self.host, self.smtp_port, self.imap_port = host, smtp_port, imap_port
        self.shop = shop
        self.passwords = dict(passwords or {})  # empty: every password is right
        self.whose = whose  # access token -> address; None: nobody signs in by a token
        self.capabilities = CAPABILITIES + (" IDLE" if idle else "") + (" AUTH=XOAUTH2" if whose else "")
        self.on_delivery: Callable[[str, bytes], None] | None = None
        self.shut: set[str] = set()  # addresses whose mailbox is no more
        self.submitted = 0  # mails taken over SMTP
        self.heard: Counter[str] = Counter()  # IMAP commands
        self._boxes: dict[str, Box] = {shop: Box()}
        self._faults: Counter[tuple[Fault, str]] = Counter()
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def start(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own old names
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(self._smtp, self.host, self.smtp_port)
        imap = await asyncio.start_server(self._imap, self.host, self.imap_port, limit=64 * 1024)
        self._servers = [smtp, imap]
        self.smtp_port, self.imap_port = (server.sockets[0].getsockname()[1] for server in self._servers)

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        await self.hang_up()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def hang_up(self) -> None:
        """Breaks every IMAP connection, as a restart of the server would."""
        for writer in self._sessions.values():
            writer.transport.abort()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    def deliver(self, raw: bytes, to: str, *, at: datetime | None = None) -> int:
        """Puts a mail into the mailbox of `to` (plus addresses lead to the same one); its UID is returned."""
        address = base_address(to)
        normal = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        uid = self.box(address).add(normal, at)
        if self.on_delivery:
            self.on_delivery(address, normal)
        return uid

    def mailbox(self, address: str) -> list[bytes]:
        return [mail.raw for mail in self.box(address).mails]

    def box(self, address: str) -> Box:
        return self._boxes.setdefault(base_address(address), Box())

    def fault(self, fault: Fault, *, address: str = ANY, times: int = 1) -> None:
        self._faults[fault, address] += times

    def happens(self, fault: Fault, address: str = ANY) -> bool:
        """Whether this goes wrong now; each time uses one up."""
        for key in ((fault, address), (fault, ANY)):
            if self._faults[key] > 0:
                self._faults[key] -= 1
                return True
        return False

    def log_in(self, login: str, password: str) -> Box | None:
        if self.passwords and self.passwords.get(login) != password:
            return None
        return self.box(login)

    def show_token(self, said: str) -> Box | None:
        """What XOAUTH2 says: user=ADDRESS, auth=Bearer TOKEN, in base64."""
        try:
            user, token, *_ = base64.b64decode(said, validate=True).decode().split("\1")
        except ValueError:
            return None
        address = user.removeprefix("user=")
        known = self.whose(token.removeprefix("auth=Bearer ")) if self.whose else ""
        return self.box(address) if address and known == address.lower() else None

    def _smtp(self) -> SMTP:
        return SMTP(
            TokenSubmission(self) if self.whose else Submission(self),
            hostname="mail.simulator",
            ident="mail of the simulator",
            enable_SMTPUTF8=True,
            data_size_limit=SIZE_LIMIT,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    def _authenticate(self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        del server, session, envelope, mechanism
        right = isinstance(data, LoginPassword) and self.log_in(
            data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        )
        return AuthResult(success=bool(right), handled=False)

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions[task] = writer
        try:
            await ImapSession(reader, writer, self.log_in, self.capabilities, self.heard, self.show_token).run()
        finally:
            del self._sessions[task]
            writer.close()


class Submission:
    """What aiosmtpd asks on the way of one mail."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.passwords and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.server.happens(Fault.CLOSING):
            return str(Fault.CLOSING)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if base_address(address) in self.server.shut:
            return str(Fault.NO_SUCH_USER)
        for fault in (Fault.GREYLISTED, Fault.NO_SUCH_USER):
            if self.server.happens(fault, address.lower()):
                return str(fault)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        if self.server.happens(Fault.SPAM):
            return str(Fault.SPAM)
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        self.server.submitted += 1
        for recipient in envelope.rcpt_tos:
            if self.server.happens(Fault.BOUNCE, recipient.lower()):
                sender = envelope.mail_from or self.server.shop
                back = bounce(raw, sender, recipient, Fault.NO_SUCH_USER)
                asyncio.get_running_loop().call_soon(self.server.deliver, back, sender)
            else:
                self.server.deliver(raw, recipient)
        if self.server.happens(Fault.LOST_AFTER_DATA) and isinstance(smtp.transport, asyncio.WriteTransport):
            smtp.transport.abort()
        return "250 2.0.0 taken"


class TokenSubmission(Submission):
    """The same where a token lets in too."""

    async def auth_XOAUTH2(self, smtp: SMTP, args: list[str]) -> AuthResult:
        if len(args) == 2 and self.server.show_token(args[1]) is not None:
            return AuthResult(success=True)
        await smtp.challenge_auth(TOKEN_REFUSED, encode_to_b64=False)
        return AuthResult(success=False, handled=False, message="535 5.7.8 Username and Password not accepted.")


def base_address(address: str) -> str:
    """Lower case, without the plus part."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def bounce(raw: bytes, sender: str, recipient: str, answer: str) -> bytes:
    """The report that a mail server sends back when it could not deliver what it had taken (RFC 3464)."""
    code, status, _ = answer.split(" ", 2)
    action = "failed" if code.startswith("5") else "delayed"
    edge = "=_returned"
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mail.simulator>\nTo: <{sender}>\n"
        f"Subject: Undelivered Mail Returned to Sender\nDate: {format_datetime(datetime.now(UTC))}\n"
        f"Message-ID: {make_msgid(domain='mail.simulator')}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"\n\n'
        f"--{edge}\nContent-Type: text/plain\n\n<{recipient}>: host mail.simulator said: {answer}\n"
        f"--{edge}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.simulator\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {answer}\n\n"
        f"--{edge}\nContent-Type: text/rfc822-headers\n\n"
    )
    return head.encode() + raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + f"\n\n--{edge}--\n".encode()
