"""The telephone's other applications, behind them the real connectors: a messenger with ticks, a review in public."""

from playwright.sync_api import expect


class InnerApp:
    """One of them, open."""

    def __init__(self, phone, title):
        self.page = phone.page
        if self.page.locator("#apps-back").is_visible():
            self.page.locator("#apps-back").click()
        self.page.locator(".dock [data-app=apps]").click()
        self.page.locator("#apps-shelf").get_by_role("button", name=title).click()
        self.talk = self.page.locator(".talk:visible")

    def write(self, words):
        self.talk.locator("textarea").fill(words)
        self.talk.locator("textarea").press("Enter")
        expect(self.talk.locator(".mine", has_text=words)).to_be_visible()

    def shops(self, words):
        return self.talk.locator(".theirs", has_text=words)


def test_a_viber_customer_writes_and_the_answer_is_ticked_as_read(agent, phone):
    viber = InnerApp(phone, "Viber")
    viber.talk.get_by_role("button", name="Start").click()
    viber.write("Is the blue teapot back?")
    expect(viber.talk.locator(".mine .ticks").last).to_have_text("✓✓")
    agent.open("Is the blue teapot back?")
    agent.reply("It is, shall I keep one for you?")
    expect(viber.shops("It is, shall I keep one for you?")).to_be_visible()
    agent.receipt("It is, shall I keep one for you?", "Read")


def test_a_review_on_ozon_is_answered_for_everybody_to_read(agent, phone):
    ozon = InnerApp(phone, "Ozon")
    ozon.talk.get_by_role("radio", name="2/5").click()
    ozon.write("The lid arrived cracked")
    agent.open("The lid arrived cracked")
    agent.reply("We are sorry and send a new lid today.")
    answer = ozon.shops("We are sorry and send a new lid today.")
    expect(answer).to_contain_text("everybody sees this")
    agent.receipt("We are sorry and send a new lid today.", "Sent")
    agent.page.get_by_role("button", name="Take away").click()
    expect(agent.page.get_by_text("took the answer away")).to_be_visible()


def test_an_answer_under_a_post_is_changed_for_everybody(agent, phone):
    vk = InnerApp(phone, "VK")
    vk.talk.get_by_role("button", name="Start").click()
    vk.talk.get_by_role("radio", name="Comment").click()
    vk.write("Do you ship to Minsk?")
    agent.open("Do you ship to Minsk?")
    agent.reply("Not yet.")
    agent.receipt("Not yet.", "Sent")
    agent.page.get_by_role("button", name="Change", exact=True).click()
    agent.page.get_by_label("What stands there from now on").fill("We do, in five days.")
    agent.page.get_by_role("button", name="Change it for everybody").click()
    expect(vk.shops("We do, in five days.")).to_be_visible()


def test_the_sites_button_opens_the_messenger_on_the_telephone(phone):
    site = phone.page.frame_locator("#shop-frame")
    site.locator(".ways").get_by_role("link", name="VK").click()
    expect(phone.page.locator("#apps-of")).to_have_text("VK")
    expect(phone.page.locator(".talk:visible .begin")).to_be_visible()
