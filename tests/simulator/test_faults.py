"""What goes wrong at a vendor, held against every one of vendors.py: one message, the right error, honest ticks."""

import random
from typing import Any

import pytest

from prilavok.domain.receipt import Receipt
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.simulator.vendors import VENDORS

MARTA = "+380671234567"
NOTHING_DONE = [Fault.TOO_MANY, Fault.BROKEN]
DONE_IN_VAIN = [Fault.DONE_BUT_CUT, Fault.DONE_BUT_SILENT]


@pytest.fixture(params=sorted(VENDORS))
def street(shop: Any, runner: Any, request: pytest.FixtureRequest) -> Any:
    made = runner.run(VENDORS[request.param].open(shop, request.param))
    about = VENDORS[request.param]
    made.write = getattr(made.vendor, about.write)
    made.bubbles = lambda person: about.bubbles(made.vendor, person)
    yield made
    runner.run(made.vendor.close())


async def settled(street: Any, conversation: Any, message: Any) -> Any:
    """The message once its fate is known, while time passes for whoever waits."""

    async def known() -> Any:
        street.shop.clock.forward(seconds=5)
        found = await street.shop.message(conversation["id"], message["id"])
        perhaps = await street.shop.outbox("perhaps")
        return (found, perhaps) if perhaps or found["receipt"] != "accepted" else None

    return await until(known)


def shown(street: Any, text: str) -> list[Any]:
    """Where the customer reads; only the shop says these words."""
    return [one for one in street.bubbles(MARTA) if one.text == text]


@pytest.mark.parametrize("fault", NOTHING_DONE)
async def test_what_was_refused_goes_out_once_when_the_vendor_is_well_again(shop: Any, street: Any, fault: Any) -> None:
    street.write(MARTA, "Де моє замовлення?")
    conversation = await street.only()
    street.vendor.fail(fault, seconds=1)
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    found, perhaps = await settled(street, conversation, message)
    if perhaps:  # an answer of 5xx does not say that nothing was done
        assert fault is Fault.BROKEN
        assert not street.inbox.capabilities.deduplicates
        assert not shown(street, "Вже їде.")
    else:
        assert Receipt(found["receipt"]) is not Receipt.FAILED
        assert len(shown(street, "Вже їде.")) == 1


@pytest.mark.parametrize("fault", DONE_IN_VAIN)
async def test_what_was_done_without_an_answer_is_never_said_twice(shop: Any, street: Any, fault: Any) -> None:
    street.write(MARTA, "Де моє замовлення?")
    conversation = await street.only()
    street.vendor.fail(fault)
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    _, perhaps = await settled(street, conversation, message)
    assert len(shown(street, "Вже їде.")) == 1
    assert not (perhaps and street.inbox.capabilities.deduplicates), "a vendor that drops repeats leaves no doubt"


async def test_deliveries_that_come_twice_and_in_any_order_make_one_message_each(shop: Any, street: Any) -> None:
    street.write(MARTA, "перше")
    conversation = await street.only()
    street.vendor.knocker.hold()
    for text in ("друге", "третє"):
        street.write(MARTA, text)
    street.vendor.knocker.release(shuffled=random.Random(7), twice=True)
    await street.vendor.knocker.settled()
    for text in ("друге", "третє"):
        await street.said(conversation["id"], text)
    texts = [one["text"] for one in await shop.messages(conversation["id"])]
    assert sorted(text for text in texts if text) == ["друге", "перше", "третє"]


async def test_receipts_that_are_late_or_doubled_only_climb(shop: Any, street: Any) -> None:
    street.write(MARTA, "Де моє замовлення?")
    conversation = await street.only()
    street.vendor.knocker.hold()
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    await street.receipt(conversation["id"], message, "sent")
    assert shown(street, "Вже їде.")
    if hasattr(street.vendor, "look"):
        street.vendor.look(MARTA, open=True)
    street.vendor.knocker.release(shuffled=random.Random(3), twice=True)
    await street.vendor.knocker.settled()
    told = street.inbox.capabilities.receipts
    highest = next(one for one in ("read", "delivered", "sent") if one in told)
    assert (await street.receipt(conversation["id"], message, highest))["receipt"] == highest
