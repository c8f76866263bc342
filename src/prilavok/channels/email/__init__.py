"""E-mail: a mailbox read over IMAP, answers handed to a mail server over SMTP.

`listen` watches the folder and hands over each mail raw, `parse` understands it, `send` composes and submits. Nothing
here needs a particular provider; what differs between them is told to the owner in the form's help texts.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import structlog

from prilavok.channels.base import (
    Account,
    Capabilities,
    Channel,
    Dialogue,
    Hook,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Network,
    Outbound,
    Polled,
    RateLimit,
    Receipt,
    Sent,
    TryLater,
    Undeliverable,
)
from prilavok.channels.email import inbound
from prilavok.channels.email.compose import address_of, compose
from prilavok.channels.email.config import EmailConfig
from prilavok.channels.email.imap import Mailbox, Place
from prilavok.channels.email.listen import Habits, Listening
from prilavok.channels.email.smtp import LogIn, Submit, Submitted
from prilavok.channels.email.wire import Endpoint, open_wire
from prilavok.channels.guard import checked_host

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Look:
    """Logs in to the mailbox and says how it is numbered and which mail is the last."""

    endpoint: Endpoint
    folder: str

    async def perform(self, network: Network) -> tuple[Place, int]:
        async with open_wire(network, self.endpoint) as wire:
            mailbox = Mailbox(wire.sock, self.endpoint)
            try:
                await wire.call(mailbox.log_in)
                return await wire.call(lambda: self._look(mailbox))
            finally:
                mailbox.close()

    def _look(self, mailbox: Mailbox) -> tuple[Place, int]:
        place = mailbox.open(self.folder)
        last = mailbox.last_uid(place)
        mailbox.log_out()
        return place, last


class Email(Channel):
    kind = "email"
    title = "E-mail"
    summary = "Any mailbox with IMAP and SMTP: threads, files, bounces, and answers that find their conversation."
    Config: ClassVar[type[EmailConfig]] = EmailConfig
    capabilities = Capabilities(
        address_kind="email",
        address_scope="shop",
        starts=True,
        receipts=frozenset({Receipt.SENT, Receipt.FAILED}),
        text_limit=100_000,
        media_limit=20 * 1024 * 1024,
        # SMTP has no memory: after a break the same mail goes out again under the same Message-ID, by which most
        # servers and programs show it once. Every mail server does the same (RFC 1047): twice is better than never.
        deduplicates=True,
        threads=True,
        subject=True,
        html=True,
        polled=True,
        hooked=False,
        acknowledges=True,
        rate=(RateLimit(30, 60.0), RateLimit(5, 60.0, each="recipient")),
        parallel=2,
    )
    quality: ClassVar[Mapping[str, str]] = {
        "receives": "done",
        "sends": "done",
        "files": "done",
        "threads": "done",
        "failures come back": "done",
        "delivered and read": "exempt, because mail has no receipt that can be trusted",
        "signature of the source": "exempt, because we fetch the mail ourselves",
        "edits": "exempt, because a mail cannot be changed",
        "OAuth sign-in (Outlook, Google Workspace)": "todo",
    }

    config: EmailConfig

    def __init__(self, config: EmailConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self._habits = Habits()

    @property
    def acknowledges(self) -> bool:
        return self.config.acknowledge

    def check(self) -> Dialogue[Account]:
        address = self._checked_settings()
        try:
            place, last = yield Look(self.config.imap, self.config.imap_folder)
            yield LogIn(self.config.smtp)
        except (Undeliverable, TryLater) as error:
            raise NeedsOwner(error.reason) from error
        cursor = {"uidvalidity": place.uidvalidity, "uid": last, "since": datetime.now(UTC).isoformat()}
        return Account(name=self.config.from_name or self.inbox.shop_name or address, handle=address, cursor=cursor)

    def _checked_settings(self) -> str:
        """The address as it goes over the wire. NeedsOwner names the setting that cannot be right."""
        field = "address"
        try:
            address = address_of(self.config.address)
            for field in ("imap_host", "smtp_host"):
                checked_host(getattr(self.config, field))
        except (Undeliverable, NeedsOwner) as error:
            raise NeedsOwner(error.reason, field=field) from error
        return address

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        return tuple(inbound.read(hook, self.config, self.inbox))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        composed = compose(outbound, self.config, self.inbox, datetime.now(UTC))
        submitted: Submitted = yield Submit(self.config.smtp, composed.sender, composed.recipients, composed.mail)
        if submitted.refused:
            log.warning("copies refused", message=outbound.message_id, refused=dict(submitted.refused))
        return Sent(provider_id=composed.message_id)

    async def listen(self, network: Network, cursor: Mapping[str, Any]) -> AsyncIterator[Polled]:
        """The cursor is described in `listen.py`; it begins as `Account.cursor`. Close it with `aclosing`."""
        listening = Listening.begin(
            self.config.imap,
            cursor,
            folder=self.config.imap_folder,
            poll_seconds=float(self.config.poll_seconds),
            size_limit=self.config.size_limit_mb * 1024 * 1024,
            habits=self._habits,
        )
        async with aclosing(listening.run(network)) as mails:
            async for polled in mails:
                yield polled
