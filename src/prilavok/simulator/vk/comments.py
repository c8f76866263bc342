"""What people say under the posts, photographs, videos and goods of the community on the emulated VK."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from prilavok.simulator.messenger import Bubble
from prilavok.simulator.office import Office
from prilavok.simulator.rooms import Room, Rooms
from prilavok.simulator.vk.contract import GROUP, refused

PLACES = {  # where → the number of the thing there, its name in events and calls, the events' name, the API's section
    "wall": (40, "post", "wall_reply", "wall"),
    "photo": (71, "photo", "photo_comment", "photos"),
    "video": (82, "video", "video_comment", "video"),
    "market": (93, "item", "market_comment", "market"),
}


class CommentsEmulator(Office):
    rooms: Rooms

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reported: list[str] = []
        self._comments: dict[int, tuple[Room, Bubble]] = {}
        self._written: dict[str, int] = {}  # by guid

    def user_comments(
        self, person: str, text: str, *, reply_to: str = "", name: str = "", where: str = "wall"
    ) -> Bubble:
        """Of something of the shop's, for everybody to read; `reply_to` is the id of another comment."""
        room = self.rooms.of(person, name)
        bubble = Bubble("", True, self.now(), text, public=True, reply_to=reply_to)
        self._put_comment(room, bubble, where)
        self._tell(f"{PLACES[where][2]}_new", self._comment(room, bubble), bubble)
        return bubble

    @abstractmethod
    def _tell(self, event: str, content: Mapping[str, Any], bubble: Bubble | None = None) -> None:
        """Calls the community's server."""

    def _put_comment(self, room: Room, bubble: Bubble, where: str) -> int:
        number = 55 + len(self._comments)
        bubble.id = f"{where}-{GROUP}_{PLACES[where][0]}_{number}"
        self._comments[number] = (room, bubble)
        room.bubbles.append(bubble)
        return number

    def _comment(self, room: Room, bubble: Bubble) -> dict[str, Any]:
        answers = number_in(bubble.reply_to) if bubble.reply_to else 0
        where = place_of(bubble)
        thing, what, _, _ = PLACES[where]
        return {
            "id": number_in(bubble.id),
            "from_id": int(room.id) if bubble.mine else -GROUP,
            "date": int(bubble.at.timestamp()),
            "text": bubble.text,
            "owner_id": -GROUP,
            f"{what}_id": thing,
            f"{'post' if where == 'wall' else where}_owner_id": -GROUP,
            "parents_stack": [self._root(answers)] if answers else [],
            **({"reply_to_comment": answers} if answers else {}),
        }

    def _root(self, number: int) -> int:
        answered = self._comments[number][1].reply_to
        return self._root(number_in(answered)) if answered else number

    # Calls

    def create_comment(self, given: Mapping[str, str]) -> Any:
        answers = int(given.get("reply_to_comment", "0"))
        if answers not in self._comments:
            raise refused(211)
        key = given.get("guid", "")
        if key not in self._written:
            room, answered = self._comments[answers]
            where = place_of(answered)
            bubble = Bubble("", False, self.now(), given["message"], public=True, reply_to=answered.id)
            self._written[key] = self._put_comment(room, bubble, where)
            self._tell(f"{PLACES[where][2]}_new", self._comment(room, bubble))
        return self._written[key]

    def create_on_wall(self, given: Mapping[str, str]) -> Any:
        number = self.create_comment(given)
        return {"comment_id": number, "parents_stack": [self._root(int(given["reply_to_comment"]))]}

    def edit_comment(self, given: Mapping[str, str]) -> Any:
        found = self._comments.get(int(given["comment_id"]))
        if found is None or found[1].mine:
            raise refused(211)
        found[1].text, found[1].edited = given["message"], True
        self._tell(changed(found[1]), self._comment(*found))
        return 1

    def delete_comment(self, given: Mapping[str, str]) -> Any:
        found = self._comments.get(int(given["comment_id"]))
        if found is None:
            raise refused(211)
        found[1].deleted = True
        self._tell(*removed(found[1], 9000001))
        return 1

    def report_comment(self, given: Mapping[str, str]) -> Any:
        self.reported.append(given["comment_id"])
        return 1


def place_of(bubble: Bubble) -> str:
    return bubble.id.partition("-")[0]


def number_in(comment_id: str) -> int:
    return int(comment_id.rpartition("_")[2])


def changed(bubble: Bubble) -> str:
    """The event of an edit."""
    return f"{PLACES[place_of(bubble)][2]}_edit"


def removed(bubble: Bubble, by: int) -> tuple[str, dict[str, Any]]:
    """The event of a deletion, and what it says."""
    thing, what, event, _ = PLACES[place_of(bubble)]
    gone = {"owner_id": -GROUP, "id": number_in(bubble.id), "deleter_id": by, f"{what}_id": thing}
    return f"{event}_delete", gone


ACTS = {
    "createComment": CommentsEmulator.create_comment,
    "editComment": CommentsEmulator.edit_comment,
    "deleteComment": CommentsEmulator.delete_comment,
    "reportComment": CommentsEmulator.report_comment,
}
COMMENT_CALLS: dict[str, Any] = {
    **{f"{section}.{name}": act for _, _, _, section in PLACES.values() for name, act in ACTS.items()},
    "wall.createComment": CommentsEmulator.create_on_wall,
}
