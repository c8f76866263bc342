"""While it rings, those on duty see who is calling; and the shop's numbers are written in one form everywhere."""

from urllib.parse import urlencode

import pytest

from prilavok.channels.zadarma import hex_signature
from tests.delivering import page_of, placed
from tests.house import on_both

MARTA = "+380671234567"
NUMBERS = [
    {"number": "+380 44 123 45 67", "label": "Київ", "kind": "local"},
    {"number": "067 111 22 33", "label": "Kyivstar", "kind": "mobile"},
    {"number": "0 800 123 456", "label": "", "kind": "toll_free"},
]


@pytest.fixture
def house(open_house):
    return open_house(work=False)


async def line(shop, **settings):
    given = {"key": "k", "secret": "s", "extension": "101", "numbers": NUMBERS, **settings}
    return await shop.connect("zadarma", **given)


async def rings(shop, inbox, call="call-1", number=MARTA):
    content = {"call": {"direction": "in", "state": "ringing", "from": number, "to": "+380671112233"}}
    fields = {"provider_id": call, "at": shop.clock(), "sender": {"address": number}, "text": "☎", "automatic": True}
    [taken] = await shop.vendor_says(("Received", {**fields, "content": content}), inbox=inbox)
    return taken


async def ends(shop, inbox, call="call-1", number=MARTA):
    fields = {"provider_id": call, "at": shop.clock(), "sender": {"address": number}, "text": "☎ ✗", "waits": True}
    over = {**fields, "content": {"call": {"state": "missed", "seconds": 0}}}
    await shop.vendor_says(("Edited", over), inbox=inbox)


@on_both
async def test_whoever_rings_comes_with_their_open_orders_and_last_words(shop):
    bell, sms = await shop.connect("bell"), await shop.connect("slip")
    order = {"number": "1047", "total": "350.00", "customer": {"name": "Марта", "phone": MARTA}}
    assert (await shop.ask("PUT", "/api/v1/orders/1047", order)).status == 200
    await shop.customer_writes("Де посилка?", inbox=sms, sender={"address": MARTA})
    taken = await rings(shop, bell)
    [card] = (await shop.get("/api/v1/calls"))["items"]
    assert card == await shop.get(f"/api/v1/calls/{taken.message_id}")
    assert (card["state"], card["number"], card["conversation_id"]) == (
        "ringing",
        "+380 67 123 4567",
        taken.conversation_id,
    )
    assert [(one["number"], one["total"]) for one in card["orders"]] == [("1047", "350.00")]
    assert [one["text"] for one in card["last_words"]] == ["Де посилка?"]
    assert card["for_agents"] == []
    await ends(shop, bell)
    assert (await shop.get("/api/v1/calls"))["items"] == []
    assert (await shop.get(f"/api/v1/calls/{taken.message_id}"))["state"] == "missed"


async def test_a_call_whose_end_was_never_told_rings_for_three_minutes_at_most(shop):
    bell = await shop.connect("bell")
    taken = await rings(shop, bell)
    shop.clock.forward(minutes=4)
    assert (await shop.get("/api/v1/calls"))["items"] == []
    assert (await shop.get(f"/api/v1/calls/{taken.message_id}"))["state"] == "over"


async def test_what_is_no_call_has_no_card(shop):
    taken = await shop.customer_writes("Привіт")
    assert (await shop.ask("GET", f"/api/v1/calls/{taken.message_id}")).status == 404


async def test_those_on_duty_are_named_in_their_order(shop):
    agent = shop.staff["agent"].id
    inbox = await line(shop, duty=[{"ring": "102", "agent_id": agent}, {"ring": "101", "seconds": 30}])
    found = await shop.get(f"/api/v1/inboxes/{inbox.id}/duty")
    assert found["items"] == [
        {"ring": "102", "agent_id": agent, "seconds": 20},
        {"ring": "101", "agent_id": None, "seconds": 30},
    ]
    silent = await shop.connect("bell")
    assert (await shop.get(f"/api/v1/inboxes/{silent.id}/duty"))["items"] == []


