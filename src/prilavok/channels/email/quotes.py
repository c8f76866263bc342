"""What the person wrote this time, apart from the quoted history and the signature."""

import re
from dataclasses import dataclass

from prilavok.channels.email.attribution import SEPARATOR, attribution, header_block, history_block
from prilavok.channels.email.lines import MOST_LINES, Line, Mark, from_text, to_text
from prilavok.channels.email.quotes_html import from_html
from prilavok.channels.email.signatures import signature_start

MOST_ATTEMPTS = 3000  # lines of a person's own: nobody writes more above the history
GREETED = re.compile(
    r"^\W*(?:здравствуйте|добрый|доброго|привет|вітаю|добрий|hello|hi|dear|доброе)\b.{0,60}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cut:
    """`visible` and `folded` together are the whole text; with answers between quotes `folded` repeats it whole."""

    visible: str
    folded: str = ""
    interleaved: bool = False


def cut_mail(plain: str, markup: str, *, author: str = "") -> tuple[str, Cut]:
    """(the whole text, what to show of it). Where a mail has both forms, the one that found more to fold wins."""
    if not plain.strip():
        lines = from_html(markup)
        return to_text(lines), cut_lines(lines, author=author)
    lines = from_text(plain)
    whole = to_text(lines)
    by_text = cut_lines(lines, author=author)
    if not markup:
        return whole, by_text
    by_markup = cut_lines(from_html(markup), author=author)
    return whole, better(whole, by_text, by_markup)


def better(whole: str, by_text: Cut, by_markup: Cut) -> Cut:
    text, markup = letters(by_text.visible), letters(by_markup.visible)
    if not markup or text == markup:
        return by_text
    if len(markup) < len(text) and text.startswith(markup):
        # The markup knew where the history begins and the plain form did not show it.
        end = position_after(len(markup), by_text.visible)
        visible = by_text.visible[:end].rstrip()
        return Cut(visible, after(whole, visible), by_text.interleaved)
    if by_text.visible == whole and by_markup.folded and len(markup) < len(text):
        return by_markup
    return by_text


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def position_after(count: int, visible: str) -> int:
    """The index in `visible` after its first `count` letters and the punctuation that follows on the same line."""
    seen = 0
    for index, char in enumerate(visible):
        if seen >= count:
            rest = re.compile(r"[^\w\n]*").match(visible, index)
            return rest.end() if rest else index
        if char.isalnum():
            seen += 1
    return len(visible)


def after(whole: str, visible: str) -> str:
    return whole[len(visible) :].strip("\n") if whole.startswith(visible) else whole


def cut_lines(lines: list[Line], *, author: str = "") -> Cut:
    hidden = history(lines[:MOST_LINES]) + [True] * max(0, len(lines) - MOST_LINES)
    own = stretches(hidden)
    for start, end in own:
        cut = start + signature_start(lines[start:end], author=author)
        hidden[cut:end] = [True] * (end - cut)
    shown = [to_text(lines[start:end]) for start, end in stretches(hidden)]
    visible = "\n\n".join(text for text in shown if text.strip())
    whole = to_text(lines)
    if not visible.strip():
        visible = without_signature_only(lines, author)
        return Cut(visible, "" if visible == whole else after(whole, visible))
    interleaved = sum(bool(text.strip()) for text in shown) > 1
    folded = whole if interleaved else to_text([line for line, gone in zip(lines, hidden, strict=True) if gone])
    return Cut(visible, folded, interleaved)


def without_signature_only(lines: list[Line], author: str) -> str:
    """Nothing but history: a forward without a comment is shown as it is, without the forwarder's signature on top."""
    for index in range(min(len(lines), 40)):
        if history_block(lines, index):
            above = [line for line in lines[:index] if not line.blank]
            if above and signature_start(lines[:index], author=author) < index:
                return to_text(lines[index:])
            break
    return to_text(lines)


def stretches(hidden: list[bool]) -> list[tuple[int, int]]:
    """The runs of lines that are not hidden."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for index, gone in enumerate([*hidden, True]):
        if gone and start is not None:
            found.append((start, index))
            start = None
        elif not gone and start is None:
            start = index
    return found


def history(lines: list[Line]) -> list[bool]:
    """For every line whether it belongs to the history."""
    hidden = [False] * len(lines)
    index = attempts = 0
    while index < len(lines):
        line = lines[index]
        if line.quoted or (line.mark is Mark.HISTORY and not SEPARATOR.match(line.text)):
            hidden[index] = True
            index += 1
            continue
        if history_block(lines, index):
            if line.mark is Mark.CUT or not answered_below(lines, index):
                hidden[index:] = [True] * (len(lines) - index)
                break
            length = max(1, history_block(lines, index))
            hidden[index : index + length] = [True] * length
            index += length
            continue
        count = attribution(lines, index) if attempts < MOST_ATTEMPTS else 0
        if not count:
            attempts += not line.blank
            index += 1
            continue
        hidden[index : index + count] = [True] * count
        index += count
        if not quote_follows(lines, index):
            hidden[index:] = [True] * (len(lines) - index)
            break
    rejoin_wrapped(lines, hidden)
    return hidden


def quote_follows(lines: list[Line], index: int) -> bool:
    """Whether what comes next carries quote marks: then unmarked lines further down are answers."""
    for line in lines[index : index + 8]:
        if line.quoted or line.mark is Mark.HISTORY:
            return True
        if not line.blank and not header_block([line], 0, least=1):
            return False
    return False


def answered_below(lines: list[Line], index: int) -> bool:
    """A separator whose history is marked line by line and followed by the answer (bottom posting)."""
    if any(not line.blank and not GREETED.match(line.text) for line in lines[:index]):
        return False
    below = lines[index + max(1, history_block(lines, index)) :]
    filled = [line for line in below if not line.blank]
    return bool(filled) and filled[0].quoted and not filled[-1].quoted


def rejoin_wrapped(lines: list[Line], hidden: list[bool]) -> None:
    """A quoted line too long for some program on the way goes on unmarked in the next line."""
    for index in range(1, len(lines) - 1):
        line, above, below = lines[index], lines[index - 1], lines[index + 1]
        if hidden[index] or line.blank or not (above.quoted and below.quoted):
            continue
        if (
            len(above.text) >= 60
            and len(line.text) <= 40
            and above.text.strip("> ")
            and not above.text.rstrip().endswith((".", "?", "!", ":"))
        ):
            hidden[index] = True
