"""VK's own rules: the exact `ok`, numbers that keep a second copy away, and what a reply becomes."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

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
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.vk import Vk, VkConfig
from prilavok.simulator.vk.contract import check
from tests.channels.reading import INBOX, channel, deliveries, delivery

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JPEG = Attachment("a.jpg", "image/jpeg", data=b"\xff\xd8jpeg", kind="image")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF")
VOICE = Attachment("v.ogg", "audio/ogg", data=b"OggS", kind="voice")
SECRET = "mysecretkey"


def vk(**more: Any) -> Vk:
    given = {"group_id": "224400001", "access_token": "t", "confirmation": "1a2b3c4d", "secret": SECRET, **more}
    return Vk(Vk.prepare(VkConfig(**given)), INBOX)


def outbound(text: str = "Привет", **more: Any) -> Outbound:
    return Outbound(**{"message_id": "m-1", "conversation_id": "c", "address": "100200300", "text": text, **more})


def taken(body: Any) -> Response:
    return Response(200, {}, json.dumps(body).encode())


ANSWERS: dict[str, Any] = {
    "photos.getMessagesUploadServer": {"upload_url": "https://pu.vk.com/photo"},
    "photos.saveMessagesPhoto": [{"id": 5, "owner_id": -224400001, "access_key": "k"}],
    "docs.getMessagesUploadServer": {"upload_url": "https://pu.vk.com/doc"},
}


def answer_to(asked: Request, number: int) -> Response:
    method = asked.url.rpartition("/")[2]
    if asked.files:
        return taken({"photo": "[]", "server": 7, "hash": "h"} if asked.files[0][0] == "photo" else {"file": "1|2"})
    check(method, asked.form)
    if method == "docs.save":
        return taken({"response": {"type": "doc", "doc": {"id": 9, "owner_id": -224400001}}})
    if method == "messages.send":
        return taken({"response": [{"peer_id": 100200300, "message_id": 1, "conversation_message_id": number}]})
    return taken({"response": ANSWERS[method]})


def sent(message: Outbound) -> list[dict[str, str]]:
    """The messages as they go over the wire, each call held against VK's schema."""
    dialogue = vk().deliver(message)
    found, asked = [], next(dialogue)
    while True:
        if asked.url.endswith("messages.send"):
            found.append(dict(asked.form))
        try:
            asked = dialogue.send(answer_to(asked, len(found)))
        except StopIteration:
            return found


def test_a_repeat_carries_the_same_number_and_another_message_another() -> None:
    assert sent(outbound()) == sent(outbound())
    numbers = {sent(outbound(message_id=f"m-{n}"))[0]["random_id"] for n in range(50)}
    assert len(numbers) == 50
    assert all(0 < int(one) < 1 << 31 for one in numbers)


def test_the_key_goes_in_a_header_and_never_in_the_address() -> None:
    asked = next(vk().deliver(outbound()))
    assert asked.headers == {"authorization": "Bearer t"}
    assert "t" not in asked.form.values()
    assert asked.url == "https://api.vk.com/method/messages.send"


def test_pictures_and_files_go_with_the_text_and_a_voice_alone() -> None:
    (one,) = sent(outbound("Вот", attachments=(JPEG, PDF)))
    assert (one["message"], one["attachment"]) == ("Вот", "photo-224400001_5_k,doc-224400001_9")
    parts = sent(outbound("Вот", attachments=(VOICE, JPEG), buttons=(Button("Да"),)))
    assert [one.get("message", "") for one in parts] == ["Вот", "", ""]
    assert ["keyboard" in one for one in parts] == [False, False, True]
    assert len({one["random_id"] for one in parts}) == 3
    assert len(sent(outbound("", attachments=(PDF,) * 12))) == 2


def test_a_reply_names_the_message_that_it_answers_in_this_chat_only() -> None:
    (one,) = sent(outbound(replies_to="100200300:16"))
    assert json.loads(one["forward"])["conversation_message_ids"] == [16]
    assert "forward" not in sent(outbound(replies_to="777:16"))[0]
    assert "forward" not in sent(outbound(replies_to="wall-1_2_3"))[0]


