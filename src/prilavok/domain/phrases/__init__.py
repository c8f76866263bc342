"""What the shop says by itself: built-in texts as data, the owner's own in their place, and what may be pressed.

A text never shows a hole: where something is not known, an alternative is said, or the whole sentence is left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from string import Formatter
from types import ModuleType

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.message import Button
from prilavok.domain.phrases import en, ru, uk
from prilavok.domain.phrases.length import is_short
from prilavok.domain.phrases.phrase import Phrase

BOOKS: Mapping[str, ModuleType] = {"ru": ru, "uk": uk, "en": en}
KINDS = tuple(en.TEXTS)
VARIABLES = frozenset(
    {"shop", "number", "total", "due", "day", "from", "to", "place", "reason", "carrier", "tracking", "link", "name"}
    | {"courier", "called_at"}
)
ACTS: Mapping[str, tuple[str, ...]] = {  # what the customer may press; `pay` and `see` are links
    "placed.tap": ("confirm", "change", "cancel"),
    "placed.prepay": ("pay",),
    "placed.slot": ("slot",),
    "confirmed.slot": ("slot",),
    "confirm_again": ("confirm", "change", "cancel"),
    "prepay_request": ("pay",),
    "payment_reminder": ("pay",),
    "payment_failed": ("pay",),
    "slot_offer": ("slot",),
    "slot_reminder": ("ok", "slot"),
    "failed_attempt": ("slot",),
    "courier_no_answer": ("slot",),
    "delayed": ("ok", "cancel"),
}
SAMPLES: Mapping[str, Mapping[str, str]] = {language: book.SAMPLE for language, book in BOOKS.items()}  # for previews
LINKS = frozenset({"pay", "see"})
SENTENCE = re.compile(r"(?<=[.!?…])\s+")
OwnTexts = Mapping[tuple[str, str, str], str]  # (kind, language, channel or "") → the owner's text


@dataclass(frozen=True, slots=True)
class Rendered:
    """`choices` are what a number answers to, where there are no buttons: the first is 1."""

    text: str
    buttons: tuple[Button, ...] = ()
    choices: tuple[Button, ...] = ()


def render(
    kinds: Sequence[str],
    language: str,
    able: Capabilities,
    values: Mapping[str, str],
    own_texts: OwnTexts,
    *,
    order_id: str = "",
    stop: str = "",
    channel: str = "",
    greeted: bool = False,
) -> Rendered:
    """One message about everything in `kinds`, the first of which leads. `values` are VARIABLES, as they are read;
    `order_id` is what buttons speak of; `stop` the address that ends such messages, for what is not transactional;
    `channel` the word for it, where the capabilities have none; `greeted`: a greeting of ours stands above it, so
    the chat goes on without another.
    """
    book = BOOKS[language]
    known = {name: value for name, value in values.items() if value}
    short = is_short(able)
    channel = channel or able.medium
    first, *others = kinds
    own = _own(first, language, channel, known, own_texts)
    greeted = greeted and not short and not able.subject
    text = own or (_capital(said(phrase_of(book, first), known, short=False)) if greeted else "")
    text = text or _greeted(book, first, known, short=short)
    for other in others:
        more = _own(other, language, channel, known, own_texts) or said(phrase_of(book, other), known, short=short)
        text = f"{text} {_capital(more)}" if more else text
    if not own and not short and (then := _filled(phrase_of(book, first).then, known)):
        text = f"{text} {then}"
    rendered = _with_acts(book, text, [act for kind in kinds for act in acts_of(kind)], able, known, order_id)
    if stop:
        return Rendered(f"{rendered.text}\n{book.STOP.format(unsubscribe=stop)}", rendered.buttons, rendered.choices)
    return rendered


def acts_of(kind: str) -> tuple[str, ...]:
    return ACTS.get(kind, ())


def phrase_of(book: ModuleType, kind: str) -> Phrase:
    """The built-in words; of a kind nobody has words for, that something has changed."""
    texts: Mapping[str, Phrase] = book.TEXTS
    return texts.get(kind) or texts["changed"]


def built_in(kind: str, language: str, *, short: bool) -> str:
    """The words as an owner sees them, with their variables and alternatives."""
    book = BOOKS[language]
    phrase = phrase_of(book, kind)
    return f"{{shop}}: {phrase.short}" if short else f"{book.HELLO}{phrase.what} {phrase.then}".strip()


def said(phrase: Phrase, known: Mapping[str, str], *, short: bool) -> str:
    return _filled(phrase.short if short else phrase.what, known)


def subject(language: str, number: str) -> str:
    return BOOKS[language].SUBJECT.format(number=number) if number else ""


def day_in_words(day: date, language: str) -> str:
    """«24 ноября», "24 November"."""
    return f"{day.day} {BOOKS[language].MONTHS[day.month - 1]}"


def called_about(kind: str, language: str) -> str:
    """Why somebody called, as the end of a sentence; empty when the matter has no words of its own."""
    return str(BOOKS[language].CALLED_ABOUT.get(kind, ""))


def holes(text: str) -> list[str]:
    """Names in braces that are no variables, for whoever writes a text of their own."""
    return sorted(_variables(text) - VARIABLES)


def _greeted(book: ModuleType, kind: str, known: Mapping[str, str], *, short: bool) -> str:
    hello: str = "{shop}: " if short else book.HELLO
    return hello.format(shop=known.get("shop", "")) + said(phrase_of(book, kind), known, short=short)


def _own(kind: str, language: str, channel: str, known: Mapping[str, str], own_texts: OwnTexts) -> str:
    """The owner's words without the sentences of which something is not known."""
    text = own_texts.get((kind, language, channel)) or own_texts.get((kind, language, ""))
    if not text:
        return ""
    lines = [" ".join(filter(None, (_filled(one, known) for one in SENTENCE.split(line)))) for line in text.split("\n")]
    return "\n".join(lines).strip()


