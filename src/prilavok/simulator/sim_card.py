"""What hangs on the number of the customer's telephone: texts, WhatsApp, calls. Without a connection they wait."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

import msgspec

from prilavok.domain.errors import Conflict, NotFound
from prilavok.kit.phone import pretty
from prilavok.simulator import twilio
from prilavok.simulator import zadarma as calls
from prilavok.simulator.office import Office
from prilavok.simulator.telegram.faults import Fault
from prilavok.simulator.twilio import TwilioEmulator
from prilavok.simulator.whatsapp import ChatMessage, WhatsAppEmulator
from prilavok.simulator.zadarma import ZadarmaEmulator

SHOWN = 300  # messages of a chat


class Owner(Protocol):
    """Whose telephone it is."""

    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str: ...


class Text(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1600, pattern=r"\S")]


class Words(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4096, pattern=r"\S")]


class Press(msgspec.Struct, forbid_unknown_fields=True):
    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    button: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Photo(msgspec.Struct, forbid_unknown_fields=True):
    data: Annotated[bytes, msgspec.Meta(min_length=1)]
    caption: Annotated[str, msgspec.Meta(max_length=1024)] = ""


class Location(msgspec.Struct, forbid_unknown_fields=True):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Look(msgspec.Struct, forbid_unknown_fields=True):
    open: bool


class Switch(msgspec.Struct, forbid_unknown_fields=True):
    on: bool


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """An action that needs no words."""


class SimCard:
    """The three emulators behind one number. `voice` is what a voice message and a recorded talk sound like."""

    def __init__(
        self,
        twilio: TwilioEmulator,
        whatsapp: WhatsAppEmulator,
        zadarma: ZadarmaEmulator,
        *,
        voice: Callable[[], bytes] = lambda: b"",
    ) -> None:
        self.twilio, self.whatsapp, self.zadarma, self.voice = twilio, whatsapp, zadarma, voice

    async def close(self) -> None:
        for emulator in (self.twilio, self.whatsapp, self.zadarma):
            await emulator.close()

    def state(self, owner: Owner) -> dict[str, Any]:
        line = self.zadarma.line(owner.number)
        texts = self.twilio.thread(owner.number)
        chat = self.whatsapp.chat(owner.number, owner.name)
        # What has not come yet is not on the screen.
        said = [one for one in chat.messages if one.mine or one.status in {"delivered", "read"}]
        return {
            "number": pretty(owner.number),
            "on": line.on,
            "sms": {
                "number": pretty(twilio.NUMBER),
                "stopped": texts.stopped,
                "messages": [
                    {"id": one.id, "mine": one.mine, "at": one.at.isoformat(), "text": one.text, "taken": one.taken}
                    for one in texts.messages[-SHOWN:]
                    if one.mine or one.taken
                ],
            },
            "whatsapp": {"open": chat.open, "messages": [bubble(one) for one in said[-SHOWN:]]},
            "call_number": pretty(calls.SHOP_NUMBER),
            "call": calls.shown(line.now),
            "calls": [calls.shown(one) for one in line.calls[-50:] if one.over],
        }

    def file(self, owner: Owner, file_id: str) -> Any:
        """A file of this person's own chat; None for any other."""
        mine = {file.id for one in self.whatsapp.chat(owner.number).messages for file in one.files}
        return self.whatsapp.file(file_id) if file_id in mine else None

    def left(self, owner: Owner) -> None:
        """Nobody looks at the telephone any more."""
        self.whatsapp.look(owner.number, open=False)

    def fail(self, app: str, kind: str, *, seconds: float) -> None:
        """The shop's next word through this application (whatsapp, sms, calls) meets a fault of its vendor."""
        vendors: dict[str, Office] = {"whatsapp": self.whatsapp, "sms": self.twilio, "calls": self.zadarma}
        vendors[app].fail(Fault(kind), seconds=seconds)

    def connected(self, owner: Owner) -> None:
        """Conflict while the telephone is off."""
        if not self.zadarma.line(owner.number).on:
            raise Conflict("The telephone has no connection. Switch it on again first.")

    async def text(self, owner: Owner, wish: Text) -> None:
        self.connected(owner)
        self.twilio.user_texts(owner.number, wish.text)

    async def say(self, owner: Owner, wish: Words) -> None:
        self.connected(owner)
        self.whatsapp.user_says(owner.number, wish.text)

    async def press(self, owner: Owner, wish: Press) -> None:
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
        self.twilio.switch(owner.number, on=wish.on)
        self.whatsapp.switch(owner.number, online=wish.on)
        self.zadarma.switch(owner.number, on=wish.on)

    async def dial(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.connected(owner)
        if self.zadarma.line(owner.number).now is not None:
            raise Conflict("There is a call already.")
        self.zadarma.user_calls(owner.number)

    async def picked_up(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.zadarma.shop_picks_up(owner.number)

    async def accept(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.zadarma.user_accepts(owner.number)

    async def decline(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.zadarma.user_declines(owner.number)

    async def hang_up(self, owner: Owner, wish: Nothing) -> None:
        del wish
        self.zadarma.user_hangs_up(owner.number)

    async def act(self, owner: Owner, action: str, wish: Any) -> None:
        try:
            await SIM_ACTIONS[action][1](self, owner, wish)
        except LookupError as error:
            raise NotFound from error


SIM_ACTIONS: dict[str, tuple[Any, Callable[[SimCard, Owner, Any], Awaitable[None]]]] = {
    "sms/say": (Text, SimCard.text),
    "whatsapp/say": (Words, SimCard.say),
    "whatsapp/press": (Press, SimCard.press),
    "whatsapp/photo": (Photo, SimCard.photo),
    "whatsapp/voice": (Nothing, SimCard.speak),
    "whatsapp/location": (Location, SimCard.location),
    "whatsapp/look": (Look, SimCard.look),
    "phone/switch": (Switch, SimCard.switch),
    "call/dial": (Nothing, SimCard.dial),
    "call/picked-up": (Nothing, SimCard.picked_up),
    "call/accept": (Nothing, SimCard.accept),
    "call/decline": (Nothing, SimCard.decline),
    "call/hang-up": (Nothing, SimCard.hang_up),
}


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
