"""Matrix' own rules, without a homeserver: what is asked, what is joined, what a long absence left out."""

import asyncio
import json
from typing import Any

import pytest

from prilavok.channels.base import Attachment, Button, NeedsOwner, Outbound, Request, Response, TryLater, Undeliverable
from prilavok.channels.matrix import Matrix, MatrixConfig
from tests.channels.reading import INBOX

US, ALICE, ROOM = "@shop:example.org", "@alice:example.org", "!room:example.org"


def matrix(**settings: Any) -> Matrix:
    given = {"user": US, "token": "syt_x", "api_base": "https://matrix.example.org", **settings}
    return Matrix(MatrixConfig(**given), INBOX)


def outbound(text: str = "It is on its way.", **more: Any) -> Outbound:
    return Outbound(message_id="m-1", conversation_id="c", address=ROOM, text=text, **more)


def answered(body: Any, status: int = 200) -> Response:
    return Response(status, {}, json.dumps(body).encode())


def run(dialogue: Any, *answers: Response) -> tuple[list[Request], Any]:
    """The requests of a dialogue that gets these answers, and its result."""
    asked, left = [], list(answers)
    try:
        request = next(dialogue)
        while True:
            asked.append(request)
            request = dialogue.send(left.pop(0))
    except StopIteration as end:
        assert not left
        return asked, end.value


class GoneError(Exception):
    """The end of the test."""


class Homeserver:
    """Answers in the order in which it was told to; then it is gone."""

    def __init__(self, *answers: Any, status: int = 200) -> None:
        self.left = [answered(one, status) if not isinstance(one, Response) else one for one in answers]
        self.asked: list[Request] = []

    async def http(self, request: Request) -> Response:
        self.asked.append(request)
        if not self.left:
            raise GoneError
        return self.left.pop(0)

    @property
    def paths(self) -> list[str]:
        return [one.url.removeprefix("https://matrix.example.org/_matrix/").partition("?")[0] for one in self.asked]


def heard(channel: Matrix, server: Homeserver, since: str = "s1") -> list[Any]:
    async def listen() -> list[Any]:
        found: list[Any] = []
        try:
            async for polled in channel.listen(server, {"since": since}):
                found.append(polled)
        except GoneError:
            return found
        raise AssertionError("it ended by itself")

    return asyncio.run(listen())


def sync(events: list[Any], **timeline: Any) -> dict[str, Any]:
    return {"next_batch": "s2", "rooms": {"join": {ROOM: {"timeline": {"events": events, **timeline}}}}}


def event(number: int, text: str = "hi", **more: Any) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": text}
    return {"type": "m.room.message", "event_id": f"${number}", "sender": ALICE, "content": content, **more}


def test_a_reply_is_one_event_whose_repeat_the_homeserver_knows() -> None:
    reply = outbound("Right?", replies_to="$0", buttons=(Button("Yes"), Button("No")))
    asked, sent = run(matrix().send(reply), answered({"event_id": "$9"}))
    assert asked[0].url.endswith("/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/prilavok-m-1-0")
    assert json.loads(asked[0].body or b"") == {
        "msgtype": "m.text",
        "body": "Right?\n1. Yes\n2. No",
        "m.relates_to": {"m.in_reply_to": {"event_id": "$0"}},
    }
    assert sent.provider_id == "$9"
    assert run(matrix().send(reply), answered({"event_id": "$9"}))[0][0].url == asked[0].url


def test_a_file_is_uploaded_and_then_shown() -> None:
    png = Attachment("a b.png", "image/png", data=b"\x89PNG", kind="image")
    answers = (
        answered({"content_uri": "mxc://example.org/x"}),
        answered({"event_id": "$1"}),
        answered({"event_id": "$2"}),
    )
    (upload, _, shown), sent = run(matrix().send(outbound("look", attachments=(png,))), *answers)
    assert upload.url.endswith("/media/v3/upload?filename=a+b.png")
    assert json.loads(shown.body or b"")["url"] == "mxc://example.org/x"
    assert (sent.provider_id, sent.more_ids) == ("$1", ("$2",))


@pytest.mark.parametrize("ref", ["https://evil.example/x", "mxc://a/../../x", "mxc://a/b?c=d", "mxc://a b/c", ""])
def test_only_files_of_matrix_are_fetched(ref: str) -> None:
    with pytest.raises(Undeliverable):
        next(matrix().fetch(ref))


def test_the_owner_is_told_what_to_repair() -> None:
    with pytest.raises(NeedsOwner, match="looks like"):
        next(matrix(user="shop").check())
    with pytest.raises(NeedsOwner, match="not to @shop"):
        run(matrix().check(), answered({"user_id": ALICE}), answered({"next_batch": "s"}))
    with pytest.raises(NeedsOwner, match="no longer good"):
        run(matrix().check(), answered({"errcode": "M_UNKNOWN_TOKEN"}, 401))
    with pytest.raises(NeedsOwner, match="homeserver's address"):
        run(matrix().check(), answered({}, 404))
    _, account = run(matrix().check(), answered({"user_id": US}), answered({"next_batch": "s7"}))
    assert (account.handle, account.cursor) == (US, {"since": "s7"})


def test_who_invited_the_shop_before_is_let_in_when_it_is_connected() -> None:
    waiting = {"next_batch": "s", "rooms": {"invite": {"!a": {}, "!b": {}}}}
    asked, _ = run(matrix().connect(), answered(waiting), answered({"errcode": "M_FORBIDDEN"}, 403), answered({}))
    assert [one.url.rpartition("/rooms/")[2] for one in asked[1:]] == ["%21a/join", "%21b/join"]


def test_what_a_long_absence_left_out_is_asked_for_and_comes_first() -> None:
    server = Homeserver(
        sync([event(5)], limited=True, prev_batch="p1"),
        {"chunk": [event(4), event(3)], "end": "p0"},
        {"chunk": [event(2)], "end": "p-1"},
        {"chunk": []},
    )
    channel = matrix()
    came = heard(channel, server)
    ids = [one.provider_id for polled in came for one in channel.parse(polled.hook)]
    assert ids == ["$2", "$3", "$4", "$5"]
    assert [dict(polled.cursor) for polled in came] == [{"since": "s1"}, {"since": "s1"}, {"since": "s2"}]


def test_an_invitation_is_accepted_and_a_crowd_is_left() -> None:
    invited = {"next_batch": "s2", "rooms": {"invite": {ROOM: {}}}}
    crowd = {"joined": {US: {}, ALICE: {}, "@bob:example.org": {}}}
    server = Homeserver(invited, {}, crowd, {})
    assert heard(matrix(), server) == []
    room = "client/v3/rooms/%21room%3Aexample.org"
    assert server.paths == [
        "client/v3/sync",
        f"{room}/join",
        f"{room}/joined_members",
        f"{room}/leave",
        "client/v3/sync",
    ]


def test_a_room_that_shuts_us_out_does_not_keep_us_from_the_others() -> None:
    invited = {"next_batch": "s2", "rooms": {"invite": {"!a": {}, "!b": {}}}}
    server = Homeserver(invited, answered({"errcode": "M_FORBIDDEN"}, 403), {}, {"joined": {}})
    heard(matrix(), server)
    assert server.paths[1:3] == ["client/v3/rooms/%21a/join", "client/v3/rooms/%21b/join"]


def test_a_homeserver_that_does_not_say_where_it_ended_is_asked_later() -> None:
    async def listen() -> None:
        async for _ in matrix().listen(Homeserver({"rooms": {}}), {}):
            pass

    with pytest.raises(TryLater, match="where its answer ends"):
        asyncio.run(listen())
