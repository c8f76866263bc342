"""The SMS gateways of Russia and Ukraine, whole: real connectors, emulated vendors, receipts told or asked for."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, TryLater
from prilavok.simulator.gateways import smsaero, smsc, turbosms
from prilavok.simulator.telegram import Fault
from prilavok.store.schema import journal
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.simulator.test_lines import Roads


@dataclass(frozen=True)
class Kind:
    emulator: Any
    settings: dict[str, str]
    secret: str
    number: str
    price: dict[str, Any]  # of a text of two parts


KINDS = {
    "turbosms": Kind(
        turbosms.TurboSmsEmulator,
        {"token": turbosms.TOKEN, "sender": turbosms.SENDER},
        "token",
        "+380671234567",
        {"units": 2},
    ),
    "smsaero": Kind(
        smsaero.SmsAeroEmulator,
        {"email": smsaero.EMAIL, "api_key": smsaero.API_KEY, "sender": smsaero.SENDER},
        "api_key",
        "+79001234567",
        {"amount": "10.98", "currency": "RUB", "units": 2},
    ),
    "smsc": Kind(
        smsc.SmscEmulator,
        {"login": smsc.LOGIN, "password": smsc.PASSWORD, "callback_password": smsc.CALLBACK_PASSWORD},
        "password",
        "+79001234567",
        {"amount": "2.80", "units": 2},
    ),
}
TEXT = "Ваше замовлення вже їде. " * 4


class Line:
    """A shop with one gateway, and a customer whose number an earlier letter has told."""

    def __init__(self, shop, kind, **settings):
        self.shop, self.kind, self.about, self.settings = shop, kind, KINDS[kind], settings
        self.roads = Roads({"shop.test": Loopback(shop.app)})
        self.gateway = self.about.emulator(post=self.roads.post, pace=0.01, now=shop.clock)
        self.roads.houses["gateway.test"] = Loopback(self.gateway)
        shop.house.deliverer.network = shop.house.chores.network = self.roads

    async def connect(self):
        self.inbox = await self.shop.connect(
            self.kind, api_base="https://gateway.test", **self.about.settings, **self.settings
        )
        hook = self.shop.house.directory.hook_url(self.inbox.key)
        self.gateway.hook = f"{hook}?k={smsc.CALLBACK_PASSWORD}"
        slips = await self.shop.connect("slip")
        taken = await self.shop.customer_writes("Де замовлення?", inbox=slips, who=self.about.number)
        self.conversation_id = taken.conversation_id
        return self

    async def says(self, text=TEXT):
        return await self.shop.agent_replies(self.conversation_id, text, inbox_id=self.inbox.id)

    async def becomes(self, message, wanted, *, pause=0):
        async def there():
            self.shop.clock.forward(seconds=pause)
            found = await self.shop.message(self.conversation_id, message["id"])
            return found if found["receipt"] == wanted else None

        return await until(there)

    @property
    def texts(self):
        return [one.text for one in self.gateway.thread(self.about.number).messages if not one.mine]


@pytest.fixture
def line(shop, runner, kind):
    made = runner.run(Line(shop, kind).connect())
    yield made
    runner.run(made.gateway.close())


@pytest.fixture
def hybrid(shop, runner):
    made = runner.run(Line(shop, "turbosms", viber_sender=turbosms.SENDER, viber_minutes=60).connect())
    yield made
    runner.run(made.gateway.close())


every = pytest.mark.parametrize("kind", sorted(KINDS))
asked = pytest.mark.parametrize("kind", ["smsaero", "turbosms"])


@every
async def test_a_text_goes_and_is_known_to_be_delivered_and_what_it_cost(line, kind):
    message = await line.says()
    found = await line.becomes(message, "delivered", pause=20)
    assert line.texts == [TEXT.strip()]
    assert found["content"]["price"] == line.about.price


@every
async def test_what_never_arrived_is_told_with_the_reason(line, kind):
    line.gateway.switch(line.about.number, on=False)
    message = await line.says("Дзвонимо")
    await line.becomes(message, "sent")
    await line.gateway.knocker.settled()
    line.gateway.expire(line.about.number)
    found = await line.becomes(message, "failed", pause=20)
    assert "out of reach" in found["reason"] or "could not be delivered" in found["reason"]


@every
async def test_a_gateway_that_is_busy_is_asked_again_and_nothing_goes_twice(line, kind):
    line.gateway.fail(Fault.TOO_MANY, seconds=0)
    message = await line.says("Вже їде")

    async def delivered():
        line.shop.house.deliverer._held.clear()
        line.shop.clock.forward(seconds=61)
        return (await line.shop.message(line.conversation_id, message["id"]))["receipt"] == "delivered"

    await until(delivered)
    assert line.texts == ["Вже їде"]


@every
async def test_an_answer_that_gets_lost_leaves_a_doubt_and_no_second_text(line, kind):
    line.gateway.fail(Fault.DONE_BUT_CUT)
    message = await line.says("Тут!")
    await line.becomes(message, "perhaps_sent")
    assert line.texts == ["Тут!"]


@every
async def test_an_empty_account_is_told_to_the_owner_and_the_text_waits(line, kind):
    line.gateway.balance = 0
    await line.says("Вже їде")

    async def paused():
        inbox = await line.shop.get(f"/api/v1/inboxes/{line.inbox.id}")
        return inbox["reason"] if inbox["state"] == "paused" else None

    assert "money" in await until(paused)
    assert line.texts == []
    with pytest.raises(NeedsOwner, match="money"):
        await converse(line.inbox.channel.check(), line.roads)


@every
async def test_the_login_is_tried_and_a_wrong_one_is_named(line, kind):
    account = await converse(line.inbox.channel.check(), line.roads)
    assert "100" in account.note
    config = msgspec.structs.replace(line.inbox.channel.config, **{line.about.secret: "wrong"})
    mistaken = type(line.inbox.channel)(config, line.inbox.channel.inbox)
    with pytest.raises(NeedsOwner, match=r"not accept|wrong"):
        await converse(mistaken.check(), line.roads)


@pytest.mark.parametrize("kind", ["turbosms"])
async def test_a_number_on_the_stop_list_is_shut_for_texts(line, kind):
    line.gateway.thread(line.about.number).stopped = True
    message = await line.says("Вже їде")
    await line.becomes(message, "failed")
    ways = (await line.shop.conversation(line.conversation_id))["channels"]
    assert next(way for way in ways if way["inbox_id"] == line.inbox.id)["reason"] == "unreachable: blocked"


@asked
async def test_nobody_calls_a_gateway_that_is_only_asked(line, kind):
    answer = await line.shop.ask("POST", f"/hooks/{line.inbox.key}", role=None, body=b"{}")
    assert answer.status == 404


@pytest.mark.parametrize("kind", ["smsc"])
async def test_a_customer_answers_through_smsc_and_stop_is_obeyed(line, kind):
    sent = line.gateway.user_texts(line.about.number, "Коли привезете?")
    await until(lambda: sent.taken)
    [conversation] = [one for one in await line.shop.conversations() if one["inbox"]["channel"] == "slip"]
    assert conversation["last_message"]["text"] == "Коли привезете?"
    line.gateway.user_texts(line.about.number, "Отписка")

    async def shut():
        ways = (await line.shop.conversation(conversation["id"]))["channels"]
        return next(way for way in ways if way["inbox_id"] == line.inbox.id).get("reason")

    assert await until(shut) == "unreachable: blocked"


@pytest.mark.parametrize("kind", ["smsc"])
async def test_what_smsc_forgets_to_tell_is_asked_for(line, kind):
    line.gateway.calls = False
    message = await line.says("Вже їде")
    await line.becomes(message, "sent")
    await line.gateway.knocker.settled()
    found = await line.becomes(message, "delivered", pause=30)
    assert found["times"].keys() == {"sent", "delivered"}


@pytest.mark.parametrize("kind", ["smsc"])
async def test_its_password_stands_in_no_journal_and_its_calls_can_be_taken_again(line, kind):
    sent = line.gateway.user_texts(line.about.number, "Коли привезете?")
    await until(lambda: sent.taken)

    def rows(db, shop_id):
        return [dict(one) for one in db.execute(journal.select()).mappings()]

    [kept] = [one for one in await line.shop.read(rows) if one["inbox_id"] == line.inbox.id]
    assert kept["headers"]["?k"] == "secret:callback_password"
    assert smsc.CALLBACK_PASSWORD not in json.dumps(kept["headers"])
    assert await line.shop.house.intake.replay(line.shop.id, kept["id"])
    assert len(await line.shop.messages(line.conversation_id)) == 2


@pytest.mark.parametrize("kind", ["turbosms"])
@pytest.mark.parametrize(
    "trouble", [TryLater("no answer in time"), NeedsOwner("a wrong token"), RuntimeError("a fault")]
)
async def test_a_question_that_finds_no_answer_is_asked_again(line, kind, trouble, monkeypatch):
    asked, kind_of_channel = [], type(line.inbox.channel)
    real = kind_of_channel.inquire

    def inquire(self, provider_ids):
        asked.append(provider_ids)
        if len(asked) == 1:
            raise trouble
        return (yield from real(self, provider_ids))

    monkeypatch.setattr(kind_of_channel, "inquire", inquire)
    message = await line.says("Вже їде")
    await line.becomes(message, "delivered", pause=20)
    assert len(asked) >= 2
    assert line.texts == ["Вже їде"]


async def test_viber_comes_first_where_there_is_a_sender_for_it_and_says_when_it_was_read(hybrid):
    message = await hybrid.says("Вже їде")
    found = await hybrid.becomes(message, "delivered", pause=20)
    assert "price" not in (found["content"] or {})
    assert hybrid.gateway.requests == [
        {
            "recipients": ["380671234567"],
            "viber": {"sender": turbosms.SENDER, "text": "Вже їде", "ttl": 3600},
            "sms": {"sender": turbosms.SENDER, "text": "Вже їде", "hybrid_ttl": 3600},
        }
    ]
    hybrid.gateway.user_reads(hybrid.about.number)
    await hybrid.becomes(message, "read", pause=60)


async def test_whoever_has_no_viber_gets_the_sms_and_nothing_has_failed(hybrid):
    hybrid.gateway.without_viber.add(hybrid.about.number)
    message = await hybrid.says("Вже їде")
    found = await hybrid.becomes(message, "delivered", pause=20)
    assert found["times"].keys() == {"sent", "delivered"}
    assert [one.way for one in hybrid.gateway.thread(hybrid.about.number).messages] == ["sms"]


@pytest.mark.parametrize("apart", [True, False])
async def test_what_viber_gave_up_is_on_its_way_as_an_sms(hybrid, apart):
    """Whether TurboSMS gives that SMS a number of its own or not: it is never said that the message has failed."""
    hybrid.gateway.tells_apart = apart
    hybrid.gateway.switch(hybrid.about.number, on=False)
    message = await hybrid.says("Вже їде")
    await until(lambda: [one for one in hybrid.gateway.thread(hybrid.about.number).messages if one.status == "sent"])
    hybrid.gateway.gives_viber_up(hybrid.about.number)
    first = hybrid.gateway.thread(hybrid.about.number).messages[0]
    channel = hybrid.inbox.channel
    reports = await converse(channel.inquire([first.id]), hybrid.roads)
    assert [one.receipt for one in reports] == ([] if apart else ["sent"])
    if not apart:
        hybrid.gateway.switch(hybrid.about.number, on=True)
        await hybrid.becomes(message, "delivered", pause=20)
