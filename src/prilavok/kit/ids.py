"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562), and random tokens.

Ids of one process always ascend, also within a millisecond and when the clock is set back, so "after this id" is a
cursor. They are unique, not secret: what must not be guessed is a token.
"""

import os
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
POOL_BYTES = 8192
COUNTS = 4096  # the twelve bits after the version
HEX = [f"{number:03x}-" for number in range(COUNTS)]
VARIANT = "89ab"


class Source:
    """The last moment given out, a counter within it, and a pool of random digits that serves 1,000 ids.

    What is written per millisecond is kept as text: spelling an id out of numbers takes longer than making it.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.moment = 0  # milliseconds
        self.head = ""  # how every id of this moment begins
        self.count = 0
        self.pool = ""
        self.position = 0

    def next(self) -> str:
        """The next id. Call with the lock held."""
        if self.position >= len(self.pool):
            self.pool, self.position = os.urandom(POOL_BYTES).hex(), 0
        position = self.position
        self.position = position + 16
        pool = self.pool
        now = time.time_ns() // 1_000_000
        if now > self.moment:
            self.begin(now, int(pool[position + 12 : position + 16], 16))
        elif self.count == COUNTS - 1:
            self.begin(self.moment + 1, 0)
        else:
            self.count += 1
        variant = VARIANT[int(pool[position], 16) & 3]
        digits = pool[position + 1 : position + 16]
        return f"{self.head}{HEX[self.count]}{variant}{digits[:3]}-{digits[3:]}"

    def begin(self, moment: int, random: int) -> None:
        self.moment = moment
        # In the lower half, so that at least 2,048 ids fit into the millisecond before the clock is overtaken.
        self.count = random & (COUNTS // 2 - 1)
        self.head = head_of(moment)


def head_of(moment: int) -> str:
    digits = f"{moment:012x}"
    return f"{digits[:8]}-{digits[8:]}-7"


source = Source()


def forget_in_child() -> None:
    """A forked process would otherwise give out its parent's random digits a second time."""
    source.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=forget_in_child)


def new_id() -> str:
    with source.lock:
        return source.next()


def new_ids(n: int) -> list[str]:
    """`n` ids, ascending; nobody else's id falls between them."""
    with source.lock:
        return [source.next() for _ in range(n)]


def time_of(id: str) -> datetime:
    """When the id was made, to the millisecond, in UTC. ValueError when it is none of ours."""
    if not is_id(id):
        raise ValueError("not an id")
    try:
        return EPOCH + timedelta(milliseconds=int(id[:8] + id[9:13], 16))
    except OverflowError:
        raise ValueError("not an id: its time is beyond the calendar") from None


def first_id(at: datetime) -> str:
    """The lowest id that can be made at this time: a bound for "everything since then"."""
    return head_of(int((at - EPOCH) / timedelta(milliseconds=1))) + "000-8000-000000000000"


def is_id(text: object) -> bool:
    """Whether it is an id exactly as `new_id` writes it: lower case, with hyphens, version 7."""
    return isinstance(text, str) and CANONICAL.fullmatch(text) is not None


def new_token(bytes: int = 32) -> str:
    """`bytes` of randomness in the letters that a URL may carry. 32 cannot be guessed; fewer than 16 is refused."""
    if bytes < 16:
        raise ValueError("a token of fewer than 16 bytes can be guessed")
    return secrets.token_urlsafe(bytes)
