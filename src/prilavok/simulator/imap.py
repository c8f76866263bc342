"""A small IMAP4rev1 server over mailboxes in memory: enough for a mail program to log in, search, fetch and idle."""

import asyncio
import base64
import binascii
import contextlib
import re
from collections import Counter
from collections.abc import Callable

from prilavok.simulator.mailbox import Box, answers, quoted, search, store, within, words

LINE_LIMIT = 64 * 1024
LITERAL_LIMIT = 1024 * 1024
TOKEN_REFUSED = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}').decode()
LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n$")


class ImapSession:
    """One connection. `log_in(login, password)` and `show_token(what XOAUTH2 says)` return the box or None."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        log_in: Callable[[str, str], Box | None],
        capabilities: str,
        heard: Counter[str],
        show_token: Callable[[str], Box | None] = lambda _: None,
    ) -> None:
        self.reader, self.writer = reader, writer
        self.log_in = log_in
        self.show_token = show_token
        self.capabilities = capabilities
        self.heard = heard
        self.box: Box | None = None
        self.selected = False
        self.told = 0  # how many mails the client knows of

    async def run(self) -> None:
        self._say(f"* OK [CAPABILITY {self.capabilities}] mail of the simulator")
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while (line := await self._command()) is not None:
                tag, _, rest = line.partition(" ")
                name, _, arguments = rest.strip().partition(" ")
                try:
                    if not await self._answer(tag, name.upper(), arguments.strip()):
                        break
                except (ValueError, IndexError) as error:  # a number that is none, a word that is missing
                    self._say(f"{tag} BAD {error}")
                await self.writer.drain()

    async def _command(self) -> str | None:
        """One command as one line; a literal in it becomes a quoted string."""
        line = b""
        while True:
            line += await self.reader.readuntil(b"\r\n")
            literal = LITERAL.search(line)
            if literal is None:
                return line[:-2].decode("utf-8", "replace")
            if (size := int(literal[1])) > LITERAL_LIMIT:
                return None
            if not literal[2]:
                self._say("+ go on")
            text = (await self.reader.readexactly(size)).decode("utf-8", "replace")
            line = line[: literal.start()] + quoted(text).encode()

    async def _answer(self, tag: str, name: str, arguments: str) -> bool:
        self.heard[name] += 1
        match name:
            case "LOGOUT":
                self._say("* BYE until later", f"{tag} OK done")
                return False
            case "CAPABILITY":
                self._say(f"* CAPABILITY {self.capabilities}", f"{tag} OK done")
            case "NOOP":
                self._tell_of_new()
                self._say(f"{tag} OK done")
            case "LOGIN":
                login, password = [*words(arguments), "", ""][:2]
                self._enter(tag, login, password)
            case "AUTHENTICATE":
                await self._authenticate(tag, arguments)
            case _ if self.box is None:
                self._say(f"{tag} NO log in first")
            case "LIST" | "LSUB":
                self._say(f'* {name} () "/" "INBOX"', f"{tag} OK done")
            case "SELECT" | "EXAMINE":
                self._select(tag, self.box, words(arguments), name)
            case _ if not self.selected:
                self._say(f"{tag} BAD {name} needs a mailbox")
            case "IDLE":
                await self._idle(tag, self.box)
            case "UID":
                kind, _, rest = arguments.partition(" ")
                self._by_uid(tag, self.box, kind.upper(), rest)
            case "CLOSE" | "UNSELECT":
                self.selected = False
                self._say(f"{tag} OK done")
            case _:
                self._say(f"{tag} BAD unknown command")
        return True

    async def _authenticate(self, tag: str, arguments: str) -> None:
        if arguments.upper() == "XOAUTH2" and "AUTH=XOAUTH2" in self.capabilities:
            await self._authenticate_by_token(tag)
            return
        if arguments.upper() != "PLAIN":
            self._say(f"{tag} NO only PLAIN")
            return
        self._say("+ ")
        given = (await self.reader.readuntil(b"\r\n")).strip()
        try:
            _, login, password = base64.b64decode(given, validate=True).decode().split("\0")
        except (binascii.Error, ValueError):
            self._say(f"{tag} BAD not base64 of three parts")
            return
        self._enter(tag, login, password)

    async def _authenticate_by_token(self, tag: str) -> None:
        self._say("+ ")
        self.box = self.show_token((await self.reader.readuntil(b"\r\n")).strip().decode("ascii", "replace"))
        if self.box is None:  # why comes as a question, which wants an empty answer
            self._say(f"+ {TOKEN_REFUSED}")
            if (await self.reader.readuntil(b"\r\n")).strip():
                self._say(f"{tag} BAD an empty line is expected")
                return
        self._say(f"{tag} OK done" if self.box else f"{tag} NO [AUTHENTICATIONFAILED] AUTHENTICATE failed.")

    def _enter(self, tag: str, login: str, password: str) -> None:
        self.box = self.log_in(login, password)
        self._say(f"{tag} OK done" if self.box else f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")

    def _select(self, tag: str, box: Box, names: list[str], command: str) -> None:
        if [name.upper() for name in names] != ["INBOX"]:
            self._say(f"{tag} NO no such mailbox")
            return
        self.selected, self.told = True, len(box.mails)
        self._say(
            f"* {self.told} EXISTS",
            "* 0 RECENT",
            "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted)",
            f"* OK [UIDVALIDITY {box.uidvalidity}] same numbers",
            f"* OK [UIDNEXT {box.next_uid}] next",
            f"{tag} OK [{'READ-WRITE' if command == 'SELECT' else 'READ-ONLY'}] open",
        )

    async def _idle(self, tag: str, box: Box) -> None:
        self._say("+ idling")
        self._tell_of_new()
        box.watchers.add(self._tell_of_new)
        try:
            done = await self.reader.readuntil(b"\r\n")
        finally:
            box.watchers.discard(self._tell_of_new)
        self._say(f"{tag} OK done" if done.strip().upper() == b"DONE" else f"{tag} BAD what?")

    def _by_uid(self, tag: str, box: Box, kind: str, rest: str) -> None:
        if kind == "SEARCH":
            found = [mail.uid for mail in search(box, words(rest))]
            self._say(" ".join(["* SEARCH", *map(str, found)]))
        elif kind in {"FETCH", "STORE"}:
            chosen, _, what = rest.partition(" ")
            for number, mail in enumerate(box.mails, 1):
                if within(mail.uid, chosen, box):
                    if mail.trouble and "[" in what:
                        self._trouble(tag, mail.trouble)
                        return
                    if kind == "STORE":
                        store(mail, what)
                        what_to_say = b"FLAGS (" + " ".join(sorted(mail.flags)).encode() + b")"
                    else:
                        what_to_say = b" ".join(answers(mail, what))
                    self.writer.write(b"* %d FETCH (UID %d %b)\r\n" % (number, mail.uid, what_to_say))
        else:
            self._say(f"{tag} BAD UID {kind}")
            return
        self._tell_of_new()
        self._say(f"{tag} OK done")

    def _trouble(self, tag: str, trouble: str) -> None:
        if trouble == "cut":
            self.writer.transport.abort()
        else:
            self._say(f"{tag} NO [SERVERBUG] this mail cannot be read")

    def _tell_of_new(self) -> None:
        if self.selected and self.box and len(self.box.mails) != self.told:
            self.told = len(self.box.mails)
            self._say(f"* {self.told} EXISTS")

    def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
