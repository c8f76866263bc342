"""What stands on the shop's own product cards: shown as the owner chose, answered, kept from robots."""

import base64
import hashlib
import itertools
import json

import pytest
from sqlalchemy import select

from prilavok.channels import standard_webhooks
from prilavok.store.schema import files
from prilavok.web import cards as web_cards
from prilavok.web.cards import proves
from tests.asking import until
from tests.photographs import jpeg, segment

LAMP = {"id": "L/1", "name": "Лампа", "url": "https://shop.example/lamp"}
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def card(shop, runner, monkeypatch):
    monkeypatch.setattr(web_cards, "BITS", 6)  # as hard as ever, only sooner done
    return runner.run(shop.connect("cards", "картки", secret=SECRET, publish="at once"))


async def proof(shop, card):
    given = (await shop.ask("GET", f"/cards/{card.key}/challenge", role=None)).json()
    nonce = next(str(n) for n in itertools.count() if proves(given["challenge"], str(n)))
    return {"challenge": given["challenge"], "nonce": nonce}


async def visitor_says(shop, card, *, client="198.51.100.1", headers=None, **said):
    body = {"product": LAMP, **(await proof(shop, card)), **said}
    return await shop.ask("POST", f"/cards/{card.key}/said", body, role=None, client=client, headers=headers)


async def shown(shop, card, product="L%2F1", **more):
    answer = await shop.ask("GET", f"/cards/{card.key}/said?product={product}", role=None, **more)
    assert answer.status == 200, answer
    return answer.json()


async def test_a_review_is_shown_with_its_stars_and_the_answer_beneath(shop, card):
    said = await visitor_says(shop, card, rating=2, text="Мерехтить <b>", name="Олена")
    assert (said.status, said.json()) == (201, {"shown": True})
    [talk] = await shop.conversations("?public=true")
    assert talk["publication"]["product"] == LAMP
    message = await shop.agent_replies(talk["id"], "Замінимо")
    assert message["receipt"] == "sent"
    await visitor_says(shop, card, rating=5, client="198.51.100.2")
    found = await shown(shop, card)
    assert (found["average"], found["reviews"]) == (3.5, 2)
    review = found["items"][-1]
    assert (review["rating"], review["name"], review["text"]) == (2, "Олена", "Мерехтить <b>")
    assert [one["text"] for one in review["answers"]] == ["Замінимо"]
    assert (await shown(shop, card, "L%2F2"))["items"] == []
    assert (await shown(shop, card, "L"))["items"] == []


async def test_a_note_among_agents_never_stands_on_the_card(shop, card):
    await visitor_says(shop, card, kind="question", text="Чи є синя?")
    [talk] = await shop.conversations("?public=true")
    await shop.ask("POST", f"/api/v1/conversations/{talk['id']}/messages", {"kind": "note", "text": "СЕКРЕТ"})
    assert "СЕКРЕТ" not in json.dumps(await shown(shop, card), ensure_ascii=False)


async def test_what_waits_for_a_look_is_shown_only_after_it(shop, card):
    careful = await shop.connect("cards", "обережні", secret=SECRET)
    said = await visitor_says(shop, careful, rating=5)
    assert said.json() == {"shown": False}
    assert (await shown(shop, careful))["items"] == []
    [talk] = await shop.conversations(f"?inbox={careful.id}")
    assert talk["waiting_since"], "even praise waits for somebody to look"
    [message] = await shop.messages(talk["id"])
    assert (await shop.ask("POST", f"/api/v1/messages/{message['id']}/moderate", {"act": "show"})).status == 202

    clients = (f"198.51.{number // 200}.{number % 200}" for number in itertools.count(1))  # each may look so often

    async def there():
        return (await shown(shop, careful, client=next(clients)))["items"]

    await until(there)
    await shop.ask("POST", f"/api/v1/messages/{message['id']}/moderate", {"act": "hide"})

    async def gone():
        return not await there()

    await until(gone)


