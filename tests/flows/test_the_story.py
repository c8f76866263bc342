"""One order from the click to the cup, with the clock in hand: who asked not to be called is written to, and no more
than is needed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from prilavok.channels.base import Capabilities, Receipt
from prilavok.store import orders, plans, tasks
from tests import pigeons
from tests.asking import until
from tests.delivering import page_of, posted
from tests.house import on_both

KYIV = ZoneInfo("Europe/Kyiv")
LATE = datetime(2026, 11, 24, 23, 10, tzinfo=KYIV)  # a Tuesday
COMMENT = "не звоните, пишите в телеграм, домофон 45К"


class Messenger(pigeons.Pigeon):
    """As Telegram's bots are: buttons, no first word from us, no "read"."""

    kind = "messenger"
    capabilities = Capabilities(
        address_kind="chat", medium="telegram", buttons=10, receipts=frozenset({Receipt.SENT}), text_limit=4096
    )


class Dialler(pigeons.Pigeon):
    """A telephone: whatever flies here is a call."""

    kind = "dialler"
    capabilities = Capabilities(
        address_kind="phone", address_scope="shop", starts=True, voice=True, rings=True, medium="phone"
    )


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pigeons, "ALL", {**pigeons.ALL, "messenger": Messenger, "dialler": Dialler})
    return


class Story:
    """What the customer's telephone holds, and what can be done with it."""

    def __init__(self, shop, loft, messenger, dialler):
        self.shop, self.loft, self.messenger, self.dialler = shop, loft, messenger, dialler
        self.order_id = ""

    @property
    def chat(self):
        return self.loft.flown[self.messenger.id]

    def calls(self):
        return self.loft.flown[self.dialler.id]

    async def order(self, comment=COMMENT, **more):
        """As the shop's own system tells of it."""
        body = {
            "number": "4501",
            "placed_at": self.shop.clock().isoformat(),
            "currency": "UAH",
            "total": "1250.00",
            "items": [{"sku": "mist", "name": "Чайник «Туман»", "quantity": 1, "price": "1250.00"}],
            "customer": {
                "name": "Марта",
                "phone": "+380500012345",
                "email": "",
                "language": "ru",
                "country": "UA",
                "timezone": "Europe/Kyiv",
                "messengers": {"telegram": "marta"},
            },
            "payment": {"method": "cod", "paid": False},
            "delivery": {"method": "courier", "city": "Київ", "address": "Садовая, 12, кв. 45"},
            "comment": comment,
            **more,
        }
        answer = await self.shop.ask("PUT", "/api/v1/orders/4501", body)
        assert answer.status in {200, 201}, answer
        self.order_id = answer.json()["id"]

    async def happens(self, kind, **more):
        at = self.shop.clock().isoformat()
        answer = await self.shop.ask("POST", "/api/v1/orders/4501/events", {"kind": kind, "at": at, **more})
        assert answer.status in {200, 201}, answer

    async def told(self, count):
        """The newest message, once there are so many."""
        await self.settle()
        await until(lambda: len(self.chat) >= count)
        assert len(self.chat) == count
        return self.chat[-1]

    async def settle(self):
        while await self.shop.house.steps.take():
            pass

    async def passes(self, **time):
        """Time goes by, and whatever is due is done."""
        self.shop.clock.forward(**time)
        await self.settle()

    async def press(self, outbound, label):
        button = next(one for one in outbound.buttons if label in one.text)
        await self.shop.customer_writes(button.text, who="marta", inbox=self.messenger, content={"button": button.data})
        await self.settle()

    async def row(self):
        return await self.shop.read(orders.get, self.order_id)

    async def plans(self):
        return {one["kind"]: one for one in await self.shop.read(plans.of_order, self.order_id)}

    async def tasks(self):
        return [one["kind"] for one in await self.shop.read(tasks.of_order, self.order_id)]


@pytest.fixture
def story(shop, loft, runner):
    shop.clock.now = LATE

    async def prepare():
        messenger = await shop.connect("messenger", "Telegram")
        dialler = await shop.connect("dialler", "Telephone")
        await shop.ask("PUT", "/api/v1/risk", {"tap_from": 1})
        await shop.vendor_says(
            ("Received", {"provider_id": "start", "at": shop.clock(), "sender": {"address": "marta"}, "silent": True}),
            inbox=messenger,
        )
        return Story(shop, loft, messenger, dialler)

    return runner.run(prepare())


@on_both
async def test_whoever_asks_not_to_be_called_is_written_to_from_the_click_to_the_cup(story):
    await story.order()
    asked = await story.told(1)
    assert "подтвердите" in asked.text.lower()
    row = await story.row()
    assert (row["wishes"]["call"], row["wishes"]["intercom"]) == ("never", "45К")
    assert not row["to_read"]

    await story.press(asked, "Подтвердить")
    await story.passes(minutes=3)
    confirmed = await story.told(2)
    assert "подтверждён" in confirmed.text
    assert (await story.row())["status"] == "confirmed"

    await story.press(confirmed, "Выбрать время")
    offered = await story.told(3)
    await story.press(offered, offered.buttons[0].text)
    assert (await story.row())["slot_from"]
    await story.passes(minutes=1)
    assert (await story.row())["slot_from"] in (await story.told(4)).text

    story.shop.clock.now = LATE + timedelta(hours=12)
    await story.happens("packed")
    await story.happens("shipped")
    await story.passes(minutes=6)
    assert "в пути" in (await story.told(5)).text

    link = page_of(story.shop, await story.row(), "courier")
    answer = await posted(story.shop, link, act="no_answer", attempt="1")
    assert answer.status == 303
    missed = await story.told(6)
    assert "не смог" in missed.text
    assert any("время" in one.text.lower() for one in missed.buttons)

    await story.passes(minutes=40)
    assert not story.calls()
    assert "call" not in await story.tasks()

    answer = await posted(story.shop, link, act="delivered", attempt="2")
    assert answer.status == 303
    said = len(story.chat)
    await story.passes(hours=30)
    assert len(story.chat) == said
    assert not [one for one in (await story.plans()).values() if one["due_at"] is not None]
    assert not story.calls()


async def test_why_it_failed_is_said_in_words_and_a_word_of_a_program_is_not_repeated(story):
    story.shop.clock.now = LATE + timedelta(hours=12)
    await story.order()
    await story.told(1)
    await story.happens("failed_attempt", key="1", data={"reason": "nobody_home"})
    assert "никого не было дома" in (await story.told(2)).text
    await story.happens("failed_attempt", key="2", data={"reason": "E_417"})
    assert "E_417" not in (await story.told(3)).text
    await story.happens("delayed", data={"reason": "мост закрыт", "new_date": "2026-11-30"})
    await story.passes(minutes=4)
    assert "мост закрыт" in (await story.told(4)).text
