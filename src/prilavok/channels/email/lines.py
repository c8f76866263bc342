"""A mail's text as lines that know what they are: the common ground of plain and HTML mails."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_LINES = 20_000

# "> " is everybody's mark; The Bat! puts the initials before it: "AB> ".
QUOTE_MARK = re.compile(r"^ ?>|^\s{0,2}[A-ZА-ЯІЇЄҐ][\wА-яІіЇїЄє]{0,3}>(?=[\s>]|$)")


class Mark(StrEnum):
    """What a mail program itself said about a line, in its markup."""

    NONE = ""
    SIGNATURE = "signature"
    HISTORY = "history"
    BORDER = "border"  # a line is drawn above it; history only if it also begins like history
    CUT = "cut"  # this line and all that follow are history


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    quoted: bool = False
    mark: Mark = Mark.NONE

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def from_text(text: str) -> list[Line]:
    """At most MOST_LINES lines; the last of them holds all the rest of a longer text."""
    return [Line(line, bool(QUOTE_MARK.match(line))) for line in text.replace("\u00a0", " ").split("\n", MOST_LINES)]


def to_text(lines: list[Line]) -> str:
    """Without blanks at line ends, without blank lines at both ends, at most two blank lines in a row."""
    text = "\n".join(line.text.rstrip() for line in lines)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")