async def test_a_proof_is_good_once_and_only_where_it_was_asked_for(shop, card, clock):
    other = await shop.connect("cards", "інші", secret=SECRET)
    worked = await proof(shop, card)
    body = {"product": LAMP, "rating": 1, "text": "раз", **worked}
    url = f"/cards/{card.key}/said"
    assert (await shop.ask("POST", url, body, role=None)).status == 201
    assert (await shop.ask("POST", url, {**body, "text": "два"}, role=None)).status == 201
    assert [one["text"] for one in (await shown(shop, card))["items"]] == ["раз"], "the second is the same word again"
    elsewhere = await shop.ask("POST", f"/cards/{other.key}/said", {**body, **(await proof(shop, card))}, role=None)
    wrong = next(str(n) for n in itertools.count() if not proves(worked["challenge"], str(n)))
    lazy = await shop.ask("POST", url, {**body, "nonce": wrong}, role=None)
    late_proof = await proof(shop, card)
    clock.forward(minutes=31)
    late = await shop.ask("POST", url, {**body, **late_proof}, role=None)
    assert [one.status for one in (elsewhere, lazy, late)] == [422, 422, 422]


async def test_one_client_says_only_so_much_in_a_minute(shop, card):
    answers = [await visitor_says(shop, card, rating=1, client="198.51.100.9") for _ in range(7)]
    assert [one.status for one in answers] == [201] * 5 + [429] * 2
    assert (await visitor_says(shop, card, rating=1, client="198.51.100.10")).status == 201


@pytest.mark.parametrize(
    "said",
    [
        {"rating": 6},
        {"rating": 0},
        {"kind": "review"},
        {"kind": "question", "text": "  "},
        {"rating": 3, "text": "я" * 4001},
        {"rating": 3, "product": {"id": ""}},
        {"rating": 3, "kind": "praise"},
    ],
    ids=range(7),
)
async def test_what_is_no_review_and_no_question_is_refused(shop, card, said):
    assert (await visitor_says(shop, card, **said)).status == 422
    assert (await shown(shop, card))["items"] == []


async def test_whoever_came_by_our_link_has_bought_and_a_foreign_link_proves_nothing(shop, other_shop, card, clock):
    mine = (await shop.ask("PUT", "/api/v1/orders/A-7", {"number": "A-7", "total": "10"})).json()["id"]
    foreign = (await other_shop.ask("PUT", "/api/v1/orders/B-8", {"number": "B-8", "total": "10"})).json()["id"]
    key = (await shop.ask("POST", f"/api/v1/orders/{mine}/review-key", {})).json()["key"]
    theirs = (await other_shop.ask("POST", f"/api/v1/orders/{foreign}/review-key", {})).json()["key"]
    await visitor_says(shop, card, rating=4, text="Добра", order=key)
    await visitor_says(shop, card, rating=3, text="Чужа", order=theirs)
    await visitor_says(shop, card, rating=2, text="Вигадка", order=key[:-2] + "AA")
    items = (await shown(shop, card))["items"]
    assert {one["text"]: one["verified"] for one in items} == {"Добра": True, "Чужа": False, "Вигадка": False}
    talks = await shop.conversations("?public=true&limit=10")
    orders = {one["last_message"]["text"]: one["publication"]["order"] for one in talks}
    assert orders["Добра"]["number"] == "A-7"
    assert orders["Чужа"] is None


async def test_who_bought_a_lamp_has_not_bought_the_table_and_has_bought_the_lamp_once(shop, card, clock):
    given = {"number": "A-7", "total": "10", "items": [{"sku": "L/1", "name": "Лампа", "quantity": 1, "price": "10"}]}
    await shop.ask("PUT", "/api/v1/orders/A-7", given)
    asked = await shop.ask("POST", "/api/v1/orders/A-7/review-key", {}, role="agent")
    key = asked.json()["key"]
    assert asked.json()["fragment"] == f"#review={key}"
    for number, text in enumerate(("Добра", "Ще краща")):
        said = await visitor_says(shop, card, rating=5, text=text, order=key, client=f"198.51.100.{number}")
        assert said.status == 201
    table = {"id": "T/9", "name": "Лампа"}
    await visitor_says(shop, card, rating=1, text="Хитка", order=key, product=table, client="198.51.100.7")
    lamps, tables = (await shown(shop, card))["items"], (await shown(shop, card, "T%2F9"))["items"]
    said = {one["text"]: one["verified"] for one in [*lamps, *tables]}
    assert said == {"Добра": True, "Ще краща": False, "Хитка": False}


async def test_a_product_never_leads_away_from_the_shop(shop):
    named = await shop.connect("cards", "свої", secret=SECRET, domains=["https://shop.example"], publish="at once")
    for number, url in enumerate(
        (
            "https://evil.example/lamp",
            "https://shop.example@evil.example/",
            "https://evil.example/shop.example",
            "javascript:alert(1)//shop.example",
            "//[",
            "https://www.shop.example/lamp",
        )
    ):
        product = {"id": str(number), "url": url}
        said = await visitor_says(shop, named, rating=1, product=product, client=f"198.51.100.{number}")
        assert said.status == 201
    talks = await shop.conversations("?public=true&limit=20")
    assert {one["publication"]["product"].get("url", "") for one in talks} == {"", "https://www.shop.example/lamp"}
    assert "evil" not in json.dumps(talks)


