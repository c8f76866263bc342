import base64
import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from prilavok.channels.email.understand import understand
from prilavok.simulator import postbox
from prilavok.simulator.handset import ACTIONS
from prilavok.simulator.letters import SAMPLES
from prilavok.simulator.pictures import picture
from prilavok.simulator.storefront import Storefront, Ways
from tests.simulator.phone_doubles import SHOP, Demo, demo

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MARTA = ("Марта", "marta@mail.example")


@pytest.fixture(scope="module")
def phone() -> Iterator[Demo]:
    with demo() as running:
        yield running


def test_a_visitor_starts_and_writes_and_sees_the_tick_double_when_the_shop_has_it(phone):
    me = "1" * 16
    status, state = phone.act("telegram/start", {"payload": "token_1"}, me)
    assert (status, state["telegram"]["started"]) == (200, True)
    assert phone.telegram.started_with[-1] == "token_1"
    _, state = phone.act("telegram/say", {"text": "Де моє замовлення?"}, me)
    assert state["telegram"]["messages"][-1]["text"] == "Де моє замовлення?"
    assert state["telegram"]["messages"][-1]["taken"] is False
    phone.telegram.shop_takes_everything()
    _, state = phone.act("telegram/edit", {"message_id": 2, "text": "Де моя чашка?"}, me)
    last = state["telegram"]["messages"][-1]
    assert (last["text"], last["edited"], last["taken"]) == ("Де моя чашка?", True, True)


def test_pictures_voice_place_and_number_are_sent_and_can_be_fetched_by_their_owner_only(phone):
    me = "2" * 16
    photo = base64.b64encode(picture("cup")).decode()
    phone.act("telegram/start", {}, me)
    phone.act("telegram/photo", {"data": photo, "caption": "ось"}, me)
    phone.act("telegram/voice", {}, me)
    phone.act("telegram/location", {"lat": 50.46, "lon": 30.51}, me)
    _, state = phone.act("telegram/contact", {}, me)
    kinds = [one["kind"] for one in state["telegram"]["messages"]]
    assert kinds == ["text", "photo", "voice", "location", "contact"]
    file = state["telegram"]["messages"][1]["files"][0]["id"]
    status, headers, body = phone.ask("GET", f"/phone/files/{file}?me={me}")
    assert (status, body, headers["content-type"]) == (200, picture("cup"), "image/jpeg")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert phone.ask("GET", f"/phone/files/{file}?me={'3' * 16}")[0] == 404
    assert phone.ask("GET", f"/phone/files/{file}?me=nobody")[0] == 400


def test_a_button_of_the_shop_is_pressed(phone):
    me = "4" * 16
    phone.act("telegram/start", {}, me)
    phone.telegram.shop_says(phone.visitor.user_id, "Відкласти?", {"text": "Так", "callback_data": "yes"})
    status, state = phone.act("telegram/press", {"message_id": 2, "button": "yes"}, me)
    assert status == 200
    assert phone.telegram.pressed[-1] == (2, "yes")
    assert state["telegram"]["messages"][1]["buttons"] == [[{"text": "Так", "callback_data": "yes"}]]


def test_who_has_blocked_the_shop_must_let_it_in_before_writing(phone):
    me = "5" * 16
    phone.act("telegram/start", {}, me)
    _, state = phone.act("telegram/block", {"blocked": True}, me)
    assert state["telegram"]["blocked"] is True
    status, problem = phone.act("telegram/say", {"text": "алло"}, me)
    assert (status, problem["detail"]) == (409, "You have blocked the shop. Let it in again first.")
    phone.act("telegram/block", {"blocked": False}, me)
    assert phone.act("telegram/say", {"text": "алло"}, me)[0] == 200


def test_only_ones_own_messages_can_be_edited(phone):
    me = "6" * 16
    phone.act("telegram/start", {}, me)
    phone.telegram.shop_says(phone.visitor.user_id, "Вітаємо")
    assert phone.act("telegram/edit", {"message_id": 2, "text": "ні"}, me)[0] == 409
    assert phone.act("telegram/edit", {"message_id": 99, "text": "ні"}, me)[0] == 404


