"""The telephone's other applications: each does what its vendor offers, and nothing else."""

import json

import pytest
from playwright.sync_api import expect

from prilavok.simulator.apps import App, Apps
from prilavok.simulator.google_business import GoogleEmulator
from prilavok.simulator.meta import MetaEmulator
from prilavok.simulator.ozon import OzonEmulator
from prilavok.simulator.place import Place
from prilavok.simulator.street import LINES
from prilavok.simulator.viber import ViberEmulator
from tests.simulator.phone_doubles import demo
from tests.simulator.test_phone_page import page

ME = "d" * 16
KINDS = {"viber": "Viber", "facebook": "Facebook", "ozon": "Ozon", "google": "Google"}


@pytest.fixture(scope="module")
def phone():
    async def post(url, headers, body):
        heard.append((url, body))
        return 200, {}, b""

    heard: list[tuple[str, bytes]] = []
    given = {"post": post, "pace": 0.01}
    made = {
        "viber": ViberEmulator(hook="https://shop.test/viber", **given),
        "facebook": MetaEmulator("messenger", hook="https://shop.test/facebook", **given),
        "ozon": OzonEmulator(**given),
        "google": GoogleEmulator(**given),
    }
    made["ozon"].hook = "https://shop.test/ozon"
    apps = Apps([App(name, KINDS[name], one, one, "#123456") for name, one in made.items()])
    with demo(apps) as running:
        running.made, running.heard = made, heard
        yield running


def app(state, name):
    return next(one for one in state["apps"] if one["name"] == name)


def test_a_chat_is_begun_by_the_customer_written_in_and_left(phone):
    status, state = phone.act("app/viber/say", {"text": "Де моє замовлення?"}, ME)
    assert status == 200
    shown = app(state, "viber")
    assert (shown["title"], shown["colour"], shown["started"]) == ("Viber", "#123456", True)
    assert [one["text"] for one in shown["messages"]] == ["Де моє замовлення?"]
    assert app(phone.act("app/viber/block", {"on": True}, ME)[1], "viber")["blocked"]
    assert phone.act("app/viber/say", {"text": "Ще слово"}, ME)[0] == 409
    assert not app(phone.act("app/viber/block", {"on": False}, ME)[1], "viber")["blocked"]


def test_a_review_has_stars_and_is_nobodys_private_talk(phone):
    _, state = phone.act("app/ozon/review", {"rating": 2, "text": "Тріщина"}, ME)
    [review] = app(state, "ozon")["messages"]
    assert (review["rating"], review["text"], review["public"]) == (2, "Тріщина", True)
    _, state = phone.act("app/ozon/ask", {"text": "Є синя?"}, ME)
    assert [one["public"] for one in app(state, "ozon")["messages"]] == [True, True]
    assert phone.act("app/ozon/say", {"text": "А де замовлення?"}, ME)[0] == 200
    assert phone.act("app/ozon/comment", {"text": "Дорого"}, ME)[0] == 404


def test_where_everything_is_public_nothing_can_be_said_in_private(phone):
    assert phone.act("app/google/say", {"text": "Тихо"}, ME)[0] == 404
    assert phone.act("app/google/ask", {"text": "Коли відкрито?"}, ME)[0] == 404
    assert phone.act("app/google/review", {"rating": 5, "text": ""}, ME)[0] == 200


def test_a_comment_stands_beside_the_chat_for_everybody_to_read(phone):
    _, state = phone.act("app/facebook/comment", {"text": "Скільки коштує?"}, ME)
    assert [one["public"] for one in app(state, "facebook")["messages"]] == [True]


