"""`prilavok demo --every-channel`: what no shop has all at once, walked from the customer's telephone and back.

Without a browser: the telephone is asked as its page asks it.
"""

import base64
import json
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.request import Request, urlopen

import pytest

from prilavok.simulator import authority
from prilavok.simulator.beyond import letters
from tests.browser import PATIENCE
from tests.journeys.open_shop import OpenShop, opened

TICK = threading.Event()
LETTER = (
    f"From: Marta <marta@example.com>\nTo: {authority.MAILBOX}\nSubject: Tea\nMessage-ID: <tea@example.com>\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nЕсть ли улун?\n"
).encode()


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with opened(tmp_path_factory.mktemp("every"), every_channel=True) as shop:
        for vendor in shop.demo.street.vendors.values():
            vendor.knocker.pace = 0.01
        yield shop


class Visitor:
    """Somebody with the telephone in their hand, who reads Russian."""

    def __init__(self, shop: OpenShop, key: str) -> None:
        self.shop, self.key = shop, key * 16
        self.number = "".join(self.act("app/viber/look", {"on": False})["number"].split())

    def act(self, action: str, wish: Any) -> Any:
        url = f"{self.shop.url}/phone/api/{action}?me={self.key}&language=ru"
        with urlopen(Request(url, json.dumps(wish).encode()), timeout=20) as answer:
            return json.load(answer)

    def state(self) -> Any:
        return self.act("app/viber/look", {"on": False})

    def texts(self, sender: str) -> list[Any]:
        thread = next(one for one in self.state()["sms"] if one["to"] == sender)
        return [one["text"] for one in thread["messages"] if not one["mine"]]


def soon(look: Any) -> Any:
    """The first true answer; what happens on the way there is nobody's to order."""
    for _ in range(int(PATIENCE / 50)):
        if found := look():
            return found
        TICK.wait(0.05)
    raise AssertionError("it never came")


def matter(shop: OpenShop, text: str) -> Any:
    """The conversation whose last word this is."""

    def there() -> Any:
        found = shop.ask("GET", "/api/v1/conversations?limit=50&status=open")["items"]
        return next((one for one in found if (one["last_message"] or {}).get("text") == text), None)

    return soon(there)


def inbox(shop: OpenShop, kind: str) -> str:
    return next(one["id"] for one in shop.ask("GET", "/api/v1/inboxes")["items"] if one["channel"] == kind)


def reply(shop: OpenShop, conversation: Any, text: str, kind: str) -> str:
    path = f"/api/v1/conversations/{conversation['id']}/messages"
    return str(shop.ask("POST", path, {"kind": "reply", "text": text, "inbox_id": inbox(shop, kind)})["id"])


def tick(shop: OpenShop, conversation: Any, message: str, wanted: str) -> None:
    soon(lambda: heard(shop, conversation, message)["receipt"] == wanted)


def test_smsc_brings_a_text_and_both_gateways_answer_and_stop_shuts_the_number(every: OpenShop) -> None:
    marta = Visitor(every, "1")
    marta.act("sms/say", {"text": "Где заказ?", "to": "smsc"})
    asked = matter(every, "Где заказ?")
    for kind, receipt in (("smsc", "delivered"), ("smsaero", "sent")):  # the other is asked some time later
        sent = reply(every, asked, f"Едет: {kind}.", kind)
        tick(every, asked, sent, receipt)
        soon(lambda kind=kind: marta.texts(kind) == [f"Едет: {kind}."])
    threads = marta.act("sms/say", {"text": "STOP", "to": "smsc"})["sms"]
    assert [one["stopped"] for one in threads if one["to"] == "smsc"] == [True]

    def shut() -> bool:
        ways = every.ask("GET", f"/api/v1/conversations/{asked['id']}")["channels"]
        return not any(one["can_reply"] for one in ways if one["channel"] in {"smsc", "smsaero"})

    assert soon(shut)


def test_a_message_centre_carries_a_text_and_its_answer_and_a_cut_line_loses_nothing(every: OpenShop) -> None:
    marta = Visitor(every, "2")
    long = "Расскажите про чайник «Туман»: " + "подробнее, " * 12
    marta.act("sms/say", {"text": long.strip(), "to": "smpp"})
    asked = matter(every, long.strip())
    tick(every, asked, reply(every, asked, "Он из глины. " * 9, "smpp"), "delivered")
    assert marta.texts("smpp") == [("Он из глины. " * 9).strip()]
    every.call(every.demo.street.vendors["smpp"].cut)
    marta.act("sms/say", {"text": "А крышка?", "to": "smpp"})
    matter(every, "А крышка?")


