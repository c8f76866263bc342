"""How a text is written down: what happened, what comes next, and the same in the fewest words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """`what` follows "This is SHOP: " and so begins small; `then` is what comes next; `short` is all of it after
    "SHOP: ", for channels where words cost. Alternatives stand between bars: the first of which everything is known
    is said, none when none is.
    """

    what: str
    then: str = ""
    short: str = ""
