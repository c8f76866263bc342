"""E-mail: a mailbox read over IMAP, answers handed to a mail server over SMTP.

`listen` watches the folder and hands over each mail raw, `parse` understands it, `send` composes and submits. Nothing
here needs a particular provider; what differs between them is told to the owner in the form's help texts.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import structlog

from prilavok.channels.base import (
    Account,
    Capabilities,
    Channel,
    Consent,
    Dialogue,
    Exchange,
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
from prilavok.channels.tokens import Tokens, WithToken

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
    consents = True
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
        "OAuth sign-in (Outlook, Google Workspace)": "done",
    }

    config: EmailConfig

    def __init__(self, config: EmailConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self._habits = Habits()
        self._tokens = Tokens(config.consent, inbox.keep) if config.consent else None

    @classmethod
    def consent_of(cls, config: EmailConfig) -> Consent | None:
        return config.consent

    @property
    def acknowledges(self) -> bool:
        return self.config.acknowledge

    def check(self) -> Dialogue[Account]:
        consent = self.config.consent
        address = self._checked_settings()
        if consent and not consent.refresh_token:
            return Account(name=self.inbox.shop_name or address, handle=address, waits=consent.missing)
        try:
            place, last = yield self._entering(self.config.imap, lambda imap: Look(imap, self.config.imap_folder))
            yield self._entering(self.config.smtp, LogIn)
        except Undeliverable as error:
            raise NeedsOwner(error.reason) from error
        except TryLater as error:
            raise NeedsOwner(error.reason) from error
        cursor = {"uidvalidity": place.uidvalidity, "uid": last, "since": datetime.now(UTC).isoformat()}
        name = self.config.from_name or self.inbox.shop_name or address
        ends_at = self._tokens.ends_at if self._tokens else None
        return Account(name=name, handle=address, cursor=cursor, expires_at=ends_at)

    def _checked_settings(self) -> str:
        """The address as it goes over the wire. NeedsOwner names the setting that cannot be right."""
        places = {"imap_host": self.config.imap.host, "smtp_host": self.config.smtp.host}
        wrong = "address"
        try:
            address = address_of(self.config.address)
            for wrong, host in places.items():  # noqa: B007  named where one fails
                checked_host(host)
        except (Undeliverable, NeedsOwner) as error:
            raise NeedsOwner(error.reason, field=wrong) from error
        return address

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        return tuple(inbound.read(hook, self.config, self.inbox))

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        composed = compose(outbound, self.config, self.inbox, datetime.now(UTC))
        submitted: Submitted = yield self._entering(
            self.config.smtp, lambda smtp: Submit(smtp, composed.sender, composed.recipients, composed.mail)
        )
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
            tokens=self._tokens,
        )
        async with aclosing(listening.run(network)) as mails:
            async for polled in mails:
                yield polled

    def _entering(self, endpoint: Endpoint, make: Callable[[Endpoint], Exchange]) -> Exchange:
        """What is done at a server, with the password or with a token of the hour."""
        if self._tokens is None:
            return make(endpoint)
        return WithToken(self._tokens, lambda token: make(replace(endpoint, password=token, bearer=True)))
