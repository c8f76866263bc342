import re
import struct
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.domain.conversation import Status
from prilavok.domain.message import AuthorKind, Kind
from prilavok.domain.receipt import Receipt
from prilavok.simulator.dialogue import talk
from prilavok.simulator.history import AGENTS, INBOXES, make_history
from prilavok.simulator.people import people
from prilavok.simulator.pictures import PAINTERS, picture
from prilavok.simulator.script import LANGUAGES, scripts
from prilavok.simulator.seeds import ConversationSeed, History, MessageSeed
from prilavok.simulator.vocabulary import WARES

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SHOP = ZoneInfo("Europe/Kyiv")
LEFT_OVER = re.compile(r"[{}\[\]|]|//| [,.!?](?!\w)|  ")
CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
FOREIGN = {"ru": re.compile(r"[іїєґ]", re.IGNORECASE), "uk": re.compile(r"[ыэёъ]", re.IGNORECASE), "en": CYRILLIC}


@pytest.fixture(scope="module")
def year() -> History:
    return make_history(7, NOW)


def spoken(history: History) -> list[tuple[ConversationSeed, MessageSeed]]:
    return [(one, said) for one in history.conversations for said in one.messages if said.kind is not Kind.EVENT]


def open_hours(at: datetime) -> bool:
    local = at.astimezone(SHOP)
    return 9 <= local.hour < 20 if local.weekday() < 5 else 11 <= local.hour < 17


def test_the_same_seed_tells_the_same_year_and_another_seed_another(year):
    assert make_history(7, NOW) == year
    assert make_history(8, NOW, 50, 100) != make_history(9, NOW, 50, 100)


def test_the_demo_has_the_people_and_talks_that_a_shop_has(year):
    assert (len(year.agents), year.agents[0].email, year.agents[0].role) == (3, "owner@example.com", "owner")
    assert {one.channel for one in year.inboxes} == {"webchat", "email", "telegram"}
    assert (len(year.contacts), len(year.conversations)) == (400, 2000)
    assert [one.number for one in year.conversations] == list(range(1, 2001))
    languages = Counter(one.language for one in year.contacts)
    assert all(languages[code] > 50 for code in LANGUAGES)
    several = sum(len(one.identities) > 1 for one in year.contacts)
    assert 0.4 < several / len(year.contacts) < 0.8
    assert min(Counter(one.inbox for one in year.conversations).values()) > 300


def test_about_twenty_five_matters_are_open_and_twelve_customers_wait(year):
    states = Counter(one.status for one in year.conversations)
    assert (states[Status.OPEN], states[Status.SNOOZED]) == (25, 10)
    waiting = [one for one in year.conversations if one.waiting_since]
    ages = sorted((NOW - one.waiting_since).total_seconds() / 60 for one in waiting)
    assert len(waiting) == 12
    assert ages[0] < 15
    assert ages[-1] > 20 * 60
    assert all(one.status is Status.OPEN and one.messages[-1].direction == "inbound" for one in waiting)
    assert all(one.snoozed_until > NOW for one in year.conversations if one.status is Status.SNOOZED)
    assert any(one.assignee is None for one in waiting)
    assert any(one.unread for one in waiting)
    assert not any(one.unread for one in year.conversations if one.status is Status.CLOSED)


def test_every_message_has_its_place_in_time_and_a_receipt_only_climbs(year):
    for one in year.conversations:
        times = [said.at for said in one.messages]
        assert times == sorted(times)
        assert times[-1] <= NOW
        for said in one.messages:
            climbs = [said.times[what] for what in ("sent", "delivered", "read") if what in said.times]
            assert climbs == sorted(climbs)
            assert all(said.at <= at <= NOW for at in said.times.values())
            assert (said.receipt is not None) == (said.kind is Kind.REPLY)


def test_every_key_points_to_somebody(year):
    contacts = {one.key: one for one in year.contacts}
    agents, inboxes = {one.key for one in year.agents}, {one.key for one in year.inboxes}
    for one in year.conversations:
        identities = {identity.inbox for identity in contacts[one.contact].identities}
        assert one.assignee is None or one.assignee in agents
        assert one.inbox in inboxes & identities
        for said in one.messages:
            known = {AuthorKind.CONTACT: {one.contact}, AuthorKind.AGENT: agents, AuthorKind.SYSTEM: {""}}
            assert said.author in known[said.author_kind]
            assert said.inbox in identities
    addresses = [(one.inbox, one.address) for contact in year.contacts for one in contact.identities]
    assert len(addresses) == len(set(addresses))


def test_nights_are_answered_in_the_morning_and_weekends_more_slowly(year):
    waits: dict[bool, list[float]] = {True: [], False: []}
    night = []
    for one in year.conversations:
        if one.status is not Status.CLOSED or one.inbox != "webchat":
            continue
        for asked, answer in pairwise(one.messages):
            if asked.kind is Kind.MESSAGE and answer.kind is Kind.REPLY and answer.inbox == "webchat":
                minutes = (answer.at - asked.at).total_seconds() / 60
                local = asked.at.astimezone(SHOP)
                if open_hours(asked.at):
                    waits[local.weekday() < 5].append(minutes)
                elif local.hour >= 22 or local.hour < 6:
                    night.append(minutes)
    assert median(waits[True]) < 8
    assert median(waits[False]) > 1.5 * median(waits[True])
    assert min(night) > 60


