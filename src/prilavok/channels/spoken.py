"""The truth table in the language of whoever reads it: titles and help of channels and of their settings; those of
sources of orders too, whose words lie in `guide/sources.LANGUAGE.toml`.

The words lie beside the steps of the set-up, in `guide/LANGUAGE.toml`: the English text and what it is called there.
What is not in it stays as it is, so a channel of somebody else's speaks English until it is told otherwise.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from prilavok.channels.guide import DOCS

SAID = ("title", "summary", "description")


def spoken(rows: Sequence[Mapping[str, Any]], language: str, of: str = "") -> list[dict[str, Any]]:
    """Rows of the table; every choice of a setting has a title, and they stand in the order of the words. `of`: whose
    words, `sources.` for sources of orders.
    """
    words = {**words_of(f"{of}en"), **words_of(f"{of}{language}")}
    return [{**_said(row, words), "config_schema": _deeply(row["config_schema"], words)} for row in rows]


@cache
def words_of(language: str) -> Mapping[str, str]:
    path = DOCS / "guide" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _deeply(schema: Any, words: Mapping[str, str]) -> Any:
    if isinstance(schema, list):
        return [_deeply(one, words) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    told = _said({key: value if key == "default" else _deeply(value, words) for key, value in schema.items()}, words)
    if "enum" in told:
        order = list(words)  # the schema has them by the alphabet, which is no order of days
        known = {one: words[str(one)] for one in told["enum"] if str(one) in words}
        told["enum"] = sorted(told["enum"], key=lambda one: order.index(str(one)) if one in known else len(order))
        told["enum_titles"] = {str(one): title for one, title in known.items()}
    return told


def _said(row: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """A property may itself be called `title`: only what is a text is a text to translate."""
    return {
        key: words.get(value, value) if key in SAID and isinstance(value, str) else value for key, value in row.items()
    }
