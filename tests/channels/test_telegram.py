"""Telegram's own rules: what a reply becomes, what may never be seen, how polling goes on."""

import asyncio
import json
import traceback
from dataclasses import replace
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    Attachment,
    Button,
    NeedsOwner,
    Outbound,
    Pause,
    Received,
    Request,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.telegram import Telegram, TelegramConfig, sending
from prilavok.simulator.telegram import Fault, TelegramEmulator
from tests.channels.loopback import Loopback, converse
from tests.channels.reading import INBOX

TOKEN = "987654321:AAExampleTokenForTests"
JPEG = Attachment("a.jpg", "image/jpeg", data=b"\xff\xd8jpeg", kind="image")
PDF = Attachment("a.pdf", "application/pdf", data=b"%PDF")
VOICE = Attachment("v.ogg", "audio/ogg", data=b"OggS", kind="voice")
VIDEO = Attachment("v.mp4", "video/mp4", data=b"mp4", kind="video")


def telegram(**settings: Any) -> Telegram:
    config = TelegramConfig(token=TOKEN, api_base="https://telegram.example", **settings)
    return Telegram(Telegram.prepare(config), INBOX)


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound(message_id="m", conversation_id="c", address=more.pop("address", "55"), text=text, **more)


def methods(**more: Any) -> list[str]:
    return [part.method for part in sending.parts(outbound(**more))]


def test_a_reply_is_one_message_without_a_preview_of_its_links() -> None:
    (part,) = sending.parts(outbound("see https://shop.example"))
    assert part.method == "sendMessage"
    assert part.fields == {"text": "see https://shop.example", "link_preview_options": {"is_disabled": True}}


def test_a_short_text_goes_under_its_file_and_a_long_one_before_it() -> None:
    (part,) = sending.parts(outbound("x" * 1024, attachments=(JPEG,)))
    assert (part.method, part.fields) == ("sendPhoto", {"caption": "x" * 1024})
    assert methods(text="x" * 1025, attachments=(JPEG,)) == ["sendMessage", "sendPhoto"]


