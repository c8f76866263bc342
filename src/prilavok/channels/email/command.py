"""`prilavok understand email`: JSON lines in, JSON lines out, for an owner's own export, for tests and for scoring."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from prilavok.channels.email.understand import Mail, understand
from prilavok.kit.answers import answered, key_of

MOST_BYTES = 100 * 1024 * 1024


class Question(msgspec.Struct):
    """`raw` is base64; `path` names a file."""

    key: Any = None
    raw: str | None = None
    path: str | None = None


def understand_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer a question, in order, each ending in a newline; a bad question is answered with its error."""
    return answered(lines, answer)


def answer(line: bytes) -> bytes:
    key: Any = None
    try:
        question = msgspec.json.decode(line, type=Question)
        key = question.key
        return msgspec.json.encode({"key": key, **shown(understand(read_mail(question)))})
    except (msgspec.DecodeError, UnicodeError, ValueError, OSError, RecursionError) as error:
        return msgspec.json.encode(
            {"key": key if key is not None else key_of(line), "error": str(error) or repr(error)}
        )


def read_mail(question: Question) -> bytes:
    if question.raw is not None:
        try:
            return base64.b64decode(question.raw)
        except binascii.Error as error:
            raise ValueError(f"raw is not base64: {error}") from error
    if question.path is None:
        raise ValueError("neither raw nor path")
    with Path(question.path).open("rb") as file:
        return file.read(MOST_BYTES)


def shown(mail: Mail) -> dict[str, Any]:
    return {
        "visible_text": mail.visible_text,
        "text": mail.text,
        "subject": mail.subject,
        "from": mail.from_address,
        "from_name": mail.from_name,
        "is_auto": mail.is_auto,
        "is_bounce": mail.is_bounce,
        "is_complaint": mail.is_complaint,
        "recipients": list(mail.recipients),
        "temporary": mail.temporary,
        "thread_key": mail.thread_key,
        "attachment_names": [one.name for one in mail.attachments],
    }
