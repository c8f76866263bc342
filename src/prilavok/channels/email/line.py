"""imapclient over a socket that we opened, with a buffer we can look into.

The library's own buffer cannot be asked whether something is in it: an announcement that came in one packet with the
answer before it would be noticed only when the next one arrives. `open`, `read`, `readline`, `send` and `shutdown`
are the places that imaplib offers for this.
"""

import imaplib
import socket
import ssl
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError

CHUNK = 64 * 1024
LONGEST_LINE = 8 * 1024 * 1024  # bytes: the answer to a SEARCH in a crowded folder is one line


class ImapLine(imaplib.IMAP4):
    """`connect` greets the server and returns an IMAPClient that talks over this line."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        self.sock: socket.socket = sock
        self._context = context
        self._read = bytearray()

    def connect(self) -> Any:
        return ClientOver(self)

    def greet(self) -> None:
        super().__init__()

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        del timeout  # the socket has one
        self.host, self.port = host, port
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock)

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """What came unencrypted behind the server's consent could be anybody's: then nothing is believed."""
        answer = self._simple_command("STARTTLS")
        if answer[0] != "OK":
            raise self.error(f"STARTTLS refused: {answer[1]!r}")
        if self._read or ssl_context is None:
            raise IMAPClientAbortError("unencrypted bytes after STARTTLS")
        self.sock = ssl_context.wrap_socket(self.sock)
        self.untagged_responses: dict[str, list[Any]] = {}
        return answer

    def pending(self) -> bool:
        """Whether something was read from the network and not yet looked at."""
        waiting = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return bool(self._read or waiting)

    def grew(self) -> bool:
        """Whether the server has told of new mails since the last call, in passing, within another answer."""
        grown = "EXISTS" in self.untagged_responses
        self.untagged_responses.clear()  # else what a server tells in passing piles up over weeks
        return grown

    def read(self, size: int) -> bytes:
        while len(self._read) < size:
            if not self._fill(max(CHUNK, size - len(self._read))):
                break
        return self._take(size)

    def readline(self) -> bytes:
        searched = 0
        while (end := self._read.find(b"\n", searched)) < 0:
            searched = len(self._read)
            if searched > LONGEST_LINE:
                raise self.error(f"a line of more than {LONGEST_LINE} bytes")
            if not self._fill(CHUNK):
                return self._take(len(self._read))
        return self._take(end + 1)

    def _fill(self, size: int) -> bool:
        piece = self.sock.recv(min(size, 1024 * 1024))
        self._read += piece
        return bool(piece)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._read[:size])
        del self._read[:size]
        return taken

    def send(self, data: Any) -> None:
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """The socket is closed by whoever lent it; here only what was read is forgotten."""
        self._read.clear()


class ClientOver(IMAPClient):  # type: ignore[misc]  # the library has no types
    """IMAPClient that does not connect by itself, logs no mail, and gives times with their zone."""

    def __init__(self, line: ImapLine) -> None:
        self._line = line
        super().__init__(host="", ssl=False)
        line.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> ImapLine:  # noqa: N802  the library's name
        self._line.greet()
        return self._line