@pytest.mark.skipif(find_spec("slixmpp") is None, reason="requires: pip install prilavok[xmpp]")
def test_jabber_is_an_application_whose_answers_are_seen_to_be_read(every: OpenShop) -> None:
    marta = Visitor(every, "b")

    def jabber() -> Any:
        return next(one for one in marta.state()["apps"] if one["name"] == "xmpp")

    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    marta.act("app/xmpp/file", {"name": "cup.png", "type": "image/png", "data": picture})
    marta.act("app/xmpp/say", {"text": "Заменят чашку?"})
    asked = matter(every, "Заменят чашку?")
    sent = reply(every, asked, "Конечно.", "xmpp")
    tick(every, asked, sent, "delivered")
    assert [one["taken"] for one in jabber()["messages"]] == [True] * 3
    marta.act("app/xmpp/look", {"on": True})
    tick(every, asked, sent, "read")
    files = every.ask("GET", f"/api/v1/conversations/{asked['id']}/messages")["items"][0]["attachments"]
    assert [one["name"] for one in files] == ["cup.png"]


AGENCIES = {"mailgun": letters.TEA, "postmark": letters.CARE, "sendgrid": letters.ASK}


@pytest.mark.parametrize("kind", sorted(AGENCIES))
def test_a_letter_through_an_agency_is_answered_opened_and_called_spam(every: OpenShop, kind: str) -> None:
    marta = Visitor(every, {"mailgun": "3", "postmark": "4", "sendgrid": "5"}[kind])
    cups = {"name": "чашки.txt", "type": "text/plain", "data": base64.b64encode("Две".encode()).decode()}
    wish = {"subject": f"Чашки ({kind})", "text": f"Есть ли чашки? {kind}", "to": AGENCIES[kind], "files": [cups]}
    assert marta.act("mail/send", wish)["mail"]["letters"][0]["shop"] == AGENCIES[kind]
    asked = matter(every, f"Есть ли чашки? {kind}")
    [came] = every.ask("GET", f"/api/v1/conversations/{asked['id']}/messages")["items"]
    assert [one["name"] for one in came["attachments"]] == ["чашки.txt"]

    def lies_there(text: str) -> Any:
        found = marta.state()["mail"]["letters"]
        return next((one for one in found if not one["mine"] and text in one["text"]), None)

    first = reply(every, asked, "Есть, две.", kind)
    tick(every, asked, first, "delivered")
    letter = soon(lambda: lies_there("Есть, две."))
    assert (letter["shop"], letter["opened"]) == (AGENCIES[kind], False)
    assert len({one["thread"] for one in marta.state()["mail"]["letters"]}) == 1
    marta.act("mail/open", {"letter": letter["id"]})
    soon(lambda: heard(every, asked, first)["times"].get("opened"))
    assert heard(every, asked, first)["receipt"] == "delivered", "machines load pictures too"
    assert marta.act("mail/spam", {"letter": letter["id"]})["mail"]["letters"][1]["spam"]
    soon(lambda: not way(every, asked, kind)["can_reply"])


@pytest.mark.parametrize("kind", ["email", *sorted(AGENCIES)])
def test_a_letter_to_a_mailbox_that_is_no_more_comes_back(every: OpenShop, kind: str) -> None:
    marta = Visitor(every, {"email": "6", "mailgun": "7", "postmark": "8", "sendgrid": "9"}[kind])
    marta.act("mail/send", {"subject": kind, "text": f"Возврат: {kind}", "to": AGENCIES.get(kind, "")})
    asked = matter(every, f"Возврат: {kind}")
    marta.act("mail/close", {"closed": True})
    tick(every, asked, reply(every, asked, "Конечно.", kind), "failed")
    assert not [one for one in marta.state()["mail"]["letters"] if not one["mine"] and "Конечно" in one["text"]]


def heard(shop: OpenShop, conversation: Any, message: str) -> Any:
    found = shop.ask("GET", f"/api/v1/conversations/{conversation['id']}/messages")["items"]
    return next(one for one in found if one["id"] == message)


def way(shop: OpenShop, conversation: Any, kind: str) -> Any:
    ways = shop.ask("GET", f"/api/v1/conversations/{conversation['id']}")["channels"]
    return next(one for one in ways if one["channel"] == kind)


def test_a_mailbox_without_a_password_is_read_once_its_owner_has_signed_in(every: OpenShop) -> None:
    outlook = next(one for one in every.ask("GET", "/api/v1/inboxes")["items"] if one["name"] == "Outlook")
    assert (outlook["state"], outlook["consent"]["given"]) == ("paused", False)
    page, _, asked = every.ask("POST", f"/api/v1/inboxes/{outlook['id']}/consent")["url"].partition("?")
    form = f"{asked}&decision=allow&account={authority.MAILBOX}".encode()
    with urlopen(Request(page, form, {"Cookie": f"prilavok_session={every.cookie('owner')}"}), timeout=20) as back:
        assert back.url == f"{every.url}/settings/inboxes/{outlook['id']}"
    every.call(lambda: every.demo.mail.deliver(LETTER, authority.MAILBOX))
    asked = matter(every, "Есть ли улун?")
    path = f"/api/v1/conversations/{asked['id']}/messages"
    every.ask("POST", path, {"kind": "reply", "text": "Есть, свежий.", "inbox_id": outlook["id"]})
    (answer,) = soon(lambda: every.call(lambda: every.demo.mail.mailbox("marta@example.com")))
    assert f"From: =?utf-8?b?0JrQsNGA0LTQsNC80L7QvQ==?= <{authority.MAILBOX}>" in answer.decode()