def test_a_text_full_of_emoji_is_broken_between_words_and_loses_nothing() -> None:
    for text in ("🎈" * 4096, "Добрий день 🎈 " * 270, "x" * 4096, "🎈" * 2048):
        parts = sending.parts(outbound(text[:4096]))
        assert "".join(part.fields["text"] for part in parts) == text[:4096]
        assert all(sending.units(part.fields["text"]) <= 4096 for part in parts)
        assert len(parts) == -(-sending.units(text[:4096]) // 4096)
    first, _ = sending.parts(outbound("слово 🎈🎈 " * 409))
    assert first.fields["text"].endswith((" ", "слово "))


def test_pictures_and_videos_make_one_album_and_documents_another() -> None:
    parts = sending.parts(outbound("two", attachments=(JPEG, VIDEO, PDF, PDF, VOICE)))
    assert [part.method for part in parts] == ["sendMediaGroup", "sendMediaGroup", "sendVoice"]
    assert [item["type"] for item in parts[0].fields["media"]] == ["photo", "video"]
    assert parts[0].fields["media"][0]["caption"] == "two"
    assert [upload.field for upload in parts[0].files] == ["file0", "file1"]


def test_more_than_ten_pictures_make_two_albums() -> None:
    parts = sending.parts(outbound("", attachments=(JPEG,) * 12))
    assert [len(part.fields["media"]) for part in parts] == [10, 2]


def test_buttons_hang_on_the_last_part_and_never_on_an_album() -> None:
    buttons = (Button("Yes"), Button("Site", url="https://shop.example"))
    for attachments in ((), (JPEG,), (JPEG, JPEG), (JPEG, JPEG, PDF), (VOICE, JPEG)):
        for text in ("Ok?", ""):
            if not (attachments or text):
                continue
            *others, last = sending.parts(outbound(text, attachments=attachments, buttons=buttons))
            assert last.method != "sendMediaGroup"
            assert last.fields["reply_markup"] == {
                "inline_keyboard": [
                    [{"text": "Yes", "callback_data": "Yes"}],
                    [{"text": "Site", "url": "https://shop.example"}],
                ]
            }
            assert not any("reply_markup" in part.fields for part in others)


def test_a_button_carries_at_most_64_bytes() -> None:
    label = "Так, привезіть завтра вранці, будь ласка"  # more bytes than letters
    markup = sending.keyboard([Button(label)])
    assert markup is not None
    data = markup["inline_keyboard"][0][0]["callback_data"]
    assert len(data.encode()) <= 64
    assert label.startswith(data)
    with pytest.raises(Undeliverable, match="64 bytes"):
        sending.keyboard([Button("Yes", data="я" * 33)])


def test_a_picture_that_telegram_would_spoil_goes_as_a_document() -> None:
    gif = Attachment("a.gif", "image/gif", data=b"GIF", kind="image")
    large = Attachment("a.jpg", "image/jpeg", data=b"x" * (10 * 1024 * 1024 + 1), kind="image")
    wav = Attachment("a.wav", "audio/wav", data=b"RIFF", kind="voice")
    assert methods(text="", attachments=(gif, wav)) == ["sendMediaGroup"]
    assert methods(text="", attachments=(large,)) == ["sendDocument"]


def test_a_reply_hangs_on_the_message_it_answers_in_this_chat_only() -> None:
    (part,) = sending.parts(outbound(replies_to="55:12"))
    assert part.fields["reply_parameters"] == {"message_id": 12, "allow_sending_without_reply": True}
    for other in ("56:12", "callback:1", "12", "", "55:x", "55:²"):
        (part,) = sending.parts(outbound(replies_to=other))
        assert "reply_parameters" not in part.fields


def test_a_business_chat_is_answered_through_its_connection() -> None:
    dialogue = telegram().deliver(outbound(address="bcn_1:55"))
    fields = json.loads(next(dialogue).body)
    assert fields["business_connection_id"] == "bcn_1"
    assert fields["chat_id"] == 55


def answer(status: int, body: Any) -> Response:
    return Response(status, {}, json.dumps(body).encode())


def taken(message_id: int = 1) -> Response:
    return answer(200, {"ok": True, "result": {"message_id": message_id, "chat": {"id": 55, "type": "private"}}})


def too_many(seconds: int) -> Response:
    return answer(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": seconds}})


def test_the_second_half_waits_a_little_instead_of_repeating_the_first() -> None:
    dialogue = telegram().deliver(outbound("x" * 2000, attachments=(JPEG,)))
    assert next(dialogue).url.endswith("/sendMessage")
    assert dialogue.send(taken(1)).url.endswith("/sendPhoto")
    assert dialogue.send(too_many(3)) == Pause(3)
    assert dialogue.send(None).url.endswith("/sendPhoto")
    with pytest.raises(StopIteration) as end:
        dialogue.send(taken(2))
    assert (end.value.value.provider_id, end.value.value.more_ids) == ("55:1", ("55:2",))


@pytest.mark.parametrize(
    "trouble", [too_many(60), answer(500, {"ok": False}), TryLater("cut", perhaps_sent=True), TryLater("no route")]
)
def test_half_a_message_is_never_sent_a_second_time(trouble: Any) -> None:
    dialogue = telegram().deliver(outbound("x" * 2000, attachments=(JPEG,)))
    next(dialogue)
    dialogue.send(taken())
    with pytest.raises(TryLater) as raised:
        _ = dialogue.throw(trouble) if isinstance(trouble, TryLater) else dialogue.send(trouble)
    assert raised.value.perhaps_sent


def test_a_refused_second_half_says_that_the_first_is_out() -> None:
    dialogue = telegram().deliver(outbound("x" * 2000, attachments=(JPEG,)))
    next(dialogue)
    dialogue.send(taken())
    with pytest.raises(Undeliverable, match="Only a part was sent"):
        dialogue.send(answer(400, {"ok": False, "description": "Bad Request: IMAGE_PROCESS_FAILED"}))


URL = f"https://telegram.example/bot{TOKEN}/getMe"


@pytest.mark.parametrize("error", [TryLater(f"cannot connect to {URL}"), NeedsOwner(URL), Undeliverable(URL)])
def test_the_token_is_in_no_error_and_no_traceback(error: Exception) -> None:
    bound = telegram()
    for dialogue in (bound.check(), bound.connect(), bound.deliver(outbound()), bound.fetch("f")):
        asked = next(dialogue)
        assert TOKEN in asked.url
        assert TOKEN not in repr(asked)
        with pytest.raises((TryLater, NeedsOwner)) as raised:
            dialogue.throw(type(error)(str(error)))
        assert TOKEN not in "".join(traceback.format_exception(raised.value))
        assert TOKEN not in raised.value.reason
    assert TOKEN not in repr(bound.config)
    assert TOKEN not in repr(bound.line)


def test_the_token_is_in_no_error_of_a_download() -> None:
    dialogue = telegram().fetch("f")
    next(dialogue)
    asked = dialogue.send(answer(200, {"ok": True, "result": {"file_path": "photos/1.jpg"}}))
    with pytest.raises(TryLater) as raised:
        dialogue.throw(TryLater(f"cannot connect to {asked.url}"))
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


def test_the_token_is_in_no_error_of_a_poll_and_in_no_log() -> None:
    class Broken:
        async def http(self, request: Request) -> Response:
            if "getUpdates" not in request.url:
                raise TryLater(f"cannot connect to {request.url}")
            if self.asked:
                raise TryLater(f"cannot connect to {request.url}")
            self.asked = True
            press = {"id": "q", "from": {"id": 5}, "data": "x"}
            return answer(200, {"ok": True, "result": [{"update_id": 1, "callback_query": press}]})

        asked = False

    async def listen() -> None:
        async for polled in telegram().listen(Broken(), {}):
            assert polled.cursor == {"offset": 2}

    with structlog.testing.capture_logs() as logs, pytest.raises(TryLater) as raised:
        asyncio.run(listen())
    assert logs
    assert TOKEN not in str(logs)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    "token", ["", "abc", "123", "123:", "123:a b", "https://t.me/bot", "123:abc\n", "1:a/../getMe"]
)
def test_what_is_no_token_is_refused_before_telegram_is_asked(token: str) -> None:
    bound = Telegram(TelegramConfig(token=token), INBOX)
    with pytest.raises(NeedsOwner, match="BotFather"):
        next(bound.check())


def test_a_webhook_is_set_with_its_secret_and_polling_takes_it_away() -> None:
    asked = next(telegram(mode="webhook").connect())
    fields = json.loads(asked.body)
    assert fields["url"] == INBOX.hook_url
    assert len(fields["secret_token"]) >= 32
    assert "callback_query" in fields["allowed_updates"]
    assert next(telegram().connect()).url.endswith("/deleteWebhook")


def test_a_webhook_without_https_is_explained_to_the_owner() -> None:
    dialogue = telegram(mode="webhook").connect()
    next(dialogue)
    with pytest.raises(NeedsOwner, match="choose polling"):
        dialogue.send(answer(400, {"ok": False, "description": "Bad Request: bad webhook: HTTPS url must be provided"}))


@pytest.mark.parametrize("path", ["/var/lib/telegram/1.jpg", "../../etc/passwd", "photos/../../x", ""])
def test_a_file_is_fetched_only_from_below_the_bot(path: str) -> None:
    dialogue = telegram().fetch("f")
    next(dialogue)
    with pytest.raises(Undeliverable):
        dialogue.send(answer(200, {"ok": True, "result": {"file_path": path}}))


@pytest.mark.parametrize(
    ("step", "description"),
    [(1, "Bad Request: file is too big"), (1, "Bad Request: invalid file_id"), (2, "Not Found")],
)
def test_a_file_that_telegram_does_not_give_away_does_not_pause_the_inbox(step: int, description: str) -> None:
    dialogue = telegram().fetch("f")
    next(dialogue)
    if step == 2:
        dialogue.send(answer(200, {"ok": True, "result": {"file_path": "photos/1 ї.jpg"}}))
    with pytest.raises(Undeliverable):
        dialogue.send(answer(404 if step == 2 else 400, {"ok": False, "description": description}))


def test_a_webhook_needs_no_listening() -> None:
    async def listen() -> list[Any]:
        return [polled async for polled in telegram(mode="webhook").listen(Loopback(None), {})]

    assert not telegram(mode="webhook").listens
    assert telegram().listens
    assert asyncio.run(listen()) == []


FILES = st.sampled_from([JPEG, PDF, VOICE, VIDEO, Attachment("a.gif", "image/gif", data=b"GIF", kind="image")])
BUTTONS = st.builds(Button, text=st.text("абвxyz🎈 ", min_size=1, max_size=50)) | st.just(
    Button("Site", url="https://shop.example")
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.sampled_from(["", "Добрий день!", "x" * 1024, "я" * 1025, "🎈" * 4096]),
    attachments=st.lists(FILES, max_size=13),
    buttons=st.lists(BUTTONS, max_size=4),
    answers=st.booleans(),
)
def test_whatever_fits_the_table_is_taken_by_telegram_whole_and_once(
    text: str, attachments: list[Attachment], buttons: list[Button], answers: bool
) -> None:
    if not (text or attachments):
        return

    async def send() -> None:
        emulator = TelegramEmulator()
        emulator.add_bot(TOKEN, username="shop_bot")
        olena = emulator.add_user("Olena")
        first = await emulator.user_says(olena.id, "hi")
        answered = f"{olena.id}:{first.id}" if answers else ""
        reply = replace(
            outbound(text, attachments=tuple(attachments), buttons=tuple(buttons), replies_to=answered),
            address=str(olena.id),
        )
        sent = await converse(telegram().deliver(reply), Loopback(emulator))
        said = [message for message in emulator.history(olena.id) if message.from_bot]
        assert [sent.provider_id, *sent.more_ids] == [f"{olena.id}:{message.id}" for message in said]
        assert "".join(message.text for message in said) == text
        assert [file.data for message in said for file in message.files] == [file.data for file in attachments]
        assert [button["text"] for message in said for row in message.buttons for button in row] == [
            button.text for button in buttons
        ]
        assert said[0].reply_to == (first.id if answers else None)
        await emulator.close()

    asyncio.run(send())


def test_a_poll_takes_every_update_of_the_batch_and_goes_on_after_it() -> None:
    async def shop() -> None:
        emulator = TelegramEmulator()
        emulator.add_bot(TOKEN, username="shop_bot")
        olena = emulator.add_user("Olena")
        bound, network = telegram(), Loopback(emulator)
        emulator.hold_updates()
        for number in range(5):
            await emulator.user_says(olena.id, f"message {number}")
        emulator.release_updates()
        polls = bound.listen(network, {"offset": 0})
        polled = await anext(polls)
        came = [one for one in bound.parse(polled.hook) if isinstance(one, Received)]
        assert [one.text for one in came] == [f"message {number}" for number in range(5)]
        question = emulator.chat(olena.id)
        sent = await converse(bound.deliver(outbound("Ok?", address=str(olena.id), buttons=(Button("Yes"),))), network)
        await emulator.user_presses(olena.id, int(sent.provider_id.rpartition(":")[2]), "Yes")
        (bot,) = emulator.bots.values()
        assert bot.spinning
        polled = await anext(polls)
        (pressed,) = bound.parse(polled.hook)
        assert isinstance(pressed, Received)
        assert (pressed.text, pressed.content["button"]) == ("Yes", "Yes")
        await emulator.user_says(olena.id, "thanks")
        polled = await anext(polls)  # what was yielded is stored by now, so the press was answered
        assert not bot.spinning
        assert polled.cursor["offset"] == emulator.updates_of(bot).last_id + 1
        assert question.messages[-1].text == "thanks"
        await emulator.close()

    asyncio.run(shop())


def test_a_poll_that_another_program_disturbs_waits_and_a_webhook_needs_the_owner() -> None:
    async def shop() -> None:
        emulator = TelegramEmulator()
        emulator.add_bot(TOKEN, username="shop_bot")
        network = Loopback(emulator)
        ours = asyncio.ensure_future(anext(telegram().listen(network, {})))
        await asyncio.sleep(0)
        other = asyncio.ensure_future(anext(telegram().listen(network, {})))
        with pytest.raises(TryLater) as raised:
            await ours
        assert raised.value.after == 30
        other.cancel()
        await converse(telegram(mode="webhook").connect(), network)
        with pytest.raises(NeedsOwner, match="one bot, one receiver"):
            await anext(telegram().listen(network, {}))

    asyncio.run(shop())


def test_what_was_carried_out_without_an_answer_is_perhaps_sent() -> None:
    async def shop() -> None:
        emulator = TelegramEmulator()
        emulator.add_bot(TOKEN, username="shop_bot")
        olena = emulator.add_user("Olena")
        await emulator.user_starts(olena.id)
        for fault, done in ((Fault.DONE_BUT_CUT, True), (Fault.CUT, False)):
            emulator.fail(fault)
            before = len(emulator.history(olena.id))
            with pytest.raises(TryLater) as raised:
                await converse(telegram().deliver(outbound(address=str(olena.id))), Loopback(emulator))
            assert raised.value.perhaps_sent
            assert len(emulator.history(olena.id)) - before == int(done)

    asyncio.run(shop())
