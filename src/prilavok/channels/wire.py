"""What comes over the wire, made safe at the border: readable JSON, storable text, believable times."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

from prilavok.domain.errors import BadInput
from prilavok.kit.content import Base64, Content, joined

T = TypeVar("T")

NOT_READABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises: wrong shape, bytes that are no UTF-8, brackets nested a thousand deep."""

CLOCKS_DIFFER = timedelta(minutes=5)


def decode(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The body in its declared shape; BadInput with the place of the mistake."""
    try:
        return decoder.decode(body)
    except NOT_READABLE as error:
        raise BadInput(complaint(error), field=place(error)) from error


def json_of(fields: Any) -> bytes | Content:
    """JSON in which a file stands as Base64, read only while it goes out."""
    files: list[Base64] = []
    mark = secrets.token_hex(16)  # nobody can have written it into a message

    def place(value: Any) -> str:
        if not isinstance(value, Base64):
            raise TypeError(f"{type(value).__name__} has no place in JSON")
        files.append(value)
        return mark

    written = msgspec.json.encode(fields, enc_hook=place)
    if not files:
        return written
    head, *rest = written.split(mark.encode())
    return joined([head, *(part for file, after in zip(files, rest, strict=True) for part in (file.settled(), after))])


def complaint(error: Exception) -> str:
    """One sentence about a body that cannot be read, for the person who wrote the program that sent it."""
    match error:
        case RecursionError():
            return "The JSON is nested too deep."
        case UnicodeDecodeError():
            return "The body is not UTF-8."
        case _:
            return f"The body cannot be read: {error}."


def place(error: Exception) -> str:
    """`messages[0].from.id` out of msgspec's "… - at `$.messages[0].from.id`"."""
    _, found, path = str(error).rpartition(" - at `$")
    return path.rstrip("`").lstrip(".") if found else ""


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without halves of surrogate pairs, which UTF-8 refuses."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def moment(seconds: float, otherwise: datetime) -> datetime:
    """A vendor's Unix time; `otherwise` (when we received it) for a time that no clock shows or that is yet to come."""
    try:
        return believable(datetime.fromtimestamp(seconds, UTC), otherwise)
    except (OverflowError, ValueError, OSError):
        return otherwise


def moment_of_ms(milliseconds: float, otherwise: datetime) -> datetime:
    """The same, counted in milliseconds, as JavaScript does; a number that no float holds is no clock either."""
    try:
        return moment(milliseconds / 1000, otherwise)
    except OverflowError:
        return otherwise


def believable(at: datetime, received_at: datetime) -> datetime:
    """In UTC, and never in the future: a wrong clock must not put a message at the end of every list for ever."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return received_at
    return at if at <= received_at + CLOCKS_DIFFER else received_at


def same(given: str, expected: str) -> bool:
    """Compares secrets in constant time. An empty expectation is never met: an unset secret opens nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or as a date; None when it does not say."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def said(value: Any, longest: int) -> str:
    """A text of somebody else's making, cut to a sensible length; empty for anything that is no text."""
    return storable(value)[:longest] if isinstance(value, str) else ""
