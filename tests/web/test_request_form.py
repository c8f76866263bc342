"""The request form from the customer's side: asked on our page or the shop's own, followed by a link, hostile too."""

import re
from itertools import count
from urllib.parse import urlencode

import pytest

from prilavok.web.public import work
from tests.house import on_both

HERE = {"origin": "https://shop.test"}
FORM = "application/x-www-form-urlencoded"


def multipart(fields, files=()):
    parts = [
        f'--edge\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, data in files:
        head = f'--edge\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        parts.append(head + data + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n"


async def filled(shop, inbox, files=(), headers=HERE, client="203.0.113.7", path="", **fields):
    headers = {"content-type": "multipart/form-data; boundary=edge", **headers}
    body = multipart(fields, files)
    return await shop.ask("POST", path or f"/f/{inbox.key}", role=None, headers=headers, body=body, client=client)


async def seen(shop, path, **headers):
    return await shop.ask("GET", path, role=None, headers=headers)


async def worked_ticket(shop, inbox):
    """What the browser's script does."""
    given = (await seen(shop, f"/f/{inbox.key}/ticket")).json()
    assert given["seed"] == work.seed_of(given["ticket"])
    done = next(str(number) for number in count() if work.done(given["ticket"], str(number)))
    return {"ticket": given["ticket"], "work": done}


async def only(shop):
    [conversation] = await shop.conversations()
    return conversation


@on_both
async def test_a_question_without_any_contact_is_followed_by_its_link_to_the_answer(shop):
    form = await shop.connect("form")
    answer = await filled(
        shop,
        form,
        text="Чи є лампа?",
        files=[("фото.txt", b"what it looks like")],
        headers={**HERE, "accept-language": "uk"},
    )
    assert answer.status == 303
    path = answer.headers["location"]
    page = await seen(shop, path)
    assert "Чи є лампа?" in page.text
    assert "фото.txt" in page.text
    assert "Поки не прочитали" in page.text
    assert "Відповімо до" in page.text
    talk = await only(shop)
    assert talk["contact"]["name"] == ""
    await shop.ask("POST", f"/api/v1/conversations/{talk['id']}/read", {"seq": talk["last_seq"]}, role="agent")
    assert "Прочитано: Agent" in (await seen(shop, path)).text
    reply = await shop.agent_replies(talk["id"], "Є, дві на складі.")
    assert reply["receipt"] == "sent"
    page = await seen(shop, path)
    assert "Є, дві на складі." in page.text
    assert "Відповімо до" not in page.text
    assert (await shop.message(talk["id"], reply["id"]))["receipt"] == "read"


@on_both
async def test_the_customer_goes_on_on_the_same_page(shop):
    form = await shop.connect("form")
    path = (await filled(shop, form, text="Where is it?")).headers["location"]
    once = re.search(r'name="once" value="([^"]+)"', (await seen(shop, path)).text)[1]
    for _ in range(2):  # a press too many
        again = await filled(shop, form, path=path, text="And in red?", once=once, files=[("a.txt", b"red")])
        assert (again.status, again.headers["location"]) == (303, path)
    talk = await only(shop)
    assert [one["text"] for one in await shop.messages(talk["id"])] == ["Where is it?", "And in red?"]
    empty = await filled(shop, form, path=path, text=" ")
    assert empty.status == 422
    assert "Write a word" in empty.text
    long = await filled(shop, form, path=path, text="О <b> " * 2000)
    assert (long.status, long.text.count("О &lt;b&gt;")) == (422, 2000)  # what was typed is still there


async def test_a_customer_who_is_refused_at_the_door_reads_a_page_and_a_program_a_problem(shop):
    form = await shop.connect("form")
    browser = {**HERE, "accept": "text/html,*/*;q=0.8", "accept-language": "uk"}
    for _ in range(61):
        page = await filled(shop, form, text="", headers=browser)
    assert (page.status, page.headers["retry-after"], "<h1>Надто часто</h1>" in page.text) == (429, "60", True)
    assert (await filled(shop, form, text="")).json()["status"] == 429


@on_both
async def test_the_same_form_sent_twice_is_one_message_and_leads_to_one_page(shop):
    form = await shop.connect("form")
    ticket = await worked_ticket(shop, form)
    first = await filled(shop, form, text="Once", **ticket)
    second = await filled(shop, form, text="Once, said another way", **ticket)
    pages = [(await seen(shop, one.headers["location"])).text for one in (first, second)]
    assert all("Once" in page and "another way" not in page for page in pages)
    assert len(await shop.messages((await only(shop))["id"])) == 1


async def test_an_order_is_linked_only_when_the_phone_or_the_mail_is_its_own(shop):
    form = await shop.connect("form", ask_phone=True)
    customer = {"phone": "+380671234567", "email": "Olena@example.org"}
    order = (
        await shop.ask("PUT", "/api/v1/orders/1042", {"number": "1042", "total": "5", "customer": customer})
    ).json()
    for proof, linked in (
        ({"phone": "067 123-45-67"}, True),
        ({"email": "olena@example.org"}, True),
        ({"phone": "067 123-45-68"}, False),
        ({"phone": "7"}, False),
        ({}, False),
    ):
        await filled(shop, form, text="Де воно?", order="№ 1042", client=f"203.0.113.{len(proof) + 10}", **proof)
        talk = (await shop.conversations())[-1]
        [message] = await shop.messages(talk["id"])
        wanted = {"number": "№ 1042", **({"id": order["id"]} if linked else {})}
        assert message["content"]["order"] == wanted, proof
        await shop.arrange(talk["id"], status="closed")


async def test_whoever_answers_our_letter_from_the_address_they_typed_is_one_person_in_one_conversation(shop):
    mail = await shop.connect("owl")
    form = await shop.connect("form")
    path = (await filled(shop, form, text="Є в синьому?", email="Anna@Example.org")).headers["location"]
    talk = await only(shop)
    assert talk["reply_inbox_id"] == mail.id
    await shop.agent_replies(talk["id"], "Є.")
    assert "Є." in (await seen(shop, path)).text
    await shop.customer_writes("Беру!", who="anna@example.org", inbox=mail, conversation_hint=talk["id"])
    await shop.customer_writes("Два.", who="anna@example.org", inbox=mail, conversation_hint=talk["id"])
    talk = await only(shop)
    assert (talk["last_message"]["text"], talk["reply_inbox_id"]) == ("Два.", mail.id)
    card = (await shop.conversation(talk["id"]))["contact"]
    assert "anna@example.org" in [one["address"] for one in card["identities"]]
    assert card["resembles"] == []
    await shop.agent_replies(talk["id"], "Записали.", inbox_id=mail.id)


async def test_a_first_letter_of_its_own_from_a_typed_address_is_another_talk_and_a_question_to_an_agent(shop):
    """Anybody may type anybody's address; until our letter is answered, nothing shows that its owner did."""
    mail = await shop.connect("owl")
    form = await shop.connect("form")
    await filled(shop, form, text="Є в синьому?", email="anna@example.org")
    asked = await only(shop)
    letter = await shop.customer_writes("Хочу лампу", who="anna@example.org", inbox=mail)
    card = (await shop.conversation(letter.conversation_id))["contact"]
    assert card["id"] != asked["contact"]["id"]
    [like] = card["resembles"]
    assert (like["contact"]["id"], like["because"][0]["why"]) == (asked["contact"]["id"], "typed")
    assert (await shop.conversation(asked["id"]))["reply_inbox_id"] == form.id
    await shop.agent_replies(asked["id"], "Є.")  # on the page, where they asked
    await shop.ask("POST", f"/api/v1/resemblances/{like['id']}/accept")
    await shop.agent_replies(asked["id"], "І в зеленому.", inbox_id=mail.id)


async def test_whoever_types_a_strangers_address_reads_nothing_that_comes_from_there(shop):
    """The letter goes to a mailbox that nobody has proven to be the visitor's; what its owner writes is theirs."""
    mail = await shop.connect("owl")
    form = await shop.connect("form")
    path = (await filled(shop, form, text="Де моє замовлення?", email="victim@example.org")).headers["location"]
    talk = await only(shop)
    await shop.agent_replies(talk["id"], "Назвіть, будь ласка, адресу.")
    written = {"inbox": mail, "conversation_hint": talk["id"]}
    await shop.customer_writes("Вулиця Таємна, 7", who="victim@example.org", **written)
    await shop.agent_replies(talk["id"], "Отже, Таємна, 7.", inbox_id=mail.id)
    page = (await seen(shop, path)).text
    assert "Назвіть" in page
    assert "Таємна" not in page


async def test_an_address_that_is_somebodys_stays_theirs_and_a_colleague_is_asked(shop):
    mail = await shop.connect("owl")
    form = await shop.connect("form")
    await shop.customer_writes("Таємниця", who="anna@example.org", inbox=mail)
    path = (await filled(shop, form, text="Я Анна", email="anna@example.org")).headers["location"]
    talks = await shop.conversations()
    assert len({one["contact"]["id"] for one in talks}) == 2
    asked = await shop.conversation(next(one["id"] for one in talks if one["inbox"]["id"] == form.id))
    assert asked["reply_inbox_id"] == form.id
    assert [[one["why"] for one in like["because"]] for like in asked["contact"]["resembles"]] == [["email"]]
    assert "Таємниця" not in (await seen(shop, path)).text


async def test_the_page_shows_nothing_that_others_wrote_into_the_conversation(shop):
    form = await shop.connect("form")
    path = (await filled(shop, form, text="Питання")).headers["location"]
    talk = await only(shop)
    await shop.customer_writes("Чуже", who="olena", conversation_hint=talk["id"])
    page = (await seen(shop, path)).text
    assert "Питання" in page
    assert "Чуже" not in page


async def test_without_work_an_address_soon_has_to_wait_and_keeps_its_words(shop):
    form = await shop.connect("form")
    answers = [await filled(shop, form, text=f"Питання {number}") for number in range(6)]
    assert [one.status for one in answers] == [303] * 5 + [429]
    assert "Питання 5" in answers[-1].text
    assert (await filled(shop, form, text="З роботою", **await worked_ticket(shop, form))).status == 303
    assert (await filled(shop, form, text="Інша людина", client="198.51.100.9")).status == 303
    neighbours = [await filled(shop, form, text="v6", client=f"2001:db8:1:2::{number}") for number in range(6)]
    assert neighbours[-1].status == 429


@pytest.mark.parametrize("work_done", ["", "1", "x" * 40, "９", "-1"])
def test_work_that_was_not_done_is_none(work_done):
    assert not work.done("a ticket", work_done)


async def test_a_ticket_of_another_form_or_of_nobody_proves_nothing(shop):
    form, other = await shop.connect("form"), await shop.connect("form", "second")
    ticket = await worked_ticket(shop, other)
    seal, now = shop.house.seal, shop.clock()
    assert work.redeem(seal, other.id, ticket["ticket"], ticket["work"], now).worked
    for inbox_id, token in ((form.id, ticket["ticket"]), (other.id, ticket["ticket"][:-2]), (other.id, "")):
        assert not work.redeem(seal, inbox_id, token, ticket["work"], now).worked
    assert not work.redeem(seal, other.id, ticket["ticket"], ticket["work"], now + work.GOOD_FOR).worked


async def test_only_the_sites_that_the_owner_named_may_post(shop):
    form = await shop.connect("form", allowed_domains=["lamps.example"])
    for origin, status in (
        ("https://lamps.example", 303),
        ("https://www.lamps.example", 303),
        ("https://evil.example", 403),
        ("null", 403),
        ("https://shop.test", 303),
    ):
        answer = await filled(
            shop,
            form,
            text=f"Hello from {origin}",
            headers={"origin": origin, "sec-fetch-site": "same-origin" if "shop.test" in origin else "cross-site"},
        )
        assert answer.status == status, origin
    assert (await filled(shop, form, text="A program", headers={})).status == 403
    talk = next(one for one in await shop.conversations() if "www" in one["last_message"]["text"])
    assert talk["context"]["page"] == "https://www.lamps.example"


async def test_another_site_cannot_write_into_a_customers_conversation(shop):
    form = await shop.connect("form")
    path = (await filled(shop, form, text="Mine")).headers["location"]
    answer = await filled(shop, form, path=path, text="Not mine", headers={"origin": "https://evil.example"})
    assert answer.status == 403
    assert len(await shop.messages((await only(shop))["id"])) == 1


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "a\r\nBcc: victim@example.org",
    "{{7*7}}",
    "\x00\ufffe",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_is_typed_comes_back_inert(shop, text):
    form = await shop.connect("form", ask_phone=True)
    typed = dict.fromkeys(("text", "name", "phone", "order"), text)
    again = await filled(shop, form, email="no address", **typed)
    assert again.status == 422
    sent = await filled(shop, form, files=[(text.replace('"', ""), b"x")], **typed)
    assert sent.status == 303
    assert "\n" not in sent.headers["location"]
    for page in (again.text, (await seen(shop, sent.headers["location"])).text):
        bare = re.sub(r'<script src="/f/form\.js" defer></script>', "", page)
        assert not re.search(r"<(script|img|svg)", bare)
    talk = await only(shop)
    assert "\n" not in talk["contact"]["name"]


async def test_an_address_with_a_line_break_is_no_address(shop):
    form = await shop.connect("form")
    for address in (
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "@",
        "a" * 70 + "@b.example",
    ):
        assert (await filled(shop, form, text="x", email=address)).status == 422
    assert await shop.conversations() == []


async def test_giant_and_broken_bodies_are_refused_before_they_cost_anything(shop):
    form = await shop.connect("form")
    large = await filled(shop, form, text="x", files=[("a.bin", b"x" * 400_000)])
    assert (large.status, large.headers["content-type"][:9]) == (413, "text/html")
    two = await filled(shop, form, text="x", files=[("a", b"x" * 40_000), ("b", b"x" * 40_000)])
    assert two.status == 413
    many = await filled(shop, form, text="Where is it?", files=[(f"{number}", b"x") for number in range(11)])
    assert (many.status, ">Where is it?</textarea>" in many.text) == (413, True)
    assert re.search(r'name="files"[^>]+aria-describedby="files-wrong" aria-invalid="true" autofocus', many.text)
    assert (await filled(shop, form, text="я" * 8001)).status == 422
    for kind, body in (
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=e", b"--e"),
        (FORM, b"&" * 5000 + b"a=1&" * 5000),
    ):
        answer = await shop.ask("POST", f"/f/{form.key}", role=None, headers={**HERE, "content-type": kind}, body=body)
        assert answer.status == 422, kind
    assert await shop.conversations() == []


async def test_fields_that_the_owner_did_not_ask_for_are_not_taken(shop):
    form = await shop.connect("form", ask_name=False, ask_email=False, ask_order=False, ask_files=False)
    page = (await seen(shop, f"/f/{form.key}", **{"accept-language": "en"})).text
    assert not re.search(r'name="(name|email|phone|order|files)"', page)
    assert "You need not leave any contacts." in page
    await filled(shop, form, text="x", name="N", email="a@b.example", order="1", files=[("a", b"x")])
    talk = await only(shop)
    [message] = await shop.messages(talk["id"])
    assert (message["attachments"], talk["contact"]["name"], set(message["content"])) == ([], "", {"promised"})


async def test_the_form_works_without_a_script_and_as_a_plain_form_of_another_site(shop):
    form = await shop.connect("form")
    body = urlencode({"text": "З чужої сторінки"}).encode()
    headers = {"origin": "https://lamps.example", "sec-fetch-site": "cross-site", "content-type": FORM}
    answer = await shop.ask("POST", f"/f/{form.key}", role=None, headers=headers, body=body)
    assert answer.status == 303
    assert (await only(shop))["last_message"]["text"] == "З чужої сторінки"


@pytest.mark.parametrize(("language", "words"), [("ru", "Напишите нам"), ("uk", "Напишіть нам"), ("en", "Write to us")])
async def test_the_page_speaks_the_customers_language(shop, language, words):
    form = await shop.connect("form", title={"uk": "Напишіть нам"}, intro={"en": "We like questions."})
    for path, headers in (
        (f"/f/{form.key}", {"accept-language": language}),
        (f"/f/{form.key}?lang={language}", {"accept-language": "fr"}),
    ):
        page = (await seen(shop, path, **headers)).text
        assert f"<h1>{words}</h1>" in page
        assert f'<html lang="{language}">' in page


async def test_robots_find_no_address_on_the_page_and_people_do(shop):
    form = await shop.connect("form", email="hello.there@lamps.example.com")
    page = (await seen(shop, f"/f/{form.key}", **{"accept-language": "en"})).text
    assert not re.search(r"[\w.]+\s*(@|&#64;|\[at\]|\(at\))\s*\w+", page)
    assert "lamps.example.com" not in page
    assert "hello.there, then the at sign, then lamps dot example dot com" in page


async def test_a_form_that_is_paused_or_gone_says_so_in_words(shop):
    form = await shop.connect("form")
    assert (await seen(shop, "/f/nosuchform")).status == 404
    assert (await seen(shop, f"/f/{shop.post.key}")).status == 404
    await shop.ask("PATCH", f"/api/v1/inboxes/{form.id}", {"state": "paused"})
    assert (await seen(shop, f"/f/{form.key}")).status == 503
    assert (await filled(shop, form, text="x")).status == 503


async def test_a_status_page_of_a_form_that_was_taken_away_is_gone(shop):
    form = await shop.connect("form")
    path = (await filled(shop, form, text="x")).headers["location"]
    assert (await seen(shop, path[:-2])).status == 404
    await shop.ask("DELETE", f"/api/v1/inboxes/{form.id}")
    assert (await seen(shop, path)).status == 404
    assert (await filled(shop, form, path=path, text="y")).status == 404
