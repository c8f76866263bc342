"""Conversations as scripts with gaps: reads `talk/*.talk` and fills the gaps.

A script begins with `== topic weight [ware]`. Then a line for each message: `>` the customer, `<` the agent, `!` a note
among agents. Inside a line
    [one|two|]        one of them, chosen each time anew
    {item.acc}        a word of this conversation, in the wanted form
    {c:писал/писала}  by the customer's gender; `a:` by the agent's, `i:` by that of the ware (his/her/its)
    {picture:cup}     a photograph goes with the message
    //                where a person in a hurry would press Enter
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("ru", "uk", "en")
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
GAP = re.compile(r"\{([^{}]+)\}")
PICTURE = re.compile(r"\{picture:(\w+)\}")
SPACES = re.compile(r"[ \t]{2,}")
BEFORE_MARK = re.compile(r" +([,.!?])(?![\w(])")


@dataclass(frozen=True, slots=True)
class Line:
    who: str  # ">" customer, "<" agent, "!" note
    text: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    name: str  # language, number and topic: "uk-17-broken"
    topic: str
    weight: int
    ware: str  # what it can be about: "" anything, "ware", "vessel", "cup", "teapot"
    lines: tuple[Line, ...]

    @property
    def names_the_customer(self) -> bool:
        return any("{first}" in line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Genders:
    """0 masculine, 1 feminine, 2 neuter."""

    customer: int
    agent: int
    ware: int


@cache
def scripts(language: str) -> tuple[Script, ...]:
    text = files("prilavok.simulator").joinpath("talk", f"{language}.talk").read_text(encoding="utf-8")
    blocks = re.split(r"^== ", text, flags=re.MULTILINE)[1:]
    return tuple(_script(language, number, block) for number, block in enumerate(blocks))


def _script(language: str, number: int, block: str) -> Script:
    head, *rest = [line for line in block.splitlines() if line.strip()]
    topic, weight, *ware = head.split()
    lines = []
    for raw in rest:
        picture = PICTURE.search(raw)
        lines.append(Line(raw[0], PICTURE.sub("", raw[1:]).strip(), picture[1] if picture else ""))
    drawn = {line.picture for line in lines} & {"cup", "teapot"}
    return Script(f"{language}-{number}-{topic}", topic, int(weight), (ware or sorted(drawn) or [""])[0], tuple(lines))


def fill(text: str, words: Mapping[str, str], genders: Genders, rng: random.Random) -> str:
    """The text with every choice made and every gap filled. KeyError names a gap that nothing fills."""
    chosen = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    filled = GAP.sub(lambda found: _gap(found[1], words, genders), chosen)
    return SPACES.sub(" ", BEFORE_MARK.sub(r"\1", filled)).strip()


def _gap(gap: str, words: Mapping[str, str], genders: Genders) -> str:
    by, colon, forms = gap.partition(":")
    if not colon:
        return words[gap]
    return forms.split("/")[{"c": genders.customer, "a": genders.agent, "i": genders.ware}[by]]
