"""A connection to a mail server: opened by the event loop to the checked address, spoken over by one thread at a time.

The libraries for IMAP and SMTP block, so they run in a thread of their own. Closing the wire from the loop ends at
once whatever that thread is waiting for, because its socket is shut down under it.
"""

import asyncio
import contextlib
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeVar

from prilavok.channels import authorities
from prilavok.channels.base import Network, TryLater

Security = Literal["ssl", "starttls", "none"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a mail server listens and who we are there. `timeout` is in seconds, for each answer."""

    what: str  # IMAP | SMTP, for the texts of errors
    host: str
    port: int
    security: Security
    login: str
    password: str = field(repr=False)
    timeout: float = 60.0
    bearer: bool = False  # the password is an access token
    vouched: str = ""  # see `Config.vouched`

    @property
    def xoauth2(self) -> str:
        """What SASL XOAUTH2 says first, and all it says."""
        return f"user={self.login}\1auth=Bearer {self.password}\1\1"

    @property
    def name(self) -> str:
        return f"{self.what} server {self.host}:{self.port}"


class NamedContext(ssl.SSLContext):
    """Checks the certificate against the host the owner typed, although we connect to a number."""

    host: str

    def wrap_socket(self, sock: socket.socket, *args: Any, **more: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**more, "server_hostname": self.host})


def tls_for(endpoint: Endpoint) -> NamedContext:
    """Kept between mails: reading the system's authorities takes longer than the rest of a submission."""
    return _tls_for(endpoint.host, endpoint.vouched, os.environ.get("SSL_CERT_FILE", ""))


@lru_cache(maxsize=256)
def _tls_for(host: str, vouched: str, system: str) -> NamedContext:
    del system  # read by load_default_certs; here only so that another file makes another context
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    authorities.add(context, vouched)
    context.host = host
    return context


class Wire:
    """One TCP connection. `sock` belongs to the thread that `call` starts; `cut` may come from anywhere."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._grip = sock.dup()  # stays valid when TLS takes the socket over

    def cut(self) -> None:
        with contextlib.suppress(OSError):  # the other side may have closed it already
            self._grip.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        self._grip.close()
        self.sock.close()

    async def call(self, work: Callable[[], T]) -> T:
        """Runs blocking `work` in a thread; when cancelled, cuts the wire and waits until the thread has ended."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def settle(setter: Callable[[Any], None], outcome: Any) -> None:
            if not done.done():
                setter(outcome)

        def run() -> None:
            try:
                outcome: Any = work()
                setter: Callable[[Any], None] = done.set_result
            except Exception as error:  # noqa: BLE001  every error goes to the caller, in the loop
                outcome, setter = error, done.set_exception
            with contextlib.suppress(RuntimeError):  # the loop has gone and nobody waits any more
                loop.call_soon_threadsafe(settle, setter, outcome)

        threading.Thread(target=run, name="mail", daemon=True).start()
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            self.cut()
            done.add_done_callback(lambda ended: ended.exception())  # that it broke off is what we wanted
            await asyncio.wait([done])
            raise


@contextlib.asynccontextmanager
async def open_wire(network: Network, endpoint: Endpoint, *, patience: float = 20.0) -> AsyncIterator[Wire]:
    """Connects to the address that `network` has checked. TryLater when nobody answers within `patience` seconds."""
    address = await network.resolve(endpoint.host, endpoint.port)
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        async with asyncio.timeout(patience):
            await asyncio.get_running_loop().sock_connect(sock, (address, endpoint.port))
        sock.settimeout(endpoint.timeout)
        wire = Wire(sock)
    except TimeoutError as error:
        sock.close()
        raise TryLater(f"The {endpoint.name} does not answer. Is the port right?") from error
    except OSError as error:
        sock.close()
        raise TryLater(f"The {endpoint.name} cannot be reached: {error.strerror or error}.") from error
    except BaseException:
        sock.close()
        raise
    try:
        yield wire
    finally:
        wire.close()


def _keep_alive(sock: socket.socket) -> None:
    """A router that forgot a silent connection tells nobody: ask every minute whether the other side is there."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def tls_trouble(endpoint: Endpoint, error: ssl.SSLError) -> str:
    """What the owner can do about a failed TLS handshake, in plain words."""
    if isinstance(error, ssl.SSLCertVerificationError) and authorities.issued_by_nobody_known(error):
        return f"The certificate of the {endpoint.name} is not good: {error.verify_message}. {authorities.HINT}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"The certificate of the {endpoint.name} is not good for this name: {error.verify_message}. "
            "Enter the host name that the certificate was issued for."
        )
    if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}:
        return f"The {endpoint.name} does not begin with TLS on this port. Choose STARTTLS, or the port for SSL."
    return f"No encrypted connection to the {endpoint.name}: {error.reason or error}."
