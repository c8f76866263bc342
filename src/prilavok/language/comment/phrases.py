"""A small language for phrases, so that the tables of rules can be read aloud.

"NOT CALLV"          two words in a row, by their keys
"брать|взять трубка" one of several keys
"в? дверь"           may be there or not
"A .. B"             up to three words between, within one clause; "..." up to seven, within one sentence
"!IF CALLV"          the word before is not that (only at the beginning); "CALLV !BELL" the word after (at the end)
"A&B", "A~B"         both keys; the first but not the second
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prilavok.language.comment.tokens import Token


class Hit(NamedTuple):
    """Tokens `first` to `last` (exclusive), and what the table says of such a phrase."""

    first: int
    last: int
    value: str


@dataclass(frozen=True, slots=True)
class _Step:
    fits: Callable[[frozenset[str]], bool]
    first_keys: tuple[str, ...]
    optional: bool = False
    gap: int = 0


class Phrases:
    """A table: value → phrases. Looked for at every word; the longest hit of a value at a word counts."""

    def __init__(self, table: dict[str, str]) -> None:
        """`table`: value → phrases, one a line."""
        self._by_key: dict[str, list[tuple[str, list[_Step], _Step | None, _Step | None]]] = defaultdict(list)
        for value, lines in table.items():
            for line in filter(None, map(str.strip, lines.splitlines())):
                self._add(value, line.split())

    def find(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        for first, token in enumerate(tokens):
            for key in token.keys:
                for value, steps, before, after in self._by_key.get(key, ()):
                    if before is not None and first and before.fits(tokens[first - 1].keys):
                        continue
                    last = _match(tokens, first, steps, 0)
                    if last is None or (after is not None and last < len(tokens) and after.fits(tokens[last].keys)):
                        continue
                    yield Hit(first, last, value)

    def _add(self, value: str, words: list[str]) -> None:
        before = _step(words.pop(0)[1:]) if words[0].startswith("!") else None
        after = _step(words.pop()[1:]) if words[-1].startswith("!") else None
        steps: list[_Step] = []
        for word in words:
            if word in {"..", "..."}:
                steps.append(_Step(_anything, (), gap=3 if word == ".." else 7))
            else:
                steps.append(_step(word))
        while True:
            for key in steps[0].first_keys:
                self._by_key[key].append((value, steps, before, after))
            if not steps[0].optional:
                return
            steps = steps[1:]


def _step(word: str) -> _Step:
    optional = word.endswith("?") and len(word) > 1
    parts = word.removesuffix("?").split("|")
    plain = frozenset(part for part in parts if "&" not in part and "~" not in part)
    tests = [_test(part) for part in parts if part not in plain]
    keys = tuple(part.partition("~")[0].partition("&")[0] for part in parts)
    if not tests:
        return _Step(lambda found: not plain.isdisjoint(found), keys, optional=optional)
    return _Step(
        lambda found: not plain.isdisjoint(found) or any(test(found) for test in tests), keys, optional=optional
    )


def _test(part: str) -> Callable[[frozenset[str]], bool]:
    """ "A&B~C": both, but not the third."""
    wanted_text, _, unwanted = part.partition("~")
    wanted = frozenset(wanted_text.split("&"))
    return lambda found: wanted <= found and (not unwanted or unwanted not in found)


def _anything(_keys: frozenset[str]) -> bool:
    return True


def _match(tokens: Sequence[Token], at: int, steps: Sequence[_Step], step: int) -> int | None:
    """Where the rest of the phrase ends when it begins at `at`."""
    if step == len(steps):
        return at
    now = steps[step]
    if now.gap:
        return _after_gap(tokens, at, steps, step)
    if at < len(tokens) and now.fits(tokens[at].keys) and _joined(tokens, at, step):
        end = _match(tokens, at + 1, steps, step + 1)
        if end is not None:
            return end
    return _match(tokens, at, steps, step + 1) if now.optional else None


def _after_gap(tokens: Sequence[Token], at: int, steps: Sequence[_Step], step: int) -> int | None:
    if not at:
        return None
    before, gap = tokens[at - 1], steps[step].gap
    for end in range(at, min(at + gap, len(tokens) - 1) + 1):
        token = tokens[end]
        if token.sentence != before.sentence or (gap == 3 and token.clause != before.clause):
            return None
        found = _match(tokens, end, steps, step + 1)
        if found is not None:
            return found
    return None


def _joined(tokens: Sequence[Token], at: int, step: int) -> bool:
    return step == 0 or at == 0 or tokens[at].sentence == tokens[at - 1].sentence