async def test_the_many_addresses_of_one_household_are_counted_as_one(shop, card):
    answers = [await visitor_says(shop, card, rating=1, client=f"2001:db8:1:2::{number}") for number in range(6)]
    assert [one.status for one in answers] == [201] * 5 + [429]


async def test_only_pages_of_the_shop_may_show_a_card_that_names_them(shop, card):
    named = await shop.connect("cards", "свої", secret=SECRET, domains=["shop.example"])
    url = f"/cards/{named.key}/said"
    ours = await shop.ask("GET", f"{url}?product=1", role=None, headers={"origin": "https://www.shop.example"})
    assert ours.headers["access-control-allow-origin"] == "https://www.shop.example"
    for origin in ("https://evil.example", "https://evilshop.example", "null"):
        theirs = await shop.ask("GET", f"{url}?product=1", role=None, headers={"origin": origin})
        assert theirs.status == 403
        assert "access-control-allow-origin" not in theirs.headers
    asked = await shop.ask("OPTIONS", url, role=None, headers={"origin": "https://shop.example"})
    assert asked.status == 204
    script = await shop.ask("GET", "/cards.js", role=None)
    assert "data-prilavok-cards" in script.text
    assert "innerHTML" not in script.text


async def test_a_key_that_is_no_cards_key_opens_nothing(shop, card):
    for key in (shop.post.key, "x" * 32):
        assert (await shop.ask("GET", f"/cards/{key}/said?product=1", role=None)).status == 404
        assert (await shop.ask("POST", f"/cards/{key}/said", {}, role=None)).status in {404, 422}


async def test_a_program_of_the_shop_delivers_signed_reviews_and_nobody_else_does(shop, card, clock):
    body = json.dumps(
        {"said": [{"id": "9", "product": LAMP, "rating": 1, "text": "З сайту", "verified": True}]}
    ).encode()
    signed = standard_webhooks.headers(standard_webhooks.key_of(SECRET), "msg_1", clock(), body)
    url = f"/hooks/{card.key}"
    assert (await shop.ask("POST", url, role=None, body=body)).status == 401
    assert (await shop.ask("POST", url, role=None, body=body + b" ", headers=signed)).status == 401
    forged = hashlib.sha256(body).hexdigest()
    assert (await shop.ask("POST", url, role=None, body=body, headers={"x-prilavok-card": forged})).status == 401
    assert (await shop.ask("POST", url, role=None, body=body, headers=signed)).status == 200
    assert [one["verified"] for one in (await shown(shop, card))["items"]] == [True]


