"""MAX's own rules: files that need a moment, presses that want a word, both ways to get updates."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    Attachment,
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Pause,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.max import Max, MaxConfig
from prilavok.simulator.max.contract import accepted, read_answer, read_send, read_subscribe
from tests.channels.reading import INBOX, channel, deliveries, delivery

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JPEG = Attachment("a.jpg", "image/jpeg", data=b"\xff\xd8jpeg", kind="image")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF")
MP4 = Attachment("a.mp4", "video/mp4", data=b"mp4", kind="video")
NOT_READY = Response(400, {}, b'{"code":"attachment.not.ready","message":"wait"}')


def max_(**more: Any) -> Max:
    return Max(Max.prepare(MaxConfig(**{"token": "t", "secret": "our-own-secret", **more})), INBOX)


def outbound(text: str = "Привет", **more: Any) -> Outbound:
    return Outbound(message_id="m-1", conversation_id="c", address="55500011", text=text, **more)


def taken(body: Any) -> Response:
    return Response(200, {}, json.dumps(body).encode())


def answer_to(asked: Request, number: int) -> Response:
    path = urlsplit(asked.url).path
    if path == "/uploads":
        kind = parse_qs(urlsplit(asked.url).query)["type"][0]
        told = {"token": "V"} if kind == "video" else {}
        return taken({"url": f"https://up.max.ru/{kind}", **told})
    if asked.files:
        if path == "/video":
            return Response(200, {}, b"<retval>1</retval>")
        return taken({"photos": {"p": {"token": "P"}}} if path == "/image" else {"token": "F"})
    return taken({"message": {"body": {"mid": f"mid.{number}", "seq": 116000000000000001}}})


def sent(message: Outbound) -> list[dict[str, Any]]:
    """The messages as they go over the wire, each held against what MAX takes."""
    dialogue = max_().deliver(message)
    found, asked = [], next(dialogue)
    while True:
        if asked.body is not None and "/messages?" in asked.url:
            accepted(read_send, asked.body)
            found.append(msgspec.json.decode(asked.body))
        try:
            asked = dialogue.send(answer_to(asked, len(found)))
        except StopIteration:
            return found


def test_a_reply_goes_to_the_person_and_names_what_it_answers() -> None:
    asked = next(max_().deliver(outbound(replies_to="mid.7")))
    assert asked.url == "https://platform-api2.max.ru/messages?user_id=55500011&disable_link_preview=true"
    assert asked.headers["authorization"] == "t"
    assert msgspec.json.decode(asked.body) == {
        "text": "Привет",
        "notify": True,
        "link": {"type": "reply", "mid": "mid.7"},
    }


def test_pictures_stand_together_and_other_files_alone() -> None:
    parts = sent(outbound("Вот", attachments=(JPEG, JPEG, PDF, MP4), buttons=(Button("Да", data="o:7:yes"),)))
    assert [[one["type"] for one in part.get("attachments", [])] for part in parts] == [
        ["image", "image"],
        ["file"],
        ["video", "inline_keyboard"],
    ]
    assert [part["text"] for part in parts] == ["Вот", None, None]
    assert parts[2]["attachments"][0]["payload"] == {"token": "V"}


def test_buttons_answer_or_open_a_link() -> None:
    (one,) = sent(outbound(buttons=(Button("Да", data="o:7:yes"), Button("Заказ", url="https://shop.example"))))
    assert one["attachments"][0]["payload"]["buttons"] == [
        [{"type": "callback", "text": "Да", "payload": "o:7:yes"}],
        [{"type": "link", "text": "Заказ", "url": "https://shop.example"}],
    ]
    with pytest.raises(Undeliverable, match="1024"):
        sent(outbound(buttons=(Button("Да", data="x" * 1025),)))


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=140)


@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=4000),
    buttons=st.lists(st.builds(Button, LABELS, st.text(max_size=1024)), max_size=10),
    files=st.lists(st.sampled_from([JPEG, PDF, MP4]), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_whatever_we_send_is_what_max_takes(text: str, buttons: list[Button], files: list[Attachment]) -> None:
    message = outbound(text, buttons=tuple(buttons), attachments=tuple(files))
    if not max_().capabilities.refusal(message):
        assert sent(message)


def test_a_file_that_is_not_ready_is_waited_for_with_growing_pauses() -> None:
    dialogue = max_().deliver(outbound("", attachments=(PDF,)))
    asked = dialogue.send(answer_to(next(dialogue), 0))
    dialogue.send(answer_to(asked, 0))
    pauses = []
    for _ in range(3):
        pause = dialogue.send(NOT_READY)
        assert isinstance(pause, Pause)
        pauses.append(pause.seconds)
        assert "/messages?" in dialogue.send(None).url
    assert pauses == [1.0, 2.0, 4.0]


def test_a_message_of_which_a_part_is_out_is_never_begun_anew() -> None:
    dialogue = max_().deliver(outbound("Вот", attachments=(JPEG, PDF)))
    asked = next(dialogue)
    while "/messages?" not in asked.url:
        asked = dialogue.send(answer_to(asked, 0))
    dialogue.send(answer_to(asked, 1))
    with pytest.raises(TryLater) as later:
        dialogue.send(Response(502, {}, b""))
    assert later.value.perhaps_sent


def test_one_person_who_is_gone_does_not_stop_the_inbox_but_a_wrong_token_does() -> None:
    for status, error in ((403, Undeliverable), (404, Undeliverable), (401, NeedsOwner)):
        dialogue = max_().deliver(outbound())
        next(dialogue)
        with pytest.raises(error):
            dialogue.send(Response(status, {}, b"{}"))


def press(callback_id: str) -> dict[str, Any]:
    user = {"user_id": 1, "name": "Olga"}
    return {"update_type": "message_callback", "callback": {"callback_id": callback_id, "user": user}}


def test_every_press_gets_its_word_after_it_is_stored() -> None:
    body = json.dumps({"updates": [press("a"), {"update_type": "bot_added"}, press("b")], "marker": 3}).encode()
    dialogue = max_().afterwards(Hook(body, {}, NOW))
    assert dialogue is not None
    asked = next(dialogue)
    accepted(read_answer, asked.body)
    assert asked.url.endswith("/answers?callback_id=a")
    assert dialogue.send(taken({"success": True})).url.endswith("callback_id=b")
    for quiet in (b'{"update_type":"bot_added"}', b"<html>", b"null"):
        assert max_().afterwards(Hook(quiet, {}, NOW)) is None


def test_a_webhook_is_set_with_a_secret_and_other_addresses_are_taken_away() -> None:
    dialogue = max_(mode="webhook").connect()
    next(dialogue)
    asked = dialogue.send(taken({"subscriptions": [{"url": "https://crm.example/hook"}, {"url": INBOX.hook_url}]}))
    assert (asked.method, parse_qs(urlsplit(asked.url).query)["url"]) == ("DELETE", ["https://crm.example/hook"])
    asked = dialogue.send(taken({"success": True}))
    fields = accepted(read_subscribe, asked.body)
    assert (asked.method, fields.url, fields.secret) == ("POST", INBOX.hook_url, "our-own-secret")
    with pytest.raises(NeedsOwner, match="polling"):
        dialogue.send(taken({"success": False, "message": "url is not reachable"}))


def test_asking_takes_every_webhook_away() -> None:
    dialogue = max_().connect()
    next(dialogue)
    assert dialogue.send(taken({"subscriptions": [{"url": INBOX.hook_url}]})).method == "DELETE"
    with pytest.raises(StopIteration):
        dialogue.send(taken({"success": True}))


class Answers:
    """A network that gives these answers, and then none."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    async def http(self, request: Request) -> Response:
        self.asked.append(request)
        if not self.answers:
            raise asyncio.CancelledError
        return self.answers.pop(0)


