"""The customer's telephone: Telegram and the mailbox, behind them the real connectors."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Phone


def test_the_talk_of_the_site_goes_on_in_telegram(agent, phone):
    marta = phone.site
    marta.open_chat()
    marta.write("I have to run, where do I read you?")
    agent.open("I have to run, where do I read you?")
    marta.dialog.get_by_text("Continue elsewhere").click()
    with phone.page.context.expect_page() as opened:
        marta.dialog.get_by_role("link", name=re.compile("Telegram")).click()
    phone = Phone(opened.value, phone.shop)
    expect(phone.page.locator("#begin-why")).to_contain_text("by a link from the site")
    phone.start()
    expect(agent.page.locator(".line", has_text="Went on in Telegram")).to_be_visible()
    agent.reply("Here you are again.")
    expect(phone.shops("Here you are again.")).to_be_visible()
    phone.write("Handy")
    expect(agent.said("Handy")).to_be_visible()
    expect(agent.said("I have to run")).to_be_visible()


def test_a_telegram_customer_sends_what_telegram_can(agent, phone):
    phone.start()
    phone.write("Good evening from the tram")
    agent.open("Good evening from the tram")
    phone.attach("Photo of a broken cup")
    expect(agent.page.get_by_role("log").locator(".pictures img")).to_have_js_property("naturalWidth", 480)
    phone.attach("Voice message")
    expect(agent.page.locator(".message audio")).to_be_visible()
    phone.attach("Where I am")
    expect(agent.page.get_by_role("link", name="Place on the map")).to_be_visible()
    phone.attach("My number")
    expect(agent.page.get_by_role("log").get_by_text(re.compile(r"380\s?67\s?\d")).first).to_be_visible()


def test_a_message_that_the_customer_corrects_keeps_its_first_words(agent, phone):
    phone.start()
    phone.write("I live at number 14")
    agent.open("I live at number 14")
    phone.mine("I live at number 14").hover()
    phone.page.get_by_role("button", name="Edit").click()
    phone.write("I live at number 41")
    corrected = agent.said("I live at number 41")
    corrected.get_by_role("button", name="edited").click()
    expect(corrected).to_contain_text("I live at number 14")


def test_whoever_blocks_the_shop_is_shown_as_unreachable_and_the_composer_says_why(agent, phone):
    phone.start()
    phone.write("You write too often")
    agent.open("You write too often")
    phone.page.get_by_role("button", name="Block").click()
    expect(phone.page.locator("#begin-why")).to_contain_text("You blocked the shop")
    expect(agent.panel.locator(".identity.off")).to_be_visible()
    expect(agent.composer.locator(".blocked")).to_contain_text("A reply is not possible now")
    phone.page.get_by_role("button", name="Unblock").click()
    expect(agent.composer.locator(".blocked")).to_be_hidden()


@pytest.mark.parametrize("fault", ["500", "429", "cut"])
def test_telegram_misbehaves_and_the_reply_arrives_once_all_the_same(agent, phone, fault):
    phone.start()
    phone.write(f"Will it arrive after {fault}?")
    agent.open(f"Will it arrive after {fault}?")
    phone.break_next(fault)
    agent.reply("It will, have patience.")
    if fault == "cut":
        agent.page.get_by_role("button", name="Send once more").click()
    expect(phone.shops("It will, have patience.")).to_have_count(1)
    agent.receipt("It will, have patience.", "Sent")


def test_a_line_that_breaks_after_the_reply_arrived_leaves_the_choice_to_a_person(agent, phone):
    phone.start()
    phone.write("Did I get it?")
    agent.open("Did I get it?")
    phone.break_next("arrived, then cut")
    agent.reply("You have it already.")
    expect(agent.page.get_by_text("The customer may have it already")).to_be_visible()
    agent.receipt("You have it already.", "Perhaps sent")
    expect(phone.shops("You have it already.")).to_have_count(1)
    agent.page.get_by_role("button", name="Leave it").click()
    expect(agent.page.get_by_text("The customer may have it already")).to_be_hidden()


def test_a_letter_is_acknowledged_followed_and_answered_in_its_thread(agent, phone):
    phone.send_letter("Two cups", "Do you have the cups in blue? Marta")
    link = phone.letters.locator("a[href*='/t/']").get_attribute("href")
    page = phone.page.context.new_page()
    page.goto(link)
    expect(page.locator("li.done")).to_have_count(1)
    agent.open("Do you have the cups in blue?")
    agent.reply("In blue and in grey, from Friday on.")
    expect(phone.letters).to_contain_text("In blue and in grey, from Friday on.")
    expect(phone.letters.locator("article")).to_have_count(1)
    page.reload()
    expect(page.locator("li.done")).to_have_count(3)
    expect(page.get_by_text("In blue and in grey, from Friday on.")).to_be_visible()


def test_a_letter_of_the_nineties_reads_right(agent, phone):
    phone.page.get_by_role("button", name="RU", exact=True).click()
    phone.page.locator("[data-sample=angry]").click()
    agent.open("Третью неделю жду чашки!")
    expect(agent.said("Деньги вы взяли сразу, а теперь тишина.")).to_be_visible()
    expect(agent.page.locator("h1", has_text="Марта")).to_be_visible()


def test_machines_are_not_answered(agent, phone):
    phone.send_letter("Before my holiday", "Is there a gift card?")
    expect(phone.letters.locator("a[href*='/t/']")).to_have_count(1)
    phone.sample("out of office")
    agent.open("I am on holiday until Monday")
    acknowledged = phone.letters.locator("a[href*='/t/']")
    expect(acknowledged).to_have_count(1)
    agent.reply("There is.")
    expect(phone.letters).to_contain_text("There is.")
    expect(acknowledged).to_have_count(1)


def test_a_bounce_marks_the_letter_that_came_back(agent, phone):
    phone.send_letter("A question", "Is the linen towel washed before?")
    agent.open("Is the linen towel washed before?")
    agent.reply("Washed twice, and soft.")
    expect(phone.letters).to_contain_text("Washed twice, and soft.")
    phone.sample("a bounce")
    expect(agent.page.get_by_text("Not sent:")).to_be_visible()
    agent.receipt("Washed twice, and soft.", "Not sent")
    expect(agent.panel.locator(".identity.off")).to_be_visible()
