"""Text that every database takes: without NUL and without halves of a surrogate pair."""

import hashlib
import re
from typing import Any

LONGEST_KEY = 500  # characters; an index of PostgreSQL ends at 2,700 bytes
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with a replacement character where a database would refuse it; nearly always the very same object."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def storable_tree(value: Any) -> Any:
    """The same for every string in nested lists and dictionaries."""
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable_tree(key): storable_tree(inner) for key, inner in value.items()}
        case list() | tuple():
            return [storable_tree(inner) for inner in value]
        case _:
            return value


def key_of(text: str) -> str:
    """The text itself, or, of one too long for an index, its beginning and a hash of the whole."""
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 70]}#{hashlib.sha256(text.encode()).hexdigest()}"
