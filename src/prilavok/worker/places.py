"""Who may send now. A vendor that does not answer holds its own places and nobody else's: its inboxes are given one
each until they answer again, one vendor never has more than its share, nobody has a second place while half of all are
taken, and a send that hangs is no longer counted among those that are expected back at once. Times are seconds of a
monotonic clock.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from prilavok.flows.directory import Served

AT_ONCE = 64  # sends under way that are expected back
CROWDED = AT_ONCE // 2  # of them; from here on one for each inbox: many that fall silent together leave room for others
PER_VENDOR = 24  # of one vendor, hanging ones too
WAYWARD = 32  # of inboxes whose last send hung
IN_ALL = 192  # hanging ones too; fewer than there are connections
SLOW = 3.0  # seconds after which a send hangs


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Of one send under way."""

    inbox_id: str
    vendor: str
    parallel: int  # how many the inbox may have
    since: float


class Places:
    def __init__(self) -> None:
        self._taken: set[Place] = set()
        self._wayward: set[str] = set()  # inboxes whose last send hung

    def room(self, now: float) -> int:
        """How many more sends may begin."""
        self._notice(now)
        return max(0, min(AT_ONCE - self._lively(now), IN_ALL - len(self._taken)))

    def _lively(self, now: float) -> int:
        return sum(now - one.since < SLOW for one in self._taken)

    def may_send(self, inbox: Served, now: float) -> bool:
        """Whether this inbox may begin one more."""
        return inbox.id not in self.full([inbox], now)

    def full(self, inboxes: Iterable[Served], now: float) -> set[str]:
        """Which of these, and of those that are sending, may begin nothing more."""
        self._notice(now)
        own = Counter(one.inbox_id for one in self._taken)
        crowded = self._lively(now) >= CROWDED
        allowed = {one.inbox_id: 1 if crowded or one.inbox_id in self._wayward else one.parallel for one in self._taken}
        busy = {inbox_id for inbox_id, most in allowed.items() if own[inbox_id] >= most}
        if sum(own[inbox_id] for inbox_id in self._wayward) >= WAYWARD:
            busy |= self._wayward
        vendors = Counter(one.vendor for one in self._taken)
        if overrun := {vendor for vendor, count in vendors.items() if count >= PER_VENDOR}:
            busy |= {one.id for one in inboxes if one.vendor in overrun}
        return busy

    def take(self, inbox: Served, now: float) -> Place:
        place = Place(inbox.id, inbox.vendor, inbox.capabilities.parallel, now)
        self._taken.add(place)
        return place

    def give_back(self, place: Place, now: float) -> None:
        """An answer in time, whatever it says, and the inbox has all its places again."""
        self._taken.discard(place)
        if now - place.since < SLOW:
            self._wayward.discard(place.inbox_id)
        else:
            self._wayward.add(place.inbox_id)

    def _notice(self, now: float) -> None:
        self._wayward |= {one.inbox_id for one in self._taken if now - one.since >= SLOW}
