"""Applications on the customer's telephone: every emulated messenger and market place that keeps to `messenger`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import msgspec

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.simulator.messenger import Bubble, File, Messenger
from prilavok.simulator.office import Office
from prilavok.simulator.telegram.faults import Fault

SHOWN = 200  # messages of a chat
BEFORE_ALL = {"start", "block", "look"}  # what a person who blocked the shop can still do
WHAT = {"start": "", "say": ""}  # what an app must offer for it, where that has another name


class Owner(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str: ...


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What is done: only what the action needs is given."""

    text: Annotated[str, msgspec.Meta(max_length=4096)] = ""
    message_id: Annotated[str, msgspec.Meta(max_length=200)] = ""
    button: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    payload: Annotated[str, msgspec.Meta(max_length=200)] = ""
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] = 5
    on: bool = True
    data: bytes = b""
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    type: Annotated[str, msgspec.Meta(max_length=100)] = "image/png"


@dataclass(frozen=True, slots=True)
class App:
    """`name` is its word in paths; `title` what people call it; `emulator` also takes faults; `colour` as in CSS."""

    name: str
    title: str
    messenger: Messenger
    emulator: Office
    colour: str = ""


class Apps:
    def __init__(self, apps: Sequence[App] = ()) -> None:
        self.apps: Mapping[str, App] = {app.name: app for app in apps}

    async def close(self) -> None:
        for app in self.apps.values():
            await app.emulator.close()

    def state(self, owner: Owner) -> list[dict[str, Any]]:
        return [self._shown(app, owner) for app in self.apps.values()]

    def file(self, owner: Owner, file_id: str) -> File | None:
        """A file of this person's own chats; None for any other."""
        for app in self.apps.values():
            bubbles = app.messenger.talk(owner.number, owner.name).bubbles
            if any(file.id == file_id for one in bubbles for file in one.files):
                return app.messenger.file(file_id)
        return None

    def left(self, owner: Owner) -> None:
        """Nobody looks at the telephone any more."""
        for app in self.apps.values():
            app.messenger.look(owner.number, open=False)

    def fail(self, name: str, kind: str, *, seconds: float) -> None:
        """The shop's next word through this application meets a fault of its vendor."""
        self._app(name).emulator.fail(Fault(kind), seconds=seconds)

    def act(self, owner: Owner, name: str, action: str, wish: Wish) -> None:
        """NotFound for what the application does not offer; Conflict after the shop was blocked."""
        app = self._app(name)
        needed = WHAT.get(action, action)
        if (
            action not in ACTIONS
            or (needed and needed not in app.messenger.can)
            or (action == "say" and "aloud" in app.messenger.can)
        ):
            raise NotFound
        if action not in BEFORE_ALL and app.messenger.talk(owner.number, owner.name).blocked:
            raise Conflict("You have blocked the shop. Let it in again first.")
        if action in {"say", "comment", "ask", "edit"} and not wish.text.strip():
            raise BadInput("Write something first.", field="text")
        try:
            ACTIONS[action](app.messenger, owner, wish)
        except LookupError as error:
            raise NotFound from error

    def _app(self, name: str) -> App:
        if name not in self.apps:
            raise NotFound
        return self.apps[name]

    def _shown(self, app: App, owner: Owner) -> dict[str, Any]:
        talk = app.messenger.talk(owner.number, owner.name)
        # What has not come yet is not on the screen.
        said = [one for one in talk.bubbles if one.mine or one.status in {"delivered", "read"} or one.public]
        return {
            "name": app.name,
            "title": app.title,
            "colour": app.colour,
            "can": sorted(app.messenger.can),
            "started": talk.started,
            "blocked": talk.blocked,
            "messages": [shown(one) for one in said[-SHOWN:]],
        }


def shown(bubble: Bubble) -> dict[str, Any]:
    return {
        "id": bubble.id,
        "mine": bubble.mine,
        "at": bubble.at.isoformat(),
        "text": bubble.text,
        "files": [{"id": one.id, "name": one.name, "type": one.type} for one in bubble.files],
        "buttons": [dict(one) for one in bubble.buttons],
        "pressed": bubble.pressed,
        "taken": bubble.status != "sent" if bubble.mine else True,
        "edited": bubble.edited,
        "deleted": bubble.deleted,
        "public": bubble.public,
        "rating": bubble.rating,
    }


ACTIONS: dict[str, Callable[[Any, Owner, Wish], Any]] = {
    "start": lambda app, owner, wish: app.user_starts(owner.number, wish.payload, name=owner.name),
    "say": lambda app, owner, wish: app.user_says(owner.number, wish.text, name=owner.name),
    "press": lambda app, owner, wish: app.user_presses(owner.number, wish.message_id, wish.button),
    "file": lambda app, owner, wish: app.user_sends_file(
        owner.number, wish.name or "photo.png", wish.type, wish.data, wish.text
    ),
    "edit": lambda app, owner, wish: app.user_edits(owner.number, wish.message_id, wish.text),
    "delete": lambda app, owner, wish: app.user_deletes(owner.number, wish.message_id),
    "block": lambda app, owner, wish: app.user_blocks(owner.number, blocked=wish.on),
    "look": lambda app, owner, wish: app.look(owner.number, open=wish.on),
    "comment": lambda app, owner, wish: app.user_comments(owner.number, wish.text, name=owner.name),
    "review": lambda app, owner, wish: app.user_reviews(owner.number, wish.rating, wish.text, name=owner.name),
    "ask": lambda app, owner, wish: app.user_asks(owner.number, wish.text, name=owner.name),
}
