"""The unit of work: what one transaction's flows share. Only the writer opens one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from prilavok.domain.events import Event
from prilavok.domain.wishes import Reading, Span
from prilavok.flows.directory import Directory
from prilavok.kit.seal import Seal
from prilavok.store import events as event_log

Reaction = Callable[["Unit", Any], None]


ReadComment = Callable[[str, str], Reading]  # of an order's comment in a language ("" when unknown)


def nothing_read(text: str, language: str) -> Reading:  # noqa: ARG001
    """Without a reader every comment is for a person to read."""
    whole = Span(0, len(text), "", text)
    return Reading(
        needs_human=bool(text.strip()), calls_wait=bool(text.strip()), to_read=(whole,) if text.strip() else ()
    )


class Told(NamedTuple):
    """One line of the event log, as it is published after the commit."""

    shop_id: int
    seq: int
    kind: str
    conversation_id: str | None
    message_id: str | None
    ref_id: str | None


@dataclass(frozen=True, slots=True)
class World:
    """What flows may know of the installation beside the database."""

    directory: Directory
    seal: Seal
    public_url: str
    read_comment: ReadComment = nothing_read


class Unit:
    """`now` is the time of the whole transaction. Events that a flow emits are reacted to in the same savepoint."""

    def __init__(
        self,
        db: Connection,
        now: datetime,
        world: World,
        reactions: Mapping[type[Event], Sequence[Reaction]],
        tell: Callable[[list[Told], list[Event]], None],
    ) -> None:
        self.db = db
        self.now = now
        self.world = world
        self._reactions = reactions
        self._tell = tell
        self._events: list[Event] = []
        self._told: list[Told] = []

    def emit(self, event: Event) -> None:
        self._events.append(event)

    def carry_out(self, flow: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Runs a flow and then, breadth first, whatever reacts to what it emitted."""
        reached = len(self._events)
        result = flow(self, *args, **kwargs)
        while reached < len(self._events):
            event = self._events[reached]
            reached += 1
            for reaction in self._reactions.get(type(event), ()):
                reaction(self, event)
        return result

    def mark(self) -> int:
        return len(self._events)

    def back_to(self, mark: int) -> None:
        del self._events[mark:]

    def before_commit(self) -> None:
        """Numbers the events of the batch. Last, because it locks the shop's counter until the commit."""
        lines = [event for event in self._events if event.kind]
        if lines:
            numbered = event_log.append(self.db, lines, self.now)
            self._told = [
                Told(event.shop_id, seq, event.kind, event.conversation_id, event.message_id, event.ref_id)
                for event, seq in zip(lines, numbered, strict=True)
            ]

    def after_commit(self) -> None:
        if self._events:
            self._tell(self._told, self._events)
