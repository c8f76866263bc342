"""Hanging inboxes keep the places they have, and no others."""

from itertools import count
from types import SimpleNamespace

import pytest

from prilavok.channels.api import ApiConfig
from prilavok.flows.directory import Served
from prilavok.worker.places import AT_ONCE, CROWDED, IN_ALL, PER_VENDOR, SLOW, WAYWARD, Places

NUMBERS = count()


def inbox(vendor="", parallel=4):
    number = next(NUMBERS)
    return SimpleNamespace(
        id=f"i{number}", vendor=vendor or f"v{number}", capabilities=SimpleNamespace(parallel=parallel)
    )


@pytest.fixture
def places():
    return Places()


def fill(places, inboxes, now):
    """All of them begin what they may."""
    taken = []
    for one in inboxes:
        while places.room(now) and places.may_send(one, now):
            taken.append(places.take(one, now))
    return taken


def test_an_inbox_sends_as_many_at_once_as_its_vendor_likes(places):
    assert len(fill(places, [inbox(parallel=3)], 0)) == 3


def test_one_vendor_never_has_more_than_its_share(places):
    assert len(fill(places, [inbox("dead") for _ in range(100)], 0)) == PER_VENDOR
    assert len(fill(places, [inbox()], 0)) == 4


def test_twenty_inboxes_that_fall_silent_together_leave_room_for_the_others(places):
    hanging = [inbox() for _ in range(20)]
    assert len(fill(places, hanging, 0)) == CROWDED + 20 - CROWDED // 4
    assert places.room(0)
    assert len(fill(places, [inbox()], 0)) == 1


def test_what_hangs_no_longer_takes_the_room_of_others(places):
    hanging = [inbox(parallel=1) for _ in range(AT_ONCE)]
    assert len(fill(places, hanging, 0)) == AT_ONCE
    other = inbox()
    assert places.room(SLOW - 0.1) == 0
    assert places.room(SLOW) == AT_ONCE
    assert places.may_send(other, SLOW)
    assert not any(places.may_send(one, SLOW) for one in hanging)


def test_an_inbox_that_hung_is_asked_with_one_message_until_it_answers(places):
    slow = inbox()
    for one in fill(places, [slow], 0):
        places.give_back(one, 75)
    [probe] = fill(places, [slow], 76)
    places.give_back(probe, 76.2)
    assert len(fill(places, [slow], 77)) == 4


def test_wayward_inboxes_leave_half_of_the_places_to_the_others(places):
    wayward = [inbox() for _ in range(2 * WAYWARD)]
    for one in wayward:
        places.give_back(places.take(one, 0), 75)
    assert len(fill(places, wayward, 100)) == WAYWARD
    assert places.room(100) == AT_ONCE - WAYWARD


def test_however_many_hang_there_is_an_end(places):
    for now in range(0, 100, 4):
        fill(places, [inbox() for _ in range(20)], now)
    assert places.room(100) == 0
    assert len(places._taken) == IN_ALL


def test_programs_at_two_addresses_are_two_vendors():
    """One of them that hangs must not hold the other's messages."""
    first, second = (served(ApiConfig(reply_url=f"https://shop.example/{name}")) for name in ("a", "b"))
    assert first.vendor != second.vendor
    assert first.vendor == served(ApiConfig(reply_url="https://shop.example/a")).vendor


def served(config):
    given = dict.fromkeys(("id", "key", "name", "state", "account_name", "account_handle", "shop_name"), "")
    return Served(**given, shop_id=1, kind="api", channel=SimpleNamespace(config=config))
