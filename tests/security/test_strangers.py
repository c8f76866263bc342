"""Whoever holds no secret of ours: nothing of theirs is kept, and no secret of ours comes to where others read."""

import base64
import itertools
from datetime import UTC, datetime

import msgspec
import pytest

from prilavok.channels.base import BadSignature, Config, Hook, laid_over, secret_fields
from prilavok.channels.echo import EchoConfig
from prilavok.channels.registry import all_channels
from prilavok.domain.errors import BadInput
from prilavok.store import schema
from tests.channels.reading import channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNELS = all_channels()
UNSIGNED = {"binotel"}  # only the secret address of its hook speaks for it
PROVING = sorted(kind for kind, cls in CHANNELS.items() if cls.capabilities.hooked and kind not in UNSIGNED)
BODIES = (
    b"",
    b"{",
    b"null",
    b"a=b&c",
    b"self=1&event=NOTIFY_START&status=1&json={}",
    b"\xff\x00",
    b"[" * 100_000,
    b'{"type":"confirmation","group_id":1}',
    b'{"type":"message_new","group_id":224400001,"secret":""}',
    b'{"signature":{"timestamp":"1","token":"","signature":""},"event-data":{}}',
    b'{"seq":' + b"9" * 5000 + b"}",
)
QUERIES = (
    {},
    {"self": "1", "query": "1", "hook": "1", "": ""},
    {"zd_echo": "<b>"},
    {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""},
    {"status": "1", "id": "\0", "md5": "", "sha1": ""},
    {"message": "x", "to": "y", "turn": "-1", "leg": "1"},
    {"bodySHA256": "x", "key": ""},
)
HEADERS = (
    {},
    {"content-type": "multipart/form-data; boundary=x"},
    {"content-type": "application/json", "authorization": ""},
    {"authorization": "Bearer a.b.c", "x-hook-password": ""},
    {"webhook-timestamp": "9" * 12, "webhook-id": "x", "webhook-signature": "v1,"},
    {"x-hub-signature-256": "sha256=", "x-twilio-signature": "\xff", "x-prilavok-card": "0" * 64, "signature": ""},
)


@pytest.mark.parametrize("kind", PROVING)
def test_a_delivery_without_a_proof_is_refused_before_anything_else_is_thought_of_it(kind):
    """Any other fault than "not the vendor's" would keep the raw delivery, and strangers could fill the disk."""
    for body, query, headers, method in itertools.product(BODIES, QUERIES, HEADERS, ("POST", "GET")):
        hook = Hook(body, headers, NOW, query=query, method=method)
        with pytest.raises(BadSignature):
            list(channel(kind).parse(hook))
        assert not channel(kind).greets(hook)
        assert channel(kind).answer(hook).status == 200


async def kept(shop):
    return await shop.read(lambda db, shop_id: [dict(row) for row in db.execute(schema.journal.select()).mappings()])


async def test_a_question_that_anybody_may_ask_is_answered_and_leaves_no_trace(shop):
    vk = await shop.connect("vk", group_id="224400001", access_token="t", confirmation="1a2b3c4d", secret="s" * 20)
    zadarma = await shop.connect("zadarma", key="k", secret="s" * 20, extension="101")
    question = {"type": "confirmation", "group_id": 224400001, "object": {"text": "x" * 1000}}
    for _ in range(3):
        confirmed = await shop.ask("POST", f"/hooks/{vk.key}", question, role=None)
        echoed = await shop.ask("GET", f"/hooks/{zadarma.key}?zd_echo=a1b2", role=None)
        assert (confirmed.text, echoed.text) == ("1a2b3c4d", "a1b2")
    assert await kept(shop) == []


def basic(password):
    return {"authorization": "Basic " + base64.b64encode(f"prilavok:{password}".encode()).decode()}