async def test_the_shops_numbers_are_written_in_one_form_everywhere(shop):
    inbox = await line(shop)
    found = await shop.get("/api/v1/phones")
    assert [(one["shown"], one["href"], one["label"], one["kind"]) for one in found["items"]] == [
        ("0800 123 456", "tel:+380800123456", "", "toll_free"),
        ("+380 44 123 4567", "tel:+380441234567", "Київ", "local"),
        ("+380 67 111 2233", "tel:+380671112233", "Kyivstar", "mobile"),
    ]
    assert {one["inbox_id"] for one in found["items"]} == {inbox.id}
    assert found["snippet"].count('<a href="tel:') == 3
    page = await shop.ask("GET", found["page"].removeprefix("https://shop.test"))
    assert page.status == 200
    assert all(one["shown"] in page.text for one in found["items"])
    told = await shop.ask("GET", found["page"].removeprefix("https://shop.test") + "?as=json")
    assert [one["shown"] for one in told.json()["items"]] == [one["shown"] for one in found["items"]]
    assert (await shop.ask("GET", "/phones/forged")).status == 404


async def test_customers_find_the_numbers_with_their_hours_wherever_they_look(shop):
    await line(shop, duty=[{"ring": "101", "days": ["mon", "tue"], "from": "09:00", "until": "18:00"}])
    form, chat = await shop.connect("form"), await shop.connect("webchat")
    order = await placed(shop)
    for path in (f"/f/{form.key}?lang=uk", page_of(shop, order), page_of(shop, order, "wishes")):
        page = await shop.ask("GET", path, role=None, headers={"accept-language": "uk"})
        assert '<a href="tel:+380441234567">+380 44 123 4567</a>' in page.text
        assert "Київ</span> · <span class=whole>пн–вт 9:00–18:00</span>" in page.text
    window = shop.window(chat)
    window.say({"kind": "hello", "visitor": None, "seq": 0, "language": "uk"})
    welcome = await window.frame("welcome")
    assert welcome["phones"][1] == {
        "href": "tel:+380441234567", "shown": "+380 44 123 4567", "beside": "Київ · пн–вт 9:00–18:00",
    }  # fmt: skip


async def test_a_label_cannot_bring_a_script_into_the_shops_pages(shop):
    await line(shop, numbers=[{"number": "+380441234567", "label": '"><script>alert(1)</script>'}])
    found = await shop.get("/api/v1/phones")
    page = await shop.ask("GET", found["page"].removeprefix("https://shop.test"))
    assert "<script>alert" not in found["snippet"] + page.text


async def test_a_card_names_the_number_that_was_dialled(shop):
    inbox = await line(shop)
    fields = {
        "event": "NOTIFY_START", "call_start": "2026-11-20 10:15:00", "pbx_call_id": "in_1",
        "caller_id": MARTA, "called_did": "+380671112233",
    }  # fmt: skip
    answer = await knock(shop, inbox, fields)
    assert answer.status == 200
    [card] = (await shop.get("/api/v1/calls"))["items"]
    assert (card["line"]["number"], card["line"]["label"]) == ("+380 67 111 2233", "Kyivstar")


async def test_the_exchange_is_told_whom_to_ring(shop):
    inbox = await line(shop, duty=[{"ring": "102", "seconds": 25}])
    fields = {
        "event": "NOTIFY_START", "call_start": "2026-11-20 10:15:00", "pbx_call_id": "in_2",
        "caller_id": "", "called_did": "+380671112233",
    }  # fmt: skip
    assert (await knock(shop, inbox, fields)).json() == {"redirect": "102", "return_timeout": 25}
    [card] = (await shop.get("/api/v1/calls"))["items"]
    assert card["number"] == ""


async def knock(shop, inbox, fields):
    sign = hex_signature("s", fields["caller_id"] + fields["called_did"] + fields["call_start"])
    return await shop.ask("POST", f"/hooks/{inbox.key}", body=urlencode(fields).encode(), headers={"signature": sign})
