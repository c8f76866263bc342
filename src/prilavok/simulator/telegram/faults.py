"""What may go wrong at Telegram's, on demand or by chance."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    TOO_MANY = "too many"  # 429 with retry_after
    BROKEN = "broken"  # 500, nothing done
    SILENT = "silent"  # nothing done, no answer for a long time
    DONE_BUT_SILENT = "done but silent"  # carried out, no answer for a long time
    CUT = "cut"  # nothing done, the connection ends in the middle of the answer
    DONE_BUT_CUT = "done but cut"  # carried out, then the same
    NONSENSE = "nonsense"  # a proxy's page instead of JSON, nothing done


DONE = {Fault.DONE_BUT_SILENT, Fault.DONE_BUT_CUT}


@dataclass(slots=True)
class Trouble:
    """One fault that waits for its request. `method` empty: for any that sends."""

    fault: Fault
    method: str = ""
    times: int = 1
    seconds: float = 3  # retry_after, or how long to stay silent


@dataclass(slots=True)
class Troubles:
    planned: list[Trouble] = field(default_factory=list)
    chance: random.Random | None = None
    share: float = 0.0
    kinds: tuple[Fault, ...] = ()
    seconds: float = 1.0

    def plan(self, trouble: Trouble) -> None:
        self.planned.append(trouble)

    def by_chance(self, chance: random.Random, share: float, kinds: Iterable[Fault], seconds: float) -> None:
        self.chance, self.share, self.kinds, self.seconds = chance, share, tuple(kinds), seconds

    def next(self, method: str) -> Trouble | None:
        for trouble in self.planned:
            if trouble.method == method or (not trouble.method and method.startswith("send")):
                trouble.times -= 1
                if trouble.times <= 0:
                    self.planned.remove(trouble)
                return trouble
        if self.chance is not None and method.startswith("send") and self.chance.random() < self.share:
            return Trouble(self.chance.choice(self.kinds), method, seconds=self.seconds)
        return None
