"""Orders come in: one truth from several sources, each event once, one customer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from prilavok.domain.errors import BadInput, Conflict, NotFound
from prilavok.domain.events import OccasionArose
from prilavok.domain.order import Item, News
from prilavok.domain.wishes import Call, Reading, Wishes
from prilavok.flows import heed
from prilavok.flows.reactions import REACTIONS
from prilavok.flows.take import take
from prilavok.store import contacts, preferences, tasks
from prilavok.store import orders as store
from tests.house import on_both
from tests.ordering import buyer, event, news, order, reads


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    """The occasions; nobody else answers to them here."""
    found = []
    monkeypatch.setitem(REACTIONS, OccasionArose, [lambda unit, event: found.append(event)])
    return found


@pytest.fixture
def told(shop):
    """Tells the shop something; `source` is "api" unless it is said. Comments are not understood."""
    reads(shop)

    def tell(what, source="api", **more):
        return shop.house.bus.do(take, shop.id, source, what, **more)

    return tell


async def row(shop, order_id):
    return await shop.read(store.get, order_id)


async def kinds(shop, order_id):
    return [one["kind"] for one in await shop.read(store.events_of, order_id)]


@on_both
async def test_everything_that_is_new_asks_for_a_word_once(shop, told, heard):
    placed = shop.clock.now - timedelta(hours=1)
    for _ in range(2):
        await told(news(order(at=placed, paid=True)))
    await told(news(event("shipped", placed + timedelta(minutes=5))))
    await told(news(event("shipped", placed + timedelta(minutes=9))))
    said = [(one.occasion.kind, one.first, one.occasion.by_customer) for one in heard]
    assert said == [("placed", True, True), ("paid", False, True), ("shipped", False, False)]
    assert len({one.contact_id for one in heard}) == 1


async def test_nobody_is_written_to_about_what_is_long_ago_or_only_imported(shop, told, heard):
    await told(news(order("old", at=shop.clock.now - timedelta(days=4))))
    await told(news(order("imported", at=shop.clock.now)), quiet=True)
    assert heard == []
    await told(news(event("shipped", shop.clock.now), external_id="old"))
    assert [one.occasion.kind for one in heard] == ["shipped"]


@on_both
async def test_one_order_of_two_sources_is_one_order(shop, told):
    placed = shop.clock.now - timedelta(hours=2)
    first = await told(news(order("17", at=placed, number="#1042")), source="woo")
    same_phone = await told(
        news(order("x", at=placed, number="1042", total=Decimal(1), city="Київ", buyer=buyer(name="Інша", email=""))),
        source="csv",
    )
    same_sum = await told(
        news(order("y", at=placed + timedelta(hours=20), number="1042", buyer=buyer(phone="", email=""))), source="crm"
    )
    assert (same_phone.order_id, same_phone.created) == (first.order_id, False)
    assert (same_sum.order_id, same_sum.created) == (first.order_id, False)
    whole = await row(shop, first.order_id)
    assert whole["total"] == 125000, "who told first is believed"
    assert whole["name"] == "Олена"
    assert whole["city"] == "Київ", "what was not known is filled in"
    assert await kinds(shop, first.order_id) == ["placed"]
    assert (await shop.read(store.keys_of, [first.order_id]))[first.order_id] == {"woo": "17", "csv": "x", "crm": "y"}


@on_both
async def test_orders_that_only_look_alike_stay_two(shop, told):
    placed = shop.clock.now - timedelta(days=10)
    first = await told(news(order("1", at=placed, number="5")), source="woo")
    other_id_of_the_same_source = await told(news(order("2", at=placed, number="5")), source="woo")
    somebody_else = buyer(phone="+380501112233", email="petro@example.org")
    same_sum_much_later = await told(
        news(order("3", at=placed + timedelta(days=5), number="5", buyer=somebody_else)), source="csv"
    )
    no_number = await told(news(order("4", at=placed, number="77")), source="csv")
    ids = {one.order_id for one in (first, other_id_of_the_same_source, same_sum_much_later, no_number)}
    assert len(ids) == 4


@on_both
async def test_older_news_changes_no_newer_fact(shop, told):
    placed = shop.clock.now - timedelta(hours=5)
    made = await told(news(order(at=placed)))
    newer = order(at=placed, said=placed + timedelta(hours=2), total=Decimal("900"), city="Львів", address="Площа, 1")
    older = order(at=placed, said=placed + timedelta(hours=1), total=Decimal("700"), city="Одеса", carrier="НП")
    await told(news(newer))
    await told(news(older))
    whole = await row(shop, made.order_id)
    assert (whole["total"], whole["city"], whole["address"]) == (90000, "Львів", "Площа, 1")
    assert whole["carrier"] == "НП", "a gap is filled by older news too"
    assert await kinds(shop, made.order_id) == ["placed", "changed"]
    assert (await told(news(newer))).changed is False


async def test_a_change_says_what_has_changed_and_filling_a_gap_is_none(shop, told, heard):
    placed = shop.clock.now - timedelta(hours=1)
    await told(news(order(at=placed)))
    await told(news(order(at=placed, said=placed + timedelta(minutes=1), city="Київ", address="Дім")))
    tea = (Item("Чай", 3, Decimal("625"), "tea"),)
    await told(news(order(at=placed, said=placed + timedelta(minutes=2), items=tea, total=Decimal("1875"))))
    assert [(one.occasion.kind, one.data.get("what")) for one in heard] == [
        ("placed", None),
        ("changed", ["items", "total"]),
    ]


async def test_a_second_failed_attempt_of_another_day_is_another_event(shop, told):
    noon = shop.clock.now.replace(hour=10) - timedelta(days=3)
    made = await told(news(order(at=noon)))
    for hours in (2, 3, 26):  # noon and one o'clock of one day, noon of the next
        await told(news(event("failed_attempt", noon + timedelta(hours=hours))))
    assert (await row(shop, made.order_id))["attempts"] == 2
    await told(news(event("failed_attempt", noon + timedelta(hours=27), "evening")))
    assert (await row(shop, made.order_id))["attempts"] == 3, "the source says that it was another one"


async def test_what_happened_to_an_order_that_nobody_told_of_is_not_made_up(shop, told):
    with pytest.raises(NotFound):
        await told(news(event("shipped", shop.clock.now)))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"total": Decimal("1e13")}, "total"),
        ({"total": Decimal("NaN")}, "total"),
        ({"total": Decimal("-5")}, "total"),
        ({"currency": "гривень зо дві"}, "currency"),
        ({"total": Decimal("Infinity")}, "total"),
        ({"items": (Item("x", 1, Decimal("1e30")),)}, "items"),
    ],
)
async def test_a_sum_that_is_none_is_refused_by_its_field(shop, told, fields, field):
    with pytest.raises(BadInput) as refused:
        await told(news(order(at=shop.clock.now, **fields)))
    assert refused.value.field == field
    with pytest.raises(BadInput):
        await told(news(order(at=shop.clock.now + timedelta(days=3))))


# Whose order it is


@on_both
async def test_a_customer_is_known_by_phone_however_it_is_written(shop, told):
    placed = shop.clock.now
    first = await told(news(order("1", at=placed, buyer=buyer(phone="067 123-45-67", email="", name=""))))
    second = await told(news(order("2", at=placed, buyer=buyer(phone="8 (067) 123 45 67", email="o@example.org"))))
    third = await told(news(order("3", at=placed, buyer=buyer(phone="", email="O@Example.org", name="Хтось"))))
    people = {(await row(shop, one.order_id))["contact_id"] for one in (first, second, third)}
    assert len(people) == 1
    card = await shop.read(contacts.contact, people.pop())
    assert card["name"] == "Олена", "an empty name is filled, a known one stays"
    assert card["country"] == "UA"


@on_both
async def test_when_phone_and_mail_are_two_peoples_the_phone_counts_and_nobody_is_merged(shop, told):
    placed = shop.clock.now
    by_phone = await told(news(order("1", at=placed, buyer=buyer(phone="+380671234567", email=""))))
    by_mail = await told(news(order("2", at=placed, buyer=buyer(phone="", email="petro@example.org", name="Петро"))))
    both = await told(news(order("3", at=placed, buyer=buyer(phone="+380671234567", email="petro@example.org"))))
    owners = [(await row(shop, one.order_id))["contact_id"] for one in (by_phone, by_mail, both)]
    assert owners[2] == owners[0] != owners[1]
    assert {one["address"] for one in await shop.read(contacts.identities_of, owners[1])} == {"petro@example.org"}


async def test_somebody_who_wrote_before_is_found_and_can_still_be_written_to_first(shop, told):
    mail = await shop.connect("letter", "Пошта")
    taken = await shop.customer_writes("Де чай?", who="olena@example.org", inbox=mail)
    card = (await shop.conversation(taken.conversation_id))["contact"]["id"]
    made = await told(news(order(at=shop.clock.now)))
    whole = await shop.get(f"/api/v1/orders/{made.order_id}")
    if mail.scope == "email":
        assert whole["contact"]["id"] == card
        assert whole["conversation_id"] == taken.conversation_id
    identities = await shop.read(contacts.identities_of, whole["contact"]["id"])
    never_written = [one for one in identities if one["address"] == "+380671234567"]
    assert [one["last_at"] for one in never_written] == [None]


async def test_a_phone_that_is_none_is_kept_as_typed_and_is_nobodys_address(shop, told):
    made = await told(news(order(at=shop.clock.now, buyer=buyer(phone="спитайте у Олени", email=""))))
    whole = await row(shop, made.order_id)
    assert whole["phone"] == "спитайте у Олени"
    assert await shop.read(contacts.identities_of, whole["contact_id"]) == []


async def test_the_buyer_of_a_platform_is_the_same_person_there_and_nobody_in_particular_elsewhere(shop, told):
    nobody = buyer(phone="", email="", external_id="77")
    here = [await told(news(order(name, at=shop.clock.now, buyer=nobody)), source="woo") for name in ("1", "2")]
    there = await told(news(order("3", at=shop.clock.now, buyer=nobody)), source="shopify")
    people = [(await row(shop, one.order_id))["contact_id"] for one in (*here, there)]
    assert people[0] == people[1] != people[2]


# The comment


async def test_the_end_of_a_long_comment_is_kept_for_a_person(shop, told):
    comment = "дуже гарний чайник, " * 400 + "не дзвоніть"
    made = await told(news(order(at=shop.clock.now, comment=comment)))
    assert (await row(shop, made.order_id))["comment"] == comment


@on_both
async def test_a_comment_is_read_and_what_nobody_understood_is_somebodys_task(shop, told):
    made = await told(news(order(at=shop.clock.now, comment="Код 45К, а ще привіт Олені")))
    whole = await shop.get(f"/api/v1/orders/{made.order_id}")
    assert whole["to_read"] is True
    assert whole["unread_spans"] == [{"start": 0, "end": 26}]
    assert whole["tasks"] == 1
    agent = shop.staff["agent"].id
    with pytest.raises(Conflict):
        await told(news(event("packed", shop.clock.now)), by_hand=True)
    packed = await told(news(event("packed", shop.clock.now)))
    assert packed.status == "packed", "what has happened has happened"
    assert [one["state"] for one in await shop.read(tasks.of_order, made.order_id)] == ["open"]
    await shop.house.bus.do(heed.acknowledge_comment, shop.id, made.order_id, agent)
    await shop.house.bus.do(heed.acknowledge_comment, shop.id, made.order_id, agent)
    whole = await shop.get(f"/api/v1/orders/{made.order_id}")
    assert (whole["to_read"], whole["read_by"]["id"], whole["tasks"]) == (False, agent, 0)
    await told(news(event("shipped", shop.clock.now)), by_hand=True)


@on_both
async def test_lasting_wishes_become_the_customers_and_those_of_one_delivery_do_not(shop, told):
    never = Wishes(call=Call.NEVER, preferred_channels=("telegram",), intercom="45К")
    reads(shop, Reading(wishes=never, lasting=frozenset({"call"})))
    made = await told(news(order(at=shop.clock.now, comment="ніколи не дзвоніть, цього разу пишіть у телеграм")))
    whole = await shop.get(f"/api/v1/orders/{made.order_id}")
    assert whole["call"] == "never"
    assert whole["wishes"]["intercom"] == "45К"
    assert whole["preferences"]["call"] == "never"
    assert whole["preferences"]["preferred_channels"] == []
    assert whole["preferences"]["by"] == f"comment:{made.order_id}"


async def test_a_lasting_wish_that_nobody_has_proven_is_offered_to_a_colleague_once(shop, told):
    bell = await shop.connect("bell")
    await shop.customer_writes("☎", inbox=bell, who="+380501234567")  # somebody whom we know by their number
    never = Wishes(call=Call.NEVER, preferred_channels=("telegram",))
    reads(shop, *[Reading(wishes=never, lasting=frozenset({"call"}))] * 2)
    made = [
        await told(news(order(one, at=shop.clock(), buyer=buyer(phone="+380501234567"), comment="ніколи не дзвоніть")))
        for one in ("1", "2")
    ]
    paths = [f"/api/v1/orders/{one.order_id}" for one in made]
    whole = await shop.get(paths[0])
    assert (whole["lasting"], whole["preferences"]["call"]) == ({"call": "never"}, "no_statement")
    left = (await shop.ask("POST", f"{paths[0]}/lasting", {"keep": False})).json()
    assert (left["lasting"], left["preferences"]["call"]) == ({}, "no_statement")
    kept = (await shop.ask("POST", f"{paths[1]}/lasting", {"keep": True}, role="agent")).json()
    assert (kept["lasting"], kept["preferences"]["call"]) == ({}, "never")
    assert kept["preferences"]["by"] == f"agent:{shop.staff['agent'].id}"


async def test_what_the_customer_said_later_is_not_overwritten_by_an_older_comment(shop, told):
    first = await told(news(order("1", at=shop.clock.now)))
    contact_id = (await row(shop, first.order_id))["contact_id"]

    def say(unit):
        preferences.save(unit.db, shop.id, contact_id, {"call": "required"}, by="customer", now=unit.now)

    placed = shop.clock.now - timedelta(days=1)
    await shop.house.bus.do(say)
    reads(shop, Reading(wishes=Wishes(call=Call.NEVER), lasting=frozenset({"call"})))
    await told(news(order("2", at=placed, comment="ніколи не дзвоніть")))
    assert (await shop.read(preferences.get, contact_id))["data"] == {"call": "required"}


@on_both
async def test_a_persons_word_stands_until_the_comment_changes_and_a_refusal_is_not_forgotten(shop, told):
    placed = shop.clock.now - timedelta(hours=1)
    reads(shop, Reading(wishes=Wishes(floor="3")), Reading(wishes=Wishes(floor="5")))
    made = await told(news(order(at=placed, comment="поверх 3")))
    agent = shop.staff["agent"].id
    await shop.house.bus.do(heed.set_wishes, shop.id, made.order_id, agent, {"call": "never", "floor": "4"})
    await told(news(order(at=placed, said=placed + timedelta(minutes=1), comment="поверх 3", city="Київ")))
    whole = await row(shop, made.order_id)
    assert (whole["wishes"]["floor"], whole["wishes_by"], whole["to_read"]) == ("4", f"agent:{agent}", False)
    await told(news(order(at=placed, said=placed + timedelta(minutes=2), comment="поверх 5")))
    whole = await row(shop, made.order_id)
    assert (whole["wishes"]["floor"], whole["wishes"]["call"]) == ("5", "never")
    assert (whole["wishes_by"], whole["to_read"]) == ("", True)


async def test_a_comment_that_is_gone_from_later_news_stays(shop, told):
    placed = shop.clock.now - timedelta(hours=1)
    made = await told(news(order(at=placed, comment="не дзвоніть")))
    await told(news(order(at=placed, said=placed + timedelta(minutes=5))))
    assert (await row(shop, made.order_id))["comment"] == "не дзвоніть"


async def test_a_parcel_is_found_by_its_number_and_an_order_by_its_number_when_only_one_has_it(shop, told):
    made = await told(news(order("1", at=shop.clock.now, number="1042", tracking="20450000000000")))
    other = await told(news(order("2", at=shop.clock.now, number="8", buyer=buyer(phone="", email="b@example.org"))))
    shipped = (event("shipped", shop.clock.now),)
    assert (await told(News(events=shipped, tracking="20450000000000"), source="np")).order_id == made.order_id
    assert (await told(News(events=shipped, number="#8"), source="np")).order_id == other.order_id


async def test_a_stranger_who_knows_a_telephone_number_does_not_read_along(shop):
    """Their order names another's phone and their own mailbox: the next order of that phone is not told there."""
    from prilavok.domain.facts import Occasion
    from prilavok.flows.circumstances import Circumstances, Matter

    await shop.connect("owl")
    placed = shop.clock.now - timedelta(hours=2)
    stranger = order("1", at=placed, buyer=buyer(email="stranger@example.net"))
    await shop.house.bus.do(take, shop.id, "api", news(stranger))
    own = order("2", at=placed + timedelta(hours=1), buyer=buyer(email="olena@example.org"))
    taken = await shop.house.bus.do(take, shop.id, "api", news(own, external_id="2"))

    def addresses(unit):
        row = store.get(unit.db, shop.id, taken.order_id)
        matter = Matter(row["contact_id"], row["id"], Occasion(kind="placed", at=unit.now))
        return {way.address for way in Circumstances(unit, shop.id, [matter]).facts_of(matter).ways}

    reached = await shop.house.bus.do(addresses)
    assert "olena@example.org" in reached
    assert "stranger@example.net" not in reached


