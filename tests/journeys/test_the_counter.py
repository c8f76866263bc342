"""What an agent does all day, mostly with the keyboard."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from prilavok.channels.telegram import Telegram

COLOUR = "one => getComputedStyle(one).backgroundColor"


def test_the_keyboard_is_enough(agent, visitor):
    marta = visitor()
    marta.write("Do you wrap gifts?")
    expect(agent.row("Do you wrap gifts?")).to_be_visible()
    press = agent.page.keyboard.press
    for _ in range(30):
        press("j")
        if agent.row("Do you wrap gifts?").get_attribute("aria-selected") == "true":
            break
    expect(agent.said("Do you wrap gifts?")).to_be_visible()
    press("k")
    expect(agent.said("Do you wrap gifts?")).to_be_hidden()
    press("j")
    press("r")
    expect(agent.answer).to_be_focused()
    agent.page.keyboard.type("We do, in linen.")
    press("Control+Enter")
    expect(marta.shops("We do, in linen.")).to_be_visible()
    press("Escape")
    press("n")
    expect(agent.page.get_by_label("Text of the note")).to_be_focused()
    agent.page.keyboard.type("wants it by Friday")
    press("Control+Enter")
    expect(agent.said("wants it by Friday")).to_be_visible()
    press("Escape")
    press("a")
    expect(agent.page.get_by_role("log")).to_contain_text("took it")
    press("e")
    expect(agent.page.locator(".toasts")).to_contain_text("Closed")
    expect(agent.said("wants it by Friday")).to_be_hidden()  # one goes on to the next conversation
    press("?")
    keys = agent.page.get_by_role("dialog", name="Keyboard keys")
    expect(keys).to_be_visible()
    press("Escape")
    expect(keys).to_be_hidden()
    press("/")
    expect(agent.page.get_by_label("Search")).to_be_focused()
    expect(marta.dialog).not_to_contain_text("wants it by Friday")


def test_the_key_after_escape_is_not_lost_however_quick_the_hand(agent):
    agent.page.keyboard.press("?")
    expect(agent.page.get_by_role("dialog", name="Keyboard keys")).to_be_visible()
    agent.page.evaluate(  # both before the browser finds the time to tell that the dialogue has closed
        """() => {
            const press = (key, code) => {
                const pressed = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true });
                document.activeElement.dispatchEvent(pressed);
            };
            press("Escape", "Escape");
            press("/", "Slash");
        }"""
    )
    expect(agent.page.get_by_label("Search")).to_be_focused()


def test_a_note_cannot_be_mistaken_and_no_customer_reads_it(agent, visitor):
    marta = visitor()
    marta.write("My parcel is wet")
    agent.open("My parcel is wet")
    send = agent.composer.locator(".send")
    expect(send).to_have_text("Send to web chat")
    before = agent.composer.evaluate(COLOUR)
    agent.page.get_by_role("radio", name="Note").click()
    expect(send).to_have_text("Save note")
    expect(agent.composer).to_contain_text("Only your team sees this")
    expect(agent.composer).not_to_have_css("background-color", before)
    agent.note("It was our fault, send a new one")
    agent.reply("A new one leaves today.")
    expect(marta.shops("A new one leaves today.")).to_be_visible()
    marta.page.reload()
    expect(marta.shops("A new one leaves today.")).to_be_visible()
    expect(marta.dialog).not_to_contain_text("our fault")


def test_a_draft_survives_the_night(agent, agent_at, visitor):
    marta = visitor()
    marta.write("Is there a catalogue?")
    agent.open("Is there a catalogue?")
    with agent.page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.request.method == "PUT"):
        agent.answer.fill("There is one, let me look for")
    agent.page.reload()
    expect(agent.answer).to_have_value("There is one, let me look for")
    at_home = agent_at(path=agent.page.url.removeprefix(agent.shop.url))
    expect(at_home.answer).to_have_value("There is one, let me look for")


def test_a_matter_is_taken_tagged_put_off_closed_and_opened_again(agent, visitor):
    marta = visitor()
    marta.write("May I pay on delivery?")
    agent.open("May I pay on delivery?")
    agent.page.get_by_role("button", name="Assign to…").click()
    agent.page.get_by_role("option", name="Анна Мельник", exact=True).click()
    expect(agent.page.get_by_role("log")).to_contain_text("assigned this to Анна Мельник")
    agent.page.get_by_role("button", name="Tags").click()
    agent.page.get_by_placeholder("Find or make a tag").fill("cash please")
    agent.page.keyboard.press("Enter")
    agent.page.keyboard.press("Escape")
    expect(agent.panel.locator(".chip", has_text="cash please")).to_be_visible()
    agent.page.get_by_role("button", name="Snooze").first.click()
    agent.page.get_by_role("option", name=re.compile("In a week")).click()
    expect(agent.row("May I pay on delivery?")).to_have_count(0)
    marta.write("Or by card?")
    agent.open("Or by card?")
    agent.page.get_by_role("button", name="Close", exact=True).first.click()
    expect(agent.row("Or by card?")).to_have_count(0)
    marta.write("Never mind, by card it is")
    expect(agent.row("Never mind, by card it is")).to_be_visible()


def test_a_reply_is_taken_back_before_it_leaves(agent, phone):
    phone.start()
    phone.write("What do I owe you?")
    agent.open("What do I owe you?")
    phone.break_next("500")
    agent.reply("Nothing, of course")
    offer = agent.page.locator(".toast", has_text="Nothing, of course")
    offer.get_by_role("button", name="Undo").click()
    expect(agent.said("Nothing, of course")).to_contain_text("Taken back before it was sent")
    expect(agent.row("What do I owe you?").locator(".clock")).to_contain_text("min")
    expect(agent.answer).to_have_value("Nothing, of course")
    agent.reply("Fourteen euros")
    expect(agent.page.locator(".toast")).to_have_count(0)
    expect(phone.shops("Fourteen euros")).to_be_visible()
    expect(phone.shops("Nothing, of course")).to_have_count(0)


def test_a_reply_that_failed_is_sent_again_when_the_customer_lets_us_in(agent, phone):
    phone.start()
    phone.write("I am cross with you")
    agent.open("I am cross with you")
    phone.shop.call(phone.shop.demo.telegram.hold_updates)
    phone.page.get_by_role("button", name="Block").click()
    expect(phone.page.locator("#begin-why")).to_contain_text("You blocked the shop")
    agent.reply("We are sorry")
    expect(agent.page.get_by_text("Not sent:")).to_be_visible()
    phone.shop.call(phone.shop.demo.telegram.release_updates)
    phone.page.get_by_role("button", name="Unblock").click()
    expect(agent.composer.locator(".blocked")).to_be_hidden()
    agent.page.get_by_role("button", name="Send again").click()
    expect(phone.shops("We are sorry")).to_have_count(1)


def test_whoever_signs_out_is_out_and_a_wrong_password_is_told(shop, window):
    page = window()
    page.goto(shop.url)
    page.get_by_label("E-mail").fill("mark@example.com")
    page.get_by_label("Password").fill("no idea at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("This e-mail and password do not match.")
    page.get_by_label("Password").fill(shop.demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation").get_by_role("link", name=re.compile("Me|Я")).click()
    sessions = page.context.cookies()
    page.locator(".sheet header button").click()
    expect(page.get_by_label("E-mail")).to_be_visible()
    page.context.add_cookies(sessions)
    page.goto(shop.url + "/inbox")
    expect(page.get_by_label("E-mail")).to_be_visible()


def test_a_new_inbox_is_checked_first_and_its_secret_shown_once(agent):
    agent.page.goto(agent.shop.url + "/settings/inboxes/new/api")
    page = agent.page
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Connect").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    page.get_by_label("Name").fill("Warehouse")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("It works:")).to_be_visible()
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Warehouse is connected")).to_be_visible()
    secret = page.locator(".secret code").inner_text()
    assert secret.startswith("whsec_")
    page.get_by_role("link", name="To the inbox").click()
    expect(page.get_by_label("State of the inbox")).to_contain_text("nothing received yet")
    assert secret not in page.content()


def test_what_a_fault_of_ours_kept_from_being_read_waits_in_the_journal_and_is_replayed(agent, phone):
    phone.start()
    phone.write("Before the fault")
    expect(agent.row("Before the fault")).to_be_visible()
    with pytest.MonkeyPatch.context() as fault:
        fault.setattr(Telegram, "parse", lambda _channel, _hook: 1 / 0)
        phone.write("In the middle of the fault")
        expect(phone.mine("In the middle").locator(".ticks")).to_have_text("✓✓")
        agent.page.goto(agent.shop.url + "/settings/journal")
        expect(agent.page.get_by_text("ZeroDivisionError")).to_be_visible()
    agent.page.get_by_role("button", name="Replay", exact=True).click()
    expect(agent.page.get_by_text("1 delivery replayed")).to_be_visible()
    agent.page.goto(agent.shop.url + "/inbox?view=all")
    agent.open("In the middle of the fault")
    expect(agent.said("Before the fault")).to_be_visible()


def test_the_page_speaks_three_languages_and_knows_the_dark(agent_at):
    mark = agent_at("mark", "/settings/me")
    heading = mark.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("My settings")
    mark.page.get_by_role("radio", name="Українська").click()
    expect(heading).to_have_text("Мої параметри")
    mark.page.get_by_role("radio", name="Русский").click()
    expect(heading).to_have_text("Мои настройки")
    expect(mark.page.locator("html")).to_have_attribute("lang", "ru")
    light = mark.page.locator("body").evaluate(COLOUR)
    mark.page.get_by_role("radio", name="Тёмное").click()
    expect(mark.page.locator("body")).not_to_have_css("background-color", light)
    mark.page.reload()
    expect(heading).to_have_text("Мои настройки")
    expect(mark.page.locator("body")).not_to_have_css("background-color", light)


def test_one_column_on_a_telephone(agent_at, visitor):
    marta = visitor()
    marta.write("Can you read me on the bus?")
    on_the_bus = agent_at(
        path="/inbox?view=all&q=bus", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True
    )
    on_the_bus.row("Can you read me on the bus?").tap()
    expect(on_the_bus.answer).to_be_visible()
    expect(on_the_bus.rows.first).to_be_hidden()
    on_the_bus.answer.fill("I can.")
    on_the_bus.composer.locator(".send").tap()
    expect(marta.shops("I can.")).to_be_visible()
    assert on_the_bus.page.evaluate("document.documentElement.scrollWidth") == 390
    on_the_bus.page.get_by_role("link", name="Back").tap()
    expect(on_the_bus.rows.first).to_be_visible()
    on_the_bus.row("I can.").tap()
    expect(on_the_bus.answer).to_be_visible()
    on_the_bus.page.go_back()
    expect(on_the_bus.rows.first).to_be_visible()


def test_colleagues_see_each_other_and_every_change(agent, agent_at, visitor):
    marta = visitor()
    marta.write("Who of you answers me?")
    anna = agent_at("anna").open("Who of you answers me?")
    agent.open("Who of you answers me?")
    expect(agent.page.get_by_text("Also here: Анна")).to_be_visible()
    expect(anna.page.get_by_text("Also here: Оксана")).to_be_visible()
    anna.answer.press_sequentially("I do")
    expect(agent.page.get_by_text("Анна Мельник is writing…")).to_be_visible()
    agent.page.keyboard.press("a")
    expect(anna.page.get_by_role("log")).to_contain_text("Оксана Бондар took it")
    anna.reply("Oksana does.")
    expect(agent.said("Oksana does.")).to_have_count(1)
    anna.page.get_by_role("link", name="Settings").click()
    expect(agent.page.get_by_text("Also here: Анна")).to_be_hidden()


def test_whoever_came_by_a_one_time_link_sets_a_password(shop, window):
    email = f"new-owner-{uuid4().hex[:8]}@example.com"
    link = shop.hire(email)
    page = window(locale="uk-UA")
    page.goto(link)
    page.get_by_role("button", name="Увійти").click()
    expect(page.locator(".rail")).to_be_visible()
    page.goto(shop.url + "/settings/me")
    expect(page.locator("#me-old")).to_have_count(0)
    page.locator("#me-new").fill("a sentence to remember")
    page.locator("form.form button").click()
    expect(page.locator("#me-old")).to_be_visible()
    again = window()
    again.goto(link)
    expect(again.get_by_role("heading", level=1)).to_have_text("This link has been used")
    again.goto(shop.url)
    again.get_by_label("E-mail").fill(email)
    again.get_by_label("Password").fill("a sentence to remember")
    again.get_by_role("button", name="Sign in").click()
    expect(again.locator(".rail")).to_be_visible()
