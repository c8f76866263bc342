"""An owner signs in to the shop's mailbox at its provider's page, and nobody else does it for them."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from prilavok.channels.base import Request
from prilavok.flows import consent
from prilavok.simulator.authority import Authority
from prilavok.simulator.mail import MailServer
from prilavok.store import inboxes
from tests.asking import Answer
from tests.channels.loopback import Loopback
from tests.house import Shop, on_both

MAILBOX = "shop@kovbaska.test"


class Provider:
    """A mailbox and the page where its owner signs in."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.authority = Authority(back="https://shop.test/consent/back", address="https://login.test", now=shop.clock)
        self.web = Loopback(self.authority)
        self.mail = MailServer(shop=MAILBOX, passwords={MAILBOX: "nobody knows it"}, whose=self.authority.whose)

    async def resolve(self, host: str, port: int) -> str:
        assert (host, port in {self.mail.imap_port, self.mail.smtp_port}) == ("mail.test", True)
        return "127.0.0.1"

    async def new_inbox(self) -> Any:
        await self.mail.start()
        servers = {"imap_host": "mail.test", "smtp_host": "mail.test", "imap_security": "none", "smtp_security": "none"}
        ports = {"imap_port": self.mail.imap_port, "smtp_port": self.mail.smtp_port}
        config = {"address": MAILBOX, "sign_in": "microsoft", **servers, **ports, **self.authority.settings}
        made = await self.shop.ask("POST", "/api/v1/inboxes", {"kind": "email", "name": "Outlook", "config": config})
        assert made.status == 201, made
        return made.json()

    async def page(self, inbox_id: str, **more: Any) -> str:
        """The address that the browser is sent to."""
        answer = await self.shop.ask("POST", f"/api/v1/inboxes/{inbox_id}/consent", **more)
        assert answer.status == 200, answer
        return str(answer.json()["url"])

    async def decide(self, page: str, decision: str = "allow", account: str = MAILBOX) -> str:
        """What somebody presses on the page; where the browser goes afterwards."""
        form = dict(parse_qsl(urlsplit(page).query)) | {"decision": decision, "account": account}
        answer = await self.web.http(Request("POST", page.partition("?")[0], form=form))
        assert answer.status == 303, answer
        return answer.headers["location"].removeprefix("https://shop.test")


