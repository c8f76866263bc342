"""The telephone's number in a real Chromium: texts, WhatsApp that is read when it lies open, calls that ring."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from prilavok.simulator.exchanges.exchange import Call
from prilavok.simulator.gateways import Text as GatewayText
from prilavok.simulator.whatsapp import ChatMessage
from tests.simulator.phone_doubles import demo
from tests.simulator.test_phone_page import page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def phone():
    with demo() as running:
        yield running


def open_app(at, app):
    at.locator(f".dock [data-app={app}]").click()


def told(phone, where):
    return [parse_qs(body.decode()) for place, body in phone.shop.heard if place == where]


def test_a_text_goes_to_the_shop_and_what_the_shop_sends_is_a_link_to_press(browser, phone):
    with page(browser, phone, locale="en-GB") as at:
        open_app(at, "sms")
        at.get_by_role("textbox", name="Message").fill("Is my parcel there?")
        at.keyboard.press("Enter")
        expect(at.locator("#sms-log .mine .ticks.taken")).to_be_visible()
        assert told(phone, "sms")[-1]["Body"] == ["Is my parcel there?"]
        thread = phone.sim.texts["twilio"].thread(phone.visitor.number)
        thread.messages.append(type(thread.messages[0])("s", False, NOW, "See https://shop.test/o/1", taken=True))
        expect(at.locator("#sms-log .theirs a")).to_have_attribute("href", "https://shop.test/o/1")
        at.get_by_role("textbox", name="Message").fill("STOP")
        at.keyboard.press("Enter")
        expect(at.locator("#sms-told")).to_contain_text("no more texts")


def test_a_text_under_the_shops_name_has_its_own_thread_which_nobody_can_answer(browser, phone):
    with page(browser, phone, locale="en-GB", width=390) as at:
        at.get_by_role("tab", name="Phone").click()
        open_app(at, "sms")
        expect(at.get_by_role("radio", name="+1 500")).to_have_attribute("aria-checked", "true")
        phone.sim.texts["turbosms"].thread(phone.visitor.number).messages.append(
            GatewayText("t1", False, NOW, "Shelf 14.", taken=True)
        )
        name = at.get_by_role("radio", name="Kardamon")
        expect(name).to_have_class("fresh")
        name.click()
        expect(at.locator("#sms-log .theirs .words")).to_have_text("Shelf 14.")
        expect(at.get_by_text("nobody can answer to it")).to_be_visible()
        expect(at.get_by_role("textbox", name="Message")).to_be_hidden()
        expect(at.locator("#faults-of")).to_have_text("What if Kardamon misbehaves?")
        assert at.evaluate("document.documentElement.scrollWidth") == 390


def test_whatsapp_is_read_only_while_it_lies_open_and_its_buttons_are_pressed_once(browser, phone):
    with page(browser, phone, locale="uk-UA") as at:
        expect(at.locator("#my-number")).to_contain_text("+380")
        chat = phone.sim.whatsapp.chat(phone.visitor.number)
        assert not chat.open
        open_app(at, "whatsapp")
        expect(at.locator(".dock [data-app=whatsapp]")).to_have_attribute("aria-pressed", "true")
        buttons = ({"id": "o:7:ok", "title": "Так"}, {"id": "o:7:no", "title": "Ні"})
        chat.messages.append(ChatMessage("wamid.1", False, NOW, "Усе правильно?", buttons=buttons, status="delivered"))
        at.get_by_role("button", name="Так").click()
        expect(at.locator("#whatsapp-log .mine .words")).to_have_text("Так")
        expect(at.get_by_role("button", name="Ні")).to_be_disabled()
        assert b'"button_reply", "button_reply": {"id": "o:7:ok"' in phone.shop.heard[-1][1].replace(b"\\/", b"/")
        assert chat.open
        with at.expect_response(lambda answer: "whatsapp/look" in answer.url):
            open_app(at, "sms")
        assert not chat.open
        with at.expect_response(lambda answer: "whatsapp/look" in answer.url):
            open_app(at, "whatsapp")
        assert chat.open


def test_a_telephone_without_a_connection_says_so_in_its_own_language(browser, phone):
    with page(browser, phone, locale="ru-RU") as at:
        open_app(at, "whatsapp")
        at.get_by_role("button", name="На связи").click()
        expect(at.locator("#connection")).to_have_text("Нет связи")
        at.get_by_role("textbox", name="Сообщение").fill("Вы тут?")
        at.keyboard.press("Enter")
        expect(at.locator("#whatsapp-told")).to_contain_text("Нет связи")
        expect(at.locator("#whatsapp-log .mine")).to_have_count(0)
        at.get_by_role("button", name="Нет связи").click()
        expect(at.locator("#connection")).to_have_text("На связи")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_telephone_rings_comes_to_the_front_and_is_answered_or_left(browser, phone, width):
    with page(browser, phone, locale="en-GB", width=width) as at:
        expect(at.locator("#my-number")).to_contain_text("+380")
        line = phone.sim.exchanges["zadarma"].line(phone.visitor.number)
        ring_from_the_shop(phone, "out_1")
        dialog = at.get_by_role("dialog")
        expect(dialog).to_contain_text("is calling you")
        dialog.get_by_role("button", name="Answer").click()
        expect(dialog).to_contain_text("talking · 0:0")
        dialog.get_by_role("button", name="Hang up").click()
        expect(dialog).to_be_hidden()
        assert line.calls[-1].state == "answered"
        ring_from_the_shop(phone, "out_2")
        dialog.get_by_role("button", name="Decline").click()
        expect(dialog).to_be_hidden()
        open_app(at, "calls")
        expect(at.locator("#calls li b")).to_have_text(["You declined a call", "The shop called"])
        assert [one["disposition"] for one in told(phone, "calls")][-2:] == [["answered"], ["busy"]]


def ring_from_the_shop(phone, call_id):
    number = phone.visitor.number
    phone.sim.exchanges["zadarma"].line(number).calls.append(Call(call_id, number, by_shop=True, at=NOW))


def test_a_call_to_the_shop_is_taken_there_or_not(browser, phone):
    with page(browser, phone, locale="uk-UA", width=390, color_scheme="dark") as at:
        at.get_by_role("tab", name="Телефон").click()
        open_app(at, "calls")
        at.get_by_role("button", name="Зателефонувати в крамницю").click()
        dialog = at.get_by_role("dialog")
        dialog.get_by_role("button", name="Нехай у крамниці знімуть слухавку").click()
        expect(dialog).to_contain_text("розмова")
        dialog.get_by_role("button", name="Завершити").click()
        at.get_by_role("combobox", name="Номери крамниці").select_option("+380 67 123 4500 · Binotel")
        at.get_by_role("button", name="Зателефонувати в крамницю").click()
        expect(dialog).to_contain_text("67 123 4500")
        dialog.get_by_role("button", name="Завершити").click()
        expect(at.locator("#calls li b")).to_have_text(["Ви не додзвонилися", "Ви дзвонили в крамницю"])
        ends = [one["disposition"] for one in told(phone, "calls") if one["event"] == ["NOTIFY_END"]]
        assert ends == [["answered"]]
        [over] = [one for one in told(phone, "binotel") if one["requestType"] == ["apiCallCompleted"]]
        assert (over["callDetails[disposition]"], over["callDetails[pbxNumber]"]) == (["CANCEL"], ["0671234500"])
        expect(at.locator("#calls .via")).to_have_text(["+380 67 123 4500", "+380 44 123 4567"])
        assert at.evaluate("document.documentElement.scrollWidth") == 390


def test_a_link_to_whatsapp_has_its_words_ready(browser, phone):
    with page(browser, phone, "/phone/whatsapp?text=%23k3Jq-token", locale="en-GB", width=390) as at:
        expect(at.get_by_role("textbox", name="Message")).to_have_value("#k3Jq-token")
        at.get_by_role("button", name="Send").click()
        expect(at.locator("#whatsapp-log .mine .words")).to_have_text("#k3Jq-token")
        assert at.evaluate("location.pathname") == "/phone"
