"""What hangs on a telephone number, whole: the real connectors, the emulated vendors, the real hooks between them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, Request, Response
from prilavok.flows.reply import Author, Draft, reply
from prilavok.simulator import twilio, whatsapp, zadarma
from prilavok.simulator.telegram import Fault
from prilavok.simulator.whatsapp import ApprovedTemplate
from prilavok.store import contacts
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.channels.vendors_schema import Slice

MARTA = "+380671234567"
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)


@dataclass
class Roads:
    """Every vendor at an address of its own, and the shop at its."""

    houses: dict[str, Loopback] = field(default_factory=dict)

    async def http(self, request: Request) -> Response:
        return await self.houses[urlsplit(request.url).netloc].http(request)

    async def post(self, url: str, headers: Any, body: bytes) -> Any:
        return await self.houses[urlsplit(url).netloc].post(url, headers, body)

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""


class Lines:
    """A shop with three inboxes, each with its vendor behind it."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop
        self.roads = Roads({"shop.test": Loopback(shop.app)})
        common = {"post": self.roads.post, "pace": 0.01, "now": shop.clock}
        self.twilio = twilio.TwilioEmulator(address="https://twilio.test", **common)
        self.whatsapp = whatsapp.WhatsAppEmulator(address="https://graph.test", **common)
        self.whatsapp.add_template(ApprovedTemplate("notice", "uk", "Добрий день! {{1}} Дякуємо."))
        self.zadarma = zadarma.ZadarmaEmulator(
            address="https://zadarma.test", recording=lambda: SOUND, rings=100_000, **common
        )
        for host, app in (("twilio", self.twilio), ("graph", self.whatsapp), ("zadarma", self.zadarma)):
            self.roads.houses[f"{host}.test"] = Loopback(app)
        shop.house.deliverer.network = self.roads
        shop.house.chores.network = self.roads

    async def connect(self) -> "Lines":
        twilio_settings = {"account_sid": twilio.ACCOUNT, "auth_token": twilio.TOKEN, "sender": twilio.NUMBER}
        self.sms = await self.shop.connect("twilio", api_base="https://twilio.test", **twilio_settings)
        self.chat = await self.shop.connect(
            "whatsapp",
            phone_number_id=whatsapp.NUMBER_ID,
            access_token=whatsapp.TOKEN,
            app_secret=whatsapp.APP_SECRET,
            template="notice",
            prices="utility=0.0157, marketing=0.07 USD",
            api_base="https://graph.test",
        )
        self.phone = await self.shop.connect(
            "zadarma", key=zadarma.KEY, secret=zadarma.SECRET, extension="101", api_base="https://zadarma.test"
        )
        hook = self.shop.house.directory.hook_url
        self.twilio.hook, self.whatsapp.hook, self.zadarma.hook = (
            hook(inbox.key) for inbox in (self.sms, self.chat, self.phone)
        )
        return self

    async def only(self) -> Any:
        """The shop's only conversation."""
        [found] = await until(self.shop.conversations)
        return found

    async def receipt(self, conversation_id: str, message: Any, wanted: str) -> None:
        async def there() -> bool:
            return (await self.shop.message(conversation_id, message["id"]))["receipt"] == wanted

        await until(there)

    async def call(self, conversation_id: str) -> str:
        agent = Author("agent", self.shop.staff["agent"].id, "Agent")
        draft = Draft("Про замовлення 7", inbox_id=self.phone.id, content={"call": {"extension": "101"}})
        return str(await self.shop.house.bus.do(reply, self.shop.id, conversation_id, agent, draft))


@pytest.fixture
def lines(shop, runner):
    made = runner.run(Lines(shop).connect())
    yield made
    for emulator in (made.twilio, made.whatsapp, made.zadarma):
        runner.run(emulator.close())


