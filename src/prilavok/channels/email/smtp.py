"""Handing a mail to a mail server (SMTP submission), and what its answers mean for us."""

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prilavok.channels.base import NeedsOwner, Network, TryLater, Undeliverable
from prilavok.channels.email.imap import token_refused
from prilavok.channels.email.wire import Endpoint, open_wire, tls_for, tls_trouble
from prilavok.kit.content import Content, pieces_of

Answer = tuple[int, bytes]

NO_SUCH_MAILBOX = re.compile(r"\b5\.(1\.(1|2|3|6|10)|2\.1|4\.4)\b")
NO_SUCH_MAILBOX_IN_WORDS = re.compile(
    r"user unknown|unknown user|no such (user|mailbox|recipient|address)|not exist|doesn't exist|unrouteable"
    r"|invalid (mailbox|recipient)|mailbox (unavailable|not found|is disabled)|account (is )?disabled",
    re.IGNORECASE,
)
OUR_FAULT = re.compile(r"relay|authenti|not permitted|sender (address )?rejected|5\.7\.(30|8|9|57)\b", re.IGNORECASE)
QUOTA = re.compile(r"5\.4\.5|daily (user )?sending|sending (limit|quota)|too many (messages|recipients)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submitted:
    """The server took the mail. `refused` says which further recipients it would not take, and why."""

    answer: str
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogIn:
    """Only greets the server and logs in, for `check`."""

    endpoint: Endpoint

    async def perform(self, network: Network) -> None:
        async with open_wire(network, self.endpoint) as wire:
            await wire.call(lambda: Talk(wire.sock, self.endpoint).greet_and_leave())


@dataclass(frozen=True, slots=True)
class Submit:
    """One mail for one customer and those in copy. The first recipient decides whether it counts as sent.

    Raises TryLater, Undeliverable or NeedsOwner; `perhaps_sent` only when the connection broke after the text.
    """

    endpoint: Endpoint
    sender: str
    recipients: tuple[str, ...]
    mail: bytes | Content = field(repr=False)

    async def perform(self, network: Network) -> Submitted:
        async with open_wire(network, self.endpoint) as wire:
            return await wire.call(lambda: Talk(wire.sock, self.endpoint).submit(self))


class Client(smtplib.SMTP):
    """smtplib over a socket that is already connected to the checked address."""

    def __init__(self, sock: socket.socket, endpoint: Endpoint) -> None:
        self._given = sock
        super().__init__(timeout=endpoint.timeout, local_hostname=_own_name(sock))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del host, port, timeout
        return self._given


class Talk:
    """One blocking conversation with an SMTP server."""

    def __init__(self, sock: socket.socket, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.smtp = Client(sock, endpoint)
        self.text_on_its_way = False

    def greet_and_leave(self) -> None:
        with self:
            self._greet()
            self._leave()

    def submit(self, order: Submit) -> Submitted:
        with self:
            self._greet()
            unicode = not all(address.isascii() for address in (order.sender, *order.recipients))
            if unicode and not self.smtp.has_extn("smtputf8"):
                raise Undeliverable("The mail server cannot write to addresses with letters beyond a-z.")
            self._from(order, unicode=unicode)
            refused = self._to(order.recipients)
            submitted = Submitted(self._text(order.mail), refused)
            self._leave()
            return submitted

    def _leave(self) -> None:
        """The mail is accepted already: whether the farewell is heard does not matter."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.smtp.docmd("QUIT")

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.smtp.close()
        if isinstance(error, smtplib.SMTPAuthenticationError):
            raise _login_refused(self.endpoint, error.smtp_code, _words(error.smtp_error)) from error
        if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
            raise TryLater(f"The {self.endpoint.name} does not take mail now: {_words(error.smtp_error)}") from error
        if isinstance(error, smtplib.SMTPNotSupportedError):
            raise NeedsOwner(f"The {self.endpoint.name} cannot do what the settings ask: {error}") from error
        if type(error) is smtplib.SMTPException:  # the library's word for "none of the server's methods is known"
            raise NeedsOwner(f"The {self.endpoint.name} wants another kind of login: {error}") from error
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError) and not self.text_on_its_way:
            raise NeedsOwner(tls_trouble(self.endpoint, error)) from error
        if isinstance(error, TimeoutError) and not self.text_on_its_way:
            raise TryLater(f"The {self.endpoint.name} says nothing. Is the encryption right?") from error
        if isinstance(error, smtplib.SMTPException | OSError):
            reason = f"The connection to the {self.endpoint.name} is lost: {error}"
            raise TryLater(reason, perhaps_sent=self.text_on_its_way) from error

    def _greet(self) -> None:
        endpoint = self.endpoint
        if endpoint.security == "ssl":
            self.smtp._given = tls_for(endpoint).wrap_socket(self.smtp._given)
        code, words = self.smtp.connect(endpoint.host, endpoint.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self.smtp.ehlo_or_helo_if_needed()
        if endpoint.security == "starttls":
            if not self.smtp.has_extn("starttls"):
                raise NeedsOwner(f"The {endpoint.name} does not offer STARTTLS. Choose SSL, usually on port 465.")
            self.smtp.starttls(context=tls_for(endpoint))
            self.smtp.ehlo_or_helo_if_needed()
        if endpoint.bearer or (self.smtp.has_extn("auth") and endpoint.password):
            self._log_in()

    def _log_in(self) -> None:
        """PLAIN once, where it is offered: the library would repeat a wrong password by every method, in ASCII."""
        login, password = self.endpoint.login, self.endpoint.password
        methods = self.smtp.esmtp_features.get("auth", "").upper().split()
        if self.endpoint.bearer:
            self._show_token(methods)
        elif "PLAIN" in methods:
            token = base64.b64encode(f"\0{login}\0{password}".encode()).decode("ascii")
            code, words = self.smtp.docmd("AUTH", f"PLAIN {token}")
            if code not in {235, 503}:
                raise smtplib.SMTPAuthenticationError(code, words)
        elif (login + password).isascii():
            self.smtp.login(login, password)
        else:
            raise NeedsOwner(f"The {self.endpoint.name} takes only passwords of plain Latin letters and digits.")

    def _show_token(self, methods: list[str]) -> None:
        """What the server says against a token comes as a question (334), which wants an empty answer."""
        if "XOAUTH2" not in methods:
            raise NeedsOwner(
                f"The {self.endpoint.name} takes no sign-in of Google's or Microsoft's kind. "
                "Leave the server's name empty."
            )
        code, words = self.smtp.docmd("AUTH", f"XOAUTH2 {base64.b64encode(self.endpoint.xoauth2.encode()).decode()}")
        if code == 334:
            code, words = self.smtp.docmd("")
        if code not in {235, 503}:
            raise smtplib.SMTPAuthenticationError(code, words)

    def _from(self, order: Submit, *, unicode: bool) -> None:
        options = ["smtputf8", "body=8bitmime"] if unicode else []
        if self.smtp.has_extn("size"):
            options.insert(0, f"size={len(order.mail)}")
        code, words = self.smtp.mail(order.sender, options)
        if code != 250:
            raise self._mail_refused(code, _words(words), sender=True)

    def _to(self, recipients: tuple[str, ...]) -> dict[str, str]:
        refused = {}
        for index, recipient in enumerate(recipients):
            code, words = self.smtp.rcpt(recipient)
            if code not in {250, 251}:
                if index == 0:
                    raise self._recipient_refused(code, _words(words))
                refused[recipient] = f"{code} {_words(words)}"
        return refused

    def _text(self, mail: bytes | Content) -> str:
        code, words = self.smtp.docmd("DATA")
        if code != 354:
            raise self._mail_refused(code, _words(words))
        self.text_on_its_way = True
        for piece in dotted(pieces_of(mail)):
            self.smtp.send(piece)
        code, words = self.smtp.getreply()
        self.text_on_its_way = False
        if code != 250:
            raise self._mail_refused(code, _words(words))
        return _words(words)

    def _recipient_refused(self, code: int, words: str) -> Exception:
        said = f"{code} {words}"
        if code < 500:
            return _later(code, said)
        if NO_SUCH_MAILBOX.search(said):
            return Undeliverable(f"There is no such mailbox: {said}", address_is_dead=True)
        if OUR_FAULT.search(said):
            return NeedsOwner(f"The {self.endpoint.name} will not send for us: {said}. Are login and password right?")
        dead = bool(NO_SUCH_MAILBOX_IN_WORDS.search(said)) and "5.7." not in said
        return Undeliverable(f"The mail server refused the address: {said}", address_is_dead=dead)

    def _mail_refused(self, code: int, words: str, *, sender: bool = False) -> Exception:
        said = f"{code} {words}"
        if code < 500:
            return _later(code, said)
        if QUOTA.search(said):
            return TryLater(f"The day's sending limit is used up: {said}", after=3600)
        too_big = code == 552 or "5.3.4" in said
        if code in {530, 534, 535, 538} or OUR_FAULT.search(said) or (sender and not too_big):
            return NeedsOwner(f"The {self.endpoint.name} will not send for us: {said}")
        return Undeliverable(f"The mail server refused this mail: {said}")


def dotted(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """As it goes over the wire: a dot at the beginning of a line is doubled, one that stands alone ends it all."""
    before = b"\r\n"
    for piece in pieces:
        yield (b"." if before.endswith(b"\n") and piece.startswith(b".") else b"") + piece.replace(b"\n.", b"\n..")
        before = (before + piece)[-2:] if len(piece) < 2 else piece[-2:]
    yield b".\r\n" if before == b"\r\n" else b"\r\n.\r\n"


def _own_name(sock: socket.socket) -> str:
    """Our name in EHLO: the address, as mail programs do; a host name of ours means nothing outside."""
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]


def _later(code: int, said: str) -> TryLater:
    """450 and 451 are mostly greylisting, which lets the second attempt in after some minutes."""
    return TryLater(f"The mail server asks to come back later: {said}", after=300 if code in {450, 451} else None)


def _login_refused(endpoint: Endpoint, code: int, words: str) -> Exception:
    if 400 <= code < 500:
        return TryLater(f"The {endpoint.name} does not let us in for now: {code} {words}", after=300)
    if endpoint.bearer:
        return token_refused(endpoint, f"{code} {words}")
    if "5.7.30" in words or "5.7.139" in words or "basic auth" in words.lower():
        return NeedsOwner(
            f"The {endpoint.name} takes no passwords. Sign in at Microsoft's page instead: {code} {words}"
        )
    if code == 534 or "application-specific" in words.lower() or "app password" in words.lower():
        return NeedsOwner(f"The {endpoint.name} wants an app password instead of the usual one: {code} {words}")
    return NeedsOwner(
        f"The {endpoint.name} refused the login {endpoint.login}: {code} {words}. Is the password right? "
        "Gmail, Mail.ru, Yandex and others want an app password."
    )
