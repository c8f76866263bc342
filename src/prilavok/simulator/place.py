"""Where an emulated vendor stands, and how the shop's inbox is set up for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PATH = "/simulator/{kind}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vendor stands (`address`), and where people get by a link to the shop's chat with it (`link`)."""

    kind: str
    base: str
    hook: str = ""

    @property
    def address(self) -> str:
        return self.base + PATH.format(kind=self.kind)

    @property
    def link(self) -> str:
        return f"{self.base}/phone/app/{self.kind}?start={{token}}"


Make = Callable[[Place, Callable[[], datetime]], Any]


def standing(kind: Callable[..., Any], **more: Any) -> Make:
    """How a vendor is made that needs no more than its place, the time and what is said here."""

    def make(place: Place, now: Callable[[], datetime]) -> Any:
        return kind(hook=place.hook, address=place.address, now=now, **more)

    return make


@dataclass(frozen=True, slots=True)
class Line:
    """`name` of the inbox; `values` its settings beside what the address gives; `handle` what the vendor calls us."""

    kind: str
    name: str
    handle: str = ""
    make: Make | None = None
    values: Callable[[Place], Mapping[str, Any]] = lambda place: {}  # noqa: ARG005
    title: str = ""  # of its application on the telephone
    colour: str = ""
    based: bool = True  # its settings know where the vendor's API is
    linked: bool = False  # its settings know an address that opens the chat
    library: str = ""  # without which the channel cannot speak; `extra` of ours brings it
    extra: str = ""
    word: str = ""  # that the owner puts behind the hook's address, where the vendor signs nothing
    resumes: bool = False  # what the shop has heard of it holds after a restart of the demo

    def settings(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.values(place))
        if self.make is not None and self.based:
            found = {"api_base": place.address, **found}
        return found | ({"link": place.link} if self.linked else {})
