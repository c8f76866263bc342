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

from benchmarks.comment_accuracy import author_of, corpus
from prilavok.language.comment import hunch
from prilavok.language.comment.keys import language_of, with_keys
from prilavok.language.comment.tokens import tokens_of

HERE = Path(__file__).parents[1]
LISTS = HERE / "tests" / "language"
STORED = HERE / "src" / "prilavok" / "language" / "comment" / "hunch.bin"
AROUND = (
    "{}. Спасибо!", "Здравствуйте! {}", "{}, домофон 45", "Подъезд 2, этаж 3. {}", "{}\nдоставка после 18",
    "Будь ласка. {} Дякую!", "{}. 3 поверх, кв 12", "Hello! {}", "{}, flat 5. Thanks", "{} 🙏",
)  # fmt: skip
ROUNDS, RATE, DECAY = 8, 0.25, 2e-7
app = App(name="comment_hunch", help="Learns the second opinion on order comments.")


@dataclass(frozen=True)
class Example:
    author: str
    seen: tuple[int, ...]
    never: bool
    plain: bool = True  # without words around


def examples() -> Iterator[Example]:
    """Every text, then every text once more with a word around it that asks for nothing."""
    dice = random.Random(11)
    plain = list(_texts())
    for author, text, lang, never in plain:
        yield Example(author, _seen(text, lang), never)
    for author, text, lang, never in plain:
        yield Example(author, _seen(dice.choice(AROUND).format(text), lang), never, plain=False)


def _texts() -> Iterator[tuple[str, str, str, bool]]:
    """Author, text, language, and whether every call is refused."""
    for row in corpus():
        yield f"set {author_of(row['key'])}", row["text"], row["lang"], row["labels"].get("call") == "never"
    for name in ("refusals", "perhaps_refusals", "no_refusals"):
        for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                text, _, call = line.partition(" => ")
                yield name, text, "", name != "no_refusals" or call == "never"
    for line in (LISTS / "worked_comments.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, _, wishes = line.rpartition(" =>")
            yield "worked", text, "", "call=never" in wishes


def _seen(text: str, language: str) -> tuple[int, ...]:
    return tuple(hunch.features(with_keys(tokens_of(text), language_of(text, language))))


def learn(known: Sequence[Example]) -> list[float]:
    """Logistic regression by AdaGrad: a bias, then a weight for every bucket."""
    yes = sum(one.never for one in known)
    of_yes = min(1.0, 0.35 * (len(known) - yes) / (0.65 * yes))
    weights, squares = [0.0] * (hunch.BUCKETS + 1), [1e-6] * (hunch.BUCKETS + 1)
    order = list(known)
    dice = random.Random(7)
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for one in order:
            touched = (0, *(bucket + 1 for bucket in one.seen))
            total = sum(weights[at] for at in touched)
            error = (1 / (1 + exp(-max(-30.0, min(30.0, total)))) - one.never) * (of_yes if one.never else 1.0)
            for at in touched:
                slope = error + DECAY * weights[at] * len(known)
                squares[at] += slope * slope
                weights[at] -= RATE / 4 * slope / sqrt(squares[at])
    return weights


def likely(weights: Sequence[float], seen: Sequence[int]) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, weights[0] + sum(weights[at + 1] for at in seen)))))


@app.command
def validate(*, share: Annotated[float, Parameter(help="how likely is likely")] = 0.5) -> None:
    """Leaves every author out in turn and asks what was learnt from the others."""
    known = list(examples())
    for author in sorted({one.author for one in known}):
        weights = learn([one for one in known if one.author != author])
        left_out = [one for one in known if one.author == author and one.plain]
        found = [(one.never, likely(weights, one.seen) > share) for one in left_out]
        refusers = sum(true for true, _ in found)
        right = sum(true and said for true, said in found)
        wrong = sum(said and not true for true, said in found)
        print(f"{author} left out: found {right} of {refusers}, invented {wrong} of {len(found) - refusers}")


@app.default
def main() -> None:
    """Learns from everything and stores the weights."""
    known = list(examples())
    stored = bytes(max(-127, min(127, round(weight * hunch.SCALE))) & 0xFF for weight in learn(known))
    STORED.write_bytes(stored)
    print(f"{len(known)} comments, {len(stored)} bytes")


if __name__ == "__main__":
    app()