def test_mail_has_subjects_and_quotes_and_the_chat_knows_who_has_read(year):
    letters = [said for one, said in spoken(year) if said.inbox == "email" and said.kind is not Kind.NOTE]
    assert all(said.subject for said in letters)
    assert sum(bool(said.folded) for said in letters) > len(letters) / 3
    replies = [said for _, said in spoken(year) if said.kind is Kind.REPLY]
    read = Counter((said.inbox, said.receipt) for said in replies)
    assert read["webchat", Receipt.READ] > 500
    assert read["webchat", Receipt.DELIVERED] > 20
    assert read["telegram", Receipt.READ] == 0


def test_the_rare_things_happen_too(year):
    everything = [said for _, said in spoken(year)]
    assert sum(said.kind is Kind.NOTE for said in everything) > 100
    assert sum(bool(said.attachments) for said in everything) > 30
    edited = [said for said in everything if said.edited_at]
    assert len(edited) > 20
    assert all(said.original_text and said.edited_at > said.at for said in edited)
    failed = {said.inbox: said.reason for said in everything if said.receipt is Receipt.FAILED}
    assert set(failed) == {"email", "telegram"}
    dead = [one for contact in year.contacts for one in contact.identities if not one.reachable]
    assert {one.inbox: one.reason for one in dead} == failed
    moved = [one for one in year.conversations if len({said.inbox for said in one.messages}) > 1]
    assert len(moved) > 10
    lines = [said.content["event"] for one in moved for said in one.messages if said.author_kind is AuthorKind.SYSTEM]
    assert all(line == {"what": "went_on", "inbox": "@kardamon_bot", "channel": "telegram"} for line in lines)
    assert sum("utm" in one.context for one in year.conversations) > 100
    assert sum("page" in one.context for one in year.conversations) > 400


def test_no_gap_is_left_and_every_letter_fits_the_language(year):
    languages = {one.key: one.language for one in year.contacts}
    for one, said in spoken(year):
        assert said.text.strip() == said.text != ""
        assert not LEFT_OVER.search(said.text), said.text
        written = said.text.replace("Оксана", "") if languages[one.contact] == "en" else said.text
        assert not FOREIGN[languages[one.contact]].search(written), said.text


def test_two_thousand_conversations_do_not_look_copied(year):
    first = [next(said.text for said in one.messages if said.kind is not Kind.EVENT) for one in year.conversations]
    whole = [tuple(said.text for said in one.messages) for one in year.conversations]
    assert len(set(first)) > 0.6 * len(first)
    assert len(set(whole)) > 0.99 * len(whole)
    assert max(Counter(one.topic for one in year.conversations).values()) < 200
    own = Counter((one.contact, one.key) for one in year.conversations)
    assert max(own.values()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_sixty_scripts(language):
    found = scripts(language)
    assert len(found) >= 60
    assert len({tuple(line.text for line in one.lines) for one in found}) == len(found)
    assert all(one.lines and one.weight > 0 for one in found)
    assert all(line.who in "<>!" for one in found for line in one.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_script_can_be_told_by_everybody(language):
    rng = Random(3)
    tellers = [one for one in people(rng, 120) if one.language == language and one.first][:6]
    for script in scripts(language):
        for person in tellers:
            for channel in ("webchat", "email"):
                told = talk(rng, script, person, channel, NOW, at_once=False)
                assert all(turn.text and not LEFT_OVER.search(turn.text) for turn in told.turns), script.name


def test_wares_are_the_same_in_every_language():
    assert len({tuple((ware.slug, ware.kind, ware.price) for ware in WARES[code]) for code in LANGUAGES}) == 1


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    at=st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC)),
    contacts=st.integers(1, 60),
    conversations=st.integers(0, 150),
)
def test_any_size_and_any_day_make_a_sound_history(seed, at, contacts, conversations):
    history = make_history(seed, at, contacts, conversations)
    assert len(history.contacts) == contacts
    assert len(history.conversations) == conversations
    for one in history.conversations:
        assert at - timedelta(days=400) < one.created_at <= one.last_at <= at
        assert one.messages[0].at == one.created_at
        assert 0 <= one.seen <= len(one.messages)


@pytest.mark.parametrize("what", PAINTERS)
def test_photographs_are_sound_png_files(what):
    data = picture(what)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT") + 4
    length = struct.unpack(">I", data[start - 8 : start - 4])[0]
    assert len(zlib.decompress(data[start : start + length])) == height * (width * 3 + 1)


def test_the_owner_comes_first_and_every_inbox_has_its_own_kind():
    assert [one.role for one in AGENTS] == ["owner", "admin", "agent"]
    assert len({one.channel for one in INBOXES}) == len(INBOXES)
