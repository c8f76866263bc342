"""Mail agencies on loopback: what the shop sends lands here, what a customer writes is told to its hook.

    agency = MailgunEmulator(hook="https://shop.example/hooks/KEY")
    agency.user_writes(raw)          # a customer's mail, as bytes
    letter = agency.sent[-1]         # what the shop sent
    agency.opened(letter)            # somebody, or a machine, loaded its pictures

Every address takes mail, except those in `dead`; what is taken is told as delivered a moment later.
"""

import base64
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from mimetypes import guess_type
from typing import Any

from prilavok.simulator.knocker import Knock
from prilavok.simulator.office import Office

SOON = 0.2  # seconds until a mail has arrived, or not


@dataclass(frozen=True, slots=True)
class Letter:
    """What the shop sent. `message_id` is the one that the customer's program sees."""

    id: str
    message_id: str
    to: tuple[str, ...]  # the copies too
    subject: str
    text: str
    headers: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, bytes], ...] = ()
    sender: str = ""


class AgencyOffice(Office):
    """What the three share. `hook`: where the shop is told, as `connect` has set it or a test says; `mailbox`: the
    shop's address there; `arrives` is told of each letter that reaches somebody, and whom.
    """

    def __init__(self, *, hook: str = "", mailbox: str = "hello@lamps.test", **common: Any) -> None:
        super().__init__(**common)
        self.hook, self.mailbox = hook, mailbox
        self.arrives: Callable[[Letter, str], None] = lambda letter, to: None  # noqa: ARG005
        self.sent: list[Letter] = []
        self.requests: list[Any] = []  # bodies of what was taken, for a schema to look at
        self.dead: set[str] = set()

    def take(self, letter: Letter) -> None:
        self.sent.append(letter)
        for address in letter.to:
            self.knocker.after(SOON, partial(self._comes, letter, address))

    def _comes(self, letter: Letter, to: str) -> None:
        if to not in self.dead:
            self.arrives(letter, to)
        self.tell("bounced" if to in self.dead else "delivered", letter, to)

    def opened(self, letter: Letter) -> None:
        self.tell("opened", letter, letter.to[0])

    def bounced(self, letter: Letter) -> None:
        """Its mailbox has taken it, and gives it back later."""
        self.tell("bounced", letter, letter.to[0])

    def complained(self, letter: Letter) -> None:
        self.tell("complained", letter, letter.to[0])

    def tell(self, kind: str, letter: Letter, address: str) -> None:
        self.knocker.tell(self.event(kind, letter, address))

    def user_writes(self, raw: bytes) -> None:
        self.knocker.tell(self.mail(raw))

    @abstractmethod
    def event(self, kind: str, letter: Letter, address: str) -> Knock:
        """delivered, bounced, opened or complained, as this agency says it."""

    @abstractmethod
    def mail(self, raw: bytes) -> Knock:
        """A customer's mail, as this agency hands it over."""


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def written(letter: Letter, at: datetime) -> bytes:
    """The letter as it lies in its reader's mailbox."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = letter.sender, letter.to[0], letter.subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{letter.message_id}>"
    for name in ("In-Reply-To", "References", "Reply-To"):
        if name in letter.headers:
            mail[name] = letter.headers[name]
    mail.set_content(letter.text)
    for name, data in letter.files:
        main, _, sub = (guess_type(name)[0] or "application/octet-stream").partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def multipart(fields: Mapping[str, str | bytes]) -> tuple[str, bytes]:
    """(Content-Type, body) of a form."""
    edge = "=_agency_of_the_simulator"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, value in fields.items()
    ]
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def without_login(url: str) -> tuple[str, dict[str, str]]:
    """The address as it is called, and the header that its user and password become."""
    scheme, _, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    if not at:
        return url, {}
    user, _, password = login.partition(":")
    return f"{scheme}://{place}", {"authorization": basic(user, password)}
