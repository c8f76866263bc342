"""What a word of a comment means to the rules: its forms, its grammar and its concepts, as one set of keys.

Lower case: the word and its dictionary forms. Upper case: concepts of the lexicon and grammar (IMPER, INF, PERF …).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby, islice
from typing import Any

from snowballstemmer import stemmer

from prilavok.language.comment import lexicon, slips
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.translit import spellings
from prilavok.language.morphology import every_form, forms

WORDS = 65_536
GRAMMAR = {
    "impr": "IMPER", "INFN": "INF", "infn": "INF", "perf": "PERF", "impf": "IMPF", "past": "PAST", "1per": "P1",
    "2per": "P2", "3per": "P3", "datv": "DAT", "NOUN": "NOUN", "VERB": "VERB", "GRND": "GRND", "ADJF": "ADJ",
    "Name": "NAME", "Surn": "NAME", "gent": "GEN", "femn": "FEM",
}  # fmt: skip
CHANNELS = ("telegram", "whatsapp", "viber", "sms", "email", "vk")
STEMS = [(re.compile(pattern), frozenset(keys.split())) for pattern, keys in slips.STEMS]
FAMILIES = [(re.compile(pattern), frozenset(keys.split())) for pattern, keys in slips.FAMILIES]
JOINED = re.compile(r"(?:не|ни|ні|dont|donot|ne|no)(?=\w{4})")
UKRAINIAN, RUSSIAN = re.compile("[іїєґ]"), re.compile("[ыэъё]")
NOTHING: frozenset[str] = frozenset()


def with_keys(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens with their keys; "незвонить" becomes two of them."""
    english: dict[int, bool] = {}
    for sentence, inside in groupby(tokens, key=lambda token: token.sentence):
        english[sentence] = _latin_is_english(inside)
    keyed: list[Token] = []
    for token in tokens:
        latin = english[token.sentence]
        if token.kind != "word":
            keyed.append(replace(token, keys=_unspoken(token)))
            continue
        low, keys = spelled(token.low, language, english=latin)
        if low != token.low:
            token = replace(token, low=low)  # noqa: PLW2901
        joined = JOINED.match(token.low) if not (forms(token.low, "ru") or forms(token.low, "uk")) else None
        length = joined.end() if joined else 0
        rest = spelled(token.low[length:], language, english=latin)[1] if joined else NOTHING
        if rest & {"CALLV", "CALLN", "NEED", "BOTHER", "WRITE", "LEAVE", "HEAR"}:
            keyed += _parted(token, length, rest)
        else:
            keyed.append(replace(token, keys=keys | {token.low, "WORD"}))
    return keyed


def _parted(token: Token, length: int, rest: frozenset[str]) -> tuple[Token, Token]:
    cut = token.start + length
    no = replace(token, end=cut, low="не", raw=token.raw[:length], keys=frozenset({"не", "NOT", "WORD"}))
    return no, replace(token, start=cut, low=token.low[length:], raw=token.raw[length:], gap="", keys=rest)


def language_of(text: str, hint: str) -> str:
    """ru, uk or en; of Cyrillic without a telling letter, the hint or Russian."""
    low = text.lower()
    ukrainian, russian = len(UKRAINIAN.findall(low)), len(RUSSIAN.findall(low))
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru"
    if hint in {"ru", "uk", "en"}:
        return hint
    letters = [letter for letter in low if letter.isalpha()]
    return "en" if letters and sum(letter < "\u0400" for letter in letters) * 2 > len(letters) else "ru"


@lru_cache(maxsize=WORDS)
def spelled(word: str, language: str, *, english: bool) -> tuple[str, frozenset[str]]:
    """The word, in Cyrillic when it was transliterated, and its keys; no keys when nobody knows it."""
    if word.isascii():
        return _latin(word, language, english=english)
    return word, _exact(word, language) or _guessed(word)


