"""What customers and couriers see and press, without a browser."""

from dataclasses import replace

import pytest

from prilavok.domain import editing
from prilavok.domain.delivery import Act
from prilavok.domain.rules import BUILT_IN, Quiet
from prilavok.domain.wishes import Call, Wishes, as_mapping
from prilavok.flows import carry, wish
from prilavok.store import contacts, preferences, rulebook
from tests.delivering import NOON, changed, happened, happenings, kinds, order_row, page_of, placed, posted
from tests.house import on_both

RUSSIAN = {"accept-language": "ru"}


async def seen(shop, path, **headers):
    answer = await shop.ask("GET", path, role=None, headers=headers)
    assert answer.status == 200, answer
    return answer.text


async def tapped(shop, row, act, attempt=1):
    await shop.house.bus.do(carry.tap, shop.id, row["id"], carry.Tap(Act(act), attempt))


@on_both
async def test_an_order_is_confirmed_on_its_page_and_only_once(shop, told):
    row = await placed(shop)
    path = page_of(shop, row)
    assert 'value="confirm"' in await seen(shop, path)
    told.clear()
    answer = await posted(shop, path, act="confirm")
    assert (answer.status, answer.headers["location"]) == (303, f"{path}?did=done")
    again = await posted(shop, path, act="confirm")
    assert again.headers["location"].endswith("?did=confirmed")
    assert kinds(told) == ["confirmed"]
    page = await seen(shop, f"{path}?did=confirmed")
    assert 'value="confirm"' not in page
    assert 'role="status"' in page


@on_both
async def test_what_a_customer_wants_changed_reaches_a_colleague_as_their_own_words(shop, told):
    row = await placed(shop)
    path = page_of(shop, row)
    for _ in range(2):
        answer = await posted(shop, path, act="change", text="Дві пачки, будь ласка")
        assert answer.headers["location"].endswith("?did=change")
    [talk] = await shop.conversations()
    assert talk["contact"]["id"] == row["contact_id"]
    assert talk["waiting_since"] is not None
    assert talk["last_message"]["text"] == "Дві пачки, будь ласка"
    said = await shop.messages(talk["id"])
    assert [one["kind"] for one in said] == ["message", "note"]
    assert (await posted(shop, path, act="change", text="  ")).headers["location"].endswith("?did=nothing")


async def test_an_order_that_has_left_is_not_cancelled_but_the_page_says_what_to_do(shop, told):
    row = await placed(shop)
    await happened(shop, row, "shipped")
    path = page_of(shop, row)
    assert 'value="cancel"' not in await seen(shop, path)
    answer = await posted(shop, path, act="cancel")
    assert answer.headers["location"].endswith("?did=too_late")
    assert "refuse it" in await seen(shop, f"{path}?did=too_late", **{"accept-language": "en"})
    assert (await order_row(shop, row["id"]))["status"] == "shipped"


@on_both
async def test_a_day_and_hours_are_picked_and_changed_on_the_page(shop, told):
    shop.clock.now = NOON
    row = await placed(shop)
    path = page_of(shop, row)
    assert 'value="2611241800"' in await seen(shop, path)
    assert 'value="2611291000"' not in await seen(shop, path), "Sunday"
    told.clear()
    for code in ("2611241800", "2611241800", "2611251000"):
        await posted(shop, path, act="slot", slot=code)
    assert [one.data["day"] for one in told] == ["2026-11-24", "2026-11-25"]
    assert "завтра, ср 25 ноября, 10:00–14:00" in await seen(shop, path, **RUSSIAN)
    for nonsense in ("2611291000", "", "x" * 3000, "2611241000"):
        answer = await posted(shop, path, act="slot", slot=nonsense)
        assert answer.headers["location"].endswith("?did=slot_taken")
    assert (await order_row(shop, row["id"]))["delivery_day"] == "2026-11-25"


async def test_the_page_speaks_the_customers_language_and_else_the_browsers(shop, told):
    row = await placed(shop)
    path = page_of(shop, row)
    assert "Заказ № 1042" in await seen(shop, path, **RUSSIAN)
    assert "Замовлення № 1042" in await seen(shop, path, **{"accept-language": "uk,ru;q=0.5"})
    assert "Order 1042" in await seen(shop, path, **{"accept-language": "pl"})
    await shop.house.bus.do(
        lambda unit: contacts.update_contact(unit.db, shop.id, row["contact_id"], {"language": "uk"})
    )
    assert "Замовлення № 1042" in await seen(shop, path, **RUSSIAN)


