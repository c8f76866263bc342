"""Word forms of Russian and Ukrainian, cut back to the word: pymorphy3, opened when the first word is asked for."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

FORMS = 262_144  # a shop's vocabulary; about 60 MiB when it is full
UNLIKELY = 0.08
MOST = 4


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a word: the dictionary form and its grammemes (OpenCorpora's names: impr, INFN, perf …)."""

    lemma: str
    grammemes: frozenset[str]


@cache
def _dictionary(language: str) -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang=language)


@lru_cache(maxsize=FORMS)
def forms(word: str, language: str) -> tuple[Form, ...]:
    """How the dictionary of `language` (ru, uk) reads a word in lower case; empty when it does not have it."""
    dictionary = _dictionary(language)
    if not dictionary.word_is_known(word):
        return ()
    found = (parse for parse in dictionary.parse(word)[:MOST] if parse.score >= UNLIKELY)
    return tuple(Form(parse.normal_form, _grammemes(parse)) for parse in found)


def every_form(lemma: str, language: str) -> set[str]:
    """All forms of a word, or the word itself when the dictionary does not have it."""
    dictionary = _dictionary(language)
    if not dictionary.word_is_known(lemma):
        return {lemma}
    best = next((parse for parse in dictionary.parse(lemma) if parse.normal_form == lemma), None)
    return {lemma} if best is None else {form.word for form in best.lexeme}


def _grammemes(parse: Any) -> frozenset[str]:
    return frozenset(str(parse.tag).replace(" ", ",").split(","))
