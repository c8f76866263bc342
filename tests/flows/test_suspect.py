"""One person over many channels: on proof they are one, on a guess a colleague is asked."""

import pytest

from prilavok.domain.hints import hints_in
from prilavok.flows.take import take
from prilavok.store import contacts, preferences
from tests.house import on_both
from tests.ordering import buyer, news, order

PHONE, EMAIL = "+380671234567", "olena@example.org"
PROVEN = {"verified": True}


@pytest.fixture
def mail(shop):
    return shop.run(shop.connect("owl", "пошта"))


async def card(shop, taken):
    return (await shop.conversation(taken.conversation_id))["contact"]


def why(contact):
    return [[one["why"] for one in like["because"]] for like in contact["resembles"]]


async def ordered(shop, external_id="1042", **of_the_buyer):
    person = buyer(**{"phone": PHONE, "email": EMAIL, "messengers": {}, **of_the_buyer})
    given = order(external_id, at=shop.clock(), buyer=person)
    return await shop.house.bus.do(take, shop.id, "api", news(given, external_id=external_id))


@on_both
async def test_the_same_proven_email_in_two_channels_is_one_person(shop, mail):
    first = await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    second = await shop.customer_writes("Я ввійшла в кабінет", who="visitor", sender={**PROVEN, "email": EMAIL})
    one, other = await card(shop, first), await card(shop, second)
    assert one["id"] == other["id"]
    assert [joined["by"] for joined in one["joined"]] == ["email"]


@on_both
async def test_an_address_that_was_only_typed_is_a_suggestion(shop, mail):
    await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    second = await shop.customer_writes("Привіт", who="visitor", sender={"email": EMAIL})
    third = await shop.customer_writes(f"Моя пошта {EMAIL.upper()}", who="another")
    assert why(await card(shop, second)) == [["email"]]
    assert why(await card(shop, third)) == [["email"]]


@on_both
async def test_a_dismissed_suggestion_does_not_come_back(shop, mail):
    await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    taken = await shop.customer_writes(f"Пишіть на {EMAIL}", who="visitor")
    [like] = (await card(shop, taken))["resembles"]
    assert (await shop.ask("POST", f"/api/v1/resemblances/{like['id']}/dismiss")).status == 204
    await shop.customer_writes(f"Ще раз: {EMAIL}", who="visitor")
    assert (await card(shop, taken))["resembles"] == []


@on_both
async def test_an_accepted_suggestion_is_undone_and_not_asked_again(shop, mail):
    letter = await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    taken = await shop.customer_writes(f"Пишіть на {EMAIL}", who="visitor")
    [like] = (await card(shop, taken))["resembles"]
    merged = (await shop.ask("POST", f"/api/v1/resemblances/{like['id']}/accept")).json()
    assert (await card(shop, letter))["id"] == (await card(shop, taken))["id"] == merged["contact"]["id"]
    assert (await shop.ask("POST", f"/api/v1/merges/{merged['id']}/undo")).status == 200
    assert (await card(shop, letter))["id"] != (await card(shop, taken))["id"]
    await shop.customer_writes("Я ввійшла", who="visitor", sender={**PROVEN, "email": EMAIL})
    assert (await card(shop, letter))["id"] != (await card(shop, taken))["id"]


async def test_whom_a_colleague_holds_for_two_no_proof_joins_even_through_a_third(shop, mail):
    letter = await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    anna = await shop.customer_writes(f"Пишіть на {EMAIL}", who="anna")
    [like] = (await card(shop, anna))["resembles"]
    await shop.ask("POST", f"/api/v1/resemblances/{like['id']}/dismiss")
    third = await shop.customer_writes("Я з роботи", who="third")
    one, other = (await card(shop, third))["id"], (await card(shop, anna))["id"]
    await shop.ask("POST", f"/api/v1/contacts/{one}/merge", {"other_id": other})
    await shop.customer_writes("Я ввійшла", who="third", sender={**PROVEN, "email": EMAIL})
    assert (await card(shop, third))["id"] != (await card(shop, letter))["id"]


@on_both
async def test_the_number_of_an_order_is_a_hint_and_no_proof(shop):
    await ordered(shop)
    taken = await shop.customer_writes("Де моє замовлення №1042?", who="visitor")
    assert why(await card(shop, taken)) == [["order"]]


@on_both
async def test_of_many_who_write_at_once_each_is_compared_with_whom_they_name(shop, mail):
    await shop.customer_writes("Лист", who=EMAIL, inbox=mail, sender=PROVEN)
    await ordered(shop)
    words = {"one": "Де моє замовлення №1042?", "two": f"Моя пошта {EMAIL}", "three": "Номера 1099 немає"}
    said = [
        ("Received", {"provider_id": who, "at": shop.clock(), "text": text, "sender": {"address": who}})
        for who, text in words.items()
    ]
    taken = await shop.vendor_says(*said)
    assert [why(await card(shop, one)) for one in taken] == [[["order"]], [["email"]], []]


@on_both
async def test_a_strangers_letter_does_not_join_the_person_whose_number_they_typed(shop, mail):
    """Anybody may order with their own mailbox and somebody else's telephone."""
    talk = await shop.customer_writes("Це мій чат", who="olena", sender={**PROVEN, "phone": PHONE})
    await ordered(shop, email="stranger@example.org")
    letter = await shop.customer_writes("Хто це?", who="stranger@example.org", inbox=mail)
    olena, stranger = await card(shop, talk), await card(shop, letter)
    assert olena["id"] != stranger["id"]
    assert "stranger@example.org" not in [one["address"] for one in olena["identities"]]
    assert why(stranger) == [["named"]]


@on_both
async def test_what_an_order_asks_for_good_is_not_kept_for_somebody_who_did_not_say_it(shop):
    talk = await shop.customer_writes("Це мій чат", who="olena", sender={**PROVEN, "phone": PHONE})
    await ordered(shop, email="")
    person = (await card(shop, talk))["id"]
    assert await shop.read(preferences.get, person) is None
    assert (await shop.read(contacts.identity_at, "phone", PHONE))["contact_id"] == person


def test_a_message_is_looked_through_for_what_may_tell_who_wrote_it():
    said = hints_in("Замовлення № 1042, телефон +38 (067) 123-45-67, пошта Olena@Example.org")
    assert said == (("email", "olena@example.org"), ("phone", "+38 (067) 123-45-67"), ("order", "1042"))
    assert hints_in("Добрий день! Скільки коштує лампа за 1042 грн?") == ()
