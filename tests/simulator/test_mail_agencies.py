"""Mail through an agency, whole: connected, written to, answered, delivered, bounced, through the real hooks."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from prilavok.channels.base import Request, Response
from prilavok.channels.transport import perform
from prilavok.simulator.agencies import mailgun, parsed, postmark, sendgrid, written
from prilavok.store import journal
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.channels.vendors_schema import Slice

SHOP = "hello@lamps.test"
MAIL = (
    b"From: Anna <anna@example.com>\r\nTo: hello@lamps.test\r\nMessage-ID: <q1@example.com>\r\nSubject: Order 7\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nWhere is it?\r\n"
)


@dataclass
class Roads:
    houses: dict[str, Loopback] = field(default_factory=dict)

    async def http(self, request: Request) -> Response:
        return await self.houses[urlsplit(request.url).netloc].http(request)

    async def post(self, url: str, headers: Any, body: bytes) -> Any:
        return await self.houses[urlsplit(url).netloc].post(url, headers, body)

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""


SETTINGS = {
    "mailgun": {"domain": mailgun.DOMAIN, "api_key": mailgun.API_KEY, "signing_key": mailgun.SIGNING_KEY},
    "postmark": {"server_token": postmark.TOKEN},
    "sendgrid": {"api_key": sendgrid.API_KEY},
}
OFFICES = {
    "mailgun": mailgun.MailgunEmulator,
    "postmark": postmark.PostmarkEmulator,
    "sendgrid": sendgrid.SendGridEmulator,
}


@pytest.fixture(params=sorted(OFFICES))
def agency(request, shop, runner):
    """The office and the inbox that has been connected to it, through its API."""
    roads = Roads({"shop.test": Loopback(shop.app)})
    signed = {"signed": True} if request.param == "sendgrid" else {}
    office = OFFICES[request.param](now=shop.clock, post=roads.post, pace=0, **signed)
    roads.houses["agency.test"] = Loopback(office)
    shop.house.deliverer.network = roads
    more = {"verification_key": office.verification_key} if request.param == "sendgrid" else {}

    async def connect():
        settings = {**SETTINGS[request.param], **more, "address": SHOP, "api_base": "https://agency.test"}
        inbox = await shop.connect(request.param, **settings, acknowledge=False)
        account = await perform(inbox.channel.check(), roads)
        assert account.handle == SHOP
        for _ in range(2):  # saved again, nothing doubles
            await perform(inbox.channel.connect(), roads)
        return inbox

    office.inbox = runner.run(connect())
    yield office
    runner.run(office.close())


async def receipt(shop, talk, message, wanted):
    async def there():
        return (await shop.message(talk["id"], message["id"]))["receipt"] == wanted

    await until(there)


async def test_a_mail_comes_in_is_answered_in_its_thread_and_delivered(shop, agency):
    agency.user_writes(MAIL)
    [talk] = await until(shop.conversations)
    assert (talk["subject"], talk["last_message"]["text"]) == ("Order 7", "Where is it?")
    came = []
    agency.arrives = lambda letter, to: came.append((to, parsed(written(letter, shop.clock()))))
    table = (await shop.ask("POST", "/api/v1/files?name=prices.csv", body=b"tea;12")).json()["id"]
    message = await shop.agent_replies(talk["id"], "On its way.", attachments=[table])
    await receipt(shop, talk, message, "delivered")
    [(to, mail)] = came
    assert (to, mail["To"], mail["In-Reply-To"]) == ("anna@example.com", "anna@example.com", "<q1@example.com>")
    assert mail.get_body().get_content().strip() == "On its way."
    assert [one.get_payload(decode=True) for one in mail.iter_attachments()] == [b"tea;12"]
    [letter] = agency.sent
    assert letter.to == ("anna@example.com",)
    assert letter.headers["In-Reply-To"] == "<q1@example.com>"
    assert letter.message_id == letter.headers["X-Prilavok-Id"].strip("<>")
    answer = MAIL.replace(b"<q1@", b"<q2@").replace(b"Where is it?", b"Thanks")
    agency.user_writes(b"In-Reply-To: <" + letter.message_id.encode() + b">\r\n" + answer)
    await until(lambda: _thanked(shop, talk))


async def _thanked(shop, talk):
    return any(one["text"] == "Thanks" for one in await shop.messages(talk["id"]))


async def test_an_open_is_noted_and_never_counts_as_read(shop, agency):
    agency.user_writes(MAIL)
    [talk] = await until(shop.conversations)
    message = await shop.agent_replies(talk["id"], "On its way.")
    await receipt(shop, talk, message, "delivered")
    agency.opened(agency.sent[0])

    async def noted():
        return (await shop.message(talk["id"], message["id"]))["times"].get("opened")

    await until(noted)
    assert (await shop.message(talk["id"], message["id"]))["receipt"] == "delivered"


async def test_a_mailbox_that_does_not_exist_and_a_complaint_close_the_address(shop, agency):
    agency.dead.add("anna@example.com")
    agency.user_writes(MAIL)
    [talk] = await until(shop.conversations)
    message = await shop.agent_replies(talk["id"], "On its way.")
    await receipt(shop, talk, message, "failed")

    async def closed():
        card = await shop.get(f"/api/v1/contacts/{talk['contact']['id']}")
        return [one["reason"] for one in card["identities"] if not one["reachable"]]

    assert "5.1.1" in (await until(closed))[0]
    agency.complained(agency.sent[0])
    await until(lambda: _complained(closed))


async def _complained(closed):
    return any("complaint" in reason for reason in await closed())


async def test_what_is_asked_is_what_the_vendors_schema_allows(shop, agency):
    agency.user_writes(MAIL)
    [talk] = await until(shop.conversations)
    await shop.agent_replies(talk["id"], "On its way.")
    await until(lambda: agency.sent)
    if isinstance(agency, sendgrid.SendGridEmulator):
        schema = Slice("sendgrid/requests.slice.json")
        assert agency.requests
        assert [schema.refuses(name, body) for name, body in agency.requests] == [[]] * len(agency.requests)


async def test_a_stranger_without_the_secret_is_not_heard(shop, agency):
    knock = agency.mail(MAIL)
    headers = {name: value for name, value in knock.headers.items() if name != "authorization"}
    body = knock.body.replace(b"signature", b"signed-by")
    answer = await shop.ask("POST", f"/hooks/{agency.inbox.key}", role=None, headers=headers, body=body)
    assert answer.status == 401
    assert await shop.conversations() == []


async def test_a_delivery_can_be_taken_again_from_the_journal_and_keeps_no_secret(shop, agency):
    agency.user_writes(MAIL)
    await until(shop.conversations)
    password = getattr(agency.inbox.channel.config, "hook_password", "")
    [entry] = (await shop.get("/api/v1/journal?state=done"))["items"]
    row = await shop.read(journal.entry, entry["id"])
    assert not password or password not in str(row["headers"])
    again = await shop.ask("POST", "/api/v1/journal/replay", {"ids": [entry["id"]]})
    assert again.json() == {"replayed": 1, "failed": 0}
