"""The parts of a mail, found by position in the raw bytes: nothing is copied until a part's content is asked for.

The standard library's parser reads line by line and keeps several copies; a nest of parts or a mail of 100 MB costs it
minutes and gigabytes. Here every level is a few searches, and depth, number of parts, header size and total size end.
"""

import binascii
import re
from dataclasses import dataclass, field

from prilavok.channels.email.charsets import decode
from prilavok.channels.email.headers import Headers, parameters, read_headers

MOST_BYTES = 64 * 1024 * 1024  # of the mail that are read; the rest is cut
MOST_HEADER = 256 * 1024
MOST_DEPTH = 12
MOST_PARTS = 400
MOST_TEXT = 4 * 1024 * 1024  # bytes of one text part

HEADER_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
NOT_A_FIELD = re.compile(rb"\n(?![ \t])(?![!-9;-~]{1,200}[ \t]*:)(?!>?From )")
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64 = bytes(code for code in range(256) if code not in LETTERS)
QP_JUNK = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """One node. `start` and `end` bound its body within `source`; `whole` is where its header begins."""

    source: bytes
    whole: int
    start: int
    end: int
    headers: Headers
    type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_params: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        return self.source[self.start : self.end]

    @property
    def everything(self) -> bytes:
        """Header and body, as they came."""
        return self.source[self.whole : self.end]

    @property
    def filename(self) -> str:
        return self.disposition_params.get("filename") or self.params.get("name") or ""

    @property
    def encoding(self) -> str:
        return re.sub(r"[^\w-]", "", self.headers.get("content-transfer-encoding").lower())

    def data(self, most: int | None = None) -> bytes:
        """The content with its transfer encoding undone; damaged base64 gives what can be read."""
        raw = self.source[self.start : self.end if most is None else min(self.end, self.start + most)]
        if self.encoding == "base64":
            return lenient_base64(raw)
        if self.encoding.startswith("quoted"):
            return binascii.a2b_qp(QP_JUNK.sub(b"=3D", raw))
        if self.encoding in {"x-uuencode", "uuencode", "x-uue"}:
            return uudecode(raw)
        return raw

    def text(self) -> str:
        """The content as a text with \\n line ends."""
        text = decode(self.data(MOST_TEXT), self.params.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")

    def walk(self) -> list["Part"]:
        found = [self]
        for child in self.children:
            found += child.walk()
        return found


def read(raw: bytes) -> Part:
    """The tree of a whole mail."""
    if len(raw) > MOST_BYTES:
        raw = raw[:MOST_BYTES]
    if b"\n" not in raw[:MOST_HEADER] and b"\r" in raw[:MOST_HEADER]:
        raw = raw.replace(b"\r", b"\n")
    start = 0
    if raw.startswith((b"From ", b">From ")):
        start = raw.find(b"\n") + 1
    while raw[start : start + 1] in {b"\r", b"\n"} and start < 64:
        start += 1  # blank lines before the header
    budget = [MOST_PARTS]
    return read_part(raw, start, len(raw), depth=0, budget=budget, default="text/plain")


def read_part(source: bytes, whole: int, end: int, *, depth: int, budget: list[int], default: str) -> Part:
    budget[0] -= 1
    stop, body = header_bounds(source, whole, end)
    headers = read_headers(source[whole:stop])
    part = Part(source, whole, body, end, headers)
    kind, part.params = parameters(headers.get("content-type"))
    part.type = kind if "/" in kind else {"text": "text/plain", "multipart": "multipart/mixed"}.get(kind, default)
    disposition, part.disposition_params = parameters(headers.get("content-disposition"))
    part.disposition = disposition
    if depth >= MOST_DEPTH:
        return part
    if part.type.startswith("multipart/"):
        inner = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for first, last in sections(part):
            if budget[0] <= 0:
                break
            part.children.append(read_part(source, first, last, depth=depth + 1, budget=budget, default=inner))
        if not part.children:
            part.type = "text/plain"  # a boundary that never comes: read it as it stands
    elif part.type == "message/rfc822" and part.encoding not in {"base64", "quoted-printable"} and budget[0] > 0:
        part.children.append(read_part(source, body, end, depth=depth + 1, budget=budget, default="text/plain"))
    return part


def header_bounds(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header ends and where the body begins."""
    limit = min(end, start + MOST_HEADER)
    if source[start : start + 1] == b"\n" or source[start : start + 2] == b"\r\n":
        return start, source.index(b"\n", start) + 1
    blank = HEADER_END.search(source, start, limit)
    stop, body = (blank.start(), blank.end()) if blank else (limit, limit)
    stray = NOT_A_FIELD.search(source, start, stop)
    if stray and not source[stray.end() : stray.end() + 1].isspace():
        # A line without a colon: some programs forget the blank line before the body.
        following = source[stray.end() : stop]
        if not re.search(rb"^[\w-]+:[ \t]", following, re.MULTILINE) or not blank:
            return stray.start(), stray.end()
    return stop, body


def sections(part: Part) -> list[tuple[int, int]]:
    """The bounds of each part between boundaries. A missing closing boundary ends with the enclosing part."""
    boundary = part.params.get("boundary", "")
    if not boundary:
        guess = re.compile(rb"(?<=\n)--([^\r\n]{1,200})\r?\n(?=[Cc]ontent-)").search(part.source, part.start, part.end)
        if not guess:
            return []
        mark = guess[1].rstrip()
    else:
        mark = boundary.encode("utf-8", "replace")[:500]
    line = b"--" + re.escape(mark)  # a literal first, then what stands before it: the search stays fast
    pattern = re.compile(line + rb"(?<=\n" + line + rb")(--)?[ \t]*(?:\r?\n|\Z)")
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for match in pattern.finditer(part.source, part.start, part.end):
        if begun is not None:
            found.append((begun, before_newline(part.source, match.start(), begun)))
        begun = match.end()
        if match[1]:
            begun = None
            break
        if len(found) >= MOST_PARTS:
            return found
    if begun is not None and begun < part.end:
        found.append((begun, part.end))
    return found


def before_newline(source: bytes, position: int, least: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if position > least and source[position - 1 : position] == b"\n":
        position -= 1
        if position > least and source[position - 1 : position] == b"\r":
            position -= 1
    return position


def lenient_base64(raw: bytes) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = raw.translate(None, NOT_BASE64)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def uudecode(raw: bytes) -> bytes:
    """The content between `begin` and `end`; a damaged line ends it."""
    begun = UU_BEGIN.search(raw)
    out: list[bytes] = []
    for line in raw[begun.end() if begun else 0 :].splitlines():
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                out.append(binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3]))
            except binascii.Error:
                break
    return b"".join(out)