async def test_a_text_comes_in_is_answered_and_its_receipts_climb(shop, lines):
    sent = lines.twilio.user_texts(MARTA, "Де моє замовлення?")
    conversation = await lines.only()
    assert conversation["last_message"]["text"] == "Де моє замовлення?"
    await until(lambda: sent.taken)
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    await lines.receipt(conversation["id"], message, "delivered")
    assert [one.text for one in lines.twilio.thread(MARTA).messages] == ["Де моє замовлення?", "Вже їде."]
    schema = Slice("twilio/create-message.slice.json")
    assert [schema.refuses("CreateMessage", one) for one in lines.twilio.requests] == [[]]


async def test_a_text_waits_for_a_telephone_that_is_off(shop, lines):
    lines.twilio.user_texts(MARTA, "Передзвоніть")
    conversation = await lines.only()
    lines.twilio.switch(MARTA, on=False)
    message = await shop.agent_replies(conversation["id"], "Дзвонимо")
    await lines.receipt(conversation["id"], message, "sent")
    await lines.twilio.knocker.settled()
    assert not lines.twilio.thread(MARTA).messages[-1].taken
    lines.twilio.switch(MARTA, on=True)
    await lines.receipt(conversation["id"], message, "delivered")


async def test_stop_shuts_the_number_and_start_opens_it_again(shop, lines):
    lines.twilio.user_texts(MARTA, "Скільки коштує?")
    conversation = await lines.only()
    lines.twilio.user_texts(MARTA, "STOP")

    async def way_is(open_):
        ways = (await shop.conversation(conversation["id"]))["channels"]
        way = next(way for way in ways if way["inbox_id"] == lines.sms.id)
        return way if way["can_reply"] is open_ else None

    assert (await until(lambda: way_is(False)))["reason"] == "unreachable: blocked"
    lines.twilio.user_texts(MARTA, "START")
    assert (await until(lambda: way_is(True)))["can_reply"]


async def test_twilio_takes_a_text_and_says_nothing_and_its_receipt_settles_the_doubt(shop, lines):
    lines.twilio.user_texts(MARTA, "Ви тут?")
    conversation = await lines.only()
    lines.twilio.fail(Fault.DONE_BUT_CUT)
    message = await shop.agent_replies(conversation["id"], "Тут!")
    await lines.receipt(conversation["id"], message, "delivered")
    assert [one.text for one in lines.twilio.thread(MARTA).messages] == ["Ви тут?", "Тут!"]
    assert await shop.outbox("perhaps") == []


async def test_whatsapp_says_delivered_when_there_is_a_connection_and_read_when_it_is_looked_at(shop, lines):
    lines.whatsapp.chat(MARTA, "Марта")
    sent = lines.whatsapp.user_says(MARTA, "Чайник ще є?")
    conversation = await lines.only()
    assert conversation["contact"]["name"] == "Марта"
    await until(lambda: sent.status == "delivered")
    lines.whatsapp.switch(MARTA, online=False)
    message = await shop.agent_replies(conversation["id"], "Є!")
    await lines.receipt(conversation["id"], message, "sent")
    lines.whatsapp.switch(MARTA, online=True)
    await lines.receipt(conversation["id"], message, "delivered")
    lines.whatsapp.look(MARTA, open=True)
    await lines.receipt(conversation["id"], message, "read")


async def test_a_button_and_a_row_of_a_list_come_back_as_pressed_buttons(shop, lines):
    lines.whatsapp.user_says(MARTA, "Замовлення 7")
    conversation = await lines.only()
    for labels in (["Так", "Ні"], ["Сьогодні", "Завтра", "Післязавтра", "Потім"]):
        buttons = [{"text": one, "data": f"o:7:{number}"} for number, one in enumerate(labels)]
        await shop.agent_replies(conversation["id"], "Оберіть", buttons=buttons)

        def arrived(labels=labels):
            last = lines.whatsapp.chat(MARTA).messages[-1]
            return last if len(last.buttons) == len(labels) and last.status == "delivered" else None

        asked = await until(arrived)
        assert bool(asked.choose) is (len(labels) > 3)
        lines.whatsapp.user_presses(MARTA, asked.id, "o:7:1")

        async def pressed(labels=labels):
            last = (await shop.messages(conversation["id"]))[-1]
            return last if last["text"] == labels[1] else None

        assert (await until(pressed))["content"]["button"] == "o:7:1"


