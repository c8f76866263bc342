"""What a visitor of the demo does on the telephone, as a table of actions; and what the telephone shows."""

import hashlib
import io
import math
import re
import struct
import wave
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import msgspec

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.simulator import postbox
from prilavok.simulator.agencies import AgencyOffice
from prilavok.simulator.apps import Apps, Wish
from prilavok.simulator.gestures import (
    Block,
    Close,
    Edit,
    Fault,
    Location,
    NewLetter,
    Nothing,
    Photo,
    Press,
    Sample,
    Say,
    Start,
    ToLetter,
)
from prilavok.simulator.letters import SAMPLES, complaint
from prilavok.simulator.post_office import MailLike, PostOffice
from prilavok.simulator.sim_card import SIM_ACTIONS, SimCard

APP = re.compile(r"app/([a-z_]{1,32})/([a-z]{1,16})")
NAMES = {"ru": "Марта", "uk": "Марта", "en": "Marta"}
FAULT_SECONDS = 3.0
ABOUT_THE_LAST = {"away", "bounce"}  # letters that answer the shop's last one


class TelegramLike(Protocol):
    """What the telephone uses of the Telegram emulator."""

    bots: dict[str, Any]
    people: dict[int, Any]

    def add_user(self, first_name: str, *, user_id: int | None = None, **known: Any) -> Any: ...
    def chat(self, user_id: int, *, bot: str = "") -> Any: ...
    def updates_of(self, bot: Any) -> Any: ...  # with `waiting`: what the shop has not taken yet
    def file(self, file_id: str) -> Any: ...
    def fail(self, fault: Any, *, method: str = "", times: int = 1, seconds: float = 3) -> None: ...
    async def user_starts(self, user_id: int, payload: str = "", *, bot: str = "") -> Any: ...
    async def user_says(self, user_id: int, text: str, *, bot: str = "", reply_to: int | None = None) -> Any: ...
    async def user_sends_photo(self, user_id: int, data: bytes, caption: str = "", *, bot: str = "") -> Any: ...
    async def user_sends_file(
        self,
        user_id: int,
        name: str,
        mime: str,
        data: bytes,
        *,
        kind: str = "document",
        caption: str = "",
        bot: str = "",
    ) -> Any: ...
    async def user_sends_location(self, user_id: int, lat: float, lon: float, *, bot: str = "") -> Any: ...
    async def user_shares_contact(self, user_id: int, phone: str = "", *, bot: str = "") -> Any: ...
    async def user_presses(self, user_id: int, message_id: int, button: str, *, bot: str = "") -> Any: ...
    async def user_edits(self, user_id: int, message_id: int, text: str, *, bot: str = "") -> Any: ...
    async def user_blocks(self, user_id: int, *, bot: str = "") -> None: ...
    async def user_unblocks(self, user_id: int, *, bot: str = "") -> None: ...


@dataclass(slots=True)
class Visitor:
    """One browser: its own number, its own mailbox. `key` is made by the browser."""

    key: str
    language: str
    user_id: int
    address: str
    number: str
    sent: list[bytes] = field(default_factory=list)
    closed: bool = False  # their mailbox
    opened: set[str] = field(default_factory=set)  # letters of the shop that were before their eyes
    spam: set[str] = field(default_factory=set)  # and those that they called so
    looking: int = 0  # pages that are open

    @property
    def name(self) -> str:
        return NAMES[self.language]


