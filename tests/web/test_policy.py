"""The policy through the API: tried without writing, changed in versions, refused where no shop may change it."""

from datetime import UTC, datetime

import pytest

from tests.house import Shop, on_both

NIGHT = "2026-03-05T21:10:00Z"  # 23:10 in Kyiv
STORY = {
    "event": {"kind": "placed", "at": NIGHT},
    "order": {
        "number": "1001",
        "placed_at": NIGHT,
        "currency": "UAH",
        "total": "1250.00",
        "items": [{"sku": "k", "name": "Кава", "quantity": 1, "price": "1250.00"}],
        "customer": {"name": "Олена", "phone": "+380671234567", "email": "", "language": "ru", "country": "UA"},
        "payment": {"method": "cod", "paid": False},
        "delivery": {"method": "courier", "city": "Київ", "address": "Хрещатик 1"},
        "comment": "не звоните, пишите в телеграм, домофон 45К",
    },
    "contact": {
        "identities": [
            {"channel": "telegram", "address": "100", "reachable": True},
            {"channel": "phone", "address": "+380671234567", "reachable": True},
        ],
        "timezone": "Europe/Kyiv",
        "country": "UA",
        "consents": {"promotion": False},
    },
    "at": NIGHT,
}


async def decided(shop: Shop, **changes: object) -> dict:
    answer = await shop.ask("POST", "/api/v1/policy/decide", {**STORY, **changes})
    assert answer.status == 200, answer.text
    return answer.json()


async def test_the_story_at_night_is_answered_in_telegram_at_once_and_nobody_is_called(shop: Shop) -> None:
    found = await decided(shop)
    assert found["outcome"] == "plan"
    first = found["steps"][0]
    assert (first["channel"], first["at"]) == ("telegram", NIGHT)
    assert {one["why"] for one in first["reasons"]} >= {"own_act", "not_connected"}
    assert first["because"] == " ".join(one["text"] for one in first["reasons"])
    assert "phone" not in [step["channel"] for step in found["steps"]]
    refused = {one["channel"]: one["reasons"][0]["why"] for one in found["rejected"]}
    assert refused["phone"] in {"no_calls", "calls_only_at_delivery"}


async def test_every_reason_reads_as_a_sentence(shop: Shop) -> None:
    """Programs written against the interface show `because` as it comes."""
    plan, silence = await decided(shop), await decided(shop, event={"kind": "promotion", "at": NIGHT})
    assert {"channel", "at", "wait_for", "until", "because"} <= plan["steps"][0].keys()
    said = [one["because"] for one in (*plan["steps"], *plan["rejected"], silence)]
    assert plan["rejected"]
    assert all(isinstance(text, str) and text.endswith(".") for text in said), said


async def test_a_promotion_without_consent_is_a_silence_with_its_reason(shop: Shop) -> None:
    found = await decided(shop, event={"kind": "promotion", "at": NIGHT})
    assert found["outcome"] == "silence"
    assert found["reasons"][0]["why"] == "no_consent"


@pytest.mark.parametrize("word", ["call", "Phone", "voice"])
async def test_a_telephone_by_another_word_is_a_telephone(shop: Shop, word: str) -> None:
    contact = {**STORY["contact"], "identities": [{"channel": word, "address": "+380671234567", "reachable": True}]}
    found = await decided(shop, contact=contact)
    assert (found["outcome"], found["needs_person"]) == ("silence", True)
    assert {one["channel"] for one in found["rejected"]} == {"phone", "telegram"}


async def test_what_is_not_known_may_be_left_out_or_null(shop: Shop) -> None:
    """No zone that a clock follows, no word about consents: the shop's and the country's habits count."""
    identities = [{"channel": "Telegram", "address": "100"}]
    contact = {"identities": identities, "timezone": "Mars/Phobos", "country": "UA", "consents": {"promotion": None}}
    found = await decided(shop, contact=contact)
    assert found["steps"][0]["channel"] == "telegram"
    assert found["timezone"] == "Europe/Kyiv"
    promotion = await decided(shop, contact=contact, event={"kind": "promotion"})
    assert promotion["reasons"][0]["why"] == "no_consent"


async def test_a_call_that_the_shop_made_in_vain_is_no_act_of_the_customers(shop: Shop) -> None:
    found = await decided(shop, event={"kind": "missed_call", "at": NIGHT})
    assert "own_act" not in {one["why"] for one in found["steps"][0]["reasons"]}


