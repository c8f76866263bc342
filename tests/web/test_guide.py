"""An owner is led through the set-up of a channel, and warned before the vendor's token ends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from prilavok.channels import table
from prilavok.channels.guide import read, source_steps, steps
from prilavok.channels.registry import all_channels
from prilavok.channels.spoken import SAID, spoken, words_of
from prilavok.commerce.registry import all_sources
from prilavok.domain.expiry import warning
from prilavok.flows import connect, expire
from tests.house import Shop
from tests.pigeons import Account

THEIR_OWN_WORDS = re.compile(  # of vendors and of protocols: nobody says them in another language
    r"API|TLS|ssl|starttls|tls|gsm|latin1|English|Русский|Українська|SMS \(.+\)|XMPP \(Jabber\)"
    r"|Api-Key|App ID|App secret|Client ID|Client secret|Refresh token|Verify token|Server API token|System (ID|type)"
    r"|Directory \(tenant\) ID|Account SID|Auth token|Phone number ID|WhatsApp business account ID"
    r"|CDEK|Shopify|WooCommerce|Admin API access token|API secret key"
    r"|Facebook Messenger|Instagram|MAX|Matrix|Microsoft Teams|Ozon|Rozetka|Telegram|Viber|WhatsApp|Wildberries"
)


@pytest.mark.parametrize("kind", sorted(all_channels()))
def test_the_steps_of_every_channel_are_as_many_in_every_language(kind: str) -> None:
    told = {language: steps(kind, language) for language in ("en", "ru", "uk")}
    assert {language: spoken for language, (spoken, _) in told.items()} == {"en": "en", "ru": "ru", "uk": "uk"}
    assert {len(lines) for _, lines in told.values()} == {max(2, len(told["en"][1]))}
    for one in zip(*(lines for _, lines in told.values()), strict=True):
        assert len({tuple(sorted(re.findall(r"\]\((http[^)]+)\)", step))) for step in one}) == 1, one


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_field_of_every_form_is_called_something_in_every_language(language: str) -> None:
    words = words_of(language)
    rows = [row for row in table.rows() if row["kind"] in all_channels()]
    texts = {*_texts(rows), *(row[said] for row in rows for said in ("title", "summary"))}
    assert sorted(one for one in texts - words.keys() if not THEIR_OWN_WORDS.fullmatch(one)) == []
    assert sorted(words.keys() - texts) == [], "nothing says these any more"


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_source_of_orders_speaks_every_language(language: str) -> None:
    words = words_of(f"sources.{language}")
    kinds = all_sources().values()
    schemas = [msgspec.json.schema(kind.Config) for kind in kinds]
    texts = {*_texts(schemas), *(said for kind in kinds for said in (kind.title, kind.summary))}
    assert sorted(one for one in texts - words.keys() if not THEIR_OWN_WORDS.fullmatch(one)) == []
    assert sorted(words.keys() - texts) == [], "nothing says these any more"
    for kind in all_sources():
        (english, first), (spoken, lines) = source_steps(kind, "en"), source_steps(kind, language)
        assert (english, spoken, len(lines)) == ("en", language, max(2, len(first)))


async def test_an_owner_reads_how_a_shop_is_connected_in_their_own_language(shop: Shop) -> None:
    await shop.ask("PATCH", "/api/v1/me", {"language": "uk"})
    woo = next(one for one in (await shop.get("/api/v1/sources"))["kinds"] if one["kind"] == "woocommerce")
    assert woo["config_schema"]["properties"]["url"]["title"] == "Адреса крамниці"
    assert woo["guide"]["language"] == "uk"
    assert "REST API" in woo["guide"]["steps"][0]


def test_the_choices_of_a_form_are_words_in_their_own_order() -> None:
    sip = next(row for row in spoken(table.rows(), "uk") if row["kind"] == "sip")
    duty = next(one for one in sip["config_schema"]["$defs"].values() if "days" in one["properties"])
    days = duty["properties"]["days"]["items"]
    assert list(days["enum"]) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert days["enum_titles"]["sun"] == "неділя"
    assert duty["properties"]["from"]["title"] == "З"


def _texts(part: Any) -> Iterator[str]:
    """Everything in a part of the table that a person reads in a form."""
    for key, value in (
        part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list | tuple) else ()
    ):
        if key == "enum":
            yield from map(str, value)
        elif key == "properties":
            yield from (one[said] for one in value.values() for said in SAID if said in one)
            yield from _texts(list(value.values()))
        elif key != "quality":
            yield from _texts(value)


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