class Handset:
    """All emulators behind one visitor's hand. `bot` is the username, `shop_address` where letters go, beside
    those of `agencies`.
    """

    def __init__(
        self,
        telegram: TelegramLike,
        mail: MailLike,
        sim: SimCard,
        *,
        bot: str,
        shop_address: str,
        now: Callable[[], datetime],
        apps: Apps | None = None,
        agencies: Mapping[str, AgencyOffice] | None = None,
    ) -> None:
        self.telegram, self.mail, self.sim, self.now = telegram, mail, sim, now
        self.post = PostOffice(mail, shop_address, agencies or {})
        self.apps = apps or Apps()
        self.bot = bot
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, key: str, language: str) -> Visitor:
        """The oldest of 500 is forgotten; the emulators still know them."""
        known = self.visitors.get(key)
        if known is None:
            number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 800_000_000
            known = Visitor(
                key,
                language,
                5_000_000_000 + number,
                f"marta.{number % 100_000:05}@mail.example",
                f"+38067{number % 10_000_000:07}",
            )
            self.visitors[key] = known
            if len(self.visitors) > 500:
                del self.visitors[next(iter(self.visitors))]
        known.language = language
        if known.user_id not in self.telegram.people:
            self.telegram.add_user(
                known.name, user_id=known.user_id, username="marta_reads", language=language, phone=known.number
            )
        return known

    async def act(self, visitor: Visitor, action: str, body: bytes) -> None:
        """BadInput says what is wrong with `body`; Conflict and NotFound what does not fit the state of the chat."""
        app = None
        if action not in ACTIONS and action not in SIM_ACTIONS and not (app := APP.fullmatch(action)):
            raise NotFound
        shape = Wish if app else (ACTIONS.get(action) or SIM_ACTIONS[action])[0]
        try:
            wish = msgspec.json.decode(body or b"{}", type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(str(error)) from error
        if app:
            self.sim.connected(visitor)
            self.apps.act(visitor, app[1], app[2], wish)
            return
        if action in SIM_ACTIONS:
            await self.sim.act(visitor, action, wish)
            return
        if action.startswith("telegram/") and action not in OPENING and self._chat(visitor).blocked:
            raise Conflict("You have blocked the shop. Let it in again first.")
        try:
            await ACTIONS[action][1](self, visitor, wish)
        except LookupError as error:
            raise NotFound from error

    def state(self, visitor: Visitor) -> dict[str, Any]:
        chat = self._chat(visitor)
        letters = postbox.mailbox(self.mail.mailbox(visitor.address), visitor.sent, visitor.address)
        threads = postbox.threads(letters)
        return {
            "me": {"name": visitor.name, "address": visitor.address},
            "shop": {"bot": self.bot, "addresses": list(self.post.addresses)},
            "telegram": {
                "started": chat.started,
                "blocked": chat.blocked,
                "messages": [self._bubble(one, self._untaken()) for one in chat.messages[-300:]],
            },
            "mail": {
                "closed": visitor.closed,
                "letters": [self._letter(visitor, one, threads[one.id]) for one in letters[-200:]],
            },
            "apps": self.apps.state(visitor),
            **self.sim.state(visitor),
        }

    def looks(self, visitor: Visitor, pages: int) -> None:
        """A page of this visitor was opened (1) or closed (-1). Without any, nothing counts as read."""
        visitor.looking += pages
        if not visitor.looking:
            self.sim.left(visitor)
            self.apps.left(visitor)

    def file(self, visitor: Visitor, file_id: str) -> Any:
        """A file of this visitor's own chats; NotFound for any other."""
        mine = {file.id for message in self._chat(visitor).messages for file in message.files}
        found = self.telegram.file(file_id) if file_id in mine else self.sim.file(visitor, file_id)
        found = found or self.apps.file(visitor, file_id)
        if found is None:
            raise NotFound
        return found

    def letters(self, visitor: Visitor) -> list[postbox.Letter]:
        return postbox.mailbox(self.mail.mailbox(visitor.address), visitor.sent, visitor.address)

    async def start(self, visitor: Visitor, wish: Start) -> None:
        await self.telegram.user_starts(visitor.user_id, wish.payload, bot=self.bot)

    async def say(self, visitor: Visitor, wish: Say) -> None:
        await self.telegram.user_says(visitor.user_id, wish.text, bot=self.bot)

    async def edit(self, visitor: Visitor, wish: Edit) -> None:
        if self._chat(visitor).message(wish.message_id).from_bot:
            raise Conflict("That message is the shop's: only your own can be edited.")
        await self.telegram.user_edits(visitor.user_id, wish.message_id, wish.text, bot=self.bot)

    async def press(self, visitor: Visitor, wish: Press) -> None:
        await self.telegram.user_presses(visitor.user_id, wish.message_id, wish.button, bot=self.bot)

    async def send_photo(self, visitor: Visitor, wish: Photo) -> None:
        await self.telegram.user_sends_photo(visitor.user_id, wish.data, wish.caption, bot=self.bot)

    async def send_voice(self, visitor: Visitor, wish: Nothing) -> None:
        del wish
        await self.telegram.user_sends_file(
            visitor.user_id, "voice.wav", "audio/wav", hum(), kind="voice", bot=self.bot
        )

    async def send_location(self, visitor: Visitor, wish: Location) -> None:
        await self.telegram.user_sends_location(visitor.user_id, wish.lat, wish.lon, bot=self.bot)

    async def share_contact(self, visitor: Visitor, wish: Nothing) -> None:
        del wish
        await self.telegram.user_shares_contact(visitor.user_id, bot=self.bot)

    async def block(self, visitor: Visitor, wish: Block) -> None:
        change = self.telegram.user_blocks if wish.blocked else self.telegram.user_unblocks
        await change(visitor.user_id, bot=self.bot)

    async def break_next(self, visitor: Visitor, wish: Fault) -> None:
        del visitor
        if wish.app == "telegram":
            self.telegram.fail(wish.kind, seconds=FAULT_SECONDS)
        elif wish.app in self.apps.apps:
            self.apps.fail(wish.app, wish.kind, seconds=FAULT_SECONDS)
        else:
            self.sim.fail(wish.app, wish.kind, seconds=FAULT_SECONDS)

    async def post_letter(self, visitor: Visitor, wish: NewLetter) -> None:
        answers = next((one for one in self.letters(visitor) if wish.answers and one.id == wish.answers), None)
        if wish.answers and answers is None:
            raise NotFound
        if not wish.text.strip() and not wish.files:
            raise BadInput("Write something first.", field="text")
        files = [postbox.File(one.name, one.type, one.data) for one in wish.files]
        to = self.post.address(answers.sender if answers else wish.to)
        raw = postbox.write(
            (visitor.name, visitor.address), to, wish.subject, wish.text, at=self.now(), answers=answers, files=files
        )
        self._send(visitor, raw, to)

    async def post_sample(self, visitor: Visitor, wish: Sample) -> None:
        received = [one for one in self.letters(visitor) if not one.mine]
        sender = (visitor.name, visitor.address)
        last = received[-1] if received else None
        to = self.post.address(last.sender if last and wish.kind in ABOUT_THE_LAST else wish.to)
        raw = SAMPLES[wish.kind](sender, to, visitor.language, self.now(), last)
        if wish.kind != "bounce":
            self._send(visitor, raw, to)
        elif last is None or not self.post.bounced(last.id):
            self.post.post(raw, self.post.addresses[0])  # written by their post office, and not by the customer

    async def close_mailbox(self, visitor: Visitor, wish: Close) -> None:
        visitor.closed = wish.closed
        self.post.close(visitor.address, closed=wish.closed)

    async def open_letter(self, visitor: Visitor, wish: ToLetter) -> None:
        letter = self._of_the_shop(visitor, wish.letter)
        if letter.id not in visitor.opened:
            visitor.opened.add(letter.id)
            self.post.opened(letter.id)

    async def call_spam(self, visitor: Visitor, wish: ToLetter) -> None:
        letter = self._of_the_shop(visitor, wish.letter)
        if letter.id in visitor.spam:
            return
        visitor.spam.add(letter.id)
        if not self.post.complained(letter.id):
            shop = self.post.addresses[0]
            self.post.post(complaint((visitor.name, visitor.address), shop, letter, self.now()), shop)

    def _of_the_shop(self, visitor: Visitor, letter_id: str) -> postbox.Letter:
        found = next((one for one in self.letters(visitor) if one.id == letter_id and not one.mine), None)
        if found is None:
            raise NotFound
        return found

    def _send(self, visitor: Visitor, raw: bytes, to: str) -> None:
        visitor.sent.append(raw)
        del visitor.sent[:-200]
        self.post.post(raw, to)

    def _chat(self, visitor: Visitor) -> Any:
        return self.telegram.chat(visitor.user_id, bot=self.bot)

    def _letter(self, visitor: Visitor, letter: postbox.Letter, thread: str) -> dict[str, Any]:
        known = {"opened": letter.id in visitor.opened, "spam": letter.id in visitor.spam}
        return {**letter.shown(thread), **known, "shop": self.post.address(letter.to if letter.mine else letter.sender)}

    def _untaken(self) -> set[int]:
        """Ids of the messages that the shop has not fetched yet: one tick instead of two."""
        account = next(one for one in self.telegram.bots.values() if one.username == self.bot)
        waiting = [queued.update for queued in self.telegram.updates_of(account).waiting]
        return {update["message"]["message_id"] for update in waiting if "message" in update}

    def _bubble(self, message: Any, untaken: set[int]) -> dict[str, Any]:
        return {
            "id": message.id,
            "mine": not message.from_bot,
            "at": message.at.isoformat(),
            "text": message.text,
            "kind": message.kind,
            "files": [{"id": one.id, "name": one.name, "type": one.type} for one in message.files],
            "buttons": [list(row) for row in message.buttons],
            "location": message.location,
            "contact": message.contact,
            "reply_to": message.reply_to,
            "edited": message.edited_at is not None,
            "taken": message.id not in untaken,
        }


ACTIONS: dict[str, tuple[Any, Callable[[Handset, Visitor, Any], Awaitable[None]]]] = {
    "telegram/start": (Start, Handset.start),
    "telegram/say": (Say, Handset.say),
    "telegram/edit": (Edit, Handset.edit),
    "telegram/press": (Press, Handset.press),
    "telegram/photo": (Photo, Handset.send_photo),
    "telegram/voice": (Nothing, Handset.send_voice),
    "telegram/location": (Location, Handset.send_location),
    "telegram/contact": (Nothing, Handset.share_contact),
    "telegram/block": (Block, Handset.block),
    "faults": (Fault, Handset.break_next),
    "mail/send": (NewLetter, Handset.post_letter),
    "mail/sample": (Sample, Handset.post_sample),
    "mail/close": (Close, Handset.close_mailbox),
    "mail/open": (ToLetter, Handset.open_letter),
    "mail/spam": (ToLetter, Handset.call_spam),
}
OPENING = {"telegram/start", "telegram/block"}  # what a person who blocked the shop can still do


@cache
def hum() -> bytes:
    """Two seconds of somebody humming, as WAV: a canned voice message."""
    rate = 8000
    samples = []
    for number in range(rate * 2):
        second = number / rate
        pitch = (196, 220, 247, 196)[int(second * 2)]
        swell = min(1.0, (second % 0.5) * 8) * (1 - (second % 0.5)) * 0.5
        samples.append(int(12000 * swell * math.sin(2 * math.pi * pitch * second)))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return out.getvalue()