async def test_after_24_hours_the_template_speaks(shop, lines):
    lines.whatsapp.user_says(MARTA, "Коли буде в наявності?")
    conversation = await lines.only()
    shop.clock.forward(hours=25)
    message = await shop.agent_replies(conversation["id"], "Чайник знову є.")
    await lines.receipt(conversation["id"], message, "delivered")
    assert lines.whatsapp.chat(MARTA).messages[-1].text == "Добрий день! Чайник знову є. Дякуємо."


async def test_meta_knows_the_window_better_than_we_do(shop, lines):
    """Our clock says that it is open, Meta's that it is shut: 200 comes first, the truth later."""
    lines.whatsapp.user_says(MARTA, "Привіт")
    conversation = await lines.only()
    lines.whatsapp.chat(MARTA).last_said -= timedelta(hours=25)
    message = await shop.agent_replies(conversation["id"], "Вітаю")
    await lines.receipt(conversation["id"], message, "failed")
    assert "131047" in (await shop.message(conversation["id"], message["id"]))["reason"]


async def test_a_template_that_meta_stops_is_told_to_the_owner_before_a_customer_misses_it(shop, lines):
    async def trouble(wanted):
        inbox = await shop.get(f"/api/v1/inboxes/{lines.chat.id}")
        return inbox if wanted in inbox["reason"] and bool(inbox["reason"]) is bool(wanted) else None

    lines.whatsapp.judge_template("notice", "uk", "PAUSED")
    assert (await until(lambda: trouble("template notice (uk): is paused")))["state"] == "active"
    whole = msgspec.structs.replace(lines.chat.channel.config, waba_id=whatsapp.ACCOUNT_ID, template_languages="uk")
    account = await converse(type(lines.chat.channel)(whole, lines.chat.channel.inbox).check(), lines.roads)
    assert account.note == "The template is not approved in: uk (paused)."
    lines.whatsapp.user_says(MARTA, "Коли буде?")
    conversation = await lines.only()
    shop.clock.forward(hours=25)
    ways = (await shop.conversation(conversation["id"]))["channels"]
    assert "template_paused" in {way.get("reason") for way in ways}
    lines.whatsapp.judge_template("notice", "uk", "APPROVED")
    await until(lambda: trouble(""))
    await lines.receipt(conversation["id"], await shop.agent_replies(conversation["id"], "Вже є"), "sent")


async def test_the_owners_own_words_and_a_thumb_in_whatsapp(shop, lines):
    said = lines.whatsapp.user_says(MARTA, "Ви ще тут?")
    conversation = await lines.only()
    lines.whatsapp.owner_says(MARTA, "Тут!")

    async def answered():
        found = await shop.conversation(conversation["id"])
        return found["waiting_since"] is None and found["last_message"]["text"] == "Тут!"

    await until(answered)
    lines.whatsapp.user_reacts(MARTA, lines.whatsapp.chat(MARTA).messages[-1].id, "👍")
    lines.whatsapp.user_reacts(MARTA, said.id, "😂")

    async def reacted():
        found = await shop.messages(conversation["id"])
        return [[one["emoji"] for one in each["content"].get("reactions", [])] for each in found] == [["😂"], ["👍"]]

    await until(reacted)
    assert await answered(), "nobody waits for an answer to a thumb"


async def test_a_picture_comes_and_a_picture_goes(shop, lines):
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    lines.whatsapp.user_sends_file(MARTA, "image", "photo.png", "image/png", png, "Розбита чашка")
    conversation = await lines.only()

    async def fetched():
        [message] = await shop.messages(conversation["id"])
        return message["attachments"][0].get("url")

    shop.clock.forward(seconds=60)
    await until(fetched)
    file = (await shop.ask("POST", "/api/v1/files?name=new.png", body=png)).json()
    await shop.agent_replies(conversation["id"], "Ось нова", attachments=[file["id"]])
    arrived = await until(lambda: next((one for one in lines.whatsapp.chat(MARTA).messages if not one.mine), None))
    assert (arrived.kind, arrived.text, arrived.files[0].data) == ("image", "Ось нова", png)


