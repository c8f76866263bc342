"""The telephone's own number: every gateway and every exchange of the shop behind it, and one call at a time."""

from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from urllib.parse import unquote_plus

import pytest

from prilavok.domain.errors import Conflict, NotFound
from prilavok.simulator.beyond import calls
from prilavok.simulator.exchanges import Exchange
from prilavok.simulator.memory import Memory
from prilavok.simulator.sim_card import SIM_ACTIONS
from prilavok.simulator.street import LINES, Street
from tests.asking import until

MARTA = SimpleNamespace(name="Марта", number="+380671234567")
KINDS = ("zadarma", "binotel", "mango", "asterisk", "sip", "twilio_voice")
every_exchange = pytest.mark.parametrize("kind", KINDS)
TELL_NO_LENGTH = {"mango", "asterisk", "sip"}  # they tell when it began and when it was over
OVER = {  # the word that nobody picked up
    "zadarma": "no answer",
    "binotel": "NOANSWER",
    "mango": '"entry_result": 0',
    "asterisk": "ChannelDestroyed",
    "sip": '"hangup"',
    "twilio_voice": "no-answer",
}
LEG = 'statusCallback="https://shop.test/leg"'
DIAL = f'<Dial action="https://shop.test/next"><Number {LEG}>+380500000001</Number></Dial>'
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Place:
    """A street that is left and come back to; `told` is what its vendors told the shop, in their words."""

    def __init__(self, folder):
        self.now = NOON
        self.told = []
        self.folder = folder
        self.open()

    def open(self):
        lines = (*LINES, *calls.LINES)
        self.street = Street("http://127.0.0.1:9", lambda kind: f"https://shop.test/{kind}", lambda: self.now, lines)
        for kind, vendor in self.street.vendors.items():
            vendor.knocker.post = partial(self._hear, kind)
            vendor.knocker.pace = 1.0 if isinstance(vendor, Exchange) else 0.0  # a telephone rings on meanwhile
        self.street.vendors["asterisk"].sockets.add(self)
        self.memory = Memory(self.folder, self.street.vendors)
        self.memory.recall()
        self.sim = self.street.sim_card()

    async def restart(self, **later):
        """The demo stops; `later` it is started again, and everything that was due has been done."""
        async with self.memory.kept():
            await self.street.close()
        self.now += timedelta(**later)
        self.told.clear()
        self.open()
        async with self.memory.kept():
            for vendor in (*self.sim.exchanges.values(), *self.sim.texts.values()):
                await vendor.knocker.settled()

    async def act(self, action, **wish):
        await self.sim.act(MARTA, action, SIM_ACTIONS[action][0](**wish))

    async def ring(self, kind):
        await self.act("call/dial", to=kind)
        if kind == "twilio_voice":
            await until(lambda: self.sim.exchanges[kind].dials)  # it has asked whom to ring

    @property
    def state(self):
        return self.sim.state(MARTA)

    async def send_text(self, event):
        """Asterisk has a wire of its own to the shop."""
        self.told.append(("asterisk", event))

    async def _hear(self, kind, url, headers, body):
        self.told.append((kind, unquote_plus(body.decode())))
        return 200, {}, f"<Response>{DIAL}</Response>".encode()


@pytest.fixture
def place(runner, tmp_path):
    made = Place(tmp_path)
    yield made
    runner.run(made.street.close())


async def test_each_sender_has_a_thread_and_only_a_number_can_be_answered(place):
    turbosms = place.sim.texts["turbosms"]
    turbosms._hand_over("380671234567", "t1", "Вже їде.")
    await turbosms.knocker.settled()
    await place.act("sms/say", text="Дякую")
    shown = [(one["sender"], one["hears"], [said["text"] for said in one["messages"]]) for one in place.state["sms"]]
    assert shown == [("+1 500-555-0006", True, ["Дякую"]), ("Kardamon", False, ["Вже їде."])]
    with pytest.raises(NotFound):
        await place.act("sms/say", text="Дякую", to="turbosms")


@every_exchange
async def test_either_number_of_the_shop_is_rung_and_only_one_at_a_time(place, kind):
    await place.act("call/dial", to=kind)
    shop = next(one["number"] for one in place.state["call_numbers"] if one["to"] == kind)
    assert (place.state["call"]["state"], place.state["call"]["number"]) == ("ringing", shop)
    for other in KINDS:
        with pytest.raises(Conflict):
            await place.act("call/dial", to=other)
    elsewhere = place.sim.exchanges["binotel" if kind == "zadarma" else "zadarma"]
    assert elsewhere.place(MARTA.number, "101", "").state == "declined"  # busy: it talks to the other one
    await place.act("call/picked-up")
    place.now += timedelta(seconds=42)
    await place.act("call/hang-up")
    assert place.state["call"] is None
    assert sorted((one["state"], one["seconds"]) for one in place.state["calls"]) == [("answered", 42), ("declined", 0)]


@every_exchange
async def test_a_talk_goes_on_over_a_restart_and_both_sides_hear_its_end(place, kind):
    await place.ring(kind)
    await place.act("call/picked-up")
    await place.restart(minutes=2)
    assert (place.state["call"]["state"], place.told) == ("talking", [])
    place.now += timedelta(minutes=1)
    await place.act("call/hang-up")
    await place.sim.exchanges[kind].knocker.settled()
    assert [one["seconds"] for one in place.state["calls"]] == [180]
    if kind not in TELL_NO_LENGTH:
        assert "180" in str(place.told)


@every_exchange
async def test_who_rang_when_the_demo_stopped_has_given_up_meanwhile(place, kind):
    await place.ring(kind)
    await place.restart(minutes=1)
    assert (place.state["call"], [one["state"] for one in place.state["calls"]]) == (None, ["missed"])
    assert {where for where, _ in place.told} == {kind}
    assert any(OVER[kind] in one for _, one in place.told)


async def test_nobody_talks_through_the_night_because_the_demo_was_off(place):
    await place.act("call/dial")
    await place.act("call/picked-up")
    await place.restart(hours=14)
    assert [(one["state"], one["seconds"]) for one in place.state["calls"]] == [("answered", 3600)]


async def test_a_text_on_its_way_arrives_after_a_restart(place):
    turbosms = place.sim.texts["turbosms"]
    turbosms.switch(MARTA.number, on=True)
    turbosms._hand_over("380671234567", "t1", "Вже їде.")
    await place.restart(minutes=1)
    assert [one["text"] for one in place.state["sms"][1]["messages"]] == ["Вже їде."]


async def test_the_colleague_who_is_away_picks_up_at_no_exchange(place):
    assert place.state["colleague"]
    await place.act("call/colleague", on=False)
    assert not place.state["colleague"]
    sip = place.sim.exchanges["sip"]
    sip.rings_soon(MARTA.number, "101", "a call of ours")
    assert sip.line(MARTA.number).calls == []
    await until(lambda: any("agent_no_answer" in said for kind, said in place.told if kind == "sip"))
