"""What the owner fills in for a mailbox."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Protocol

import msgspec

from prilavok.channels.base import Certificates, Config, Consent, field_of
from prilavok.channels.config import ADDRESSES
from prilavok.channels.email.sign_in import PROVIDERS, Provider, Server
from prilavok.channels.email.wire import Endpoint

HOSTS = (
    "Gmail: {0}.gmail.com · Mail.ru: {0}.mail.ru · Yandex: {0}.yandex.ru · ukr.net: {0}.ukr.net · "
    "iCloud: {0}.mail.me.com. Empty with a sign-in at Google or Microsoft: theirs."
)
SECURITY = "SSL is usual on port {0}, STARTTLS on {1}. None: only for a server on this same machine."
PORT = msgspec.Meta(ge=1, le=65535)
MODES = Literal["ssl", "starttls", "none"]
WAYS = Literal["password", "google", "microsoft"]
BY_PASSWORD, BY_PAGE, AT_MICROSOFT = ({"sign_in": list(ways)} for ways in (("password",), PROVIDERS, ("microsoft",)))
PLACE = "Change it only for a gateway or a simulator."
NEEDED = {"password": ("imap_host", "imap_password", "smtp_host")}  # any other way: OF_PAGE
OF_PAGE = ("client_id", "client_secret")
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
    addresses: ClassVar[frozenset[str]] = ADDRESSES | {"sign_in", "tenant", "authorize_url", "token_url"}

    address: Annotated[str, field_of("E-mail address", "The address customers write to.", format="email")]
    sign_in: Annotated[
        WAYS, field_of("How to sign in", "Outlook and Microsoft 365 take no passwords any more.", asked=True)
    ] = "password"
    imap_host: Annotated[str, field_of("IMAP server", HOSTS.format("imap"), needed_when=BY_PASSWORD)] = ""
    imap_password: Annotated[
        str, field_of("Password", WHICH_ONE, secret=True, when=BY_PASSWORD, needed_when=BY_PASSWORD)
    ] = ""
    smtp_host: Annotated[str, field_of("SMTP server", HOSTS.format("smtp"), needed_when=BY_PASSWORD)] = ""
    client_id: Annotated[
        str,
        field_of("Client ID", "Of the application that you registered there.", when=BY_PAGE, needed_when=BY_PAGE),
    ] = ""
    client_secret: Annotated[
        str, field_of("Client secret", "Its value, not its ID.", secret=True, when=BY_PAGE, needed_when=BY_PAGE)
    ] = ""
    tenant: Annotated[
        str,
        field_of(
            "Organisation (tenant)",
            "The directory ID, where the application is for your organisation alone.",
            pattern=r"^[A-Za-z0-9.-]+$",
            when=AT_MICROSOFT,
        ),
    ] = "common"
    refresh_token: Annotated[
        str,
        field_of("Refresh token", "Empty: the button gives it.", secret=True, when=BY_PAGE),
    ] = ""
    authorize_url: Annotated[str, field_of("Sign-in page", PLACE, when=BY_PAGE)] = ""
    token_url: Annotated[str, field_of("Server of tokens", PLACE, when=BY_PAGE)] = ""
    signed_in_at: Annotated[str, field_of("Signed in since", "Written by the button.", hidden=True)] = ""
    from_name: Annotated[str, field_of("Sender's name", "As customers see it; empty: the shop's name.")] = ""
    imap_port: Annotated[int, PORT, field_of("IMAP port", "993 with SSL, 143 with STARTTLS.")] = 993
    imap_security: Annotated[MODES, field_of("IMAP encryption", SECURITY.format(993, 143))] = "ssl"
    imap_login: Annotated[str, field_of("Login", "Empty: the e-mail address.")] = ""
    imap_folder: Annotated[str, field_of("Folder", "Where new mail arrives.")] = "INBOX"
    smtp_port: Annotated[int, PORT, field_of("SMTP port", "465 with SSL, 587 with STARTTLS.")] = 465
    smtp_security: Annotated[MODES, field_of("SMTP encryption", SECURITY.format(465, 587))] = "ssl"
    smtp_login: Annotated[str, field_of("SMTP login", "Empty: as for IMAP.")] = ""
    smtp_password: Annotated[str, field_of("SMTP password", "Empty: as for IMAP.", secret=True, when=BY_PASSWORD)] = ""
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

    def __post_init__(self) -> None:
        for name in sorted(self.needed({"sign_in": self.sign_in}), key=self.__struct_fields__.index):
            if not getattr(self, name):
                raise ValueError(f"Object missing required field `{name}`")

    @classmethod
    def needed(cls, values: Mapping[str, Any]) -> frozenset[str]:
        return frozenset({"address", *NEEDED.get(values.get("sign_in", "password"), OF_PAGE)})

    @property
    def provider(self) -> Provider | None:
        """Whose page is signed in at; None with a password."""
        return PROVIDERS.get(self.sign_in)

    @property
    def consent(self) -> Consent | None:
        if (provider := self.provider) is None:
            return None
        return Consent(
            provider.name,
            self.authorize_url or provider.page.format(tenant=self.tenant),
            self.token_url or provider.tokens.format(tenant=self.tenant),
            provider.scope,
            self.client_id,
            self.client_secret,
            self.refresh_token,
            self.signed_in_at,
            account=self.imap_login or self.address,
            asks=provider.asks,
        )

    @property
    def imap(self) -> Endpoint:
        own: Server = (self.imap_host, self.imap_port, self.imap_security)
        login = self.imap_login or self.address
        where = self.provider.imap if self.provider and not self.imap_host else own
        return Endpoint("IMAP", *where, login, self.imap_password, vouched=self.vouched)

    @property
    def smtp(self) -> Endpoint:
        own: Server = (self.smtp_host, self.smtp_port, self.smtp_security)
        login = self.smtp_login or self.imap_login or self.address
        password = self.smtp_password or self.imap_password
        where = self.provider.smtp if self.provider and not self.smtp_host else own
        return Endpoint("SMTP", *where, login, password, timeout=120.0, vouched=self.vouched)
