"""A second opinion on comments in which the rules saw nothing about calls: how likely is a refusal?

A small logistic regression over hashed features: words, concepts, neighbours, and which concepts meet in one
proposition. `python -m benchmarks.comment_hunch` learns its weights from the labelled comments.
"""

from collections.abc import Iterator, Sequence
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
PLAIN = frozenset(GRAMMAR.values()) | {"WORD", "ENGLISH"}
SILENT = frozenset({"WORD", "ENGLISH", "NOUN", "GEN", "FEM", "DAT", "ADJ"})


def refusal_hunch(tokens: Sequence[Token]) -> float:
    """How likely it is that every call is refused; 0 to 1."""
    weights = _weights()
    total = (weights[0] + sum(weights[1 + bucket] for bucket in features(tokens))) / SCALE
    return 1 / (1 + exp(-max(-40.0, min(40.0, total))))


def features(tokens: Sequence[Token]) -> list[int]:
    """Buckets, each once, in order."""
    return sorted({crc32(said.encode()) % BUCKETS for said in _said(tokens)})


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


@cache
def _weights() -> memoryview:
    """A bias, then one weight a bucket, as signed bytes."""
    return memoryview(files(__package__).joinpath("hunch.bin").read_bytes()).cast("b")
