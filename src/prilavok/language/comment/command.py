"""`prilavok understand order-comment`: JSON lines in, JSON lines out."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from prilavok.domain.wishes import labels
from prilavok.kit.answers import answered, key_of
from prilavok.language.comment.reading import read_comment


class Question(msgspec.Struct):
    text: str
    key: Any = None
    lang: str | None = None


def understand_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """One answer a question, in order, each ending in a newline; a bad question is answered with its error."""
    return answered(lines, answer)


def answer(line: bytes) -> bytes:
    try:
        question = msgspec.json.decode(line, type=Question)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return msgspec.json.encode({"key": key_of(line), "error": str(error) or repr(error)})
    reading = read_comment(question.text, question.lang or "")
    return msgspec.json.encode({"key": question.key, "labels": labels(reading), "calls_wait": reading.calls_wait})