async def shows_photos(shop, card, *photos, client="198.51.100.1", **said):
    """A form, as the snippet posts it; `photos` are its files."""
    body = {"product": LAMP, "rating": 4, **(await proof(shop, card)), **said}
    parts = [('name="said"', json.dumps(body).encode())]
    parts += [(f'name="photo"; filename="{number}.jpg"', data) for number, data in enumerate(photos)]
    form = b"".join(b"--edge\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (a.encode(), b) for a, b in parts)
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    url = f"/cards/{card.key}/said"
    return await shop.ask("POST", url, role=None, client=client, headers=headers, body=form + b"--edge--\r\n")


async def test_a_photograph_stands_beside_its_review_and_does_not_tell_where_it_was_taken(shop, card):
    taken = jpeg(segment(0xE1, b"Exif\0\0 GPS 50.45 30.52"))
    assert (await shows_photos(shop, card, taken, text="Ось тріщина")).status == 201
    [review] = (await shown(shop, card))["items"]
    [photo] = review["files"]
    assert photo["type"] == "image/jpeg"
    seen = await shop.ask("GET", f"/cards/{card.key}/{photo['url']}", role=None)
    assert (seen.status, seen.body) == (200, jpeg())
    assert seen.headers["content-type"] == "image/jpeg"
    [talk] = await shop.conversations("?public=true")
    [message] = await shop.messages(talk["id"])
    assert [one["type"] for one in message["attachments"]] == ["image/jpeg"], "the agent sees it as well"


async def test_a_hidden_photograph_is_gone_for_whoever_kept_its_address_too(shop, card):
    await shows_photos(shop, card, jpeg(), text="Непристойне")
    url = f"/cards/{card.key}/{(await shown(shop, card))['items'][0]['files'][0]['url']}"
    [talk] = await shop.conversations("?public=true")
    [message] = await shop.messages(talk["id"])
    assert (await shop.ask("POST", f"/api/v1/messages/{message['id']}/moderate", {"act": "hide"})).status == 202

    async def gone():
        return (await shop.ask("GET", url, role=None)).status == 404

    await until(gone)


async def test_the_shop_answers_with_a_picture_and_a_paper(shop, card):
    await visitor_says(shop, card, kind="question", text="Як зібрати?")
    [talk] = await shop.conversations("?public=true")
    picture = (await shop.ask("POST", "/api/v1/files?name=new.jpg", body=jpeg())).json()
    paper = (await shop.ask("POST", "/api/v1/files?name=how.pdf", body=b"%PDF-1.7 how")).json()
    await shop.agent_replies(talk["id"], "Отак", attachments=[picture["id"], paper["id"]])
    [answer] = (await shown(shop, card))["items"][0]["answers"]
    assert [one["name"] for one in answer["files"]] == ["new.jpg", "how.pdf"]
    given = [await shop.ask("GET", f"/cards/{card.key}/{one['url']}", role=None) for one in answer["files"]]
    assert [one.headers["content-disposition"].partition(";")[0] for one in given] == ["inline", "attachment"]


async def test_only_what_stands_on_this_very_card_is_given_out(shop, other_shop, card):
    other = await shop.connect("cards", "інші", secret=SECRET, publish="at once")
    theirs = await other_shop.connect("cards", "чужі", secret=SECRET, publish="at once")
    await shows_photos(shop, card, jpeg())
    url = (await shown(shop, card))["items"][0]["files"][0]["url"]
    note = (await shop.ask("POST", "/api/v1/files?name=secret.pdf", body=b"%PDF-1.7 secret")).json()["id"]
    [talk] = await shop.conversations("?public=true")
    said = {"kind": "note", "text": "для нас", "attachments": [note]}
    noted = (await shop.ask("POST", f"/api/v1/conversations/{talk['id']}/messages", said)).json()["id"]
    _, message, photo = url.split("/")
    tries = [
        f"/cards/{other.key}/{url}",
        f"/cards/{theirs.key}/{url}",
        f"/cards/{card.key}/files/{noted}/{note}",
        f"/cards/{card.key}/files/{message}/{note}",
        f"/cards/{card.key}/files/{noted}/{photo}",
    ]
    answers = [await shop.ask("GET", one, role=None) for one in tries]
    assert [one.status for one in answers] == [404] * len(tries)


async def test_what_is_no_photograph_or_too_much_of_it_is_refused_and_nothing_kept(shop, card):
    huge = jpeg(segment(0xE2, bytes(60_000)) * 40)
    cases = [
        ([b"<svg onload=alert(1)>"], {}, 422),
        ([jpeg()[:-2]], {}, 422),
        ([jpeg()] * 5, {}, 413),
        ([huge], {}, 413),
        ([jpeg()], {"nonce": "no sum at all"}, 422),
    ]
    for number, (photos, said, status) in enumerate(cases):
        answer = await shows_photos(shop, card, *photos, client=f"198.51.100.{number}", **said)
        assert answer.status == status
    assert (await shown(shop, card))["items"] == []
    assert await shop.read(count_files) == 0


def count_files(db, shop_id):
    return len(db.execute(select(files.c.id).where(files.c.shop_id == shop_id)).all())


async def test_a_program_names_photographs_by_address_and_never_by_our_ids(shop, card, clock):
    private = (await shop.ask("POST", "/api/v1/files?name=private.jpg", body=jpeg())).json()["id"]
    said = {
        "id": "9",
        "product": LAMP,
        "rating": 1,
        "files": [private],
        "photos": ["https://shop.example/9.jpg", "x:y"],
    }
    body = json.dumps({"said": [said]}).encode()
    signed = standard_webhooks.headers(standard_webhooks.key_of(SECRET), "msg_1", clock(), body)
    assert (await shop.ask("POST", f"/hooks/{card.key}", role=None, body=body, headers=signed)).status == 200
    [talk] = await shop.conversations("?public=true")
    [message] = await shop.messages(talk["id"])
    assert [(one["name"], one.get("id")) for one in message["attachments"]] == [("photo-1", None)]
    assert (await shown(shop, card))["items"][0]["files"] == [], "shown only once it is here"
