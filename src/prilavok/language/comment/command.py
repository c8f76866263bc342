"""`prilavok understand order-comment`: JSON lines in, JSON lines out."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from prilavok.domain.wishes import labels
from prilavok.language.comment.reading import read_comment


class Question(msgspec.Struct):
    text: str
    key: Any = None
    lang: str | None = None


def understand_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer a question, in order, each ending in a newline; a bad question is answered with its error."""
    for line in lines:
        if line.strip():
            yield answer(line) + b"\n"


def answer(line: bytes) -> bytes:
    try:
        question = msgspec.json.decode(line, type=Question)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return msgspec.json.encode({"key": key_of(line), "error": str(error) or repr(error)})
    return msgspec.json.encode(
        {"key": question.key, "labels": labels(read_comment(question.text, question.lang or ""))}
    )


def key_of(line: bytes) -> Any:
    """The key of a question that cannot be read otherwise."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found.get("key") if isinstance(found, dict) else None
