"""Reading a mailbox over IMAP: what blocks, run in a thread by `listen`.

Mails are known by UIDVALIDITY and UID alone; flags are neither read nor set (BODY.PEEK), so it does not matter who
else reads the mailbox.
"""

import contextlib
import select
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from prilavok.channels.base import NeedsOwner, TryLater
from prilavok.channels.email import oversize
from prilavok.channels.email.line import ImapLine
from prilavok.channels.email.wire import Endpoint, tls_for, tls_trouble
from prilavok.channels.tokens import TokenRefused

RECENT_DAYS = 30  # how far back we look when the mailbox was numbered anew
RECENT_MAILS = 500
WORDS_OF_BUSY = ("[unavailable]", "[inuse]", "[limit]", "[serverbug]", "temporar", "too many", "try again", "later")
WORDS_OF_APP_PASSWORD = ("application-specific", "application password", "app password", "пароль приложения")


class Lost(TryLater):
    """The connection broke off; `uid` is the mail that was being fetched, 0 between mails."""

    def __init__(self, reason: str, uid: int = 0) -> None:
        super().__init__(reason)
        self.uid = uid


@dataclass(frozen=True, slots=True)
class Place:
    """How the folder is numbered, as the server says when it is opened. `next_uid` is 0 where it does not say."""

    uidvalidity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """A mail as it lies there, or as much of it as we wanted. `left_out` is the true size of a mail cut short."""

    uid: int
    raw: bytes
    received_at: datetime
    left_out: int = 0
    trouble: str = ""


