"""JSON lines in, JSON lines out: what every `prilavok understand` has in common."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec


def answered(lines: Iterable[bytes], answer: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """One answer a question, in order, each ending in a newline; empty lines are passed over."""
    for line in lines:
        if line.strip():
            yield answer(line) + b"\n"


def key_of(line: bytes) -> Any:
    """The key of a question that cannot be read otherwise."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return found.get("key") if isinstance(found, dict) else None