async def test_the_page_says_why_the_shop_wrote_there_and_what_comes_next(shop, told):
    row = await placed(shop)
    page = await seen(shop, page_of(shop, row), **RUSSIAN)
    assert "Мы ещё не писали Вам об этом заказе; напишем, когда заказ будет подтверждён." in page
    assert "/w/" in page


@on_both
async def test_the_courier_sees_what_to_heed_and_taps_what_happens(shop, told):
    shop.clock.now = NOON
    row = await placed(shop)
    wishes = Wishes(call=Call.BEFORE_ARRIVAL, intercom="45К", floor="7", change_from=2000.0)
    await changed(shop, row, wishes=as_mapping(wishes), phone="+380671234567", delivery_day="2026-11-24")
    path = page_of(shop, row, "courier")
    page = await seen(shop, path, **RUSSIAN)
    for words in (
        "Домофон 45К",
        "Этаж 7",
        "Сдача с 2000",
        "Позвонить перед приездом",
        "tel:+380671234567",
        "geo:0,0?q=",
    ):
        assert words in page, words
    told.clear()
    answer = await posted(shop, path, act="on_my_way", attempt="1", minutes="30")
    assert answer.headers["location"] == f"{path}?did=on_my_way"
    assert (told[0].data["from"], told[0].data["to"]) == ("12:00", "12:30")
    assert 'name="undo"' in await seen(shop, path)
    await posted(shop, path, act="arrived", attempt="1")
    await posted(shop, path, act="delivered", attempt="1")
    assert kinds(told) == ["courier_on_the_way", "courier_arrived", "delivered"]
    assert 'name="act"' not in await seen(shop, path)


@on_both
@pytest.mark.parametrize("refusal", [{"call": "never"}, {"forbidden_channels": ["phone"]}])
async def test_nobody_is_nudged_to_call_a_customer_who_refused(shop, told, refusal):
    shop.clock.now = NOON
    row = await placed(shop)
    await changed(shop, row, phone="+380671234567", delivery_day="2026-11-24")
    path = page_of(shop, row, "courier")
    assert "tel:" in await seen(shop, path)
    await shop.house.bus.do(wish.save, shop.id, row["contact_id"], refusal, by="customer")
    page = await seen(shop, path, **RUSSIAN)
    assert "tel:" not in page
    assert "380671234567" not in page
    assert "Не звонить. Покупатель против звонков." in page
    told.clear()
    await tapped(shop, row, "on_my_way")
    assert "Никто не открывает" in await seen(shop, path, **RUSSIAN)


@pytest.mark.parametrize(
    ("call", "hour", "acts", "may"),
    [
        ("no_statement", 12, ["on_my_way"], True),
        ("no_statement", 12, [], False),
        ("no_statement", 21, ["on_my_way"], False),
        ("no_statement", 9, ["on_my_way"], False),
        ("only_if_urgent", 12, ["on_my_way"], False),
        ("only_if_urgent", 12, ["on_my_way", "arrived"], True),
        ("never", 12, ["on_my_way", "arrived"], False),
    ],
)
async def test_the_number_is_on_the_page_only_while_a_call_is_allowed(shop, told, call, hour, acts, may):
    shop.clock.now = NOON.replace(hour=hour)
    row = await placed(shop)
    await changed(shop, row, phone="+380671234567", wishes=as_mapping(Wishes(call=Call(call))))
    for act in acts:
        await tapped(shop, row, act)
    page = await seen(shop, page_of(shop, row, "courier"))
    assert ("tel:" in page) is may
    assert ("380671234567" in page) is may


async def test_a_courier_takes_a_slip_back_from_the_page(shop, told):
    row = await placed(shop)
    path = page_of(shop, row, "courier")
    await posted(shop, path, act="no_answer", attempt="1", called="0")
    assert told[-1].data["called"] is False
    answer = await posted(shop, path, undo="no_answer", attempt="1")
    assert answer.headers["location"].endswith("?did=undone")
    assert ("failed_attempt", "1") not in await happenings(shop, row)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"act": "explode", "attempt": "1"},
        {"act": "delivered"},
        {"act": "delivered", "attempt": "-1"},
        {"act": "delivered", "attempt": "99999999999999999999"},
        {"act": "delivered", "attempt": "²"},
        {"undo": "explode", "attempt": "1"},
        {"undo": "delivered", "attempt": "1"},
    ],
)
async def test_what_no_courier_would_send_changes_nothing(shop, told, fields):
    row = await placed(shop)
    told.clear()
    answer = await posted(shop, page_of(shop, row, "courier"), **fields)
    assert answer.status == 303
    assert told == []
    assert await happenings(shop, row) == [("placed", "")]