def _filled(text: str, known: Mapping[str, str]) -> str:
    """The first alternative that says nothing unknown; empty without one."""
    for alternative in text.split(" | "):
        if _variables(alternative) <= known.keys():
            return _put(alternative, known).strip()
    return ""


def _put(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: known[found[1]], text)


def _variables(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:  # a brace of an owner's that opens nothing
        return {"{"}


def _with_acts(
    book: ModuleType, text: str, acts: Iterable[str], able: Capabilities, known: Mapping[str, str], order_id: str
) -> Rendered:
    """Buttons where the channel has them, numbers where it can be answered, an address where it has neither."""
    labels: Mapping[str, str] = book.LABELS
    link = known.get("link", "")
    wanted = [act for act in dict.fromkeys(acts) if (link if act in LINKS else order_id)]
    if not wanted:
        return Rendered(text)
    if len(wanted) <= able.buttons:
        return Rendered(text, tuple(_button(act, labels, order_id, link) for act in wanted))
    pressed = [act for act in wanted if act not in LINKS]
    if pressed and _answerable(able):
        choices = tuple(_button(act, labels, order_id, link) for act in pressed)
        listed = ", ".join(f"{number} — {one.text.lower()}" for number, one in enumerate(choices, 1))
        listed = listed if not is_short(able) else listed.replace(" — ", " - ")
        return Rendered(f"{text} {book.ANSWER.format(choices=listed)}", choices=choices)
    if not link:
        return Rendered(text)
    words = [labels[act].lower() for act in wanted]
    either: str = book.OR
    listed = _capital(", ".join(words[:-1]) + either + words[-1] if len(words) > 1 else words[0])
    return Rendered(f"{text}\n{listed}: {link}" if not is_short(able) else f"{text} {link}")


def _button(act: str, labels: Mapping[str, str], order_id: str, link: str) -> Button:
    if act in LINKS:
        return Button(labels[act], url=link)
    return Button(labels[act], data=f"o:{order_id}:{act}")


def _answerable(able: Capabilities) -> bool:
    """Whether a number can come back as an answer of its own. In mail it would stand above a quoted letter."""
    return (able.hooked or able.polled or able.direct) and not able.html


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
