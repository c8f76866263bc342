"""The header of a mail: fields, encoded words, parameters, addresses, ids and dates, as forgiving as can be."""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from prilavok.channels.email.charsets import decode

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
ENCODED_WORD = re.compile(r"=\?([\w.:+*' -]{1,60}?)\?([BbQq])\?(.*?)(?:\?=|$)", re.DOTALL)
ONE_RUN = re.compile(r"(?:=\?[\w.:+*' -]{1,60}?\?[BbQq]\?[^\r\n]{0,3000}?\?=\s*)+")
ANGLED = re.compile(r"<([^<>\s]{1,900})>")
BARE_ID = re.compile(r"[^\s<>,;()\"]{1,600}@[^\s<>,;()\"]{1,300}")
ADDRESS = re.compile(r"[^\s<>\"'(),:;\[\]\\]{1,200}@[^\s<>\"'(),:;\\]{1,255}")
COMMENT = re.compile(r"\(([^()]*)\)")
PARAMETER = re.compile(r"""\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)\s*(?:;|$)""", re.DOTALL)
MONTHS = {name: number for number, names in enumerate((
    "jan янв січ", "feb фев лют", "mar мар бер", "apr апр кві", "may мая май тра", "jun июн чер", "jul июл лип",
    "aug авг сер", "sep сен вер", "oct окт жов", "nov ноя лис", "dec дек гру",
), 1) for name in names.split()}  # fmt: skip
LOOSE_DATE = re.compile(r"(\d{1,2})[ .-]+([^\W\d_]{3,})[ .,-]+(\d{4})\D+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4})?")
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?\s*(Z|[+-]\d\d:?\d\d)?")
MOST_FIELDS = 2000
MOST_VALUE = 64 * 1024  # characters of one field that are looked at
MOST_PARAMETERS = 8 * 1024  # characters of a content type, a mailbox, a subject
MOST_ADDRESSES = 500


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in order, names in lower case, values unfolded but not yet decoded."""

    fields: tuple[tuple[str, str], ...] = ()
    first: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first value, still encoded; "" when there is none."""
        return self.first.get(name, "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def text(self, name: str) -> str:
        """The first value as people read it."""
        return words(self.get(name))

    def __contains__(self, name: str) -> bool:
        return name in self.first


def read_headers(block: bytes) -> Headers:
    """Lines that are no field are passed over; a value beyond ASCII is decoded as `charsets.decode` thinks best."""
    fields: list[tuple[str, str]] = []
    first: dict[str, str] = {}
    for line in unfolded(block):
        match = FIELD.match(line)
        if not match:
            continue
        value = decode(match[2][:MOST_VALUE]).strip()
        name = match[1].decode("ascii").lower()
        fields.append((name, value))
        first.setdefault(name, value)
        if len(fields) >= MOST_FIELDS:
            break
    return Headers(tuple(fields), first)


def unfolded(block: bytes) -> Iterable[bytes]:
    held: list[bytes] = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in {b" ", b"\t"} and held:
            held.append(b" " + line.lstrip(b" \t"))
        else:
            if held:
                yield b"".join(held)
            held = [line] if line else []
    if held:
        yield b"".join(held)


def words(value: str) -> str:
    """A value with its RFC 2047 words decoded.

    Neighbouring words of one alphabet are joined as bytes first: many programs split them inside a character.
    """
    value = value[:MOST_PARAMETERS]
    if "=?" not in value:
        return clean(value)
    out: list[str] = []
    end = 0
    for run in ONE_RUN.finditer(value):
        out += [value[end : run.start()], run_of_words(run.group())]
        if run.group()[-1:].isspace():
            out.append(" ")
        end = run.end()
    rest = value[end:]
    cut_short = ENCODED_WORD.search(rest)  # a word that lost its end
    if cut_short and cut_short[3]:
        rest = rest[: cut_short.start()] + run_of_words(rest[cut_short.start() :])
    out.append(rest)
    return clean("".join(out))


def run_of_words(run: str) -> str:
    out: list[str] = []
    held, held_charset = b"", ""
    for match in ENCODED_WORD.finditer(run):
        charset = match[1].strip().lower()
        data = from_q(match[3]) if match[2] in "Qq" else from_base64(match[3])
        if charset != held_charset:
            out.append(decode(held, held_charset))
            held = b""
        held, held_charset = held + data, charset
    out.append(decode(held, held_charset))
    return "".join(out)


def from_q(text: str) -> bytes:
    try:
        return binascii.a2b_qp(text.replace("_", " ").encode("utf-8", "replace"))
    except binascii.Error:
        return text.encode("utf-8", "replace")


def from_base64(text: str) -> bytes:
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


def clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).encode("utf-8", "replace").decode().strip()


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; name*0*=utf-8''%D0` into the type in lower case and its parameters (RFC 2231 joined and decoded)."""
    main, _, rest = tight(value).partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in PARAMETER.finditer(rest):
        name, text = match[1].lower(), match[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])
        base, star, tail = name.partition("*")
        if not star:
            plain.setdefault(base, words(text))
            continue
        number = tail.rstrip("*")
        pieces.setdefault(base, []).append((int(number) if number.isdecimal() else 0, name.endswith("*"), text))
    for base, found in pieces.items():
        plain[base] = joined_pieces(sorted(found, key=lambda piece: piece[0])) or plain.get(base, "")
    return re.sub(r"[^\w/.+-]", "", main.strip().lower()), plain


def tight(value: str) -> str:
    """Runs of blanks shrink to one: they make the patterns here slow, and mean nothing."""
    return " ".join(value[:MOST_PARAMETERS].split())


def joined_pieces(pieces: list[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for index, (_, encoded, piece) in enumerate(pieces):
        text = piece
        if index == 0 and encoded and piece.count("'") >= 2:
            charset, _, text = piece.split("'", 2)
        data += from_percent(text) if encoded else text.encode("utf-8", "replace")
    return words(decode(data, charset))


def from_percent(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), raw)


def addresses(value: str) -> list[tuple[str, str]]:
    """(name, address in lower case) of every mailbox in a field. Names are decoded after the commas were found."""
    found: list[tuple[str, str]] = []
    for chunk in split_outside_quotes(value[:MOST_VALUE]):
        one = mailbox(chunk)
        if one[0] or one[1]:
            found.append(one)
        if len(found) >= MOST_ADDRESSES:
            break
    return found


def split_outside_quotes(value: str) -> list[str]:
    chunks, start, quoted, depth = [], 0, False, 0
    for index, char in enumerate(value):
        if char == '"' and value[index - 1 : index] != "\\":
            quoted = not quoted
        elif char == "<" and not quoted:
            depth = 1
        elif char == ">":
            depth = 0
        elif char in ",;" and not quoted and not depth:
            chunks.append(value[start:index])
            start = index + 1
    chunks.append(value[start:])
    if quoted and len(chunks) == 1 and value.count("@") > 1:
        return value.replace('"', "").split(",")  # a quotation mark that was never closed
    return chunks


def mailbox(chunk: str) -> tuple[str, str]:
    chunk = tight(chunk)
    if ":" in chunk and "@" not in chunk.partition(":")[0] and "<" not in chunk.partition(":")[0]:
        chunk = chunk.partition(":")[2].strip()  # the name of a group
    angle = re.search(r"<\s*([^<>]*?)\s*>[^<>]*$", chunk)
    if angle:
        name, address = chunk[: angle.start()], angle[1]
        comment = COMMENT.search(chunk[angle.end(1) :])
        name = name.strip() or (comment[1] if comment else "")
    else:
        match = ADDRESS.search(re.sub(r"\s*@\s*", "@", chunk) if "@" in chunk else chunk)
        address = match[0] if match else ""
        comment = COMMENT.search(chunk)
        name = comment[1] if comment else (chunk.replace(address, "") if address else "")
    name = words(name.strip().strip('"').replace('\\"', '"').replace("\\\\", "\\")).strip("\"' ")
    if "=?" in address:
        address = words(address)
    address = clean(address.removeprefix("mailto:").strip("'\" ")).lower()
    if "@" not in address:
        hidden = ADDRESS.search(name)
        address = hidden[0].lower() if hidden and not address else address
    return name, address if ADDRESS.fullmatch(address) else ""


def message_ids(value: str, most: int = 100) -> tuple[str, ...]:
    """Ids with their angle brackets, in order, each once; comments and broken brackets are forgiven."""
    value = value[:MOST_VALUE]
    found = [f"<{one}>" for one in ANGLED.findall(value)] or [f"<{one}>" for one in BARE_ID.findall(value)]
    unique = list(dict.fromkeys(clean(one) for one in found))
    return tuple(unique if len(unique) <= most else [unique[0], *unique[-most + 1 :]])


def instant(value: str) -> datetime | None:
    """The time in UTC. Without a zone it is taken as UTC; nonsense (year 0, hour 99) is None."""
    value = clean(value)[:200]
    try:
        parts = parsedate_tz(value)
        if parts is not None and parts[0] > 1969:
            offset = parts[9] or 0
            if abs(offset) >= 86400:
                offset = 0
            return datetime(*parts[:6], tzinfo=timezone(timedelta(seconds=offset))).astimezone(UTC)
        return iso_instant(value) or worded_instant(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def iso_instant(value: str) -> datetime | None:
    match = ISO_DATE.search(value)
    if not match:
        return None
    year, month, day, hour, minute = (int(match[i]) for i in range(1, 6))
    moment = datetime(year, month, day, hour, minute, int(match[6] or 0), tzinfo=UTC)
    zone = (match[7] or "Z").replace(":", "")
    return moment if zone == "Z" else moment - offset_of(zone)


def worded_instant(value: str) -> datetime | None:
    match = LOOSE_DATE.search(value)
    month = MONTHS.get(match[2].lower()[:3]) if match else None
    if not match or month is None:
        return None
    moment = datetime(int(match[3]), month, int(match[1]), int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=UTC)
    return moment - offset_of(match[7]) if match[7] else moment


def offset_of(zone: str) -> timedelta:
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
