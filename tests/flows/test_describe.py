"""The owner describes the shop, and what is decided from then on keeps to it."""

from tests.house import on_both
from tests.web.test_policy import STORY

WEEK = [[{"from": "13:00", "to": "16:00"}]] * 5 + [[], []]
MORNING = "2026-03-05T08:30:00Z"  # a Thursday, 10:30 in Kyiv


async def call_of(shop):
    order = {**STORY["order"], "comment": "", "placed_at": "2026-03-04T10:00:00Z"}
    contact = {**STORY["contact"], "identities": STORY["contact"]["identities"][1:]}
    event = {"kind": "failed_attempt", "at": MORNING}
    asked = {**STORY, "event": event, "order": order, "contact": contact, "at": MORNING}
    found = (await shop.ask("POST", "/api/v1/policy/decide", asked)).json()
    return [step["at"] for step in found["steps"] if step["channel"] == "phone"]


@on_both
async def test_nobody_is_asked_to_call_before_the_shop_opens(shop):
    assert await call_of(shop) == [MORNING]
    answer = await shop.ask("PATCH", "/api/v1/shop", {"hours": {"week": WEEK}})
    assert answer.status == 200
    assert answer.json()["hours"] == {"week": WEEK, "closed_days": []}
    assert await call_of(shop) == ["2026-03-05T11:00:00Z"]
    await shop.ask("PATCH", "/api/v1/shop", {"hours": {"week": WEEK, "closed_days": ["2026-03-05"]}})
    assert await call_of(shop) == ["2026-03-06T11:00:00Z"]
    assert (await shop.ask("PATCH", "/api/v1/shop", {"hours": None})).json()["hours"] is None
    assert await call_of(shop) == [MORNING]


async def test_the_shop_has_a_name_a_clock_and_a_language_and_only_those_who_lead_it_change_them(shop, other_shop):
    before = await other_shop.get("/api/v1/shop")
    changed = {"name": "  Чайна  ", "timezone": "Europe/Warsaw", "language": "en"}
    found = (await shop.ask("PATCH", "/api/v1/shop", changed)).json()
    assert (found["name"], found["timezone"], found["language"]) == ("Чайна", "Europe/Warsaw", "en")
    assert (await shop.get("/api/v1/me"))["shop"]["name"] == "Чайна"
    assert await other_shop.get("/api/v1/shop") == before
    assert (await shop.ask("PATCH", "/api/v1/shop", changed, role="agent")).status == 403


async def test_what_makes_no_sense_is_named(shop):
    for wrong, field in [
        ({"timezone": "Kyiv"}, "timezone"),
        ({"name": "  "}, "name"),
        ({"language": "de"}, "language"),
        ({"hours": {"week": [[]] * 7}}, "hours"),
    ]:
        answer = await shop.ask("PATCH", "/api/v1/shop", wrong)
        assert (answer.status, answer.json()["field"]) == (422, field)
