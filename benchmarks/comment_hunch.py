"""`python -m benchmarks.comment_hunch`: learns the second opinion on order comments, or cross-validates it.

Pure Python, deterministic, well under a minute. It learns from the labelled comments only, never from what the rules
say of them. Refusals are many and made to measure: together they weigh as much as in the labelled comments.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from benchmarks.comment_accuracy import corpus
from prilavok.language.comment import hunch
from prilavok.language.comment.keys import language_of, with_keys
from prilavok.language.comment.tokens import tokens_of

HERE = Path(__file__).parents[1]
LISTS = HERE / "tests" / "language"
STORED = HERE / "src" / "prilavok" / "language" / "comment" / "hunch.bin"
ROUNDS, RATE, DECAY = 14, 0.25, 2e-7
app = App(name="comment_hunch", help="Learns the second opinion on order comments.")


@dataclass(frozen=True)
class Example:
    author: str
    seen: tuple[int, ...]
    never: bool
    needs_human: bool | None  # None: not labelled


def examples() -> Iterator[Example]:
    for row in corpus():
        labels = row["labels"]
        author = row["key"].rpartition("-")[0].partition("-")[0]
        never, human = labels.get("call") == "never", bool(labels.get("free_text_needs_human"))
        yield Example(author, _seen(row["text"], row["lang"]), never, human)
    for name in ("refusals", "no_refusals"):
        for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                text, _, call = line.partition(" => ")
                yield Example(name, _seen(text, ""), name == "refusals" or call == "never", None)
    for line in (LISTS / "worked_comments.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, _, wishes = line.rpartition(" =>")
            yield Example("worked", _seen(text, ""), "call=never" in wishes, "human" in wishes)


def _seen(text: str, language: str) -> tuple[int, ...]:
    return tuple(hunch.features(with_keys(tokens_of(text), language_of(text, language))))


def learn(known: Sequence[Example], question: str) -> list[float]:
    """Logistic regression by AdaGrad: a bias, then a weight for every bucket."""
    wanted = [one for one in known if getattr(one, question) is not None]
    yes = sum(bool(getattr(one, question)) for one in wanted)
    of_yes = min(1.0, 0.35 * (len(wanted) - yes) / (0.65 * yes))
    weights, squares = [0.0] * (hunch.BUCKETS + 1), [1e-6] * (hunch.BUCKETS + 1)
    order = list(range(len(wanted)))
    dice = random.Random(7)
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for place in order:
            one = wanted[place]
            true = bool(getattr(one, question))
            touched = (0, *(bucket + 1 for bucket in one.seen))
            total = sum(weights[at] for at in touched)
            error = (1 / (1 + exp(-max(-30.0, min(30.0, total)))) - true) * (of_yes if true else 1.0)
            for at in touched:
                slope = error + DECAY * weights[at] * len(wanted)
                squares[at] += slope * slope
                weights[at] -= RATE / 4 * slope / sqrt(squares[at])
    return weights


def likely(weights: Sequence[float], seen: Sequence[int]) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, weights[0] + sum(weights[at + 1] for at in seen)))))


@app.command
def validate(*, share: Annotated[float, Parameter(help="how likely is likely")] = 0.6) -> None:
    """Leaves every author out in turn and asks what was learnt from the others."""
    known = list(examples())
    for question in hunch.QUESTIONS:
        for author in sorted({one.author for one in known}):
            asked = [one for one in known if one.author == author and getattr(one, question) is not None]
            if not asked:
                continue
            weights = learn([one for one in known if one.author != author], question)
            found = [(bool(getattr(one, question)), likely(weights, one.seen) > share) for one in asked]
            yes = sum(true for true, _ in found)
            right = sum(true and said for true, said in found)
            wrong = sum(said and not true for true, said in found)
            print(f"{question}, {author} left out: found {right} of {yes}, wrongly {wrong} of {len(found) - yes}")


@app.default
def main() -> None:
    """Learns from everything and stores the weights."""
    known = list(examples())
    stored = bytearray()
    for question in hunch.QUESTIONS:
        weights = learn(known, question)
        stored += bytes(max(-127, min(127, round(weight * hunch.SCALE))) & 0xFF for weight in weights)
    STORED.write_bytes(stored)
    print(f"{len(known)} comments, {len(stored)} bytes")


if __name__ == "__main__":
    app()