@pytest.fixture
def provider(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    one = Provider(shop)
    monkeypatch.setattr(shop.house.network, "http", one.web.http)
    monkeypatch.setattr(shop.house.network, "resolve", one.resolve)
    yield one
    shop.run(one.mail.stop())


@on_both
async def test_an_owner_signs_in_and_the_mailbox_is_read(shop: Shop, provider: Provider) -> None:
    made = await provider.new_inbox()
    path = f"/api/v1/inboxes/{made['id']}"
    assert (made["state"], made["consent"]["vendor"], made["consent"]["given"]) == ("paused", "Microsoft", False)
    assert made["reason"] == "Sign in at Microsoft: until then nothing is read and nothing is sent."
    page = await provider.page(made["id"])
    asked = dict(parse_qsl(urlsplit(page).query))
    assert (asked["code_challenge_method"], asked["login_hint"]) == ("S256", MAILBOX)
    assert (
        asked["redirect_uri"]
        == made["consent"]["back"]
        == (await shop.get("/api/v1/channels/guide?kind=email"))["consent_url"]
    )
    back = await shop.ask("GET", await provider.decide(page))
    assert back.status == 303, back
    assert (back.status, back.headers["location"]) == (303, f"/settings/inboxes/{made['id']}")
    inbox = await shop.get(path)
    assert (inbox["state"], inbox["reason"], inbox["account"]["handle"]) == ("active", "", MAILBOX)
    assert inbox["consent"]["given"]
    assert inbox["consent"]["since"].startswith(str(shop.clock.now.date()))
    assert (inbox["config"]["refresh_token"], inbox["config"]["client_secret"]) == ("", "")
    # The first one was exchanged when the inbox was tried.
    assert await stored_token(shop, made["id"]) in list(provider.authority.refresh)[1:]
    # Settings are saved on without signing in anew, unless the secrets would go elsewhere.
    assert (await shop.ask("PATCH", path, {"config": {"from_name": "Ковбаска"}})).status == 200
    assert (await shop.get(path))["consent"]["given"]
    moved = await shop.ask("PATCH", path, {"config": {"token_url": "https://thief.test/token"}})
    assert (moved.status, moved.json()["field"]) == (422, "config.client_secret")


async def test_what_the_page_refuses_is_told_and_changes_nothing(shop: Shop, provider: Provider) -> None:
    made = await provider.new_inbox()
    told = []
    for decision, account, tampered in (
        ("refuse", MAILBOX, {}),
        ("allow", "other@kovbaska.test", {}),
        ("allow", MAILBOX, {"iss": "https://other.test/v2.0"}),
        ("allow", MAILBOX, {"code": "guessed"}),
        ("allow", MAILBOX, {"code": "", "error": "invalid_scope", "error_description": "AADSTS70011:\r\n no such"}),
    ):
        way = await provider.decide(await provider.page(made["id"]), decision, account)
        query = dict(parse_qsl(urlsplit(way).query)) | tampered
        assert (await shop.ask("GET", f"/consent/back?{urlencode(query)}")).status == 303
        inbox = await shop.get(f"/api/v1/inboxes/{made['id']}")
        assert (inbox["state"], inbox["consent"]["given"]) == ("paused", False)
        told.append(inbox["reason"])
    assert told[0] == "The sign-in at Microsoft was refused there. Nothing has changed."
    assert "does not let us in as shop@kovbaska.test" in told[1]
    assert told[2] == "Another page has answered than the one that was asked. Nothing has changed."
    assert "Sign in again" in told[3]
    assert told[4] == "Microsoft refuses to let us in: AADSTS70011: no such"


async def test_a_code_that_was_given_to_somebody_else_opens_nothing(shop: Shop, provider: Provider) -> None:
    """Put into the owner's way back, it meets another verifier at the token server."""
    made = await provider.new_inbox()
    foreign = await provider.decide(await provider.page(made["id"]), account="thief@kovbaska.test")
    own = await provider.decide(await provider.page(made["id"]))
    mixed = dict(parse_qsl(urlsplit(own).query)) | {"code": dict(parse_qsl(urlsplit(foreign).query))["code"]}
    await shop.ask("GET", f"/consent/back?{urlencode(mixed)}")
    inbox = await shop.get(f"/api/v1/inboxes/{made['id']}")
    assert (inbox["state"], inbox["consent"]["given"]) == ("paused", False)
    assert "Sign in again" in inbox["reason"]


async def test_the_way_back_is_open_once_for_ten_minutes_to_whoever_set_out(
    shop: Shop, other_shop: Shop, provider: Provider
) -> None:
    made = await provider.new_inbox()
    way = await provider.decide(await provider.page(made["id"]))
    strange = [
        await shop.ask("GET", way, role=None),
        await shop.ask("GET", way, role="admin"),
        await other_shop.ask("GET", way),
        await shop.ask("GET", way.replace("state=", "state=A")),
        await shop.ask("GET", "/consent/back?code=1"),
    ]
    assert provider.authority.asked_for_tokens == 0
    assert (await shop.ask("GET", way)).status == 303
    strange.append(await shop.ask("GET", way))
    late = await provider.decide(await provider.page(made["id"]))
    shop.clock.forward(minutes=11)
    strange.append(await shop.ask("GET", late))
    assert [is_closed(one) for one in strange] == [True] * 7
    assert len(provider.authority.codes) == 1, "the late one's code was shown to nobody"


async def test_only_the_owner_of_an_inbox_sets_out(shop: Shop, other_shop: Shop, provider: Provider) -> None:
    made = await provider.new_inbox()
    path = f"/api/v1/inboxes/{made['id']}/consent"
    assert (await shop.ask("POST", path, role="admin")).status == 403
    assert (await other_shop.ask("POST", path)).status == 404
    assert (await shop.ask("POST", f"/api/v1/inboxes/{shop.post.id}/consent")).status == 422
    await shop.ask("PATCH", f"/api/v1/inboxes/{made['id']}", {"config": {"authorize_url": "javascript:alert(1)"}})
    config = {"authorize_url": "javascript:alert(1)", "client_secret": "typed anew"}
    await shop.ask("PATCH", f"/api/v1/inboxes/{made['id']}", {"config": config})
    assert (await shop.ask("POST", path)).status == 422


async def test_a_token_from_elsewhere_can_be_pasted(shop: Shop, provider: Provider) -> None:
    made = await provider.new_inbox()
    token = provider.authority.signed_in(MAILBOX)
    path = f"/api/v1/inboxes/{made['id']}"
    changed = (await shop.ask("PATCH", path, {"config": {"refresh_token": token}})).json()
    assert (changed["state"], changed["reason"], changed["consent"]["given"]) == ("active", "", True)


@on_both
async def test_what_a_vendor_exchanges_is_stored_unless_somebody_was_faster(shop: Shop, provider: Provider) -> None:
    made = await provider.new_inbox()  # nobody listens there yet
    stored = await stored_token(shop, made["id"])

    async def keep(before: str, after: str) -> str:
        return await shop.house.bus.do(consent.keep, shop.id, made["id"], "refresh_token", before, after)

    assert await keep("an older one", "late") == stored
    assert await keep(stored, "") == stored
    assert await keep(stored, "next") == "next"
    assert await keep("next", "") == "next" == await stored_token(shop, made["id"])


async def stored_token(shop: Shop, inbox_id: str) -> str:
    row, directory = await shop.read(inboxes.get, inbox_id), shop.house.directory
    return str(directory.open_config(row, directory.kinds["email"]).refresh_token)


def is_closed(answer: Answer) -> bool:
    return answer.status == 400 and "Set-Cookie" not in answer.headers and "press the button once more" in answer.text
