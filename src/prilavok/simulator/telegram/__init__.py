"""Telegram on loopback: an ASGI application that answers as the Bot API, and the people who write to the bots.

    telegram = TelegramEmulator()
    telegram.add_bot("123456:ABC", username="shop_bot", name="Shop")
    olena = telegram.add_user("Olena", language="uk")
    await telegram.user_says(olena.id, "Де моє замовлення?")
    telegram.history(olena.id)

The connector's `api_base` is where this application is served. `docs/channels/telegram.md` lists the faults.
"""

import asyncio
import itertools
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any

from prilavok.simulator.telegram import calls, http
from prilavok.simulator.telegram.chats import BotAccount, Chat, ChatMessage, Person, StoredFile, as_message
from prilavok.simulator.telegram.contract import Refused, Uploaded, accepted
from prilavok.simulator.telegram.delivery import Post, Updates, post
from prilavok.simulator.telegram.faults import Fault, Trouble, Troubles

__all__ = ["BotAccount", "ChatMessage", "Fault", "Person", "StoredFile", "TelegramEmulator"]

Listener = Callable[[ChatMessage], Awaitable[None] | None]
Message = MutableMapping[str, Any]


class TelegramEmulator:
    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        post: Post = post,
        first_pause: float = 0.5,
    ) -> None:
        """`post` carries updates to webhooks; `first_pause`: seconds before a refused update is tried again."""
        self.now = now
        self.bots: dict[str, BotAccount] = {}
        self.people: dict[int, Person] = {}
        self.requests: deque[tuple[str, dict[str, Any]]] = deque(maxlen=1000)  # method and fields, latest last
        self._post = post
        self._first_pause = first_pause
        self._updates: dict[str, Updates] = {}
        self._files: dict[str, StoredFile] = {}
        self._listeners: list[Listener] = []
        self._troubles = Troubles()
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        await http.serve(self, scope, receive, send)

    async def close(self) -> None:
        """Ends what still runs in the background."""
        for updates in self._updates.values():
            await updates.close()
        for task in self._tasks:
            task.cancel()

    # People and bots

    def add_bot(self, token: str, *, username: str, name: str = "Shop") -> BotAccount:
        bot = BotAccount(token, username, name)
        self.bots[token] = bot
        self._updates[token] = Updates(
            self._post, lambda method, fields: self._carry_out(bot, method, fields), first_pause=self._first_pause
        )
        return bot

    def add_user(self, first_name: str, *, user_id: int | None = None, **known: Any) -> Person:
        """`known`: last_name, username, language, phone."""
        person = Person(user_id or 100_000_000 + next(self._numbers), first_name, **known)
        self.people[person.id] = person
        return person

    def history(self, user_id: int, *, bot: str = "") -> list[ChatMessage]:
        """Both sides, oldest first. `bot`: a username, where there are several."""
        return list(self.chat(user_id, bot=bot).messages)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Called with every message of bots (`from_bot`) and people, again when it is edited. The result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # What people do

    async def user_starts(self, user_id: int, payload: str = "", *, bot: str = "") -> ChatMessage:
        """Presses Start, perhaps behind a link t.me/bot?start=payload; lets a blocked bot in again."""
        if self.chat(user_id, bot=bot).blocked:
            await self.user_unblocks(user_id, bot=bot)
        command = [{"type": "bot_command", "offset": 0, "length": 6}]
        text = f"/start {payload}".strip()
        return await self._user_sends(user_id, bot, text=text, extra={"entities": command})

    async def user_says(
        self, user_id: int, text: str, *, bot: str = "", reply_to: int | None = None, **extra: Any
    ) -> ChatMessage:
        """`extra`: further fields of the message as the Bot API writes them (entities, forward_origin ...)."""
        return await self._user_sends(user_id, bot, text=text, reply_to=reply_to, extra=extra)

    async def user_sends_photo(self, user_id: int, data: bytes, caption: str = "", *, bot: str = "") -> ChatMessage:
        file = self.store("photo.jpg", "image/jpeg", data, "photos")
        return await self._user_sends(user_id, bot, text=caption, kind="photo", files=(file,))

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
    ) -> ChatMessage:
        """`kind`: document, voice, audio or video."""
        file = self.store(name, mime, data, f"{kind}s")
        return await self._user_sends(user_id, bot, text=caption, kind=kind, files=(file,))

    async def user_sends_voice(self, user_id: int, data: bytes, *, bot: str = "") -> ChatMessage:
        return await self.user_sends_file(user_id, "voice.ogg", "audio/ogg", data, kind="voice", bot=bot)

    async def user_sends_album(
        self, user_id: int, photos: Iterable[bytes], caption: str = "", *, bot: str = ""
    ) -> list[ChatMessage]:
        """Several messages, as Telegram sends an album; the first carries the caption."""
        album = f"1380000000{next(self._numbers):07}"
        sent = []
        for number, data in enumerate(photos):
            file = self.store(f"photo-{number}.jpg", "image/jpeg", data, "photos")
            text = "" if number else caption
            sent.append(await self._user_sends(user_id, bot, text=text, kind="photo", files=(file,), album=album))
        return sent

    async def user_sends_location(self, user_id: int, lat: float, lon: float, *, bot: str = "") -> ChatMessage:
        return await self._user_sends(user_id, bot, kind="location", location=(lat, lon))

    async def user_shares_contact(self, user_id: int, phone: str = "", *, bot: str = "") -> ChatMessage:
        """The own number; with `phone` somebody else's."""
        person = self.people[user_id]
        own = {"phone_number": person.phone.lstrip("+"), "first_name": person.first_name, "user_id": user_id}
        card = {"phone_number": phone, "first_name": "Somebody"} if phone else own
        return await self._user_sends(user_id, bot, kind="contact", contact=card)

    async def user_presses(self, user_id: int, message_id: int, button: str, *, bot: str = "") -> str:
        """`button`: its label or its data. The id of the press, which spins until the bot answers it."""
        account, chat = self._where(user_id, bot)
        message = chat.message(message_id)
        for one in itertools.chain.from_iterable(message.buttons):
            if button in (one["text"], one.get("callback_data")) and "callback_data" in one:
                query = f"{next(self._numbers):016}"
                account.spinning[query] = user_id
                content = {
                    "id": query,
                    "from": chat.person.as_user(),
                    "message": as_message(account, chat, message),
                    "chat_instance": f"-{user_id}",
                    "data": one["callback_data"],
                }
                self.updates_of(account).add(user_id, "callback_query", content)
                return query
        raise LookupError(f"no button “{button}” under message {message_id}")

    async def user_edits(self, user_id: int, message_id: int, text: str, *, bot: str = "") -> ChatMessage:
        account, chat = self._where(user_id, bot)
        message = chat.message(message_id)
        message.text, message.edited_at = text, self.now()
        self.updates_of(account).add(user_id, "edited_message", as_message(account, chat, message))
        await self._tell(message)
        return message

    async def user_blocks(self, user_id: int, *, bot: str = "") -> None:
        await self._membership(user_id, bot, blocked=True)

    async def user_unblocks(self, user_id: int, *, bot: str = "") -> None:
        await self._membership(user_id, bot, blocked=False)

    # What goes wrong

    def fail(self, fault: Fault, *, method: str = "", times: int = 1, seconds: float = 3) -> None:
        """The next `times` requests of `method` (empty: of any that sends) meet this fault.

        `seconds`: the retry_after of TOO_MANY, or how long SILENT stays silent.
        """
        self._troubles.plan(Trouble(fault, method, times, seconds))

    def be_unreliable(
        self, chance: random.Random, *, share: float, kinds: Iterable[Fault] = tuple(Fault), seconds: float = 1
    ) -> None:
        """From now on this share of all sends meets one of these faults; share 0 ends it."""
        self._troubles.by_chance(chance, share, kinds, seconds)

    def hold_updates(self) -> None:
        """Keeps updates back until `release_updates`, so that they come as one batch."""
        for updates in self._updates.values():
            updates.held = True

    def release_updates(self, *, shuffled: random.Random | None = None, twice: bool = False) -> None:
        for updates in self._updates.values():
            updates.release(shuffled=shuffled, twice=twice)

    async def delivered(self) -> None:
        """Returns when every webhook has taken what waited for it."""
        for updates in self._updates.values():
            await updates.settled()

    # What the calls use

    async def carry_out(self, bot: BotAccount, method: str, given: dict[str, Any], *, form: bool) -> Any:
        """One call of a bot: the result, or Refused. Every request is held against the contract's types."""
        fields = accepted(method, given, form=form)
        self.requests.append((method, fields))
        if method in calls.SENDS:
            return calls.send_file(self, bot, fields, calls.SENDS[method])
        if method == "sendMediaGroup":
            uploads = {name: it for name, it in given.items() if isinstance(it, Uploaded)}
            return calls.send_media_group(self, bot, fields, uploads)
        result = calls.CALLS[method](self, bot, fields)
        return await result if isawaitable(result) else result

    def trouble(self, method: str) -> Trouble | None:
        return self._troubles.next(method)

    def store(self, name: str, mime: str, data: bytes, folder: str) -> StoredFile:
        number = next(self._numbers)
        file = StoredFile(f"file{number:06}", name, mime, data, f"{folder}/file_{number}.{name.rpartition('.')[2]}")
        self._files[file.id] = file
        return file

    def file(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def file_at(self, path: str) -> StoredFile | None:
        return next((file for file in self._files.values() if file.path == path), None)

    def said(self, bot: BotAccount, message: ChatMessage) -> None:
        del bot
        self._in_background(self._tell(message))

    def updates_of(self, bot: BotAccount) -> Updates:
        return self._updates[bot.token]

    def chat(self, user_id: int, *, bot: str = "") -> Chat:
        return self._where(user_id, bot)[1]

    def _where(self, user_id: int, bot: str) -> tuple[BotAccount, Chat]:
        """The named bot, or the only one."""
        found = [one for one in self.bots.values() if not bot or one.username == bot]
        if len(found) != 1:
            raise LookupError(f"which bot? There are {', '.join(one.username for one in self.bots.values()) or 'none'}")
        person = self.people[user_id]
        return found[0], found[0].chats.setdefault(user_id, Chat(person))

    async def _user_sends(self, user_id: int, bot: str, **said: Any) -> ChatMessage:
        account, chat = self._where(user_id, bot)
        chat.started = True
        message = ChatMessage(
            id=account.next_message_id(), user_id=user_id, from_bot=False, at=self.now(), **{"kind": "text", **said}
        )
        chat.messages.append(message)
        self.updates_of(account).add(user_id, "message", as_message(account, chat, message))
        await self._tell(message)
        return message

    async def _membership(self, user_id: int, bot: str, *, blocked: bool) -> None:
        account, chat = self._where(user_id, bot)
        chat.blocked = blocked
        states = ("kicked", "member") if blocked else ("member", "kicked")
        new, old = ({"user": account.as_user(), "status": state} for state in states)
        content = {
            "chat": chat.person.as_chat(),
            "from": chat.person.as_user(),
            "date": int(self.now().timestamp()),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        self.updates_of(account).add(user_id, "my_chat_member", content)

    def _carry_out(self, bot: BotAccount, method: str, fields: dict[str, Any]) -> None:
        self._in_background(self._carry_out_silently(bot, method, fields))

    async def _carry_out_silently(self, bot: BotAccount, method: str, fields: dict[str, Any]) -> None:
        try:
            await self.carry_out(bot, method, fields, form=False)
        except Refused as error:
            # Telegram tells nobody the result of a method that a webhook answered with.
            self.requests.append((f"refused {method}", {"description": error.description}))

    async def _tell(self, message: ChatMessage) -> None:
        for listener in list(self._listeners):
            told = listener(message)
            if isawaitable(told):
                await told

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