def test_the_next_answer_of_the_shop_can_be_made_to_fail(phone):
    for kind in ("too many", "broken", "silent", "cut", "done but cut"):
        assert phone.act("faults", {"kind": kind})[0] == 200
    assert phone.telegram.faults[-5:] == ["too many", "broken", "silent", "cut", "done but cut"]
    assert phone.act("faults", {"kind": "on fire"})[0] == 422


def test_a_letter_reaches_the_shop_and_its_answer_is_answered_in_the_same_thread(phone):
    me = "7" * 16
    files = [{"name": "чек.pdf", "type": "application/pdf", "data": base64.b64encode(b"%PDF-1.7").decode()}]
    status, state = phone.act("mail/send", {"subject": "Чайник", "text": "Є ще?", "files": files}, me)
    assert status == 200
    first = state["mail"]["letters"][0]
    assert (first["subject"], first["text"], first["mine"], first["to"]) == ("Чайник", "Є ще?", True, SHOP)
    arrived = email.message_from_bytes(phone.mail.boxes[SHOP][-1], policy=email.policy.default)
    assert arrived["From"] == f"Марта <{state['me']['address']}>"
    sent = postbox.read(phone.visitor.sent[0], state["me"]["address"])
    answer = postbox.write(("Крамниця", SHOP), state["me"]["address"], "", "Так, є.", at=NOW, answers=sent)
    phone.mail.deliver(answer, state["me"]["address"])
    shop_letter = postbox.read(answer, state["me"]["address"])
    _, state = phone.act("mail/send", {"text": "Беру!", "answers": shop_letter.id}, me)
    letters = state["mail"]["letters"]
    assert {one["thread"] for one in letters} == {sent.id}
    reply = email.message_from_bytes(phone.mail.boxes[SHOP][-1], policy=email.policy.default)
    assert reply["In-Reply-To"] == shop_letter.id
    assert sent.id in reply["References"]
    assert reply["Subject"] == "Re: Чайник"
    assert "> Так, є." in reply.get_content()
    query = f"?me={me}&id={first['id'].replace('+', '%2B')}"
    status, headers, body = phone.ask("GET", f"/phone/letters/0{query}")
    assert (status, body) == (200, b"%PDF-1.7")
    assert headers["content-disposition"] == 'attachment; filename="___.pdf"'
    assert phone.ask("GET", f"/phone/letters/1{query}")[0] == 404


def test_an_empty_letter_or_an_answer_to_nothing_is_refused(phone):
    status, problem = phone.act("mail/send", {"text": "  "})
    assert (status, problem["detail"]) == (422, "Write something first.")
    assert phone.act("mail/send", {"text": "x", "answers": "<none@x>"})[0] == 404
    assert phone.act("mail/send", {"text": "x", "subject": "a\nBcc: all@x.example"})[0] == 422


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
def test_ready_letters_are_what_they_pretend_to_be(language):
    made = {kind: write(MARTA, SHOP, language, NOW, None) for kind, write in SAMPLES.items()}
    read = {kind: email.message_from_bytes(raw, policy=email.policy.default) for kind, raw in made.items()}
    assert read["angry"].get_content_charset() == ("windows-1252" if language == "en" else "windows-1251")
    assert "\ufffd" not in read["angry"].get_content()
    assert read["angry"]["Subject"].isupper()
    assert "\n> " in read["question"].get_content()
    assert read["away"]["Auto-Submitted"] == "auto-replied"
    report = read["bounce"]
    assert report.get_content_type() == "multipart/report"
    status = list(report.iter_parts())[1]
    assert status.get_content_type() == "message/delivery-status"
    assert status.get_payload()[1]["Final-Recipient"] == "rfc822; marta@mail.example"
    assert all(message["To"] == SHOP for message in read.values())


