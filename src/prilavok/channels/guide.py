"""What to press at the vendor's before an inbox works: the numbered list of the channel's page in docs/channels.

The page itself is the English text; `guide/LANGUAGE.md` beside it holds the same lists in another language, one heading
a channel. Sources of orders have theirs in `guide/sources.LANGUAGE.md`, English too. A wheel carries these pages along.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import dedent

PACKED = Path(__file__).with_name("docs")
DOCS = PACKED if PACKED.is_dir() else Path(__file__).resolve().parents[3] / "docs" / "channels"
SET_UP = re.compile(r"^## Set(?:ting)? it up\n(.*?)(?=^## |^<!-- generated|\Z)", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^\d+\. (.*(?:\n(?!\d+\. |\n).*)*)", re.MULTILINE)
BLOCK = re.compile(r"^ *```\n(.*?)\n *```$", re.MULTILINE | re.DOTALL)  # lines of somebody's settings
HERE = re.compile(r"^In Prilavok: Settings → Inboxes → .*?\. (?=[A-Z*])")  # whoever reads the step is there already
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)[^)]*\)")  # to another page of the documentation


def steps(kind: str, language: str) -> tuple[str, Sequence[str]]:
    """The language that there is, and its steps: lines with `code`, *words on a screen* and [links](https://…)."""
    told = _told(language).get(kind) if language != "en" else None
    return (language, told) if told else ("en", _of_page(kind))


def source_steps(kind: str, language: str) -> tuple[str, Sequence[str]]:
    """The same for a shop platform or a carrier; none for one of somebody else's."""
    told = _told(f"sources.{language}").get(kind)
    return (language, told) if told else ("en", _told("sources.en").get(kind, ()))


@cache
def _of_page(kind: str) -> Sequence[str]:
    path = DOCS / f"{kind}.md"
    found = SET_UP.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    return read(found[1]) if found else ()


@cache
def _told(page: str) -> dict[str, Sequence[str]]:
    path = DOCS / "guide" / f"{page}.md"
    if not path.is_file():
        return {}
    parts = re.split(r"^## (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {kind: read(text) for kind, text in zip(parts[::2], parts[1::2], strict=True)}


def read(text: str) -> Sequence[str]:
    """The numbered lines of a text, each in one line but for code; links within the documentation are words."""
    return tuple(_step(one) for one in STEP.findall(text))


def _step(text: str) -> str:
    said, *rest = BLOCK.split(text)
    parts = [_line(said)]
    for code, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [f"`{dedent(code)}`", _line(after)]
    return HERE.sub("", " ".join(filter(None, parts)))


def _line(text: str) -> str:
    return LINK.sub(r"\1", " ".join(text.split()))
