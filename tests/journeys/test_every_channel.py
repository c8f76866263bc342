"""`prilavok demo --every-channel`: what no shop has all at once, walked from the customer's telephone and back.

Without a browser: the telephone is asked as its page asks it.
"""

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.browser import PATIENCE
from tests.journeys.open_shop import OpenShop, opened

TICK = threading.Event()


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with opened(tmp_path_factory.mktemp("every"), every_channel=True) as shop:
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
    for _ in range(int(PATIENCE / 100)):
        if found := look():
            return found
        TICK.wait(0.1)
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
    def climbed() -> bool:
        found = shop.ask("GET", f"/api/v1/conversations/{conversation['id']}/messages")["items"]
        return next(one["receipt"] for one in found if one["id"] == message) == wanted

    soon(climbed)


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
