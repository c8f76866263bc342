"""What the emulated SMS gateways share: texts that travel to telephones, on their way known by a word.

    gateway = SmscEmulator(hook="https://shop.example/hooks/KEY?k=WORD")
    gateway.user_texts("+79001234567", "Где заказ?")
    gateway.thread("+79001234567").messages

A telephone that is switched off gets its texts later. Each gateway is an application of its own vendor's shape.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from prilavok.domain.optout import opted
from prilavok.domain.sms import parts
from prilavok.simulator.office import Office

QUEUED, SENT, DELIVERED, READ, EXPIRED = "queued", "sent", "delivered", "read", "expired"
TO_OPERATOR, TO_TELEPHONE = 0.3, 0.6  # seconds


@dataclass(slots=True)
class Text:
    id: str
    mine: bool  # the customer's
    at: datetime
    text: str
    taken: bool = False  # by the shop, or by the telephone
    status: str = QUEUED
    way: str = "sms"

    @property
    def parts(self) -> int:
        return len(parts(self.text))


@dataclass(slots=True)
class Telephone:
    number: str
    on: bool = True
    stopped: bool = False
    messages: list[Text] = field(default_factory=list)


class Gateway(Office):
    """`hook`: where the owner has told the vendor to call. `requests`: the fields of every text that was handed in.
    `sender` is what the telephone shows, `hears` whether anybody can answer to it.
    """

    keeps: ClassVar[tuple[str, ...]] = ("telephones", "numbered")
    sender: ClassVar[str] = ""
    hears: ClassVar[bool] = False

    def __init__(self, *, hook: str = "", balance: float = 100.0, **more: Any) -> None:
        super().__init__(**more)
        self.hook = hook
        self.balance = balance
        self.telephones: dict[str, Telephone] = {}
        self.numbered = 0  # the last number that was given to a text
        self.requests: list[Mapping[str, Any]] = []
        self.on_progress: Callable[[Telephone, Text], None] | None = None  # of a vendor that calls

    def thread(self, number: str) -> Telephone:
        """`number` with or without "+"."""
        number = f"+{number.removeprefix('+')}"
        return self.telephones.setdefault(number, Telephone(number))

    def switch(self, number: str, *, on: bool) -> None:
        """What came while the telephone was off arrives when it is on again."""
        telephone = self.thread(number)
        telephone.on = on
        for one in telephone.messages:
            if on and not one.mine and one.status == SENT:
                self._arrives(telephone, one)

    def user_texts(self, number: str, text: str) -> Text:
        """LookupError where nobody can answer."""
        del number, text
        raise LookupError("nobody can answer to a name")

    def resume(self) -> int:
        rows = ((telephone, one) for telephone in self.telephones.values() for one in telephone.messages)
        under_way = [(telephone, one) for telephone, one in rows if not one.mine and one.status in {QUEUED, SENT}]
        for telephone, one in under_way:
            self._goes(telephone, one)
        return len(under_way)

    def expire(self, number: str) -> None:
        """The operator gives up what has not arrived."""
        for one in self.thread(number).messages:
            if not one.mine and one.status == SENT:
                self._goes_on(self.thread(number), one, EXPIRED)

    def _next(self) -> int:
        self.numbered += 1
        return self.numbered

    def _said(self, number: str, text_id: str, words: str) -> Text:
        """The customer's own text lies on their telephone. The telephone remembers what the shop will obey."""
        telephone = self.thread(number)
        text = Text(text_id, True, self.now(), words)
        telephone.messages.append(text)
        wish = opted(words)
        telephone.stopped = telephone.stopped if wish is None else not wish
        return text

    def _hand_over(self, number: str, text_id: str, words: str) -> Text:
        telephone = self.thread(number)
        text = Text(text_id, False, self.now(), words)
        telephone.messages.append(text)
        self._goes(telephone, text)
        return text

    def _find(self, text_id: str, number: str = "") -> Text | None:
        for telephone in self.telephones.values():
            for one in telephone.messages:
                if one.id == text_id and not one.mine and number.removeprefix("+") in telephone.number:
                    return one
        return None

    def _goes(self, telephone: Telephone, text: Text) -> None:
        self.knocker.after(TO_OPERATOR, lambda: self._leaves(telephone, text))

    def _leaves(self, telephone: Telephone, text: Text) -> None:
        self._goes_on(telephone, text, SENT)
        if telephone.on:
            self.knocker.after(TO_TELEPHONE, lambda: self._arrives(telephone, text))

    def _arrives(self, telephone: Telephone, text: Text) -> None:
        if telephone.on and text.status == SENT:
            text.taken = True
            self._goes_on(telephone, text, DELIVERED)

    def _goes_on(self, telephone: Telephone, text: Text, status: str) -> None:
        text.status = status
        if self.on_progress is not None:
            self.on_progress(telephone, text)
