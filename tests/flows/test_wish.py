import pytest

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import WishesChanged
from prilavok.flows import wish
from prilavok.flows.reactions import REACTIONS
from prilavok.store import preferences
from tests.delivering import placed
from tests.house import on_both


@pytest.fixture
def changed(monkeypatch):
    heard = []
    monkeypatch.setitem(REACTIONS, WishesChanged, [lambda _unit, event: heard.append(event.ref_id)])
    return heard


async def said(shop, contact_id, by="customer", **given):
    return await shop.house.bus.do(wish.save, shop.id, contact_id, given, by=by)


@on_both
async def test_a_wish_holds_at_once_and_the_same_again_changes_nothing(shop, told, changed):
    who = (await placed(shop))["contact_id"]
    first = await said(shop, who, call="never", preferred_channels=["pigeon"])
    assert first.call == "never"
    assert changed == [who]
    assert await said(shop, who, call="never") == first
    assert changed == [who]
    row = await shop.read(preferences.get, who)
    assert row["by"] == "customer"
    assert row["data"]["preferred_channels"] == ["pigeon"]


@on_both
async def test_every_change_of_a_consent_leaves_its_proof(shop, told, changed):
    who = (await placed(shop))["contact_id"]
    await said(shop, who, consents={"promotion": True, "review": True})
    shop.clock.forward(hours=1)
    await said(shop, who, consents={"promotion": True})
    await said(shop, who, by="agent:x", consents={"promotion": False})
    rows = await shop.read(preferences.history, who)
    assert (rows[0]["purpose"], rows[0]["given"], rows[0]["by"]) == ("promotion", False, "agent:x")
    assert sorted((one["purpose"], one["given"]) for one in rows[1:]) == [("promotion", True), ("review", True)]
    row = await shop.read(preferences.get, who)
    assert row["data"]["consents"] == {"promotion": False, "review": True}


@on_both
async def test_unsubscribing_is_a_withdrawal_even_of_what_was_never_given(shop, told, changed):
    who = (await placed(shop))["contact_id"]
    for _ in range(3):
        await shop.house.bus.do(wish.unsubscribe, shop.id, who)
    rows = await shop.read(preferences.history, who)
    assert [(one["purpose"], one["given"]) for one in rows] == [("promotion", False)]
    assert changed == [who]


async def test_the_latest_word_about_a_channel_holds(shop, told, changed):
    who = (await placed(shop))["contact_id"]
    await said(shop, who, forbidden_channels=["pigeon", "sms"])
    after = await said(shop, who, preferred_channels=["pigeon"])
    assert after.preferred_channels == ("pigeon",)
    assert after.forbidden_channels == ("sms",)
    both = await said(shop, who, preferred_channels=["sms"], forbidden_channels=["sms"])
    assert (both.preferred_channels, both.forbidden_channels) == ((), ("sms",))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"call": "maybe"}, "call"),
        ({"preferred_channels": ["Голубь"]}, "preferred_channels"),
        ({"preferred_channels": "sms"}, "preferred_channels"),
        ({"forbidden_channels": ["x"] * 21}, "forbidden_channels"),
        ({"contact_window": {"from": "9"}}, "contact_window"),
        ({"contact_window": {"from": "09:00", "to": "09:00"}}, "contact_window"),
        ({"contact_window": {"from": "09:00", "days": "never"}}, "contact_window"),
        ({"consents": {"spam": True}}, "consents"),
        ({"consents": {"promotion": "yes"}}, "consents"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_wished_is_refused_by_name(shop, told, changed, given, field):
    who = (await placed(shop))["contact_id"]
    with pytest.raises(BadInput) as refused:
        await said(shop, who, **given)
    assert refused.value.field == field
    assert changed == []


async def test_nobody_wishes_for_a_customer_of_another_shop(shop, other_shop, told, changed):
    who = (await placed(other_shop))["contact_id"]
    with pytest.raises(NotFound):
        await said(shop, who, call="never")
    assert await other_shop.read(preferences.get, who) is None


@on_both
async def test_colleagues_read_and_write_what_a_customer_wishes(shop, told, changed):
    who = (await placed(shop))["contact_id"]
    url = f"/api/v1/contacts/{who}/preferences"
    silent = await shop.get(url)
    assert silent["by"] == ""
    assert silent["call"] == "no_statement"
    answer = await shop.ask(
        "PUT", url, {"call": "never", "contact_window": {"from": "10:00", "to": "18:00", "days": "weekdays"}}
    )
    assert answer.status == 200
    assert answer.json()["contact_window"] == {"from": "10:00", "to": "18:00", "days": "weekdays"}
    assert answer.json()["by"] == f"agent:{shop.staff['owner'].id}"
    assert await shop.get(url) == answer.json()
    cleared = await shop.ask("PUT", url, {"contact_window": None})
    assert cleared.json()["contact_window"] is None
    assert cleared.json()["call"] == "never"
