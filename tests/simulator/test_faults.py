"""What goes wrong at a vendor, held against every one of vendors.py: one message, the right error, honest ticks."""

import random
from types import SimpleNamespace
from typing import Any

import pytest

from prilavok.app import all_channels
from prilavok.channels.google_business import GoogleBusiness
from prilavok.channels.market import Marketplace
from prilavok.domain.receipt import Receipt
from prilavok.simulator.telegram import Fault
from prilavok.simulator.telegram.faults import Trouble
from prilavok.worker.pace import Pace
from tests.asking import until
from tests.simulator.vendors import EXEMPT, VENDORS

NOTHING_DONE = [Fault.TOO_MANY, Fault.BROKEN]
DONE_IN_VAIN = [Fault.DONE_BUT_CUT, Fault.DONE_BUT_SILENT]
KNOCKING = sorted(kind for kind, about in VENDORS.items() if about.knocks)


@pytest.fixture
def street(shop: Any, runner: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> Any:
    for asked in (Marketplace, GoogleBusiness):
        monkeypatch.setattr(asked, "every", 0.1)
    monkeypatch.setattr(Pace, "wait", lambda *_: 0.0)  # a vendor's patience is counted in true seconds
    made = runner.run(VENDORS[kind].open(shop, kind))
    yield made
    runner.run(made.vendor.close())


every = pytest.mark.parametrize("kind", sorted(VENDORS))
knocking = pytest.mark.parametrize("kind", KNOCKING)


def test_every_channel_is_held_against_faults_or_says_why_not() -> None:
    assert set(VENDORS) | set(EXEMPT) == set(all_channels())
    assert not set(VENDORS) & set(EXEMPT)


async def doubted(street: Any, message: Any) -> list[Any]:
    """Whether a person is asked about the message, while time passes for whoever waits."""
    street.shop.clock.forward(seconds=5)
    return [one for one in await street.shop.outbox("perhaps") if one["message"]["id"] == message["id"]]


async def settled(street: Any, conversation: str, message: Any) -> Any:
    """The message once its fate is known, and whether a person is asked."""

    async def known() -> Any:
        found = await street.shop.message(conversation, message["id"])
        perhaps = await doubted(street, message)
        return (found, perhaps) if perhaps or found["receipt"] != "accepted" else None

    return await until(known)


@every
async def test_what_was_refused_goes_out_once_when_the_vendor_is_well_again(shop: Any, street: Any) -> None:
    for fault in NOTHING_DONE:
        conversation = await street.begin(f"Де моє замовлення? ({fault})")
        street.vendor.fail(fault, seconds=30)
        message = await street.answer(conversation, f"Вже їде: {fault}.")
        found, perhaps = await settled(street, conversation, message)
        if perhaps:  # an answer of 5xx does not say that nothing was done
            assert fault is Fault.BROKEN
            assert not street.inbox.capabilities.deduplicates
            assert not street.reads(f"Вже їде: {fault}.")
        else:
            assert Receipt(found["receipt"]) is not Receipt.FAILED
            assert street.reads(f"Вже їде: {fault}.") == 1


@every
async def test_what_was_done_without_an_answer_is_never_said_twice(shop: Any, street: Any) -> None:
    for fault in DONE_IN_VAIN:
        conversation = await street.begin(f"Де моє замовлення? ({fault})")
        street.vendor.fail(fault, seconds=0)
        message = await street.answer(conversation, f"Вже їде: {fault}.")
        _, perhaps = await settled(street, conversation, message)
        assert street.reads(f"Вже їде: {fault}.") == 1, fault
        assert not (perhaps and street.inbox.capabilities.deduplicates), "a vendor that drops repeats leaves no doubt"


@pytest.mark.parametrize("kind", ["ozon", "rozetka", "viber", "whatsapp", "yandex_market"])
async def test_words_are_not_said_again_because_the_file_behind_them_failed(
    shop: Any, street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await street.begin("Де моє замовлення?")
    files = [(await shop.ask("POST", f"/api/v1/files?name={n}.bin", body=b"\0\1" * 9)).json()["id"] for n in (1, 2)]
    fates = iter([None, Trouble(Fault.BROKEN)])
    monkeypatch.setattr(street.vendor, "_troubles", SimpleNamespace(next=lambda _: next(fates, None)))
    message = await street.answer(conversation, "Вже їде.", attachments=files)
    assert await until(lambda: doubted(street, message)), "the words may be receipted long before the file fails"
    await street.vendor.knocker.settled()
    assert await doubted(street, message), "that the words have arrived says nothing about the file"
    assert street.reads("Вже їде.") == 1


@knocking
async def test_deliveries_that_come_twice_and_in_any_order_make_one_message_each(shop: Any, street: Any) -> None:
    conversation = await street.begin("перше")
    street.vendor.knocker.hold()
    for text in ("друге", "третє"):
        await street.write(text)
    street.vendor.knocker.release(shuffled=random.Random(7), twice=True)
    await street.vendor.knocker.settled()
    for text in ("друге", "третє"):
        await street.said(conversation, text)
    texts = [one["text"] for one in await shop.messages(conversation)]
    assert sorted(text for text in texts if text) == ["друге", "перше", "третє"]


@knocking
async def test_receipts_that_are_late_or_doubled_only_climb(shop: Any, street: Any) -> None:
    conversation = await street.begin("Де моє замовлення?")
    street.vendor.knocker.hold()
    message = await street.answer(conversation, "Вже їде.")
    await street.receipt(conversation, message, "sent")
    assert street.reads("Вже їде.")
    if hasattr(street.vendor, "look"):
        street.vendor.look("+380671234567", open=True)
    street.vendor.knocker.release(shuffled=random.Random(3), twice=True)
    await street.vendor.knocker.settled()
    told = street.inbox.capabilities.receipts
    highest = next(one for one in ("read", "delivered", "sent") if one in told)
    assert (await street.receipt(conversation, message, highest))["receipt"] == highest


@knocking
async def test_a_receipt_that_is_quicker_than_the_vendors_own_answer_is_not_lost(
    shop: Any, street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await street.begin("Де моє замовлення?")
    carried_out = street.vendor._carry_out

    async def dawdle(*asked: Any, **more: Any) -> Any:
        response = await carried_out(*asked, **more)
        await street.vendor.knocker.settled()
        return response

    monkeypatch.setattr(street.vendor, "_carry_out", dawdle)
    message = await street.answer(conversation, "Вже їде.")

    told = street.inbox.capabilities.receipts
    highest = next(one for one in ("delivered", "sent") if one in told)

    async def there() -> bool:
        shop.clock.forward(seconds=0.5)
        return bool((await shop.message(conversation, message["id"]))["receipt"] == highest)

    assert await until(there)
