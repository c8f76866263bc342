"""Google's reviews: one answer each, changed stars, an access that may be withdrawn."""

import pytest

from prilavok.simulator import google_business
from tests.asking import until
from tests.simulator.markets import Stall, quick

SETTINGS = {**google_business.CLIENT, "location": google_business.LOCATION, "url": "https://google.test/token"}


@pytest.fixture
def stall(shop, runner, monkeypatch):
    quick(monkeypatch)
    monkeypatch.setattr("prilavok.channels.google_business.GoogleBusiness.every", 0.02)
    emulator = google_business.GoogleEmulator(address="https://google.test", now=shop.clock, pace=0.01)
    made = Stall(shop, emulator, "google.test")
    yield made
    runner.run(emulator.close())


async def test_a_review_is_answered_and_its_better_stars_are_told(shop, stall):
    await stall.connect("google_business", **SETTINGS)
    review = stall.emulator.user_reviews("anna", 2, "Довго чекала", name="Анна")
    [talk] = await stall.talks("?public=true")
    assert (talk["contact"]["name"], talk["publication"]["rating"]) == ("Анна", 2)
    message = await shop.agent_replies(talk["id"], "Вибачте, виправляємось")
    await stall.receipt(talk["id"], message, "delivered")
    assert [one.text for one in review.answers] == ["Вибачте, виправляємось"]
    stall.emulator.user_changes(review, 5, "Виправились")

    async def better():
        return (await shop.conversation(talk["id"]))["publication"]["rating"] == 5

    await until(better)
    first = (await shop.messages(talk["id"]))[0]
    assert (first["text"], first["original_text"]) == ("Виправились", "Довго чекала")
    [way] = (await shop.conversation(talk["id"]))["channels"]
    assert way["reason"] == "answered_already"


async def test_a_withdrawn_access_stops_the_inbox_and_says_so(shop, stall):
    await stall.connect("google_business", **SETTINGS)
    stall.emulator.granted = False

    async def reason():
        [inbox] = [one for one in (await shop.get("/api/v1/inboxes"))["items"] if one["id"] == stall.inbox.id]
        return inbox["reason"]

    assert "access" in await until(reason)


async def test_a_review_that_its_author_took_back_is_struck_out_here(shop, stall):
    await stall.connect("google_business", **SETTINGS)
    reviews = [stall.emulator.user_reviews(f"p{at}", 3, f"Відгук {at}", name="Гість") for at in range(52)]
    assert await until(lambda: enough(shop, 52))  # also those that the first page of the list has no room for
    stall.emulator.user_withdraws(reviews[-1])

    async def gone():
        found = {
            one["last_message"]["text"]: one for one in (await shop.get("/api/v1/conversations?limit=100"))["items"]
        }
        [first] = await shop.messages(found["Відгук 51"]["id"])
        return first.get("deleted_at")

    assert await until(gone)


async def enough(shop, most):
    found = (await shop.get("/api/v1/conversations?limit=100"))["items"]
    return found if len(found) >= most else None
