"""Telephone lines, whole: the real connectors, the emulated exchanges, the real hooks between them."""

import itertools
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner
from prilavok.channels.lines import Shift
from prilavok.flows.reply import Author, Draft, reply
from prilavok.simulator import exchanges
from prilavok.simulator.exchanges import binotel, mango, sip, twilio
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.simulator.test_lines import Roads

MARTA = "+380671234567"
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)
KINDS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "mango": (exchanges.MangoEmulator, {"api_key": mango.KEY, "salt": mango.SALT, "extension": "101"}, "salt"),
    "binotel": (
        exchanges.BinotelEmulator,
        {"key": binotel.KEY, "secret": binotel.SECRET, "extension": "101"},
        "secret",
    ),
    "sip": (
        exchanges.SipEmulator,
        {
            "secret": sip.SECRET,
            "extension": "101",
            "url": "https://vendor.test/call",
            "recordings": "https://vendor.test/rec/",
        },
        "secret",
    ),
    "twilio_voice": (
        exchanges.TwilioVoiceEmulator,
        {
            "account_sid": twilio.ACCOUNT,
            "auth_token": twilio.TOKEN,
            "number": twilio.NUMBER,
            "extension": "+380500000001",
            "record": True,
        },
        "auth_token",
    ),
}
WITH_BASE = {"mango", "binotel", "twilio_voice"}


@dataclass
class Desk:
    shop: Any
    vendor: Any
    inbox: Any
    roads: Roads

    async def talk(self) -> Any:
        [found] = await until(self.shop.conversations)
        return found

    async def call_is(self, state: str, *, files: bool = False) -> Any:
        """The last call of the shop's only conversation, once it is in this state (and its recording is here)."""
        place = await self.talk()

        async def there() -> Any:
            self.shop.clock.forward(seconds=1)
            said = [one for one in await self.shop.messages(place["id"]) if "call" in one["content"]]
            arrived = said and said[-1]["content"]["call"]["state"] == state
            return said[-1] if arrived and (not files or said[-1]["attachments"][0:1]) else None

        return await until(there)

    async def calls(self, conversation_id: str) -> str:
        agent = Author("agent", self.shop.staff["agent"].id, "Agent")
        draft = Draft("Про замовлення 7", inbox_id=self.inbox.id, content={"call": {"ring": True}})
        return str(await self.shop.house.bus.do(reply, self.shop.id, conversation_id, agent, draft))

    async def receipt(self, conversation_id: str, message_id: str, wanted: str) -> Any:
        async def there() -> Any:
            found = await self.shop.message(conversation_id, message_id)
            return found if found["receipt"] == wanted else None

        return await until(there)


@pytest.fixture(params=sorted(KINDS))
def desk(request, shop, runner):
    kind = request.param
    make, settings, _ = KINDS[kind]
    roads = Roads({"shop.test": Loopback(shop.app)})
    vendor = make(
        address="https://vendor.test",
        recording=lambda: SOUND,
        rings=100_000,
        pace=0.01,
        now=shop.clock,
        post=roads.post,
    )
    roads.houses["vendor.test"] = Loopback(vendor)
    shop.house.deliverer.network = shop.house.chores.network = roads
    base = {"api_base": "https://vendor.test"} if kind in WITH_BASE else {}
    inbox = runner.run(shop.connect(kind, **settings, **base))
    if hasattr(inbox.channel, "clock") and kind != "binotel":
        inbox.channel.clock = lambda: shop.clock().timestamp()
    vendor.hook = shop.house.directory.hook_url(inbox.key)
    yield Desk(shop, vendor, inbox, roads)
    runner.run(vendor.close())


async def test_a_call_rings_is_taken_and_is_kept_with_its_recording(desk):
    desk.vendor.user_calls(MARTA)
    ringing = await desk.call_is("ringing")
    assert ringing["content"]["call"]["from"] == MARTA
    desk.vendor.shop_picks_up(MARTA)
    await desk.call_is("answered")
    desk.shop.clock.forward(seconds=64)
    desk.vendor.user_hangs_up(MARTA)
    call = await desk.call_is("answered", files=True)

    looks = itertools.count(1)

    async def fetched():
        if next(looks) % 40 == 1:  # not while a link is being followed that is good for minutes
            desk.shop.clock.forward(seconds=60)
        last = await desk.shop.message(call["conversation_id"], call["id"])
        return last if last["attachments"][0].get("url") else None

    kept = await until(fetched)
    assert kept["content"]["call"]["seconds"] >= 64
    assert kept["attachments"][0]["url"].startswith("/files/")
    assert (await desk.talk())["waiting_since"] is None


