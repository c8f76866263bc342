"""Decisions a second on one core: typical customers and occasions, the built-in policy."""

import time
from collections.abc import Sequence
from dataclasses import replace

from prilavok.domain.policy import decide
from prilavok.domain.population import population
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.whatif import Moment

PEOPLE = 400
ROUNDS = 5


def decisions_a_second() -> tuple[float, float]:
    """The best round, by processor time: over whole stories, and over an incident that meets everybody."""
    moments = [moment for story in population(1, PEOPLE) for moment in story.moments]
    first = [story.moments[0] for story in population(2, PEOPLE)]
    incident = [replace(one, occasion=replace(one.occasion, kind="incident", by_customer=False)) for one in first]
    return _rate(moments), _rate(incident)


def _rate(moments: Sequence[Moment]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for one in moments:
            decide(one.occasion, one.facts, BUILT_IN, one.occasion.at)
        best = min(best, time.process_time() - began)
    return len(moments) / best