async def test_the_password_of_a_hooks_address_is_never_written_down_and_a_replay_still_proves_itself(shop):
    secret = "a-hook-password-of-ours-0123456789"
    post = await shop.connect("postmark", address="shop@example.com", server_token="t" * 36, hook_password=secret)
    refused = await shop.ask("POST", f"/hooks/{post.key}", {}, role=None, headers=basic("guess"))
    forged = await shop.ask("POST", f"/hooks/{post.key}", {}, role=None, headers={"x-hook-password": secret})
    assert (refused.status, forged.status, await kept(shop)) == (401, 401, [])
    taken = await shop.ask("POST", f"/hooks/{post.key}", body=b'{"RecordType":1}', role=None, headers=basic(secret))
    assert taken.status == 200
    [row] = await kept(shop)
    assert secret not in str(row)
    assert base64.b64encode(f"prilavok:{secret}".encode()).decode() not in str(row)
    assert "secret:hook_password" in row["headers"].values()
    again = await shop.ask("POST", "/api/v1/journal/replay", {"ids": [row["id"]]}, role="admin")
    assert again.status == 200
    [row] = await kept(shop)
    assert "BadSignature" not in (row["reason"] or "")


async def test_a_password_that_a_proxy_adds_is_kept_for_no_channel_that_does_not_ask_for_it(shop):
    said = {"x-pigeon": "the-pigeons-own-secret-word", **basic("the password of somebody's proxy")}
    await shop.ask("POST", f"/hooks/{shop.post.key}", body=b"{", role=None, headers=said)
    [row] = await kept(shop)
    assert "proxy" not in str(row["headers"])
    assert "authorization" not in row["headers"]


async def test_a_secret_in_the_hooks_address_is_kept_by_its_name_only(shop):
    secret = "callbackpassword0123456789"
    smsc = await shop.connect("smsc", login="l", password="p" * 20, callback_password=secret)
    url = f"/hooks/{smsc.key}?k={secret}"
    body = b"phone=380501112233&mes=hello&to=1234&id=1&sms_id=1&time=1795300500"
    assert (await shop.ask("POST", url, body=body, role=None)).status == 200
    [row] = await kept(shop)
    assert secret not in str(row)
    assert row["headers"]["?k"] == "secret:callback_password"


async def test_a_secret_in_a_body_is_covered_and_no_text_of_a_customer_uncovers_it(shop):
    secret = "asecretofvk0123456789"
    vk = await shop.connect("vk", group_id="224400001", access_token="t" * 20, confirmation="1a2b3c4d", secret=secret)
    said = {"date": 1795300500, "from_id": 7, "peer_id": 7, "id": 1, "conversation_message_id": 1, "out": 0}
    event = {"type": "message_new", "group_id": 224400001, "event_id": "1", "secret": secret}
    text = "covered:0 secret:secret"
    await shop.ask("POST", f"/hooks/{vk.key}", {**event, "object": {"message": {**said, "text": text}}}, role=None)
    [row] = await kept(shop)
    raw = await shop.ask("GET", f"/api/v1/journal/{row['id']}/raw", role="admin")
    assert secret not in raw.text
    assert secret not in str(row)
    again = await shop.ask("POST", "/api/v1/journal/replay", {"ids": [row["id"]]}, role="admin")
    assert again.json() == {"replayed": 1, "failed": 0}
    [talk] = await shop.conversations()
    assert [one["text"] for one in await shop.messages(talk["id"])] == [text]


def test_a_secret_is_never_sent_to_a_new_address_that_it_was_not_typed_for():
    stored = {"secret": "s" * 20, "reply_url": "https://shop.example/replies"}
    with pytest.raises(BadInput):
        laid_over(EchoConfig, stored, {"reply_url": "https://evil.example", "secret": ""})
    assert laid_over(EchoConfig, stored, {"secret": ""}) == stored


NO_SECRET_GOES_THERE = {
    "reply_url": "what is posted there is signed, the key stays here",
    "recordings": "asked with a signature, the key stays here",
    "webhook_url": "an address of our own",
    "hook_url": "an address of our own",
    "openid": "public keys are read there",
    "link": "customers follow it",
    "inbound_host": "letters come in there",
    "domain": "a name within the vendor's",
}


@pytest.mark.parametrize("kind", sorted(CHANNELS))
def test_every_setting_that_names_a_server_guards_the_secrets(kind):
    config: type[Config] = CHANNELS[kind].Config
    known = channel(kind).config
    for field in msgspec.structs.fields(config):
        value = getattr(known, field.name)
        names = field.name.endswith(("host", "url", "_base", "server", "jid", "domain"))
        if names or (isinstance(value, str) and value.startswith(("http://", "https://"))):
            safe = field.name in config.addresses or field.name in NO_SECRET_GOES_THERE
            assert safe or not secret_fields(config), f"{kind}.{field.name}: would a secret be sent there?"
