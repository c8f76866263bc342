"""The telephone's own number: every gateway and every exchange of the shop behind it, and one call at a time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from prilavok.domain.errors import Conflict, NotFound
from prilavok.simulator.memory import Memory
from prilavok.simulator.sim_card import SIM_ACTIONS
from prilavok.simulator.street import Street

MARTA = SimpleNamespace(name="Марта", number="+380671234567")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Place:
    """A street that is left and come back to; `told` is what its vendors told the shop, in their words."""

    def __init__(self, folder):
        self.now = NOON
        self.told = []
        self.folder = folder
        self.open()

    def open(self):
        self.street = Street("http://127.0.0.1:9", lambda kind: f"https://shop.test/{kind}", lambda: self.now)
        for vendor in self.street.vendors.values():
            vendor.knocker.post, vendor.knocker.pace = self._hear, 0.0
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

    @property
    def state(self):
        return self.sim.state(MARTA)

    async def _hear(self, url, headers, body):
        self.told.append((url.rpartition("/")[2], {name: one[0] for name, one in parse_qs(body.decode()).items()}))
        return 200, {}, b""


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


@pytest.mark.parametrize("kind", ["zadarma", "binotel"])
async def test_either_number_of_the_shop_is_rung_and_only_one_at_a_time(place, kind):
    await place.act("call/dial", to=kind)
    shop = next(one["number"] for one in place.state["call_numbers"] if one["to"] == kind)
    assert (place.state["call"]["state"], place.state["call"]["number"]) == ("ringing", shop)
    for other in ("zadarma", "binotel"):
        with pytest.raises(Conflict):
            await place.act("call/dial", to=other)
    elsewhere = next(one for name, one in place.sim.exchanges.items() if name != kind)
    assert elsewhere.place(MARTA.number, "101", "").state == "declined"  # busy: it talks to the other one
    await place.act("call/picked-up")
    place.now += timedelta(seconds=42)
    await place.act("call/hang-up")
    assert place.state["call"] is None
    assert sorted((one["state"], one["seconds"]) for one in place.state["calls"]) == [("answered", 42), ("declined", 0)]


@pytest.mark.parametrize("kind", ["zadarma", "binotel"])
async def test_a_talk_goes_on_over_a_restart_and_both_sides_hear_its_end(place, kind):
    await place.act("call/dial", to=kind)
    await place.act("call/picked-up")
    await place.restart(minutes=2)
    assert (place.state["call"]["state"], place.told) == ("talking", [])
    place.now += timedelta(minutes=1)
    await place.act("call/hang-up")
    await place.sim.exchanges[kind].knocker.settled()
    assert [one["seconds"] for one in place.state["calls"]] == [180]
    assert "180" in str(place.told)


@pytest.mark.parametrize("kind", ["zadarma", "binotel"])
async def test_who_rang_when_the_demo_stopped_has_given_up_meanwhile(place, kind):
    await place.act("call/dial", to=kind)
    await place.restart(minutes=1)
    assert (place.state["call"], [one["state"] for one in place.state["calls"]]) == (None, ["missed"])
    assert {where for where, _ in place.told} == {kind}
    assert any("no answer" in one.values() or "NOANSWER" in one.values() for _, one in place.told)


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
