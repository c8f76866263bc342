"""An owner is led through the set-up of a channel, and warned before the vendor's token ends."""

import re
from datetime import timedelta
from typing import Any

import pytest

from prilavok.channels.guide import DOCS, read, steps
from prilavok.channels.registry import all_channels
from prilavok.domain.expiry import warning
from prilavok.flows import connect, expire
from tests.house import Shop
from tests.pigeons import Account

WITHOUT_A_VENDOR = {"api", "echo", "email", "form", "webchat", "cards"}


@pytest.mark.parametrize("kind", sorted(all_channels().keys() - WITHOUT_A_VENDOR))
def test_every_vendor_has_its_steps(kind: str) -> None:
    language, told = steps(kind, "en")
    assert language == "en"
    assert len(told) >= 2


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_steps_in_another_language_are_as_many_as_on_the_page(language: str) -> None:
    page = (DOCS / "guide" / f"{language}.md").read_text(encoding="utf-8")
    spoken = re.findall(r"^## (\w+)$", page, re.MULTILINE)
    assert set(spoken) <= all_channels().keys()
    for kind in spoken:
        assert steps(kind, language)[0] == language
        assert len(steps(kind, language)[1]) == len(steps(kind, "en")[1]), kind
    assert steps("xmpp", language)[0] == "en"


def test_a_step_is_one_line_and_leads_to_no_page_that_the_reader_does_not_have() -> None:
    text = "1. Open [the\n   desk](https://desk.example), see [api](api.md).\n2. `Save`\n\nLater.\n"
    assert read(text) == ("Open [the desk](https://desk.example), see api.", "`Save`")


async def test_the_vendor_can_be_told_the_hook_before_the_inbox_is_made(shop: Shop, loft: Any) -> None:
    guide = await shop.get("/api/v1/channels/guide?kind=pigeon")
    given = {"kind": "pigeon", "name": "Голуби", "config": {}, "reservation": guide["reservation"]}
    made = await shop.ask("POST", "/api/v1/inboxes", given)
    assert made.status == 201, made
    assert made.json()["hook_url"] == guide["hook_url"]
    again = await shop.ask("POST", "/api/v1/inboxes", given)
    assert (again.status, again.json()["field"]) == (422, "reservation")


async def test_nobody_reserves_an_address_for_themselves(shop: Shop, other_shop: Shop) -> None:
    foreign = (await other_shop.get("/api/v1/channels/guide?kind=pigeon"))["reservation"]
    for proof in (foreign, "mine", foreign[:-1]):
        answer = await shop.ask(
            "POST", "/api/v1/inboxes", {"kind": "pigeon", "name": "x", "config": {}, "reservation": proof}
        )
        assert (answer.status, answer.json()["field"]) == (422, "reservation")


async def test_a_reservation_is_good_for_a_day(shop: Shop) -> None:
    proof = (await shop.get("/api/v1/channels/guide?kind=pigeon"))["reservation"]
    shop.clock.forward(days=2)
    answer = await shop.ask(
        "POST", "/api/v1/inboxes", {"kind": "pigeon", "name": "x", "config": {}, "reservation": proof}
    )
    assert answer.status == 422


async def test_a_channel_that_is_not_there_has_no_guide(shop: Shop) -> None:
    assert (await shop.ask("GET", "/api/v1/channels/guide?kind=smoke")).status == 404
    assert (await shop.ask("GET", "/api/v1/channels/guide?kind=pigeon", role="agent")).status == 403


def test_a_warning_is_due_two_weeks_and_three_days_before_the_end(clock: Any) -> None:
    end = clock.now
    dues = [warning(end, end - timedelta(days=days)) for days in (15, 14, 5, 3, 1, 0, -5)]
    assert dues == [None, 14, 14, 3, 3, 0, 0]
    assert warning(None, end) is None


async def test_the_owner_hears_of_each_warning_once_and_the_new_token_ends_it(shop: Shop) -> None:
    end = shop.clock.now + timedelta(days=20)
    inbox = f"/api/v1/inboxes/{shop.post.id}"
    account = Account(name="pigeon", expires_at=end)
    await shop.house.bus.do(connect.change_inbox, shop.id, shop.post.id, account=account)
    heard = []
    for days in (0, 7, 1, 9, 4):
        shop.clock.forward(days=days)
        heard.append((await shop.house.bus.do(expire.warn), (await shop.get(inbox))["expires_in"]))
    assert heard == [(0, None), (1, 14), (0, 14), (1, 3), (1, 0)]
    assert (await shop.get(f"{inbox}/health"))["expires_in"] == 0
    renewed = Account(name="pigeon", expires_at=end + timedelta(days=180))
    await shop.house.bus.do(connect.change_inbox, shop.id, shop.post.id, account=renewed)
    assert (await shop.get(inbox))["expires_in"] is None
