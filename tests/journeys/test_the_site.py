"""From the site's chat to the counter and back."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, expect

from prilavok.simulator.pictures import picture

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_visitor_asks_the_agent_answers_and_each_sees_how_far_it_came(agent, visitor):
    marta = visitor("/shop/mist?lang=en&utm_source=newsletter&utm_medium=email&utm_campaign=new-glaze")
    marta.write("Is the misty teapot still there?")
    agent.open("Is the misty teapot still there?")
    marta.tick("Is the misty teapot still there?", "Read")
    expect(agent.panel.get_by_role("link", name="Mist teapot")).to_have_attribute("href", re.compile("/shop/mist"))
    expect(agent.panel).to_contain_text("new-glaze")
    agent.reply("Two are left. Shall I put one aside?")
    expect(marta.shops("Two are left.")).to_be_visible()
    agent.receipt("Two are left.", "Read")


def test_the_other_is_seen_writing(agent, visitor):
    marta = visitor()
    marta.dialog.get_by_role("button", name="Where is my order?").click()
    agent.open("Where is my order?")
    seen = agent.page.get_by_text("Customer is writing…")
    goes_on_writing(marta.dialog.get_by_label("Message", exact=True), seen)
    expect(seen).to_be_visible()
    seen = marta.dialog.locator(".typing", has_text="is typing…")
    goes_on_writing(agent.answer, seen)
    expect(seen).to_be_visible()


def goes_on_writing(field: Locator, seen: Locator) -> None:
    """Letter by letter until the other side sees it: what was typed before it looked is told to nobody later."""
    for _ in range(30):
        field.press_sequentially("e")
        with suppress(AssertionError):
            expect(seen).to_be_visible(timeout=1000)
            return


def test_files_go_both_ways(agent, visitor):
    marta = visitor()
    marta.dialog.locator("input[type=file]").set_input_files(
        {"name": "chip.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    marta.write("There is a chip, see the picture")
    agent.open("There is a chip, see the picture")
    picture = agent.said("There is a chip").get_by_role("img", name="chip.png")
    expect(picture).to_have_js_property("naturalWidth", 1)
    agent.composer.locator("input[type=file]").set_input_files(
        {"name": "return slip.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    agent.reply("Please put this into the parcel")
    slip = marta.shops("Please put this").get_by_role("link", name=re.compile("return slip.pdf"))
    href = slip.get_attribute("href")
    got = marta.page.request.get(href)
    assert got.body().startswith(b"%PDF")
    assert got.headers["content-disposition"].startswith("attachment")


def test_a_reply_sent_while_its_file_is_on_the_way_goes_out_with_it(agent, visitor):
    marta = visitor()
    marta.write("Where is my invoice?")
    agent.open("Where is my invoice?")
    on_the_way = []
    agent.page.route("**/api/v1/files?*", lambda route: on_the_way.append(route))
    agent.composer.locator("input[type=file]").set_input_files(
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    agent.answer.fill("Here it is")
    agent.page.keyboard.press("Control+Enter")
    expect(agent.composer).to_contain_text("Goes out when the files are up")
    on_the_way.pop().continue_()
    expect(marta.shops("Here it is").get_by_role("link", name=re.compile("invoice.pdf"))).to_be_visible()
    expect(agent.answer).to_have_value("")


def test_the_talk_is_there_after_a_reload_and_after_the_shop_has_answered_meanwhile(agent, visitor):
    marta = visitor()
    marta.write("Do you ship to Gdansk?")
    agent.open("Do you ship to Gdansk?")
    marta.dialog.get_by_role("button", name="Close the chat").click()
    marta.page.goto("about:blank")
    agent.reply("We do, in three days.")
    agent.receipt("We do, in three days.", "Sent")
    marta.page.goto(agent.shop.url + "/shop/delivery?lang=en")
    badge = marta.page.get_by_role("button", name=re.compile("Write to the shop"))
    expect(badge).to_contain_text("1")
    marta.open_chat()
    expect(marta.own("Do you ship to Gdansk?")).to_have_count(1)
    expect(marta.shops("We do, in three days.")).to_have_count(1)
    agent.receipt("We do, in three days.", "Read")


def test_two_tabs_of_one_visitor_show_one_talk(agent, visitor):
    marta = visitor()
    marta.write("Which tea keeps me awake?")
    again = type(marta)(marta.page.context.new_page())
    again.page.goto(agent.shop.url + "/shop?lang=en")
    again.open_chat()
    again.write("The strong one?")
    expect(marta.own("The strong one?")).to_have_count(1)
    agent.open("The strong one?")
    agent.reply("The smoky oolong.")
    for tab in (marta, again):
        expect(tab.shops("The smoky oolong.")).to_have_count(1)
        expect(tab.own("Which tea keeps me awake?")).to_have_count(1)
        expect(tab.dialog.locator(".own .bubble")).to_have_count(2)


def test_a_cut_line_loses_nothing_and_doubles_nothing(agent, visitor):
    marta = visitor()
    marta.write("First, before the tunnel")
    agent.open("First, before the tunnel")
    marta.page.context.set_offline(True)
    agent.shop.close_sockets()
    marta.write("Second, in the tunnel")
    marta.tick("Second, in the tunnel", "Sending")
    agent.reply("The shop says something meanwhile")
    expect(marta.shops("The shop says something meanwhile")).to_have_count(0)
    marta.page.context.set_offline(False)
    expect(marta.shops("The shop says something meanwhile")).to_have_count(1)
    marta.tick("Second, in the tunnel", "Read")
    expect(agent.said("Second, in the tunnel")).to_have_count(1)
    texts = [one["text"] for one in agent.messages()]
    assert sorted(texts) == [
        "First, before the tunnel",
        "Second, in the tunnel",
        "The shop says something meanwhile",
    ]


def test_the_agents_line_breaks_and_what_was_written_goes_by_itself(agent, visitor):
    marta = visitor()
    marta.write("Can I pick it up today?")
    agent.open("Can I pick it up today?")
    agent.page.context.set_offline(True)
    agent.shop.close_sockets()
    expect(agent.page.get_by_text("No connection.")).to_be_visible()
    agent.reply("Until eight in the evening.")
    expect(agent.page.get_by_text("1 reply waits here")).to_be_visible()
    marta.write("I am around the corner")
    agent.page.context.set_offline(False)
    expect(marta.shops("Until eight in the evening.")).to_have_count(1)
    expect(agent.said("I am around the corner")).to_have_count(1)
    expect(agent.page.get_by_text("No connection.")).to_be_hidden()
    assert [one["text"] for one in agent.messages()].count("Until eight in the evening.") == 1


def test_quick_questions_and_buttons_save_typing(agent, visitor):
    marta = visitor()
    marta.dialog.get_by_role("button", name="What does delivery cost?").click()
    agent.open("What does delivery cost?")
    agent.page.get_by_role("button", name="Quick replies for the customer").click()
    agent.page.get_by_label("Button 1").fill("To Kyiv")
    agent.page.get_by_label("Button 2").fill("Abroad")
    agent.reply("Where shall it go?")
    marta.dialog.get_by_role("button", name="Abroad").click()
    expect(agent.said("Pressed “Abroad”")).to_be_visible()


def test_a_review_with_a_photograph_stands_on_the_products_page_and_before_the_agent(agent, visitor):
    marta = visitor("/shop/mist?lang=en")
    card = marta.page.locator("[data-prilavok-cards]")
    card.locator("input[type=file]").set_input_files(
        {"name": "chip.png", "mimeType": "image/png", "buffer": picture("cup")}
    )
    expect(card.get_by_role("img", name="Photograph")).to_have_count(1)
    card.get_by_label("Your words").fill("The spout came broken")
    card.get_by_label("Stars").select_option("2")
    card.get_by_role("button", name="Send").click()
    shown = card.get_by_role("listitem").filter(has_text="The spout came broken")
    expect(shown.get_by_role("img", name="Photograph")).not_to_have_js_property("naturalWidth", 0)
    agent.open("The spout came broken")
    expect(agent.said("The spout came broken").get_by_role("img", name="photo-1.jpg")).to_be_visible()