@pytest.mark.parametrize(
    ("action", "wish", "status"),
    [
        ("app/nobody/say", {"text": "Є хто?"}, 404),
        ("app/viber/fly", {}, 404),
        ("app/viber/edit", {"message_id": "1", "text": "Інше"}, 404),
        ("app/ozon/edit", {"message_id": "none", "text": "Інше"}, 404),
        ("app/viber/say", {"text": "  "}, 422),
        ("app/viber/say", {"words": "?"}, 422),
        ("app/ozon/review", {"rating": 6}, 422),
        ("faults", {"kind": "broken", "app": "nobody"}, 404),
        ("faults", {"kind": "broken", "app": "ozon"}, 200),
    ],
)
def test_what_an_application_does_not_offer_is_refused(phone, action, wish, status):
    assert phone.act(action, wish, "e" * 16)[0] == status


def test_a_picture_is_its_owners_alone(phone):
    _, state = phone.act("app/viber/file", {"name": "cup.png", "data": "iVBORw0K"}, "f" * 16)
    [file] = app(state, "viber")["messages"][-1]["files"]
    assert phone.ask("GET", f"/phone/files/{file['id']}?me={'f' * 16}")[0] == 200
    assert phone.ask("GET", f"/phone/files/{file['id']}?me={ME}")[0] == 404


def test_every_line_of_the_street_is_set_up_by_its_row():
    kinds = [line.kind for line in LINES]
    assert len(set(kinds)) == len(kinds)
    for line in LINES:
        settings = line.settings(Place(line.kind, "http://127.0.0.1:9"))
        addresses = [one for one in settings.values() if isinstance(one, str) and "://" in one]
        assert all(one.startswith("http://127.0.0.1:9/") for one in addresses), line.kind
        assert bool(line.make) == ("api_base" in settings), line.kind


@pytest.mark.parametrize("width", [1440, 390])
def test_an_application_is_taken_from_the_shelf_written_in_and_laid_back(browser, phone, width):
    with page(browser, phone, locale="en-GB", width=width) as at:
        expect(at.locator("#my-number")).to_contain_text("+380")
        if width < 800:
            at.get_by_role("tab", name="Phone").click()
        at.locator(".dock [data-app=apps]").click()
        expect(at.locator("#apps-shelf button")).to_have_count(4)
        expect(at.locator(".faults")).to_be_hidden()
        at.get_by_role("button", name="Ozon").click()
        expect(at.locator("#faults-of")).to_have_text("What if Ozon misbehaves?")
        at.get_by_role("radio", name="2/5").click()
        at.get_by_role("textbox", name="Review").fill("It came with a crack")
        at.keyboard.press("Enter")
        expect(at.locator(".talk:visible .stars")).to_have_attribute("aria-label", "2/5")
        at.get_by_role("radio", name="Message").click()
        expect(at.get_by_role("radio", name="2/5")).to_be_hidden()
        at.get_by_role("textbox", name="Message").fill("And where is the other order?")
        at.keyboard.press("Enter")
        expect(at.locator(".talk:visible .mine .ticks")).to_have_text("✓✓")
        person = phone.visitor.number
        vendor = phone.made["ozon"]
        vendor.shop_says(vendor.chat(person), "On its way.")
        expect(at.locator(".talk:visible .theirs .words")).to_have_text("On its way.")
        told = [json.loads(body)["message_type"] for where, body in phone.heard if where.endswith("/ozon")]
        assert "TYPE_NEW_MESSAGE" in told
        at.get_by_role("button", name="Back").click()
        expect(at.locator("#apps-shelf")).to_be_visible()
        assert at.evaluate("document.documentElement.scrollWidth") == width


def test_a_link_opens_the_application_and_its_word_goes_along(browser, phone):
    with page(browser, phone, "/phone/app/viber?start=k3Jq-token", locale="uk-UA", width=390) as at:
        expect(at.locator(".talk:visible .begin")).to_contain_text("за посиланням")
        at.get_by_role("button", name="Почати").click()
        expect(at.get_by_role("textbox", name="Повідомлення")).to_be_visible()
        assert at.evaluate("location.pathname") == "/phone"
        opened = [json.loads(body) for where, body in phone.heard if where.endswith("/viber")]
        assert [one["context"] for one in opened if one["event"] == "conversation_started"][-1] == "k3Jq-token"
