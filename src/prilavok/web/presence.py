"""Who of the shop is here and at what they look, over all processes: each tells its own, until it falls silent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SILENT = 25.0  # seconds after which a process counts as gone
REPEAT = 10.0  # seconds between two of its words


@dataclass(slots=True)
class _Word:
    """What one process last said: agent id → name and the conversations that they have open."""

    at: float
    agents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Presence:
    """`clock` gives monotonic seconds."""

    def __init__(self, process: str, clock: Callable[[], float]) -> None:
        self.process = process
        self._clock = clock
        self._words: dict[int, dict[str, _Word]] = {}

    def say(self, shop_id: int, screens: Iterable[Any]) -> dict[str, Any]:
        """This process's word about a shop, to be rung to everybody."""
        agents: dict[str, dict[str, Any]] = {}
        for screen in screens:
            known = agents.setdefault(screen.agent_id, {"name": screen.name, "viewing": []})
            if screen.viewing and screen.viewing not in known["viewing"]:
                known["viewing"].append(screen.viewing)
        return {"shop": shop_id, "process": self.process, "agents": agents}

    def hear(self, word: Mapping[str, Any]) -> set[str]:
        """Takes a process's word in; returns the conversations whose lookers may have changed."""
        words = self._words.setdefault(word["shop"], {})
        before = words.get(word["process"], _Word(0.0))
        words[word["process"]] = _Word(self._clock(), word["agents"])
        changed = _viewed(before.agents) | _viewed(word["agents"])
        return {one for one in changed if _lookers(before.agents, one) != _lookers(word["agents"], one)}

    def online(self, shop_id: int) -> set[str]:
        return {agent_id for word in self._fresh(shop_id) for agent_id in word.agents}

    def looking(self, shop_id: int, conversation_id: str) -> list[dict[str, str]]:
        found = {
            agent_id: str(known["name"])
            for word in self._fresh(shop_id)
            for agent_id, known in word.agents.items()
            if conversation_id in known["viewing"]
        }
        return [{"id": agent_id, "name": name} for agent_id, name in sorted(found.items())]

    def _fresh(self, shop_id: int) -> list[_Word]:
        words = self._words.get(shop_id, {})
        for process in [process for process, word in words.items() if self._clock() - word.at > SILENT]:
            del words[process]
        return list(words.values())


def _viewed(agents: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {conversation for known in agents.values() for conversation in known["viewing"]}


def _lookers(agents: Mapping[str, Mapping[str, Any]], conversation_id: str) -> set[str]:
    return {agent_id for agent_id, known in agents.items() if conversation_id in known["viewing"]}
