"""What one stretch of words says about calls, and what all of them say together."""

from dataclasses import dataclass
from enum import Enum

from prilavok.domain.wishes import Call


class Stance(Enum):
    REFUSED = "refused"
    CONDITIONAL = "conditional"
    ARRIVAL = "arrival"
    ASKED = "asked"
    ALLOWED = "allowed"
    COMPLAINT = "complaint"
    ELSE = "else"  # somebody else's telephone, a doorbell


@dataclass(frozen=True, slots=True)
class Statement:
    """What the words `first` to `last` (exclusive) say about calls."""

    stance: Stance
    first: int
    last: int
    operator: bool = False  # only those in the shop are meant
    courier: bool = False
    doubtful: bool = False
    soft: bool = False  # read between the lines: "text only"
    angry: bool = False  # "хватит звонить"
    welcome: bool = False  # "звонить можно"
    guessed: bool = False  # by the second opinion: which words refuse is not known


@dataclass(frozen=True, slots=True)
class Calls:
    call: Call
    statements: tuple[Statement, ...]
    doubtful: bool  # a person should look
    settled: frozenset[int] = frozenset()  # the propositions of which it is known what they say about calls
    conditions: frozenset[int] = frozenset()  # the words that say when a call is welcome
