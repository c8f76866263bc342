"""What hangs on the number of the customer's telephone: texts, WhatsApp, calls. Without a connection they wait."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from prilavok.domain.errors import Conflict, NotFound
from prilavok.kit.phone import pretty
from prilavok.simulator.exchanges.exchange import Call, Exchange, shown
from prilavok.simulator.gestures import Dial, Location, Look, Nothing, Photo, Say, Sms, Switch, Tap
from prilavok.simulator.office import Office
from prilavok.simulator.telegram.faults import Fault
from prilavok.simulator.whatsapp import ChatMessage, WhatsAppEmulator

SHOWN = 300  # messages of a chat
T = TypeVar("T")


class Owner(Protocol):
    """Whose telephone it is."""

    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str: ...


class TextLike(Protocol):
    """An emulated SMS gateway. `sender` is what the telephone shows, `hears` whether anybody can answer to it."""

    @property
    def sender(self) -> str: ...
    @property
    def hears(self) -> bool: ...
    def thread(self, number: str) -> Any: ...
    def user_texts(self, number: str, text: str) -> Any: ...
    def switch(self, number: str, *, on: bool) -> None: ...
    def fail(self, fault: Fault, *, times: int = 1, seconds: float = 3) -> None: ...
    async def close(self) -> None: ...


class SimCard:
    """Everybody behind one number: SMS gateways and exchanges by their words, each with the shop's number there.
    `voice` is what a voice message sounds like.
    """

    def __init__(
        self,
        texts: Mapping[str, TextLike],
        whatsapp: WhatsAppEmulator,
        exchanges: Mapping[str, Exchange],
        *,
        voice: Callable[[], bytes] = lambda: b"",
    ) -> None:
        self.texts, self.whatsapp, self.exchanges, self.voice = texts, whatsapp, exchanges, voice
        for one in exchanges.values():
            one.engaged = partial(self._engaged, one)

    async def close(self) -> None:
        for gateway in self.texts.values():
            await gateway.close()
        for exchange in self.exchanges.values():
            await exchange.close()
        await self.whatsapp.close()

    def state(self, owner: Owner) -> dict[str, Any]:
        chat = self.whatsapp.chat(owner.number, owner.name)
        # What has not come yet is not on the screen.
        said = [one for one in chat.messages if one.mine or one.status in {"delivered", "read"}]
        return {
            "number": pretty(owner.number),
            "on": self._on(owner),
            "sms": [self._thread(kind, owner) for kind in self.texts],
            "whatsapp": {"open": chat.open, "messages": [bubble(one) for one in said[-SHOWN:]]},
            "call_numbers": [
                {"to": kind, "number": pretty(one.number), "vendor": one.title} for kind, one in self.exchanges.items()
            ],
            "colleague": all(one.at_desk for one in self.exchanges.values()),
            "call": next((shown(one, pretty(at.number)) for at, one in self._calls(owner) if not one.over), None),
            "calls": self._past(owner),
        }

    def _thread(self, kind: str, owner: Owner) -> dict[str, Any]:
        vendor = self.texts[kind]
        texts = vendor.thread(owner.number)
        return {
            "to": kind,
            "sender": pretty(vendor.sender) if vendor.sender.startswith("+") else vendor.sender,
            "hears": vendor.hears,
            "stopped": texts.stopped,
            "messages": [
                {"id": one.id, "mine": one.mine, "at": one.at.isoformat(), "text": one.text, "taken": one.taken}
                | ({"way": "Viber"} if getattr(one, "way", "sms") == "viber" else {})
                for one in texts.messages[-SHOWN:]
                if one.mine or one.taken
            ],
        }

    def _past(self, owner: Owner) -> Sequence[Mapping[str, Any] | None]:
        over = sorted(((one.at, at.number, one) for at, one in self._calls(owner) if one.over), key=lambda row: row[0])
        return [shown(one, pretty(number)) for _, number, one in over[-50:]]

    def _calls(self, owner: Owner) -> Iterator[tuple[Exchange, Call]]:
        for exchange in self.exchanges.values():
            for call in exchange.line(owner.number).calls:
                yield exchange, call

    def _engaged(self, here: Exchange, number: str) -> bool:
        return any(one.line(number).now is not None for one in self.exchanges.values() if one is not here)

    def _on(self, owner: Owner) -> bool:
        return all(one.line(owner.number).on for one in self.exchanges.values())

    def _at(self, owner: Owner) -> Exchange:
        """The exchange of the call that is under way; LookupError when there is none."""
        for one in self.exchanges.values():
            if one.line(owner.number).now is not None:
                return one
        raise LookupError("there is no call")

    def file(self, owner: Owner, file_id: str) -> Any:
        """A file of this person's own chat; None for any other."""
        mine = {file.id for one in self.whatsapp.chat(owner.number).messages for file in one.files}
        return self.whatsapp.file(file_id) if file_id in mine else None

    def left(self, owner: Owner) -> None:
        """Nobody looks at the telephone any more."""
        self.whatsapp.look(owner.number, open=False)

    def fail(self, app: str, kind: str, *, seconds: float) -> None:
        """The shop's next word through this application (whatsapp, sms, calls, or one vendor's word) meets a fault of
        its vendor. LookupError for an application that is not here.
        """
        vendors: dict[str, Sequence[Office | TextLike]] = {
            "whatsapp": (self.whatsapp,),
            "sms": tuple(self.texts.values()),
            "calls": tuple(self.exchanges.values()),
            **{kind: (one,) for kind, one in self.texts.items()},
        }
        for vendor in vendors[app]:
            vendor.fail(Fault(kind), seconds=seconds)

    def connected(self, owner: Owner) -> None:
        """Conflict while the telephone is off."""
        if not self._on(owner):
            raise Conflict("The telephone has no connection. Switch it on again first.")

    async def text(self, owner: Owner, wish: Sms) -> None:
        self.connected(owner)
        chosen(self.texts, wish.to).user_texts(owner.number, wish.text)

    async def say(self, owner: Owner, wish: Say) -> None:
        self.connected(owner)
        self.whatsapp.user_says(owner.number, wish.text)

    async def press(self, owner: Owner, wish: Tap) -> None:
        self.connected(owner)
        self.whatsapp.user_presses(owner.number, wish.message_id, wish.button)

    async def photo(self, owner: Owner, wish: Photo) -> None:
        self.connected(owner)
        self.whatsapp.user_sends_file(owner.number, "image", "photo.jpg", "image/jpeg", wish.data, wish.caption)

    async def speak(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.connected(owner)
        self.whatsapp.user_sends_file(owner.number, "audio", "voice.wav", "audio/wav", self.voice())

    async def location(self, owner: Owner, wish: Location) -> None:
        self.connected(owner)
        self.whatsapp.user_sends_location(owner.number, wish.lat, wish.lon)

    async def look(self, owner: Owner, wish: Look) -> None:
        self.whatsapp.look(owner.number, open=wish.open)

    async def switch(self, owner: Owner, wish: Switch) -> None:
        for gateway in self.texts.values():
            gateway.switch(owner.number, on=wish.on)
        for exchange in self.exchanges.values():
            exchange.switch(owner.number, on=wish.on)
        self.whatsapp.switch(owner.number, online=wish.on)

    async def dial(self, owner: Owner, wish: Dial) -> None:
        self.connected(owner)
        if any(not call.over for _, call in self._calls(owner)):
            raise Conflict("There is a call already.")
        chosen(self.exchanges, wish.to).user_calls(owner.number)

    async def picked_up(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self._at(owner).shop_picks_up(owner.number)

    async def accept(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self._at(owner).user_accepts(owner.number)

    async def decline(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self._at(owner).user_declines(owner.number)

    async def colleague(self, owner: Owner, wish: Switch) -> None:
        """Whether anybody in the shop picks up their own telephone when it calls."""
        del owner
        for exchange in self.exchanges.values():
            exchange.at_desk = wish.on

    async def hang_up(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self._at(owner).user_hangs_up(owner.number)

    async def act(self, owner: Owner, action: str, wish: Any) -> None:
        try:
            await SIM_ACTIONS[action][1](self, owner, wish)
        except LookupError as error:
            raise NotFound from error


SIM_ACTIONS: dict[str, tuple[Any, Callable[[SimCard, Owner, Any], Awaitable[None]]]] = {
    "sms/say": (Sms, SimCard.text),
    "whatsapp/say": (Say, SimCard.say),
    "whatsapp/press": (Tap, SimCard.press),
    "whatsapp/photo": (Photo, SimCard.photo),
    "whatsapp/voice": (Nothing, SimCard.speak),
    "whatsapp/location": (Location, SimCard.location),
    "whatsapp/look": (Look, SimCard.look),
    "phone/switch": (Switch, SimCard.switch),
    "call/dial": (Dial, SimCard.dial),
    "call/picked-up": (Nothing, SimCard.picked_up),
    "call/accept": (Nothing, SimCard.accept),
    "call/decline": (Nothing, SimCard.decline),
    "call/hang-up": (Nothing, SimCard.hang_up),
    "call/colleague": (Switch, SimCard.colleague),
}


def chosen(vendors: Mapping[str, T], name: str) -> T:
    """LookupError when there is none of this name."""
    return vendors[name] if name else next(iter(vendors.values()))


def bubble(message: ChatMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "mine": message.mine,
        "at": message.at.isoformat(),
        "text": message.text,
        "kind": message.kind,
        "files": [{"id": one.id, "name": one.name, "type": one.type} for one in message.files],
        "buttons": [dict(one) for one in message.buttons],
        "choose": message.choose,
        "pressed": message.pressed,
        "template": message.template,
        "location": message.location,
        "taken": message.status == "delivered" if message.mine else True,
    }
