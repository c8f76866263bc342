"""The telephone in a real Chromium, with doubles behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from prilavok.simulator import postbox
from tests.simulator.phone_doubles import SHOP, Demo, demo


@pytest.fixture(scope="module")
def phone() -> Iterator[Demo]:
    with demo() as running:
        yield running


@contextmanager
def page(
    browser: Browser, phone: Demo, path: str = "/phone", *, locale: str = "uk-UA", width: int = 1440, **more: Any
) -> Iterator[Page]:
    """A fresh visitor; whatever the page complains about in its console fails the test."""
    complaints: list[str] = []
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 860}, **more)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    opened.goto(f"http://127.0.0.1:{phone.port}{path}")
    try:
        yield opened
        assert complaints == []
    finally:
        context.close()


def test_a_newcomer_writes_sees_the_tick_and_reads_the_answer(browser, phone):
    with page(browser, phone) as at:
        expect(at.locator(".steps li")).to_have_count(4)
        at.get_by_role("button", name="Почати").click()
        at.get_by_role("textbox", name="Повідомлення").fill("Чайник ще є?")
        at.keyboard.press("Enter")
        mine = at.locator(".said.mine").last
        expect(mine).to_contain_text("Чайник ще є?")
        expect(mine.locator(".ticks")).to_have_text("✓")
        phone.telegram.shop_takes_everything()
        expect(mine.locator(".ticks")).to_have_text("✓✓")
        phone.telegram.shop_says(phone.visitor.user_id, "Є! Відкласти?", {"text": "Так", "callback_data": "yes"})
        at.locator(".said.theirs").get_by_role("button", name="Так").click()
        expect(at.locator(".said.theirs .words")).to_have_text("Є! Відкласти?")
        at.wait_for_function("document.querySelector('#telegram-told').textContent === ''")
        assert phone.telegram.pressed[-1] == (3, "yes")


SLOW_ANSWERS = """() => {
  const swift = fetch;
  window.fetch = async (...asked) => {
    const answer = await swift(...asked);
    await new Promise((go) => (window.letThrough = go));
    return answer;
  };
}"""


def test_an_answer_that_comes_after_a_later_state_takes_nothing_back(browser, phone):
    with page(browser, phone) as at:
        at.get_by_role("button", name="Почати").click()
        text = at.get_by_role("textbox", name="Повідомлення")
        text.fill("А синій?")
        at.evaluate(SLOW_ANSWERS)
        at.keyboard.press("Enter")
        ticks = at.locator(".said.mine", has_text="А синій?").locator(".ticks")
        expect(ticks).to_have_text("✓")
        at.wait_for_function("Boolean(window.letThrough)")
        phone.telegram.shop_takes_everything()
        expect(ticks).to_have_text("✓✓")
        at.evaluate("letThrough()")
        expect(text).to_have_value("")
        assert ticks.text_content() == "✓✓"


def test_a_message_is_edited_a_picture_sent_and_the_shop_blocked_and_let_in(browser, phone):
    with page(browser, phone, locale="en-GB") as at:
        at.get_by_role("button", name="Start").click()
        at.get_by_role("textbox", name="Message").fill("Were is my cup?")
        at.keyboard.press("Enter")
        at.locator(".said.mine").last.hover()
        at.get_by_role("button", name="Edit").click()
        at.get_by_role("textbox", name="Message").fill("Where is my cup?")
        at.keyboard.press("Enter")
        expect(at.locator(".said.mine").last).to_contain_text("edited")
        at.locator("#attach summary").click()
        at.get_by_role("menuitem", name="Photo of a broken cup").click()
        picture = at.locator(".bubble img")
        expect(picture).to_be_visible()
        assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 480
        sent = next(iter(phone.telegram.files.values()))
        assert sent.data.startswith(b"\xff\xd8\xff")  # a JPEG, as Telegram makes of every picture
        at.get_by_role("button", name="Block").click()
        expect(at.locator("#begin-why")).to_contain_text("You blocked the shop")
        at.get_by_role("button", name="Unblock").click()
        expect(at.get_by_role("textbox", name="Message")).to_be_visible()


def test_the_sites_link_goes_on_in_the_messenger_after_start(browser, phone):
    with page(browser, phone, "/phone/telegram?start=one-time_7", locale="ru-RU", width=390) as at:
        expect(at.locator("#begin-why")).to_contain_text("Вы пришли по ссылке с сайта")
        at.get_by_role("button", name="Начать").click()
        expect(at.locator("#say")).to_be_visible()
        assert phone.telegram.started_with[-1] == "one-time_7"
        assert at.evaluate("location.pathname + location.search") == "/phone"


def test_a_link_opened_inside_the_shops_frame_is_taken_over_by_the_telephone(browser, phone):
    with page(browser, phone) as at:
        frame = at.frame_locator("#shop-frame")
        expect(frame.locator("h1")).to_be_visible()
        frame.locator("body").evaluate("() => { location.href = '/phone/telegram?start=inside'; }")
        expect(at.locator("#begin-why")).to_contain_text("Ви прийшли за посиланням")
        expect(frame.locator(".shelf")).to_be_visible()
        at.get_by_role("button", name="Почати").click()
        expect(at.locator("#say")).to_be_visible()
        assert phone.telegram.started_with[-1] == "inside"


def test_letters_go_out_ready_made_or_by_hand_and_answers_stand_in_their_thread(browser, phone):
    with page(browser, phone, locale="en-GB") as at:
        at.get_by_role("button", name="angry, windows-1252").click()
        expect(at.locator("#mail-told")).to_have_text("The letter is on its way to the shop.")
        expect(at.locator(".sheet")).to_have_count(1)
        sent = postbox.read(phone.visitor.sent[-1], phone.visitor.address)
        answer = postbox.write(
            ("Kardamon", SHOP), phone.visitor.address, "", "We are on it.", at=datetime.now(UTC), answers=sent
        )
        phone.mail.deliver(answer, phone.visitor.address)
        expect(at.locator(".sheet.theirs")).to_contain_text("We are on it.")
        at.get_by_role("button", name="Reply").click()
        at.get_by_role("textbox", name="Write to the shop…").fill("<b>Thank you</b>")
        at.locator("#letter-files").set_input_files(
            {"name": "note.txt", "mimeType": "text/plain", "buffer": b"as promised"}
        )
        at.locator("#letter-form").get_by_role("button", name="Send").click()
        expect(at.locator(".sheet")).to_have_count(3)
        last = at.locator(".sheet").last
        expect(last.locator(".words")).to_have_text("<b>Thank you</b>")
        with at.expect_download() as download:
            last.get_by_role("link", name="note.txt").click()
        assert download.value.path().read_bytes() == b"as promised"


def test_the_site_shows_where_the_customer_came_from(browser, phone):
    with page(browser, phone, locale="en-GB") as at:
        at.get_by_role("button", name="newsletter").click()
        expect(at.locator("#shop-address")).to_contain_text("utm_source=newsletter")
        frame = at.frame_locator("#shop-frame")
        frame.get_by_role("link", name="Dawn cup").click()
        expect(at.locator("#shop-address")).to_have_text("/shop/dawn?lang=en")
        frame.get_by_role("button", name="Add to basket").click()
        expect(frame.locator("#basket")).to_have_text("1")
        assert frame.locator("html").get_attribute("data-widget") == "key<1>"


@pytest.mark.parametrize(("locale", "title"), [("ru-RU", "Магазин"), ("uk-UA", "Крамниця"), ("en-GB", "Shop")])
def test_a_narrow_screen_has_tabs_and_nothing_sticks_out(browser, phone, locale, title):
    with page(browser, phone, locale=locale, width=390, color_scheme="dark") as at:
        tab = at.get_by_role("tab", name=title)
        expect(tab).to_have_attribute("aria-selected", "true")
        for tab, pane in (("telegram", "#telegram"), ("shop", "#shop")):
            at.locator(f"#tab-{tab}").click()
            expect(at.locator(pane)).to_be_visible()
            assert at.evaluate("document.documentElement.scrollWidth") == 390
        expect(at.locator("#mail")).to_be_hidden()


def test_the_language_can_be_changed_and_is_remembered(browser, phone):
    with page(browser, phone, locale="de-DE") as at:
        expect(at.locator("html")).to_have_attribute("lang", "en")
        at.get_by_role("button", name="RU", exact=True).click()
        expect(at.locator("h1").first).to_have_text("Вы покупатель")
        expect(at.frame_locator("#shop-frame").locator("html")).to_have_attribute("lang", "ru")
        at.reload()
        expect(at.locator("h1").first).to_have_text("Вы покупатель")