async def heard(network: Any, cursor: dict[str, Any]) -> list[Any]:
    found = []
    try:
        async for polled in max_().listen(network, cursor):
            found.append(polled)
    except asyncio.CancelledError:
        return found
    return found


async def test_asking_goes_on_from_the_marker_and_answers_what_was_pressed() -> None:
    first = taken({"updates": [press("a")], "marker": 41})
    network = Answers(first, taken({"success": True}), taken({"updates": [], "marker": 41}))
    (polled,) = await heard(network, {"marker": 40})
    assert polled.cursor == {"marker": 41}
    assert len(list(max_().parse(polled.hook))) == 1
    markers = [parse_qs(urlsplit(one.url).query).get("marker") for one in network.asked]
    assert markers == [["40"], None, ["41"], ["41"]]
    with pytest.raises(TryLater):
        await heard(Answers(taken({"updates": [press("a")]})), {})
    with pytest.raises(NeedsOwner):
        await heard(Answers(Response(401, {}, b"{}")), {})
    assert [one async for one in max_(mode="webhook").listen(Answers(), {})] == []


@pytest.mark.parametrize("wrong", ["", "our-own-secre", "our-own-secretA", "їour"])
def test_a_delivery_without_the_secret_is_refused(wrong: str) -> None:
    path = deliveries("max")[0]
    told = delivery("max", json.loads(path.read_text()), path.parent)
    with pytest.raises(BadSignature):
        list(channel("max").parse(replace(told, headers={"x-max-bot-api-secret": wrong})))


def test_a_secret_is_made_where_the_owner_gave_none() -> None:
    assert len(max_(secret="").config.secret) > 30


def test_the_link_brings_the_token_along() -> None:
    assert max_().deep_link("kardamon_bot", "k3Jq") == "https://max.ru/kardamon_bot?start=k3Jq"