@on_both
async def test_a_customer_says_how_to_be_written_to(shop, told):
    await shop.connect("letter", "Mail")
    await shop.connect("homing", "A market's chat")  # nobody is led there, and we may not begin
    row = await placed(shop)
    path = page_of(shop, row, "wishes")
    page = await seen(shop, path, **RUSSIAN)
    assert 'name="way:pigeon"' in page
    assert 'name="way:letter"' in page
    assert 'name="way:homing"' not in page
    fields = {"call": "never", "way:pigeon": "prefer", "way:letter": "refuse", "from": "10:00", "to": "19:00"}
    answer = await posted(shop, path, days="weekdays", **fields, **{"may:review": "yes"})
    assert answer.headers["location"].endswith("?did=saved")
    said = (await shop.read(preferences.get, row["contact_id"]))["data"]
    assert said == {
        "call": "never",
        "preferred_channels": ["pigeon"],
        "forbidden_channels": ["letter"],
        "contact_window": {"from": "10:00", "to": "19:00", "days": "weekdays"},
        "consents": {"review": True},
    }
    page = await seen(shop, path, **RUSSIAN)
    assert 'value="never" checked' in page
    assert "Вы изменили это сегодня" in page
    wrong = await posted(shop, path, call="never", **{"from": "10:00", "to": "10:00"})
    assert wrong.headers["location"].endswith("?did=wrong")
    assert (await shop.read(preferences.get, row["contact_id"]))["data"] == said


@on_both
async def test_one_click_unsubscribes_and_looking_does_not(shop, told):
    row = await placed(shop)
    await shop.house.bus.do(wish.save, shop.id, row["contact_id"], {"consents": {"promotion": True}}, by="customer")
    path = page_of(shop, row, "unsubscribe")
    for method in ("GET", "HEAD", "GET"):
        assert (await shop.ask(method, path, role=None)).status == 200
    assert (await shop.read(preferences.get, row["contact_id"]))["data"]["consents"] == {"promotion": True}
    # As RFC 8058 has it: no cookie, no page of ours, whatever the mail program says of its origin.
    answer = await posted(
        shop,
        path,
        {"origin": "https://mail.example", "sec-fetch-site": "cross-site"},
        **{"List-Unsubscribe": "One-Click"},
    )
    assert answer.status == 200
    assert (await shop.read(preferences.get, row["contact_id"]))["data"]["consents"] == {"promotion": False}
    assert (await posted(shop, path, **{"List-Unsubscribe": "One-Click"})).status == 200
    assert len(await shop.read(preferences.history, row["contact_id"])) == 2


@on_both
async def test_a_colleague_gets_the_couriers_link(shop, other_shop, told):
    row = await placed(shop)
    for name in (row["id"], "1042"):
        answer = await shop.ask("POST", f"/api/v1/orders/{name}/courier-link", {}, role="agent")
        assert answer.status == 200
        assert "вул. Хрещатик" in await seen(shop, answer.json()["url"].removeprefix("https://shop.test"))
    assert (await other_shop.ask("POST", f"/api/v1/orders/{row['id']}/courier-link", {})).status == 404
    assert (await shop.ask("POST", "/api/v1/orders/none/courier-link", {})).status == 404


async def test_the_owners_quiet_hours_hold_for_couriers_too(shop, told):
    shop.clock.now = NOON.replace(hour=19)
    row = await placed(shop)
    await changed(shop, row, phone="+380671234567", delivery_day="2026-11-24")
    path = page_of(shop, row, "courier")
    assert "tel:" in await seen(shop, path)
    policy = editing.as_mapping(replace(BUILT_IN, quiet_calls=Quiet(18 * 60, 10 * 60)))
    await shop.house.bus.do(
        lambda unit: rulebook.add_version(unit.db, shop.id, policy, note="", author_id=None, now=unit.now)
    )
    assert "tel:" not in await seen(shop, path)
    shop.clock.now = NOON.replace(day=29)
    await changed(shop, row, delivery_day="2026-11-29")
    page = await seen(shop, path, **RUSSIAN)
    assert "tel:" not in page, "Sunday"
    assert "Сегодня магазин никому не звонит." in page


@pytest.mark.parametrize("end", ["delivered", "cancelled", "returned"])
async def test_when_the_errand_is_over_its_link_tells_nobody_who_lives_where(shop, told, end):
    row = await placed(shop, comment="Код домофона 45К")
    await changed(shop, row, wishes=as_mapping(Wishes(intercom="45К")), phone="+380671234567", name="Олена")
    path = page_of(shop, row, "courier")
    before = await seen(shop, path)
    await happened(shop, row, end)
    after = await seen(shop, path)
    for secret in ("Хрещатик", "45К", "Олена", "380671234567"):
        assert secret not in after
    assert "Хрещатик" in before
    assert row["number"] in after