async def test_a_call_that_nobody_takes_waits_in_the_inbox(desk):
    desk.vendor.user_calls(MARTA)
    await desk.call_is("ringing")
    desk.vendor.user_hangs_up(MARTA)
    await desk.call_is("missed")
    assert (await desk.talk())["waiting_since"] is not None


@pytest.mark.parametrize(
    ("does", "outcome"),
    [("accept", "answered"), ("decline", "busy"), ("off", "unreachable"), ("nobody at the desk", "agent_no_answer")],
)
async def test_a_click_rings_the_agent_and_then_the_customer(desk, does, outcome):
    desk.vendor.user_calls(MARTA)
    await desk.call_is("ringing")
    desk.vendor.user_hangs_up(MARTA)
    await desk.call_is("missed")
    place = await desk.talk()
    desk.vendor.at_desk = does != "nobody at the desk"
    desk.vendor.switch(MARTA, on=does != "off")
    message = await desk.calls(place["id"])
    if does in {"accept", "decline"}:
        await until(lambda: (now := desk.vendor.line(MARTA).now) is not None and now.by_shop)
        if does == "accept":
            desk.vendor.user_accepts(MARTA)
            desk.vendor.user_hangs_up(MARTA)
        else:
            desk.vendor.user_declines(MARTA)
    untold = desk.inbox.kind == "binotel" and not desk.vendor.at_desk
    told = await desk.receipt(place["id"], message, "read" if does == "accept" else "sent" if untold else "failed")
    wanted = {("twilio_voice", "off"): "failed", ("binotel", "nobody at the desk"): None}  # what they do not tell
    assert told["content"]["call"].get("outcome") == wanted.get((desk.inbox.kind, does), outcome)
    assert len(desk.vendor.requests) == 1


async def test_a_wrong_secret_is_told_to_the_owner(desk):
    right, secret = desk.inbox.channel.config, KINDS[desk.inbox.kind][2]
    kind = type(desk.inbox.channel)
    assert (await converse(kind(right, desk.inbox.channel.inbox).check(), desk.roads)).name
    if desk.inbox.kind in {"sip", "mango"}:  # nobody is asked before the first call
        desk.vendor.user_calls(MARTA)
        await desk.call_is("ringing")
        place = await desk.talk()
        wrong = sip.SECRET.replace("ZGVt", "AAAA") if secret == "secret" else "wrong"
        serving = desk.shop.house.directory.known_by_key(desk.inbox.key).channel  # the house may have opened it anew
        serving.config = msgspec.structs.replace(right, **{secret: wrong})
        if hasattr(serving, "key"):
            serving.key = b"another key of sixteen bytes"
        await desk.calls(place["id"])

        async def paused():
            return (await desk.shop.get(f"/api/v1/inboxes/{desk.inbox.id}"))["state"] == "paused"

        await until(paused)
        return
    mistaken = kind(msgspec.structs.replace(right, **{secret: "wrong"}), desk.inbox.channel.inbox)
    with pytest.raises(NeedsOwner):
        await converse(mistaken.check(), desk.roads)


@pytest.mark.parametrize("desk", ["twilio_voice"], indirect=True)
async def test_twilio_rings_one_telephone_after_the_other_in_the_order_of_duty(desk):
    order = [{"ring": "+380500000011", "seconds": 15}, {"ring": "sip:102@pbx.example"}]
    channel = desk.inbox.channel
    channel.config = msgspec.structs.replace(channel.config, duty=msgspec.convert(order, list[Shift]))
    desk.vendor.user_calls(MARTA)
    await until(lambda: desk.vendor.dialled == ["+380500000011"])
    desk.vendor.nobody_picks_up(MARTA)
    await until(lambda: len(desk.vendor.dialled) == 2)
    assert desk.vendor.dialled[-1] == "sip:102@pbx.example"
    await desk.call_is("ringing")
    desk.vendor.nobody_picks_up(MARTA)
    await desk.call_is("missed")