def test_a_bounce_names_the_last_letter_of_the_shop_and_is_no_letter_of_the_customer(phone):
    me = "8" * 16
    _, state = phone.act("mail/sample", {"kind": "question"}, me)
    assert len(state["mail"]["letters"]) == 1
    raw = postbox.write(("Крамниця", SHOP), state["me"]["address"], "Ваше замовлення", "Так.", at=NOW)
    phone.mail.deliver(raw, state["me"]["address"])
    _, state = phone.act("mail/sample", {"kind": "bounce"}, me)
    assert len(state["mail"]["letters"]) == 2
    letter = postbox.read(raw, state["me"]["address"])
    assert letter.id.encode() in phone.mail.boxes[SHOP][-1]
    _, state = phone.act("mail/spam", {"letter": letter.id}, me)
    assert [one["spam"] for one in state["mail"]["letters"] if not one["mine"]] == [True]
    reported = understand(phone.mail.boxes[SHOP][-1])
    assert reported.is_complaint
    assert reported.bounce[0].original_message_id == letter.id
    assert phone.act("mail/open", {"letter": "<none@x>"}, me)[0] == 404


def test_visitors_do_not_see_each_other(phone):
    phone.act("telegram/start", {}, "9" * 16)
    phone.act("telegram/say", {"text": "секрет"}, "9" * 16)
    _, state = phone.act("telegram/start", {}, "b" * 16)
    assert "секрет" not in json.dumps(state, ensure_ascii=False)