async def test_a_missed_call_waits_and_a_talk_is_recorded(shop, lines):
    lines.zadarma.user_calls(MARTA)
    conversation = await lines.only()
    assert conversation["waiting_since"] is None
    lines.zadarma.user_hangs_up(MARTA)

    async def waits():
        return (await shop.conversation(conversation["id"]))["waiting_since"]

    await until(waits)
    lines.zadarma.user_calls(MARTA)
    lines.zadarma.shop_picks_up(MARTA)
    shop.clock.forward(seconds=64)
    lines.zadarma.user_hangs_up(MARTA)

    async def recorded():
        shop.clock.forward(seconds=60)
        said = await shop.messages(conversation["id"])
        files = [file for one in said for file in one["attachments"]]
        return said if files and files[0].get("url") else None

    said = await until(recorded)
    calls = [one["content"]["call"] for one in said if "call" in one["content"]]
    assert [one["state"] for one in calls] == ["missed", "answered"]
    assert (calls[1]["extension"], calls[1]["from"]) == ("101", MARTA)
    assert calls[1]["seconds"] >= 64


@pytest.mark.parametrize(
    ("does", "becomes", "outcome"),
    [("accept", "read", "answered"), ("decline", "failed", "busy"), ("nothing", "failed", "no_answer")],
)
async def test_the_shop_calls_and_hears_what_became_of_it(shop, lines, does, becomes, outcome):
    lines.twilio.user_texts(MARTA, "Передзвоніть, будь ласка")
    conversation = await lines.only()
    if does == "nothing":
        lines.zadarma.rings = 0
    message = await lines.call(conversation["id"])
    if does != "nothing":
        await until(lambda: lines.zadarma.line(MARTA).now)
    if does == "accept":
        lines.zadarma.user_accepts(MARTA)
        lines.zadarma.user_hangs_up(MARTA)
    elif does == "decline":
        lines.zadarma.user_declines(MARTA)
    await lines.receipt(conversation["id"], {"id": message}, becomes)
    said = await shop.message(conversation["id"], message)
    assert (said["content"]["call"]["outcome"], said.get("reason")) == (outcome, None)


async def test_one_number_is_one_person_who_texts_and_calls(shop, lines):
    lines.twilio.user_texts(MARTA, "Я зараз зателефоную")
    await lines.only()
    lines.zadarma.user_calls(MARTA)

    async def both():
        [conversation] = await shop.conversations()
        return len(await shop.messages(conversation["id"])) == 2

    await until(both)
    identity = await shop.read(contacts.identity_at, "phone", MARTA)
    assert identity is not None


@pytest.mark.parametrize(
    ("kind", "secret"), [("twilio", "auth_token"), ("whatsapp", "access_token"), ("zadarma", "secret")]
)
async def test_a_wrong_password_is_told_to_the_owner(lines, kind, secret):
    inbox = {"twilio": lines.sms, "whatsapp": lines.chat, "zadarma": lines.phone}[kind]
    right = inbox.channel.config
    assert (await converse(inbox.channel.check(), lines.roads)).name
    mistaken = type(inbox.channel)(msgspec.structs.replace(right, **{secret: "wrong"}), inbox.channel.inbox)
    with pytest.raises(NeedsOwner):
        await converse(mistaken.check(), lines.roads)


async def test_connecting_tells_the_vendors_where_the_shop_listens(shop, lines):
    hook = shop.house.directory.hook_url
    lines.twilio.hook = lines.whatsapp.hook = ""
    await converse(lines.sms.channel.connect(), lines.roads)
    whole = msgspec.structs.replace(lines.chat.channel.config, waba_id=whatsapp.ACCOUNT_ID)
    await converse(type(lines.chat.channel)(whole, lines.chat.channel.inbox).connect(), lines.roads)
    assert lines.twilio.hook == hook(lines.sms.key)
    assert lines.whatsapp.hook == hook(lines.chat.key)