def test_many_buttons_stand_in_pairs() -> None:
    buttons = (*(Button(f"{n}" * 60, data=f"o:7:{n}") for n in range(7)), Button("Заказ", url="https://shop.example"))
    keyboard = json.loads(sent(outbound(buttons=buttons))[0]["keyboard"])
    assert [len(row) for row in keyboard["buttons"]] == [2, 2, 2, 2]
    first, last = keyboard["buttons"][0][0]["action"], keyboard["buttons"][3][1]["action"]
    assert (len(first["label"]), first["payload"]) == (40, '{"button":"o:7:0"}')
    assert last == {"type": "open_link", "label": "Заказ", "link": "https://shop.example"}
    with pytest.raises(Undeliverable, match="carries more"):
        sent(outbound(buttons=(Button("Да", data="x" * 300),)))


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=4096),
    buttons=st.lists(st.builds(Button, LABELS, st.text(max_size=30)), max_size=10),
    files=st.lists(st.sampled_from([JPEG, PDF, VOICE]), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_whatever_we_send_fits_vks_schema(text: str, buttons: list[Button], files: list[Attachment]) -> None:
    message = outbound(text, buttons=tuple(buttons), attachments=tuple(files))
    if not vk().capabilities.refusal(message):
        assert sent(message)


def test_an_upload_server_that_is_down_is_asked_again_and_a_refused_file_is_not() -> None:
    for answer, error in (
        (Response(502, {}, b""), TryLater),
        (Response(200, {}, b'{"error":"bad"}'), Undeliverable),
    ):
        dialogue = vk().deliver(outbound("", attachments=(PDF,)))
        dialogue.send(answer_to(next(dialogue), 0))
        with pytest.raises(error):
            dialogue.send(answer)


def test_a_public_answer_needs_the_comment_that_it_answers() -> None:
    dialogue = vk().deliver(outbound("Да", public=True, replies_to="wall-224400001_40_55"))
    asked = next(dialogue)
    check("wall.createComment", asked.form)
    assert (asked.form["reply_to_comment"], asked.form["from_group"], asked.form["guid"]) == ("55", "224400001", "m-1")
    with pytest.raises(StopIteration) as end:
        dialogue.send(taken({"response": {"comment_id": 58}}))
    assert end.value.value.provider_id == "wall-224400001_40_58"
    for wrong in ({"replies_to": "100200300:7"}, {"replies_to": ""}, {"attachments": (PDF,)}):
        with pytest.raises(Undeliverable):
            next(vk().deliver(outbound("Да", **{"public": True, "replies_to": "wall-1_2_3", **wrong})))


def test_a_comment_that_may_not_be_answered_does_not_stop_the_inbox() -> None:
    for code in (7, 15, 212):
        dialogue = vk().deliver(outbound("Да", public=True, replies_to="wall-224400001_40_55"))
        next(dialogue)
        with pytest.raises(Undeliverable):
            dialogue.send(taken({"error": {"error_code": code, "error_msg": "no"}}))


def test_nobody_is_written_to_in_private_because_of_a_comment() -> None:
    with pytest.raises(Undeliverable, match="allowed"):
        next(vk().deliver(outbound(private_to="wall-1_2_3")))


def test_only_an_administrator_deletes_comments() -> None:
    asked = next(vk(admin_token="admin").moderate("delete", "wall-224400001_40_55"))
    assert asked.headers == {"authorization": "Bearer admin"}
    check("wall.deleteComment", asked.form)
    check("wall.reportComment", next(vk(admin_token="admin").moderate("report", "wall-224400001_40_55")).form)
    with pytest.raises(Undeliverable, match="administrator"):
        next(vk().moderate("delete", "wall-224400001_40_55"))
    with pytest.raises(Undeliverable, match="no comment"):
        next(vk(admin_token="admin").moderate("delete", "100200300:7"))


def hook(body: Any) -> Hook:
    return Hook(json.dumps(body).encode(), {}, NOW)


def test_the_answer_is_ok_in_plain_text_or_the_confirmation_string() -> None:
    asked = vk().answer(hook({"type": "confirmation", "group_id": 224400001}))
    assert (asked.body, asked.content_type) == (b"1a2b3c4d", "text/plain")
    for body in ({"type": "message_new", "group_id": 224400001}, {"type": "never heard of"}, ["nonsense"]):
        answer = vk().answer(hook(body))
        assert (answer.body, answer.content_type, answer.status) == (b"ok", "text/plain", 200)


@pytest.mark.parametrize("wrong", ["", None, 7, SECRET[:-1], SECRET + "A", "їsecret", [SECRET]])
@pytest.mark.parametrize("path", deliveries("vk"), ids=lambda path: path.stem)
def test_an_event_without_the_secret_is_refused(path: Any, wrong: Any) -> None:
    fixture = json.loads(path.read_text())
    if fixture["body"].get("type") == "confirmation":
        return  # it tells nothing, and learns what whoever knows the address may learn
    told = delivery("vk", {**fixture, "body": {**fixture["body"], "secret": wrong}}, path.parent)
    with pytest.raises(BadSignature):
        list(channel("vk").parse(told))
    with pytest.raises(BadSignature):
        list(channel("vk").parse(replace(told, body=told.body[:-5])))


def test_an_event_of_another_community_or_for_an_inbox_without_secret_is_refused() -> None:
    event = {"type": "message_deny", "group_id": 224400001, "secret": SECRET, "object": {"user_id": 1}}
    assert len(list(vk().parse(hook(event)))) == 1
    with pytest.raises(BadSignature):
        list(vk().parse(hook({**event, "group_id": 7})))
    with pytest.raises(BadSignature):
        list(vk().parse(hook({**event, "type": "confirmation", "secret": "guess"})))
    bare = Vk(msgspec.structs.replace(vk().config, secret=""), INBOX)
    for secret in ("", SECRET):
        with pytest.raises(BadSignature):
            list(bare.parse(hook({**event, "secret": secret})))


def test_a_secret_is_made_where_the_owner_gave_none() -> None:
    assert 20 < len(vk(secret="").config.secret) <= 50


def test_a_full_list_of_servers_is_the_owners_to_clear() -> None:
    dialogue = vk().connect()
    next(dialogue)
    asked = dialogue.send(taken({"response": {"count": 0, "items": []}}))
    check("groups.addCallbackServer", asked.form)
    with pytest.raises(NeedsOwner, match="ten servers"):
        dialogue.send(taken({"error": {"error_code": 2000, "error_msg": "limit"}}))


def test_the_link_brings_the_token_along() -> None:
    assert vk().deep_link("kardamon", "k3Jq") == "https://vk.me/kardamon?ref=k3Jq"