def _latin(word: str, language: str, *, english: bool) -> tuple[str, frozenset[str]]:
    plain = word.replace("'", "")
    direct = concepts().get(word, NOTHING) | concepts().get(plain, NOTHING)
    if english or word in CHANNELS:
        if word.endswith("in") and word + "g" in concepts():
            word += "g"  # "ringin"
        stem = _stemmer().stemWord(word)
        keys = direct | concepts().get(stem, NOTHING) | (NOTHING if direct else _stems().get(stem, NOTHING)) | {stem}
        known = word in _english() or len(keys) > 1
        return word, keys | {"ENGLISH"} if known or english else keys
    for spelling in islice(spellings(word), 60):
        if keys := _exact(spelling, language):
            soft = _exact(spelling + "ь", language) if spelling.endswith("т") else NOTHING
            return spelling, keys | soft
    for spelling in islice(spellings(word), 4):
        if keys := _guessed(spelling):
            return spelling, keys
    return word, direct


def _exact(word: str, language: str) -> frozenset[str]:
    """By the lexicon and the dictionaries of both languages, the text's own first."""
    found = set(concepts().get(word, NOTHING))
    for each in ("uk", "ru") if language == "uk" else ("ru", "uk"):
        read = forms(word, each)
        for form in read:
            lemma = form.lemma.replace("ё", "е")
            found |= {lemma, *concepts().get(lemma, NOTHING)}
            found |= {GRAMMAR[name] for name in form.grammemes if name in GRAMMAR}
        if read:
            break
    for pattern, keys in FAMILIES:
        if any(pattern.fullmatch(each) for each in found if each.islower()):
            found |= keys
    return frozenset(found)


def _guessed(word: str) -> frozenset[str]:
    for pattern, keys in STEMS:
        if pattern.fullmatch(word):
            mood = {"IMPER"} if word.endswith(("те", "ть", "іть", "и", "і")) and not word.endswith("ить") else set()
            mood |= {"INF"} if word.endswith(("ить", "ити", "ать", "ати", "ыть")) else set()
            return keys | mood
    if len(word) < 5:
        return NOTHING
    near = {form for cut in _cuts(word) for form in _misspelt().get(cut, ()) if abs(len(form) - len(word)) <= 1}
    best = sorted(near, key=lambda form: (len(form) != len(word), form[0] != word[0], form))
    for form in best[:1]:
        keys = _exact(form, "ru") | _exact(form, "uk")
        return keys - {form}
    return NOTHING


def _unspoken(token: Token) -> frozenset[str]:
    kinds = {"number": "NUM", "phone": "NUMBER", "address": "ADDR", "sign": "SIGN"}
    return frozenset({kinds[token.kind], token.low})


def _latin_is_english(tokens: Iterable[Token]) -> bool:
    """Whether the Latin words of a text are English rather than transliterated."""
    latin = [token.low for token in tokens if token.kind == "word" and token.low.isascii()]
    if not latin:
        return True
    english = sum(word in _english() for word in latin)
    cyrillic = 0
    for word in latin:
        if word in _english() or len(word) < 2 or word in concepts():
            continue
        cyrillic += any(_exact(spelling, "ru") for spelling in islice(spellings(word), 24))
    if not english and not cyrillic:
        first = [next(iter(spellings(word)), "") for word in latin]
        cyrillic = sum(bool(_guessed(word) or (JOINED.match(word) and _exact(word[2:], "ru"))) for word in first)
    return english >= cyrillic


@cache
def concepts() -> dict[str, frozenset[str]]:
    """Word → its concepts."""
    found = defaultdict[str, set[str]](set)
    for line in lexicon.WORDS.splitlines():
        concept, _, words = line.partition(":")
        for word in words.split():
            found[word.replace("ё", "е")].add(concept)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def _english() -> frozenset[str]:
    return frozenset(lexicon.ENGLISH) | {word for word in concepts() if word.isascii()} - set(CHANNELS)


@cache
def _stems() -> dict[str, frozenset[str]]:
    """English stem → concepts of all words that have it."""
    found = defaultdict[str, set[str]](set)
    for word, names in concepts().items():
        if word.isascii() and word.isalpha() and len(word) > 4:
            found[_stemmer().stemWord(word)] |= names
    return {stem: frozenset(names) for stem, names in found.items()}


@cache
def _stemmer() -> Any:
    return stemmer("english")


@cache
def _misspelt() -> dict[str, list[str]]:
    """Every form of the core words, under itself and under itself less one letter."""
    found = defaultdict[str, list[str]](list)
    for line in slips.CORE:
        language, _, words = line.partition(": ")
        for word in words.split():
            for form in every_form(word, language):
                if len(form) >= 5:
                    for cut in _cuts(form):
                        found[cut].append(form)
    return dict(found)


def _cuts(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