async def test_an_sms_waits_for_the_morning_although_no_gateway_is_connected(shop: Shop) -> None:
    contact = {**STORY["contact"], "identities": [{"channel": "sms", "address": "+380671234567", "reachable": True}]}
    found = await decided(shop, contact=contact)
    first = found["steps"][0]
    assert first["channel"] == "sms"
    assert datetime.fromisoformat(first["at"]) == datetime(2026, 3, 6, 7, tzinfo=UTC)


async def test_nobody_can_be_reached_and_a_person_must_look(shop: Shop) -> None:
    contact = {**STORY["contact"], "identities": [{"channel": "telegram", "address": "1", "reachable": False}]}
    order = {**STORY["order"], "customer": {"name": "Олена"}}
    found = await decided(shop, contact=contact, order=order)
    assert found["outcome"] == "silence"
    assert found["reasons"][0]["why"] == "no_channel"
    assert found["needs_person"] is True
    assert [one["reasons"][0]["why"] for one in found["rejected"]] == ["unreachable"]


@pytest.mark.parametrize(
    "changes",
    [
        {"event": {"kind": "delayed", "at": NIGHT}},
        {"event": {"kind": "no_such_thing", "at": NIGHT}},
        {"order": None},
        {"contact": {"identities": [], "timezone": "Mars/Olympus", "country": "XX"}},
        {"contact": {"identities": [{"channel": "pigeon", "address": "loft", "reachable": True}]}},
        {"contact": {"identities": [{"channel": "icq", "address": "123", "reachable": True}]}},
        {"contact": {"preferences": {"contact_window": {"from": "18:00", "to": None}}}},
    ],
)
async def test_every_supposition_is_answered(shop: Shop, changes: dict) -> None:
    found = await decided(shop, **changes)
    assert found["outcome"] in {"plan", "silence"}


@on_both
async def test_a_change_is_a_version_and_decides_from_then_on(shop: Shop) -> None:
    before = (await shop.ask("GET", "/api/v1/policy")).json()
    assert (before["version"], before["built_in"]) == (0, True)
    data = {**before["data"], "answer_own_act_within": 0}
    after = await shop.ask("PUT", "/api/v1/policy", {"data": data, "note": "Ночью молчим"})
    assert after.status == 200, after.text
    assert (after.json()["version"], after.json()["built_in"]) == (1, False)
    found = await decided(shop)
    assert found["policy_version"] == 1
    assert datetime.fromisoformat(found["steps"][0]["at"]) == datetime(2026, 3, 6, 7, tzinfo=UTC)
    listed = (await shop.ask("GET", "/api/v1/policy/versions")).json()["items"]
    assert [(one["version"], one["note"], one["author"]) for one in listed] == [(1, "Ночью молчим", "Owner")]
    assert (await shop.ask("GET", "/api/v1/policy/versions/1")).json()["data"]["answer_own_act_within"] == 0
    assert (await shop.ask("GET", "/api/v1/policy/versions/0")).json()["data"] == before["data"]
    assert (await shop.ask("GET", "/api/v1/policy/versions/2")).status == 404


async def test_what_no_shop_may_change_is_refused_with_its_reason(shop: Shop) -> None:
    data = {"rules": {"placed": {"media": ["messenger", "call"]}}}
    answer = await shop.ask("PUT", "/api/v1/policy", {"data": data})
    assert answer.status == 422
    assert answer.json()["field"] == "rules.placed.media"
    assert "delivery" in answer.json()["detail"]
    assert (await shop.ask("GET", "/api/v1/policy")).json()["version"] == 0


async def test_only_the_owner_changes_the_policy(shop: Shop) -> None:
    answer = await shop.ask("PUT", "/api/v1/policy", {"data": {}}, role="agent")
    assert answer.status == 403


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("where", ["event", "order", "recent", "last_inbound"])
async def test_the_edges_of_the_calendar_are_refused_wherever_they_are_said(shop: Shop, edge: str, where: str) -> None:
    story = {name: dict(part) if isinstance(part, dict) else part for name, part in STORY.items()}
    match where:
        case "event":
            story["event"]["at"] = edge
        case "order":
            story["order"]["placed_at"] = edge
        case "recent":
            story["contact"]["recent"] = [edge]
        case "last_inbound":
            story["contact"]["identities"] = [{"channel": "email", "address": "a@example.org", "last_inbound": edge}]
    answer = await shop.ask("POST", "/api/v1/policy/decide", story)
    assert answer.status == 422, answer
