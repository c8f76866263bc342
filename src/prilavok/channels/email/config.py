"""What the owner fills in for a mailbox."""

from typing import Annotated, Literal, Protocol

import msgspec

from prilavok.channels.base import Certificates, Config, field_of
from prilavok.channels.email.wire import Endpoint

HOSTS = (
    "Gmail: {0}.gmail.com · Mail.ru: {0}.mail.ru · Yandex: {0}.yandex.ru · ukr.net: {0}.ukr.net · "
    "iCloud: {0}.mail.me.com."
)
SECURITY = "SSL is usual on port {0}, STARTTLS on {1}. None: only for a server on this same machine."
PORT = msgspec.Meta(ge=1, le=65535)
MODES = Literal["ssl", "starttls", "none"]
WHICH_ONE = (
    "Gmail, Mail.ru, Yandex, ukr.net and iCloud want an app password here, made in the account's security settings, "
    "not the password you sign in with."
)


class Letterhead(Protocol):
    """What a mail needs to know of its inbox, whichever way it travels."""

    @property
    def address(self) -> str: ...
    @property
    def from_name(self) -> str: ...
    @property
    def signature(self) -> str: ...
    @property
    def plus_addresses(self) -> bool: ...
    @property
    def authserv_id(self) -> str: ...
    @property
    def domain(self) -> str: ...


class EmailConfig(Config):
    address: Annotated[str, field_of("E-mail address", "The address customers write to.", format="email")]
    imap_host: Annotated[str, field_of("IMAP server", HOSTS.format("imap"))]
    imap_password: Annotated[str, field_of("Password", WHICH_ONE, secret=True)]
    smtp_host: Annotated[str, field_of("SMTP server", HOSTS.format("smtp"))]
    from_name: Annotated[str, field_of("Sender's name", "As customers see it; empty: the shop's name.")] = ""
    imap_port: Annotated[int, PORT, field_of("IMAP port", "993 with SSL, 143 with STARTTLS.")] = 993
    imap_security: Annotated[MODES, field_of("IMAP encryption", SECURITY.format(993, 143))] = "ssl"
    imap_login: Annotated[str, field_of("Login", "Empty: the e-mail address.")] = ""
    imap_folder: Annotated[str, field_of("Folder", "Where new mail arrives.")] = "INBOX"
    smtp_port: Annotated[int, PORT, field_of("SMTP port", "465 with SSL, 587 with STARTTLS.")] = 465
    smtp_security: Annotated[MODES, field_of("SMTP encryption", SECURITY.format(465, 587))] = "ssl"
    smtp_login: Annotated[str, field_of("SMTP login", "Empty: as for IMAP.")] = ""
    smtp_password: Annotated[str, field_of("SMTP password", "Empty: as for IMAP.", secret=True)] = ""
    poll_seconds: Annotated[
        int,
        msgspec.Meta(ge=5, le=3600),
        field_of("Look every … seconds", "Only where the server cannot announce new mail."),
    ] = 60
    size_limit_mb: Annotated[
        int,
        msgspec.Meta(ge=1, le=100),
        field_of("Largest mail, MB", "Of a larger one only the text is fetched."),
    ] = 25
    acknowledge: Annotated[
        bool, field_of("Confirm receipt", "A new matter is answered at once with the time of the answer and a link.")
    ] = True
    signature: Annotated[str, field_of("Signature", "Stands under every answer.", format="textarea")] = ""
    plus_addresses: Annotated[
        bool,
        field_of(
            "Server knows plus addresses",
            "Mail to shop+anything@… arrives too (Gmail, Outlook, Fastmail, Dovecot, Postfix): answers then find "
            "their conversation even when the customer's program drops the thread.",
        ),
    ] = False
    authserv_id: Annotated[
        str,
        field_of(
            "Name in Authentication-Results",
            "As your mail server signs this header (Gmail: mx.google.com). Its verdict then decides whether a "
            "sender's address counts as proven; empty: it never does.",
        ),
    ] = ""
    certificates: Certificates = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower().encode("idna").decode("ascii") or "localhost"

    @property
    def imap(self) -> Endpoint:
        login = self.imap_login or self.address
        return Endpoint(
            "IMAP",
            self.imap_host,
            self.imap_port,
            self.imap_security,
            login,
            self.imap_password,
            vouched=self.vouched,
        )

    @property
    def smtp(self) -> Endpoint:
        login = self.smtp_login or self.imap_login or self.address
        password = self.smtp_password or self.imap_password
        return Endpoint(
            "SMTP",
            self.smtp_host,
            self.smtp_port,
            self.smtp_security,
            login,
            password,
            timeout=120.0,
            vouched=self.vouched,
        )
