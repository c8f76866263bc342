"""The customer's number: texts, WhatsApp and calls, behind them the real connectors and the emulated vendors."""

import re

from playwright.sync_api import expect


def app(phone, name):
    phone.page.locator(f".dock [data-app={name}]").click()


def write(phone, form, words):
    phone.page.locator(f"{form} textarea").fill(words)
    phone.page.keyboard.press("Enter")
    expect(phone.mine(words).locator(".ticks.taken")).to_be_visible()


def test_a_whatsapp_customer_is_answered_and_the_shop_sees_when_it_was_read(agent, phone):
    app(phone, "whatsapp")
    write(phone, "#whatsapp-say", "Is the Dawn teapot left-handed?")
    agent.open("Is the Dawn teapot left-handed?")
    agent.reply("It is, a little.")
    expect(phone.shops("It is, a little.")).to_be_visible()
    agent.receipt("It is, a little.", "Read")
    phone.page.locator("#connection").click()
    agent.reply("Shall we keep one for you?")
    agent.receipt("Shall we keep one for you?", "Sent")
    expect(phone.shops("Shall we keep one for you?")).to_have_count(0)
    phone.page.locator("#connection").click()
    expect(phone.shops("Shall we keep one for you?")).to_be_visible()
    agent.receipt("Shall we keep one for you?", "Read")


def test_a_picture_from_whatsapp_is_in_the_inbox(agent, phone):
    app(phone, "whatsapp")
    write(phone, "#whatsapp-say", "Look what came out of the box")
    agent.open("Look what came out of the box")
    phone.page.locator("#whatsapp-attach summary").click()
    phone.page.get_by_role("menuitem", name="Photo of a broken cup").click()
    expect(agent.page.get_by_role("log").locator(".pictures img")).to_have_js_property("naturalWidth", 480)


def test_a_text_message_is_answered_by_a_text_message(agent, phone):
    app(phone, "sms")
    write(phone, "#sms-say", "No internet here, is my parcel in?")
    agent.open("No internet here, is my parcel in?")
    agent.reply("It is, shelf 14.")
    expect(phone.shops("It is, shelf 14.")).to_be_visible()
    agent.receipt("It is, shelf 14.", "Delivered")


def test_a_missed_call_waits_in_the_inbox_and_is_answered_in_writing(agent, phone):
    app(phone, "sms")
    write(phone, "#sms-say", "I am calling you now")
    agent.open("I am calling you now")
    app(phone, "calls")
    phone.page.get_by_role("button", name="Call the shop").click()
    expect(agent.said("A call is coming in")).to_be_visible()
    card = agent.page.get_by_role("region", name="A call is coming in")
    expect(card).to_contain_text("I am calling you now")
    phone.page.get_by_role("dialog").get_by_role("button", name="Hang up").click()
    expect(agent.said("Missed call")).to_be_visible()
    expect(card).to_have_count(0)
    agent.page.get_by_role("button", name="Note").last.click()
    agent.page.get_by_placeholder("What was said in this call").fill("Asks about the blue one")
    agent.page.get_by_role("button", name="Keep").click()
    expect(agent.said("Asks about the blue one")).to_be_visible()
    agent.reply("Sorry, we missed you. What is it about?")
    app(phone, "sms")
    expect(phone.shops("Sorry, we missed you.")).to_be_visible()
    calls = [one["content"]["call"] for one in agent.messages() if "call" in one["content"]]
    assert [one["state"] for one in calls] == ["missed"]


def test_a_talk_is_kept_with_its_recording(agent, phone):
    app(phone, "sms")
    write(phone, "#sms-say", "Let us talk about the glaze")
    agent.open("Let us talk about the glaze")
    app(phone, "calls")
    phone.page.get_by_role("button", name="Call the shop").click()
    dialog = phone.page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("pick up")).click()
    expect(dialog).to_contain_text("talking")
    dialog.get_by_role("button", name="Hang up").click()
    expect(agent.said("extension 101")).to_be_visible()
    expect(agent.page.locator(".message audio")).to_be_visible()


def test_the_second_number_is_missed_too_and_answered_under_the_shops_name(agent, phone):
    app(phone, "sms")
    write(phone, "#sms-say", "Now on your other line")
    agent.open("Now on your other line")
    app(phone, "calls")
    phone.page.get_by_role("radio", name="67 123 4500").click()
    phone.page.get_by_role("button", name="Call the shop").click()
    card = agent.page.get_by_role("region", name="A call is coming in")
    expect(card).to_contain_text("Київстар")
    phone.page.get_by_role("dialog").get_by_role("button", name="Hang up").click()
    expect(agent.said("Missed call")).to_be_visible()
    agent.composer.get_by_role("button", name="Channel").click()
    agent.page.get_by_role("option", name="SMS «Kardamon»").click()
    agent.reply("Sorry, we missed you on the other line.")
    agent.receipt("Sorry, we missed you on the other line.", "Delivered")
    app(phone, "sms")
    phone.page.get_by_role("radio", name="Kardamon").click()
    expect(phone.shops("Sorry, we missed you on the other line.")).to_be_visible()