async def test_a_strangers_letter_does_not_make_a_borrowed_number_theirs(shop):
    """They order with another's phone and their own mailbox, and then write from it: still nothing is told there."""
    from prilavok.domain.facts import Occasion
    from prilavok.flows.circumstances import Circumstances, Matter
    from prilavok.store import contacts

    await shop.connect("owl")
    placed = shop.clock.now - timedelta(hours=2)
    for number, mailbox in (("1", "stranger@example.net"), ("2", "olena@example.org")):
        given = news(order(number, at=placed, buyer=buyer(email=mailbox)), external_id=number)
        taken = await shop.house.bus.do(take, shop.id, "api", given)

    def addresses(unit):
        row = store.get(unit.db, shop.id, taken.order_id)
        known = contacts.identities_of(unit.db, shop.id, row["contact_id"])
        [wrote] = [one for one in known if one["address"] == "stranger@example.net"]
        contacts.save_numbers(unit.db, [(shop.id, wrote["id"], 1, unit.now, "")])
        matter = Matter(row["contact_id"], row["id"], Occasion(kind="placed", at=unit.now))
        return {way.address for way in Circumstances(unit, shop.id, [matter]).facts_of(matter).ways}

    reached = await shop.house.bus.do(addresses)
    assert "olena@example.org" in reached
    assert "stranger@example.net" not in reached


async def test_what_is_nested_without_end_does_not_hide_the_order_it_came_with(shop, told):
    deep = {}
    for _ in range(900):
        deep = {"a": deep}
    messengers = {f"kind{number}": "x" for number in range(5000)}
    made = await told(news(order("1", at=shop.clock.now, context=deep, buyer=buyer(messengers=messengers))))
    row = await shop.read(store.get, made.order_id)
    assert set(row["context"]) == {"messengers"}
    assert len(row["context"]["messengers"]) == 20
    await told(News(events=(event("shipped", shop.clock.now, **deep),), external_id="1"))
    assert (await shop.read(store.get, made.order_id))["status"] == "shipped"