class Mailbox:
    """One logged-in connection with one folder open."""

    def __init__(self, sock: socket.socket, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._line = ImapLine(sock, tls_for(endpoint) if endpoint.security == "ssl" else None)
        self._client: Any = None

    def log_in(self) -> None:
        """NeedsOwner when the settings are wrong, TryLater when the server is busy or breaks off."""
        try:
            self._client = self._line.connect()
            if self.endpoint.security == "starttls":
                self._start_tls()
            self._authenticate()
        except ssl.SSLEOFError as error:
            raise Lost(f"The {self.endpoint.name} broke off while encryption was agreed.") from error
        except ssl.SSLError as error:
            raise NeedsOwner(tls_trouble(self.endpoint, error)) from error
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):  # the library hides a lost connection in it
                raise Lost(f"The {self.endpoint.name} broke off during the login: {error}") from error
            raise _refused(self.endpoint, str(error)) from error
        except TimeoutError as error:
            hint = "" if self.endpoint.security == "ssl" else " Perhaps this port wants SSL."
            raise TryLater(f"The {self.endpoint.name} says nothing.{hint}") from error
        except (IMAPClientError, OSError) as error:
            raise Lost(f"The {self.endpoint.name} broke off: {error}") from error

    def _start_tls(self) -> None:
        try:
            self._client.starttls(tls_for(self.endpoint))
        except CapabilityError as error:
            raise NeedsOwner(f"The {self.endpoint.name} does not offer STARTTLS. Choose SSL.") from error

    def _authenticate(self) -> None:
        login, password = self.endpoint.login, self.endpoint.password
        if any(letter < " " for letter in login + password):
            raise NeedsOwner("There is a line break or another control character in the login or the password.")
        if self.endpoint.bearer:
            self._show_token()
            return
        # LOGIN is what every server was tested with, but it carries ASCII only.
        if (login + password).isascii() and not self._client.has_capability("LOGINDISABLED"):
            escaped = login.replace("\\", "\\\\").replace('"', '\\"')
            self._client.login(f'"{escaped}"', password)
        else:
            self._client.plain_login(login, password)

    def _show_token(self) -> None:
        """XOAUTH2: what the server says against a token comes as a question, which wants an empty answer."""
        if not self._client.has_capability("AUTH=XOAUTH2"):
            raise NeedsOwner(
                f"The {self.endpoint.name} takes no sign-in of Google's or Microsoft's kind. "
                "Leave the server's name empty."
            )
        answers = iter((self.endpoint.xoauth2,))
        self._client.sasl_login("XOAUTH2", lambda _: next(answers, ""))

    def open(self, folder: str) -> Place:
        try:
            found = self._ask(self._client.select_folder, folder, readonly=True)
        except IMAPClientError as error:
            if _is_busy(str(error)):
                raise TryLater(f"The {self.endpoint.name} does not open {folder!r} for now: {error}") from error
            raise NeedsOwner(f"The mailbox has no folder {folder!r}: {error}") from error
        return Place(int(found.get(b"UIDVALIDITY", 0)), int(found.get(b"UIDNEXT", 0)))

    def last_uid(self, place: Place) -> int:
        """Of the newest mail; 0 in an empty folder."""
        if place.next_uid:
            return place.next_uid - 1
        return max(self._ask(self._client.search, ["ALL"]), default=0)

    def after(self, uid: int) -> list[int]:
        """The mails above `uid`. The server's `*` means "the last one, whatever its number", hence the filter."""
        self._line.grew()
        found = self._ask(self._client.search, ["UID", f"{uid + 1}:*"])
        return sorted(number for number in found if number > uid)

    def recent(self, now: datetime, since: datetime | None) -> list[int]:
        """The mails of the last days that arrived after `since`: for a folder that was numbered anew."""
        start = max(now - timedelta(days=RECENT_DAYS), since or datetime.min.replace(tzinfo=UTC))
        self._line.grew()
        found = sorted(self._ask(self._client.search, ["SINCE", start.date()]))[-RECENT_MAILS:]
        if not found:
            return []
        times = self._ask(self._client.fetch, found, ["INTERNALDATE"])
        return [uid for uid in found if uid in times and times[uid][b"INTERNALDATE"] >= start.replace(microsecond=0)]

    def fetch(self, uid: int, limit: int) -> Fetch | None:
        """One mail; None when somebody has deleted it since. Above `limit` bytes only its text."""
        try:
            about = self._about(uid, ["RFC822.SIZE", "INTERNALDATE"])
            if about is None:
                return None
            at, size = about[b"INTERNALDATE"].astimezone(UTC), int(about[b"RFC822.SIZE"])
            if size > limit:
                return Fetch(uid, oversize.fetch(lambda *what: self._about(uid, list(what)) or {}), at, left_out=size)
            whole = self._about(uid, ["BODY.PEEK[]"])
            return Fetch(uid, whole[b"BODY[]"] or b"", at) if whole else None
        except Lost as lost:
            lost.uid = uid
            raise
        except (IMAPClientError, KeyError, TypeError, ValueError) as error:
            # The server cannot hand over this one mail: it is set aside with the reason, the next goes on.
            return unfetched(uid, f"{error}")

    def _about(self, uid: int, what: list[str]) -> dict[bytes, Any] | None:
        answer: dict[bytes, Any] | None = self._ask(self._client.fetch, [uid], what).get(uid)
        return answer

    def wait(self, seconds: float) -> None:
        """Returns when something changed, at the latest after `seconds`; at once if it changed since `after`."""
        if self._line.grew():
            return
        if not self._client.has_capability("IDLE"):
            self._readable(seconds)
            self._ask(self._client.noop)
            return
        self._ask(self._client.idle)
        self._readable(seconds)
        self._ask(self._client.idle_done)

    @property
    def announces(self) -> bool:
        return bool(self._client.has_capability("IDLE"))

    def _readable(self, seconds: float) -> None:
        if not self._line.pending():
            poller = select.poll()
            poller.register(self._line.sock, select.POLLIN)
            poller.poll(seconds * 1000)

    def log_out(self) -> None:
        with contextlib.suppress(IMAPClientError, OSError):  # a courtesy; the connection is closed in any case
            self._client.logout()

    def close(self) -> None:
        self._line.sock.close()

    def _ask(self, question: Any, *arguments: Any, **more: Any) -> Any:
        try:
            return question(*arguments, **more)
        except IMAPClientAbortError as error:
            raise Lost(f"The {self.endpoint.name} closed the connection: {error}") from error
        except OSError as error:
            raise Lost(f"The connection to the {self.endpoint.name} is lost: {error}") from error


def unfetched(uid: int, trouble: str) -> Fetch:
    """Stands for a mail that the server would not give, so that a person can look for it in the mailbox."""
    return Fetch(uid, b"", datetime.now(UTC), trouble=trouble or "no reason given")


def _is_busy(answer: str) -> bool:
    return any(word in answer.lower() for word in WORDS_OF_BUSY)


def token_refused(endpoint: Endpoint, said: str) -> TokenRefused:
    """Of either server. Only a mailbox's own owner can let us in: the address need not be asked for elsewhere."""
    return TokenRefused(
        f"The {endpoint.name} does not let us in as {endpoint.login}: {said}. Was it this mailbox that signed in, and "
        "does its provider allow IMAP and SMTP for it?"
    )


def _refused(endpoint: Endpoint, answer: str) -> Exception:
    said = answer.strip()
    if _is_busy(said):
        return TryLater(f"The {endpoint.name} does not let us in for now: {said}", after=300)
    if endpoint.bearer:
        return token_refused(endpoint, said)
    if any(word in said.lower() for word in WORDS_OF_APP_PASSWORD):
        return NeedsOwner(f"The {endpoint.name} wants an app password instead of the usual one: {said}")
    return NeedsOwner(
        f"The {endpoint.name} refused the login {endpoint.login}: {said}. Is the password right? "
        "Gmail, Mail.ru, Yandex and others want an app password, and IMAP must be allowed in the mailbox settings."
    )