@pytest.mark.parametrize(
    ("action", "wish", "status"),
    [
        ("telegram/say", b"{", 422),
        ("telegram/say", {"text": ""}, 422),
        ("telegram/say", {"text": " \n"}, 422),
        ("telegram/say", {"text": "x" * 4097}, 422),
        ("telegram/say", {"text": 5}, 422),
        ("telegram/say", {"text": "x", "more": 1}, 422),
        ("telegram/start", {"payload": "no spaces!"}, 422),
        ("telegram/location", {"lat": 91, "lon": 0}, 422),
        ("telegram/photo", {"data": "not base64"}, 422),
        ("telegram/press", {"message_id": 77, "button": "x"}, 404),
        ("telegram/fly", {}, 404),
        ("mail/sample", {"kind": "poem"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(phone, action, wish, status):
    answered, problem = phone.act(action, wish, "c" * 16)
    assert answered == status == problem["status"]
    assert problem["detail"]


def test_strange_keys_large_bodies_and_foreign_pages_are_turned_away(phone):
    assert phone.act("telegram/start", {}, "../../etc")[0] == 422
    large = b'{"text":"' + b"x" * (13 * 1024 * 1024) + b'"}'
    assert phone.act("telegram/say", large)[0] == 413
    path = f"/phone/api/telegram/start?me={'d' * 16}"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert phone.ask("POST", path, b"{}", headers)[0] == 403
    assert phone.ask("GET", path)[0] == 405


def test_the_socket_tells_what_changes_and_refuses_strangers(phone):
    me, address = "e" * 16, f"ws://127.0.0.1:{phone.port}/phone/live"
    with connect(f"{address}?me={me}&language=ru") as socket:
        assert json.loads(socket.recv(10))["telegram"]["started"] is False
        phone.act("telegram/start", {}, me, "ru")
        assert json.loads(socket.recv(10))["telegram"]["started"] is True
    with pytest.raises((ConnectionClosed, InvalidStatus)), connect(f"{address}?me=x") as socket:
        socket.recv(10)
    with (
        pytest.raises((ConnectionClosed, InvalidStatus)),
        connect(f"{address}?me={me}", origin="https://evil.example") as socket,
    ):
        socket.recv(10)


def test_the_shop_speaks_three_languages_and_carries_the_widget(phone):
    for asked, language, name in (("ru", "ru", "Чайник «Туман»"), ("uk", "uk", "Світанок"), ("", "en", "Mist teapot")):
        status, headers, body = phone.ask("GET", f"/shop?lang={asked}")
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert f'<html lang="{language}">' in body.decode()
        assert name in body.decode()
        assert '<script src="/widget.js" data-inbox="key&lt;1&gt;" async></script>' in body.decode()
        assert "unsafe-inline" not in headers["content-security-policy"]
    told = phone.ask("GET", "/shop", headers={"Accept-Language": "fr, uk;q=0.9"})[2].decode()
    assert '<html lang="uk">' in told
    titles = {phone.ask("GET", f"/shop/{one}?lang=en")[2].decode().split("<title>")[1][:20] for one in
              ("mist", "dawn", "matcha", "walnut", "linen", "oolong", "delivery")}  # fmt: skip
    assert len(titles) == 7
    assert phone.ask("GET", "/shop/gold")[0] == 404


def test_the_shop_offers_every_way_to_write_and_reviews_beside_a_product():
    ways = Ways("form<1>", "cards-1", (("Viber", "https://shop.test/b/1?a&b"),))
    shop = Storefront("key", ways)
    page = shop.page("mist", "en", "")
    assert '<a href="https://shop.test/b/1?a&amp;b">Viber</a>' in page
    assert '<a href="/f/form&lt;1&gt;"' in page
    assert 'data-prilavok-cards="cards-1" data-product="mist" data-name="Mist teapot" data-language="en"' in page
    assert "data-prilavok-cards" not in shop.page("", "en", "")
    assert 'class="ways"' not in Storefront("key", Ways()).page("", "en", "")


@pytest.mark.parametrize("path", ["/phone/static/../phone.py", "/phone/static/%2e%2e%2fphone.py", "/phone/static/x.js"])
def test_nothing_but_the_pages_own_files_is_served(phone, path):
    assert phone.ask("GET", path)[0] == 404


def test_no_page_carries_script_or_style_inside(phone):
    for path in ("/phone", "/phone/telegram?start=abc", "/shop/mist"):
        _, headers, body = phone.ask("GET", path)
        page = body.decode()
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


@settings(max_examples=150, deadline=None)
@given(
    raw=st.binary(max_size=400)
    | st.tuples(
        st.sampled_from(["From", "To", "Subject", "Date", "Message-ID", "References"]), st.binary(max_size=60)
    ).map(lambda it: it[0].encode() + b": " + it[1] + b"\n\n" + it[1])
)
def test_any_bytes_in_the_mailbox_can_be_shown(raw):
    letter = postbox.read(raw, "marta@mail.example")
    assert msgspec.json.encode(letter.shown(letter.id))


def test_letters_of_one_second_keep_their_order_and_a_circle_of_references_ends():
    first = postbox.write(MARTA, SHOP, "Чайник", "Є ще?", at=NOW)
    answer = postbox.write(("Крамниця", SHOP), MARTA[1], "", "Є.", at=NOW, answers=postbox.read(first, MARTA[1]))
    letters = postbox.mailbox([answer], [first], MARTA[1])
    assert [one.mine for one in letters] == [True, False]
    assert set(postbox.threads(letters).values()) == {letters[0].id}
    circle = [f"Message-ID: <{one}>\nReferences: <{other}>\n\n".encode() for one, other in ("ab", "ba")]
    assert len(postbox.threads(postbox.mailbox(circle, [], MARTA[1]))) == 2


HEADERS = b"From: a@b.example\nSubject: x\nContent-Type: "


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (HEADERS + b"text/plain; charset=unheard-of\n\nhello", "hello"),
        (HEADERS + b"text/html\n\n<style>x{}</style><p>Hi <b>you</b></p><p>&amp; me</p>", "Hi you\n& me"),
        (HEADERS + b"multipart/mixed; boundary=x\n\nno boundary follows", ""),
        (b"Date: Mon, 1 Jan 0001 00:00:00 +2359\nSubject: \xff\xfe\n\nold", "old"),
        (b"References: <broken\nFrom: =?utf-8?B?!!!?= <\n\nstill read", "still read"),
    ],
)
def test_a_broken_letter_is_shown_as_far_as_it_can_be_read(head, text):
    assert postbox.read(head, "marta@mail.example").text == text


@settings(max_examples=50, deadline=None)
@given(body=st.binary(max_size=200), action=st.sampled_from(sorted(ACTIONS)))
def test_no_body_breaks_an_action(phone, body, action):
    status, answer = phone.act(action, body, "f" * 16)
    assert status in {200, 404, 409, 422}
    assert answer
