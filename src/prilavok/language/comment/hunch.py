"""A second opinion on comments of which the rules understood nothing about calls, or nothing that needs a person.

Two small logistic regressions over hashed features: words, concepts, neighbours, and which concepts meet in one
proposition. `python -m benchmarks.comment_hunch` learns their weights from the labelled comments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from math import exp
from zlib import crc32

from prilavok.language.comment.keys import GRAMMAR
from prilavok.language.comment.polarity import Propositions
from prilavok.language.comment.tokens import Token

BUCKETS = 1 << 13
SCALE = 24.0  # a weight of one is stored as 24
QUESTIONS = ("never", "needs_human")
MOST_FEATURES = 4_000
PLAIN = frozenset(GRAMMAR.values()) | {"WORD", "ENGLISH"}
SILENT = frozenset({"WORD", "ENGLISH", "NOUN", "GEN", "FEM", "DAT", "ADJ"})


@dataclass(frozen=True, slots=True)
class Hunch:
    """How likely it is that every call is refused, and that a person must act; 0 to 1."""

    never: float
    needs_human: float


def hunch(tokens: Sequence[Token]) -> Hunch:
    seen = features(tokens)
    never, human = (_likely(bank, seen) for bank in _weights())
    return Hunch(never, human)


def features(tokens: Sequence[Token]) -> list[int]:
    """Buckets, each once, in order."""
    found: set[int] = set()
    for said in _said(tokens):
        found.add(crc32(said.encode()) % BUCKETS)
        if len(found) >= MOST_FEATURES:
            break
    return sorted(found)


def _said(tokens: Sequence[Token]) -> Iterator[str]:
    names = []
    for token in tokens:
        for key in token.keys:
            if len(key) > 1 and key not in {"WORD", "ENGLISH"}:
                yield key
        concepts = sorted(key for key in token.keys if key.isupper() and key not in PLAIN)
        called = {"CALLV", "CALLN"}.intersection(concepts)
        names.append("CALL" if called else concepts[0] if concepts else token.low)
    for one, two in pairwise(names):
        yield f"{one} {two}"
    for first, last in Propositions(tokens).bounds:
        inside = {key for token in tokens[first:last] for key in token.keys if key.isupper()} - SILENT
        for one, two in combinations(sorted(inside), 2):
            yield f"{one}+{two}"


def _likely(bank: Sequence[int], seen: Sequence[int]) -> float:
    total = (bank[0] + sum(bank[1 + bucket] for bucket in seen)) / SCALE
    return 1 / (1 + exp(-max(-40.0, min(40.0, total))))


@cache
def _weights() -> tuple[memoryview, ...]:
    """For each question a bias and one weight a bucket, as signed bytes."""
    stored = memoryview(files(__package__).joinpath("hunch.bin").read_bytes()).cast("b")
    size = BUCKETS + 1
    return tuple(stored[number * size : (number + 1) * size] for number in range(len(QUESTIONS)))
