"""`python -m benchmarks.comment_accuracy`: how order comments are read, and who would be called."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

CORPUS = Path(__file__).parents[1] / "tests" / "language" / "order_comments"
DEFAULTS: dict[str, Any] = {
    "call": "no_statement",
    "preferred_channels": [],
    "forbidden_channels": [],
    **dict.fromkeys(("contact_window", "delivery_window")),
    **dict.fromkeys(("intercom", "floor", "entrance", "apartment")),
    "recipient_other": False,
    "leave_at_door": False,
    "change_from": None,
    "gift": False,
    "free_text_needs_human": False,
}
Read = Callable[[str, str], dict[str, Any]]
app = App(name="comment_accuracy", help="Reads the labelled order comments and counts what was read right.")


@dataclass(frozen=True)
class Wrong:
    key: str
    text: str
    field: str
    expected: Any
    found: Any


@dataclass
class Report:
    comments: int = 0
    all_right: int = 0
    refusers: int = 0
    waiting: int = 0  # comments that a person must read before anybody calls, and which refuse nothing outright
    asked: int = 0  # comments that a person must read before the order is packed
    held: set[str] = field(default_factory=set)  # their keys, of all whose calls wait
    misread: Counter[str] = field(default_factory=Counter)  # comments by field
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def whole(self) -> float:
        """The share of comments of which every field is right."""
        return self.all_right / self.comments

    @property
    def by_field(self) -> dict[str, float]:
        return {name: 1 - self.misread[name] / self.comments for name in DEFAULTS}

    @property
    def called_refusers(self) -> list[Wrong]:
        """Those who refused every call and would be called nevertheless."""
        return [each for each in self.wrong if each.field == "call" and each.expected == "never"]

    @property
    def called(self) -> list[Wrong]:
        """Those of them whose calls do not even wait until a person has read the comment."""
        return [each for each in self.called_refusers if each.key not in self.held]

    @property
    def false_refusals(self) -> list[Wrong]:
        """Those who did not refuse and would never be called."""
        return [each for each in self.wrong if each.field == "call" and each.found == "never"]


def score(read: Read, *, lang: str | None = None, author: str = "") -> Report:
    """`read(text, lang)` gives labels as `prilavok understand order-comment` does; left out is the default.

    `author`: of one set only.
    """
    report = Report()
    for row in corpus(lang):
        if author and author_of(row["key"]) != author:
            continue
        answer = read(row["text"], row["lang"])
        expected, found = completed(row["labels"]), completed(answer)
        differing = [name for name in DEFAULTS if expected[name] != found[name]]
        report.comments += 1
        report.all_right += not differing
        report.refusers += expected["call"] == "never"
        report.asked += found["free_text_needs_human"]
        if answer.get("calls_wait") or found["free_text_needs_human"]:
            report.held.add(row["key"])
            report.waiting += found["call"] != "never" and not found["free_text_needs_human"]
        report.misread.update(differing)
        report.wrong += [Wrong(row["key"], row["text"], name, expected[name], found[name]) for name in differing]
    return report


def corpus(lang: str | None = None) -> Iterator[dict[str, Any]]:
    for path in sorted(CORPUS.glob(f"{lang or '*'}.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def author_of(key: str) -> str:
    """The letter of the set that a comment came with; the first comments are "own"."""
    wrote = key.partition("-")[2][:1]
    return wrote if wrote.isalpha() else "own"


def completed(labels: dict[str, Any]) -> dict[str, Any]:
    whole = {name: labels.get(name, default) for name, default in DEFAULTS.items()}
    for name in ("contact_window", "delivery_window"):
        if whole[name] is not None:
            whole[name] = {"from": None, "to": None, "days": "any", "vague": False} | whole[name]
    return whole


def asked_at_the_command_line() -> Read:
    """All comments go through one `prilavok understand order-comment`, the way an owner would try it."""
    command = [sys.executable, "-m", "prilavok", "understand", "order-comment"]
    lines = "".join(json.dumps({name: row[name] for name in ("key", "text", "lang")}) + "\n" for row in corpus())
    answers = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    labels = {
        answer["key"]: {**answer["labels"], "calls_wait": answer["calls_wait"]}
        for answer in map(json.loads, answers.splitlines())
    }
    by_text = {(row["text"], row["lang"]): labels[row["key"]] for row in corpus()}
    return lambda text, lang: by_text[text, lang]


@app.default
def main(*, wrong: Annotated[str, Parameter(help="a field whose misread comments are listed, or `all`")] = "") -> None:
    read = asked_at_the_command_line()
    authors = sorted({author_of(row["key"]) for row in corpus()})
    for lang, author in (*((None, author) for author in authors), ("ru", ""), ("uk", ""), ("en", ""), (None, "")):
        report = score(read, lang=lang, author=author)
        missed, called, invented = map(len, (report.called_refusers, report.called, report.false_refusals))
        print(f"{author or lang or 'all'}: {report.comments} comments, every field right {report.whole:.3f}")
        print(
            f"   of {report.refusers} refusers not understood {missed}, called {called}; refusals invented {invented}"
        )
        print(f"   a person reads {report.asked}, only calls wait for {report.waiting} more")
        print("   " + "  ".join(f"{name} {share:.3f}" for name, share in report.by_field.items()))
    for each in report.wrong:
        if wrong in {each.field, "all"}:
            print(f"{each.key} {each.field}: {each.found!r}, not {each.expected!r}: {each.text}")


if __name__ == "__main__":
    app()
