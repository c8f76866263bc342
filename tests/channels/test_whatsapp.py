"""WhatsApp's own rules: what a reply becomes inside and outside of the 24 hours, and whom our token is shown to."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    Attachment,
    BadSignature,
    Button,
    Hook,
    NeedsOwner,
    Outbound,
    Pause,
    Price,
    Response,
    TryLater,
    Undeliverable,
)
from prilavok.channels.whatsapp import WhatsApp, WhatsAppConfig, sending
from prilavok.channels.whatsapp.prices import read_prices
from prilavok.channels.whatsapp.sending import Templates
from prilavok.channels.whatsapp.shapes import Pricing
from tests.channels.reading import INBOX
from tests.channels.vendors_schema import Slice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JPEG = Attachment("a.jpg", "image/jpeg", data=b"\xff\xd8jpeg", kind="image")
PDF = Attachment("bill.pdf", "application/pdf", data=b"%PDF")
VOICE = Attachment("v.ogg", "audio/ogg", data=b"OggS", kind="voice")
NOTICE = Templates("notice", ("ru", "uk", "en_US"))
SCHEMA = Slice("whatsapp/send-v23.slice.json")
PROSE = frozenset({"biz_opaque_callback_data"})  # in Meta's guide, not in its schema


def whatsapp(**settings: Any) -> WhatsApp:
    given = {"phone_number_id": "1122334455667", "access_token": "EAAB", "app_secret": "s", **settings}
    return WhatsApp(WhatsApp.prepare(WhatsAppConfig(**given)), INBOX)


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    address = more.pop("address", "+380501234567")
    return Outbound(message_id="m-1", conversation_id="c", address=address, text=text, **more)


def shapes(message: Outbound, templates: Templates = NOTICE) -> list[tuple[str, Any]]:
    return [(part.type, part.content) for part in sending.parts(templates, message)]


def taken(body: Any, status: int = 200) -> Response:
    return Response(status, {}, json.dumps(body).encode())


def requests(message: Outbound, templates: Templates = NOTICE) -> list[dict[str, Any]]:
    """The messages as they go over the wire."""
    dialogue = sending.send(whatsapp().line, templates, message)
    found, number, asked = [], 0, next(dialogue)
    while True:
        number += 1
        try:
            if asked.files:
                asked = dialogue.send(taken({"id": f"media-{number}"}))
            else:
                found.append(msgspec.json.decode(asked.body))
                asked = dialogue.send(taken({"messages": [{"id": f"wamid.{number}"}]}))
        except StopIteration:
            return found


def test_a_reply_names_our_message_and_the_one_it_answers() -> None:
    (fields,) = requests(outbound("It is on its way.", replies_to="wamid.ABC"))
    assert fields == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "380501234567",
        "type": "text",
        "text": {"body": "It is on its way.", "preview_url": False},
        "biz_opaque_callback_data": "m-1",
        "context": {"message_id": "wamid.ABC"},
    }


def test_up_to_three_short_answers_are_buttons_and_more_of_them_a_list() -> None:
    three = tuple(Button(text, data=text) for text in ("Да", "Изменить", "Отменить"))
    ((kind, content),) = shapes(outbound("Верно?", buttons=three, language="ru"))
    assert (kind, content["type"]) == ("interactive", "button")
    assert [one["reply"]["title"] for one in content["action"]["buttons"]] == ["Да", "Изменить", "Отменить"]
    ((_, content),) = shapes(outbound("Когда?", buttons=(*three, Button("Потом")), language="ru"))
    assert content["type"] == "list"
    assert content["action"]["button"] == "Выбрать"
    assert [row["title"] for row in content["action"]["sections"][0]["rows"]][-1] == "Потом"


def test_a_long_label_goes_on_under_its_row() -> None:
    label = "Завтра, с 18:00 до 21:00, курьером"
    ((_, content),) = shapes(outbound("Когда?", buttons=(Button(label, data="slot:1"),)))
    assert content["action"]["sections"][0]["rows"] == [
        {"id": "slot:1", "title": "Завтра, с 18:00 до 21:0…", "description": label}
    ]


def test_a_link_is_written_out_beside_the_answers() -> None:
    buttons = (Button("Yes"), Button("Your order", url="https://shop.example/o/1"))
    ((_, content),) = shapes(outbound("Right?", buttons=buttons))
    assert content["body"]["text"] == "Right?\nYour order: https://shop.example/o/1"


def test_the_end_of_a_long_text_carries_the_buttons() -> None:
    text = "слово " * 600
    *head, (kind, content) = shapes(outbound(text.strip(), buttons=(Button("Да"),)))
    assert kind == "interactive"
    assert len(content["body"]["text"]) <= 1024
    whole = " ".join([*(part["body"] for _, part in head), content["body"]["text"]])
    assert whole.split() == text.split()


def test_a_short_text_goes_under_its_picture_but_not_under_a_voice() -> None:
    assert shapes(outbound("look", attachments=(JPEG,))) == [("image", {"caption": "look"})]
    assert [kind for kind, _ in shapes(outbound("listen", attachments=(VOICE,)))] == ["text", "audio"]
    assert shapes(outbound("", attachments=(PDF,))) == [("document", {"filename": "bill.pdf"})]
    large = replace(JPEG, data=b"x" * (5 * 1024 * 1024 + 1))
    assert shapes(outbound("", attachments=(large,))) == [("document", {"filename": "a.jpg"})]


def test_a_file_is_uploaded_first_and_sent_by_its_id() -> None:
    (fields,) = requests(outbound("look", attachments=(JPEG,)))
    assert fields["image"] == {"caption": "look", "id": "media-1"}


def test_after_24_hours_the_words_go_into_the_approved_template() -> None:
    ((kind, content),) = shapes(outbound("Заказ 7 едет.\nСпасибо!", language="uk", window_shut=True))
    assert kind == "template"
    assert content["name"] == "notice"
    assert content["language"]["code"] == "uk"
    assert content["components"][0]["parameters"] == [{"type": "text", "text": "Заказ 7 едет. Спасибо!"}]
    ((_, content),) = shapes(outbound("Hi", language="en", window_shut=True))
    assert content["language"]["code"] == "en_US"


def test_after_24_hours_nothing_goes_without_a_template_and_no_files_with_one() -> None:
    with pytest.raises(Undeliverable, match="no template"):
        shapes(outbound("Hi", window_shut=True), Templates())
    with pytest.raises(Undeliverable, match="no files"):
        shapes(outbound("Hi", window_shut=True, attachments=(JPEG,)))
    with pytest.raises(Undeliverable, match="1024"):
        shapes(outbound("x" * 1025, window_shut=True))


def test_a_template_that_is_asked_for_is_sent_inside_of_the_24_hours_too() -> None:
    wanted = {"name": "confirm", "language": "ru", "parameters": ["№ 7", "1250 ₽"], "buttons": ["o:7:confirm"]}
    ((_, content),) = shapes(outbound("Верно?", template=wanted))
    assert content["name"] == "confirm"
    assert [one["text"] for one in content["components"][0]["parameters"]] == ["№ 7", "1250 ₽"]
    assert content["components"][1] == {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": "o:7:confirm"}],
    }


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=4096),
    buttons=st.lists(st.builds(Button, LABELS, st.text(max_size=200)), max_size=10),
    files=st.lists(st.sampled_from([JPEG, PDF, VOICE]), max_size=3),
    window_shut=st.booleans(),
)
def test_whatever_we_send_fits_metas_schema(
    text: str, buttons: list[Button], files: list[Attachment], window_shut: bool
) -> None:
    message = outbound(text, buttons=tuple(buttons), attachments=tuple(files), window_shut=window_shut)
    if whatsapp().capabilities.refusal(message):
        return
    try:
        sent = requests(message)
    except Undeliverable:
        assert window_shut
        return
    assert sent
    for fields in sent:
        kind = {"text": "Text", "template": "Template", "interactive": "Interactive"}.get(fields["type"])
        name = f"{kind or fields['type'].capitalize()}Message"
        assert SCHEMA.refuses(name, fields, also=PROSE) == []
        assert fields["type"] != "text" or len(fields["text"]["body"]) <= 4096


def test_metas_schema_would_have_noticed() -> None:
    (fields,) = requests(outbound("Right?", buttons=(Button("Yes"),)))
    wrong = json.loads(json.dumps(fields))
    wrong["interactive"]["body"]["text"] = "x" * 1025
    assert SCHEMA.refuses("InteractiveMessage", wrong, also=PROSE)
    assert SCHEMA.refuses("TextMessage", {**requests(outbound())[0], "surprise": 1}, also=PROSE)


def test_a_message_of_which_a_part_is_out_is_never_begun_anew() -> None:
    dialogue = sending.send(whatsapp().line, NOTICE, outbound("listen", attachments=(VOICE,)))
    next(dialogue)
    dialogue.send(taken({"messages": [{"id": "wamid.1"}]}))
    with pytest.raises(TryLater) as later:
        dialogue.send(taken({"error": {"code": 131000}}, 500))
    assert later.value.perhaps_sent
    dialogue = sending.send(whatsapp().line, NOTICE, outbound("listen", attachments=(VOICE,)))
    next(dialogue)
    dialogue.send(taken({"messages": [{"id": "wamid.1"}]}))
    assert dialogue.send(taken({"error": {"code": 131056}}, 400)) == Pause(6.0)
    dialogue.send(None)
    dialogue.send(taken({"id": "media"}))
    with pytest.raises(StopIteration) as end:
        dialogue.send(taken({"messages": [{"id": "wamid.2"}]}))
    assert (end.value.value.provider_id, end.value.value.more_ids) == ("wamid.1", ("wamid.2",))


def test_metas_question_is_answered_with_its_own_word_and_only_to_meta() -> None:
    question = {"hub.mode": "subscribe", "hub.verify_token": "ours", "hub.challenge": "1158201444"}
    hook = Hook(b"", {}, NOW, query=question, method="GET")
    shop = whatsapp(verify_token="ours")
    assert len(list(shop.parse(hook))) == 1
    assert shop.answer(hook).body == b"1158201444"
    assert shop.answer(hook).content_type == "text/plain"
    for wrong in ({"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(BadSignature):
            list(shop.parse(replace(hook, query={**question, **wrong})))
    script = replace(hook, query={**question, "hub.challenge": "<script>"})
    assert shop.answer(script).body == b"{}"


def test_a_word_to_verify_is_made_where_the_owner_gave_none() -> None:
    assert len(whatsapp().config.verify_token) > 20


def test_a_file_is_fetched_in_two_steps_and_our_token_is_shown_to_meta_alone() -> None:
    dialogue = whatsapp().fetch("65463453")
    assert next(dialogue).url == "https://graph.facebook.com/v23.0/65463453"
    asked = dialogue.send(taken({"url": "https://lookaside.fbsbx.com/x?mid=1", "mime_type": "image/jpeg"}))
    assert asked.headers == {"authorization": "Bearer EAAB"}
    with pytest.raises(StopIteration) as end:
        dialogue.send(Response(200, {}, b"\xff\xd8"))
    assert end.value.value.type == "image/jpeg"
    for where in ("https://evil.example/x", "http://lookaside.fbsbx.com/x", "https://xfbsbx.com/x"):
        dialogue = whatsapp().fetch("1")
        next(dialogue)
        with pytest.raises(Undeliverable, match="not kept"):
            dialogue.send(taken({"url": where}))


def test_what_meta_said_of_a_template_blocks_it_in_that_language_alone() -> None:
    channel = whatsapp(template="notice", template_languages="ru, uk")
    notices = "template notice (uk): was rejected by Meta: INVALID_FORMAT\ntemplate other (ru): is paused by Meta"
    assert channel.why_no_template("uk", notices) == "template_rejected: INVALID_FORMAT"
    assert channel.why_no_template("ru", notices) == ""
    assert channel.why_no_template("en", "template notice (ru): will be switched off soon") == ""
    assert channel.why_no_template("ru", "template notice (ru): was switched off by Meta") == "template_disabled"
    assert whatsapp().why_no_template("ru", "") == "no_template"


def test_the_owner_hears_which_languages_of_the_template_are_missing() -> None:
    dialogue = whatsapp(waba_id="12345678", template="notice").check()
    assert "fields=display_phone_number" in next(dialogue).url
    asked = dialogue.send(taken({"display_phone_number": "+1 555-555-5555", "verified_name": "Lamps"}))
    assert "/12345678/message_templates?name=notice" in asked.url
    asked = dialogue.send(taken({"data": [{"name": "notice", "language": "ru", "status": "APPROVED"}]}))
    assert "/debug_token?" in asked.url
    with pytest.raises(StopIteration) as end:
        dialogue.send(taken({"data": {"expires_at": 1795996800}}))
    account = end.value.value
    assert (account.name, account.handle) == ("Lamps", "15555555555")
    assert account.note == "The template is not approved in: uk (missing), en (missing)."
    assert account.expires_at == datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [TryLater("no answer"), taken({"error": {"code": 100}}, 400), taken([]), taken({"data": {"expires_at": 0}})],
)
def test_where_meta_says_nothing_of_the_token_the_inbox_is_connected_all_the_same(answer: Any) -> None:
    dialogue = whatsapp().check()
    next(dialogue)
    dialogue.send(taken({"display_phone_number": "+1 555-555-5555", "verified_name": "Lamps"}))
    with pytest.raises(StopIteration) as end:
        dialogue.throw(answer) if isinstance(answer, TryLater) else dialogue.send(answer)
    assert end.value.value.expires_at is None


def test_a_customer_who_hides_the_number_is_answered_by_their_id() -> None:
    hidden = msgspec.json.decode(next(whatsapp().send(outbound("Так", address="US.13491208655302741918"))).body)
    shown = msgspec.json.decode(next(whatsapp().send(outbound("Так", address="+380501112233"))).body)
    assert (hidden["recipient"], "to" in hidden) == ("US.13491208655302741918", False)
    assert (shown["to"], "recipient" in shown) == ("380501112233", False)


def test_connecting_points_metas_deliveries_at_our_hook() -> None:
    shop = whatsapp(waba_id="12345678", verify_token="ours")
    dialogue = shop.connect()
    asked = next(dialogue)
    assert asked.url.endswith("/12345678/subscribed_apps")
    assert msgspec.json.decode(asked.body) == {"override_callback_uri": INBOX.hook_url, "verify_token": "ours"}
    with pytest.raises(NeedsOwner, match="https"):
        dialogue.send(taken({"error": {"code": 100, "message": "callback verification failed"}}, 400))
    assert list(whatsapp().connect()) == []


def test_the_link_opens_the_shops_number_with_the_token_written_beforehand() -> None:
    assert whatsapp().deep_link("15555555555", "k3Jq") == "https://wa.me/15555555555?text=%23k3Jq"


def test_a_status_names_a_category_and_the_owner_its_price() -> None:
    prices = read_prices("utility=0.0157, marketing=0.07 USD")
    assert prices.of(Pricing(billable=True, category="utility")) == Price("0.0157", "USD")
    assert prices.of(Pricing(billable=True, category="authentication")) is None
    assert prices.of(Pricing(billable=False, category="service")) == Price("0", "USD")
    assert read_prices(" ").of(Pricing(billable=True, category="utility")) is None


@pytest.mark.parametrize(
    "text", ["utility=0.0157", "USD", "utility: 1 USD", "utility=1 usd", "utility=1,5 EUR", "=1 EUR"]
)
def test_prices_that_cannot_be_read_are_said_before_the_inbox_is_saved(text: str) -> None:
    with pytest.raises(NeedsOwner, match="Prices are written as"):
        next(whatsapp(prices=text).check())
    assert whatsapp(prices=text).prices.sums == {}, "and nothing else stops"
