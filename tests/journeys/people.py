"""The people of the journeys, by what they do: an agent at the counter, a visitor, a customer's telephone."""

import re
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.journeys.open_shop import OpenShop


class Agent:
    """Somebody who answers. The page speaks English."""

    def __init__(self, page: Page, shop: OpenShop) -> None:
        self.page, self.shop = page, shop
        self.answer = page.get_by_label("Text of the reply", exact=True)
        self.panel = page.get_by_role("complementary", name="About the customer")
        self.rows = page.get_by_role("option")
        self.composer = page.locator(".composer")

    def row(self, words: str) -> Locator:
        return self.rows.filter(has_text=words)

    def open(self, words: str) -> "Agent":
        """The conversation whose last message says so."""
        self.row(words).click()
        expect(self.said(words).last).to_be_visible()
        return self

    def said(self, words: str) -> Locator:
        return self.page.locator(".message .bubble, .pending .bubble", has_text=words)

    def reply(self, words: str) -> Locator:
        self.answer.fill(words)
        self.page.keyboard.press("Control+Enter")
        expect(self.said(words)).to_be_visible()
        return self.said(words)

    def note(self, words: str) -> None:
        self.page.get_by_role("radio", name="Note").click()
        self.page.get_by_label("Text of the note").fill(words)
        self.page.get_by_role("button", name="Save note").click()
        expect(self.said(words)).to_be_visible()

    def receipt(self, words: str, state: str) -> None:
        expect(self.said(words).locator(".receipt")).to_have_attribute("aria-label", re.compile(f"^{state}"))

    @property
    def conversation(self) -> str:
        """The id of the open one."""
        return self.page.url.split("/inbox/")[1].partition("?")[0]

    def messages(self) -> list[dict[str, Any]]:
        """Of the open conversation, as the interface for programs tells them."""
        return list(self.shop.ask("GET", f"/api/v1/conversations/{self.conversation}/messages")["items"])


class Customer:
    """A visitor in the chat of the site; `page` may be a frame."""

    def __init__(self, page: Page | FrameLocator) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog")

    def open_chat(self) -> None:
        self.page.get_by_role("button", name=re.compile("Write to the shop")).click()
        expect(self.dialog).to_be_visible()

    def write(self, words: str) -> None:
        field = self.dialog.get_by_label("Message", exact=True)
        field.fill(words)
        field.press("Enter")
        expect(self.own(words)).to_be_visible()

    def own(self, words: str) -> Locator:
        return self.dialog.locator(".own .bubble", has_text=words)

    def shops(self, words: str) -> Locator:
        return self.dialog.locator(".shop .bubble", has_text=words)

    def tick(self, words: str, state: str) -> None:
        expect(self.own(words).get_by_role("img", name=state)).to_be_visible()


class Phone:
    """The telephone's page."""

    def __init__(self, page: Page, shop: OpenShop) -> None:
        self.page, self.shop = page, shop
        self.site = Customer(page.frame_locator("#shop-frame"))
        self.letters = page.locator("#letters")

    def start(self) -> "Phone":
        self.page.locator("#start").click()
        expect(self.page.locator("#say")).to_be_visible()
        return self

    def write(self, words: str) -> None:
        self.page.locator("#text").fill(words)
        self.page.locator("#text").press("Enter")
        expect(self.mine(words)).to_be_visible()

    def mine(self, words: str) -> Locator:
        return self.page.locator(".said.mine", has_text=words)

    def shops(self, words: str) -> Locator:
        return self.page.locator(".said.theirs", has_text=words)

    def attach(self, what: str) -> None:
        self.page.locator("#attach summary").click()
        self.page.get_by_role("menuitem", name=what).click()

    def break_next(self, how: str) -> None:
        faults = self.page.locator("details.faults")
        if faults.get_attribute("open") is None:
            faults.locator("summary").click()
        faults.get_by_role("button", name=how, exact=True).click()
        expect(self.page.locator("#fault-told")).to_contain_text("Done")

    def send_letter(self, subject: str, text: str) -> None:
        self.page.locator("#new-letter").click()
        self.page.locator("#subject").fill(subject)
        self.page.locator("#letter-text").fill(text)
        self.page.locator("#letter-form").get_by_role("button", name="Send").click()
        expect(self.page.locator("#letter-form")).to_be_hidden()

    def sample(self, name: str) -> None:
        self.page.locator(".samples").get_by_role("button", name=name).click()
        expect(self.page.locator("#mail-told")).not_to_be_empty()

    @property
    def address(self) -> str:
        expect(self.page.locator("#my-address")).to_contain_text("@")
        return self.page.locator("#my-address").inner_text()
