"""The sample shop's checkout: what a customer typed becomes what a shop's own system would say."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from prilavok.simulator.checkout_words import CHECKOUT, MOVES, THANKS
from prilavok.simulator.counter import Counter
from prilavok.simulator.storefront import LANGUAGES
from prilavok.simulator.warehouse import Warehouse
from tests.asking import ask
from tests.simulator.phone_doubles import demo

ME = "c" * 32
FORM = {
    "me": ME,
    "mist": "1",
    "dawn": "2",
    "name": "Марта",
    "phone": "+380 50 001 23 45",
    "email": "",
    "timezone": "Europe/Kyiv",
    "country": "UA",
    "method": "courier",
    "city": "Київ",
    "address": "Садовая, 12",
    "payment": "cod",
    "comment": "не звоните, пишите в телеграм",
    "utm": "utm_source=instagram&utm_campaign=autumn-tea&other=1",
}


class Counting:
    """The checkout with a shop behind it that only listens."""

    def __init__(self, phone):
        self.phone, self.told, self.deaf = phone, [], False
        self.now = datetime(2026, 11, 24, 21, 10, tzinfo=UTC)
        counter = Counter(phone.app, Warehouse(self.tell, lambda: self.now), lambda number: {"courier": f"/k/{number}"})
        self.app = Starlette(routes=counter.routes)

    async def tell(self, number, order, events):
        if not self.deaf:
            self.told.append((number, order, events))
        return not self.deaf

    async def post(self, path, **fields):
        answer = await ask(self.app, "POST", path, body=urlencode(fields).encode())
        return answer.headers.get("location", ""), answer

    async def placed(self, **changes):
        path, _ = await self.post("/shop/order?lang=ru", **{**FORM, **changes})
        return path


@pytest.fixture(scope="module")
def phone():
    with demo() as running:
        yield running


@pytest.fixture
def shop(phone):
    return Counting(phone)


async def test_what_was_chosen_is_told_as_an_order_with_its_comment_and_marks(shop):
    path = await shop.placed()
    assert path.startswith("/shop/order/")
    [(number, order, events)] = shop.told
    assert (order["number"], order["total"], events) == (number, "82.00", [])
    assert [(one["sku"], one["quantity"]) for one in order["items"]] == [("mist", 1), ("dawn", 2)]
    assert order["comment"] == FORM["comment"]
    assert order["customer"]["messengers"] == {}
    assert order["context"]["utm"] == {"source": "instagram", "campaign": "autumn-tea"}
    page = await ask(shop.app, "GET", path)
    assert number in page.text


async def test_whoever_signed_in_with_telegram_can_be_written_to_there(shop):
    shop.phone.act("telegram/start", {"payload": ""}, ME)
    await shop.placed()
    assert shop.told[0][1]["customer"]["messengers"] == {"telegram": str(shop.phone.visitor.user_id)}


async def test_a_card_is_charged_at_once_and_nothing_is_brought_to_whoever_fetches(shop):
    await shop.placed(payment="card", method="pickup")
    [(_, order, events)] = shop.told
    assert [one["kind"] for one in events] == ["paid"]
    assert order["payment"] == {"method": "card", "paid": True}
    assert order["delivery"] == {"method": "pickup", "city": "", "address": ""}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"mist": "0", "dawn": ""}, "nothing"),
        ({"name": " "}, "missing"),
        ({"phone": "", "email": ""}, "missing"),
        ({"mist": "-3", "dawn": "x"}, "nothing"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_ordered(shop, changes, problem):
    path = await shop.placed(**changes)
    assert path == f"/shop/basket?lang=ru&problem={problem}"
    assert shop.told == []
    page = await ask(shop.app, "GET", path)
    assert CHECKOUT["ru"][problem] in page.text


async def test_an_order_that_the_shop_did_not_take_is_no_order(shop):
    shop.deaf = True
    assert await shop.placed() == "/shop/basket?lang=ru&problem=failed"


async def test_the_warehouse_moves_the_parcel_and_a_second_failure_is_another(shop):
    path = await shop.placed()
    for kind in ("packed", "shipped", "out_for_delivery", "failed_attempt", "out_for_delivery", "failed_attempt"):
        shop.now += timedelta(hours=1)
        await shop.post(path, kind=kind)
    events = [one for _, order, told in shop.told[1:] for one in told]
    assert [one["kind"] for one in events] == [
        "packed", "shipped", "out_for_delivery", "failed_attempt", "out_for_delivery", "failed_attempt",
    ]  # fmt: skip
    assert len({(one["kind"], one.get("key", "")) for one in events}) == len(events)
    page = await ask(shop.app, "GET", path)
    assert "04:10" in page.text
    assert THANKS["ru"]["failed_attempt"] in page.text


async def test_nobody_else_may_order_or_move_and_no_invented_step_is_told(shop):
    path = await shop.placed()
    headers = {"origin": "https://elsewhere.test", "host": "shop.test"}
    body = urlencode({**FORM, "kind": "packed"}).encode()
    assert (await ask(shop.app, "POST", "/shop/order", headers=headers, body=body)).status == 403
    assert (await ask(shop.app, "POST", path, headers=headers, body=body)).status == 403
    where, _ = await shop.post(path, kind="exploded")
    assert where.endswith("problem=failed")
    assert len(shop.told) == 1
    assert (await ask(shop.app, "GET", "/shop/order/unknown")).status == 404


def test_every_language_says_the_same_things():
    for words in (CHECKOUT, THANKS):
        assert set(words) == set(LANGUAGES)
        assert len({frozenset(one) for one in words.values()}) == 1
    assert set(MOVES) <= set(THANKS["en"])
