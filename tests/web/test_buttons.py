"""Messenger buttons and QR codes, for every channel that has an address to open."""

import json
import re

import pytest

from prilavok.channels.registry import all_channels
from prilavok.kit.links import MARK, without
from tests.channels.reading import FIXTURES

LINKED = sorted(kind for kind, cls in all_channels().items() if cls.capabilities.deep_link)


def settings_of(kind):
    return json.loads((FIXTURES / kind / "inbox.json").read_text())["config"]


async def look(shop, path, **headers):
    return await shop.ask("GET", path, role=None, headers=headers)


@pytest.mark.parametrize("kind", LINKED)
async def test_the_button_opens_the_messenger_and_carries_nothing(shop, kind):
    inbox = await shop.connect(kind, **settings_of(kind))
    answer = await look(shop, f"/b/{inbox.id}")
    place = answer.headers["location"]
    assert answer.status == 302
    assert inbox.account_handle in place
    assert MARK not in place
    assert not re.search(r"[?&](start|text|context|ref|payload)=", place)


@pytest.mark.parametrize("kind", LINKED)
async def test_the_script_puts_the_button_in_the_pages_language(shop, kind):
    inbox = await shop.connect(kind, **settings_of(kind))
    source = (await look(shop, f"/b/{inbox.id}/button.js")).text
    words = json.loads(re.search(r"words = ({.*});", source)[1])
    title = all_channels()[kind].title
    assert words == {"ru": f"Написать в {title}", "uk": f"Написати у {title}", "en": f"Write in {title}"}
    assert f'link.href = "https://shop.test/b/{inbox.id}";' in source


async def test_the_code_holds_our_own_address_so_that_print_outlives_the_bot(shop):
    inbox = await shop.connect("telegram", **settings_of("telegram"))
    answer = await look(shop, f"/b/{inbox.id}/qr.svg?download=1")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text.startswith("<svg ")
    assert "<script" not in answer.text


async def test_a_form_has_its_button_too(shop):
    form = await shop.connect("form")
    assert (await look(shop, f"/b/{form.id}")).headers["location"] == f"/f/{form.key}"
    assert '"uk": "' in (await look(shop, f"/b/{form.id}/button.js")).text


async def test_there_is_no_button_for_what_cannot_be_opened(shop):
    chat = await shop.connect("webchat")
    paused = await shop.connect("telegram", **settings_of("telegram"))
    await shop.ask("PATCH", f"/api/v1/inboxes/{paused.id}", {"state": "paused"})
    for one in (chat.id, paused.id, "no-id", "01900000-0000-7000-8000-000000000000"):
        for path in ("", "/button.js", "/qr.svg"):
            assert (await look(shop, f"/b/{one}{path}")).status == 404, one


@pytest.mark.parametrize(
    ("link", "plain"),
    [
        (f"https://t.me/bot?start={MARK}", "https://t.me/bot"),
        (f"https://wa.me/380?text=%23{MARK}", "https://wa.me/380"),
        (f"viber://pa?chatURI=shop&context={MARK}", "viber://pa?chatURI=shop"),
        (f"https://vk.me/shop?ref={MARK}&ref_source=site", "https://vk.me/shop?ref_source=site"),
        (f"javascript:alert(1)//{MARK}", ""),
        ("data:text/html,x", ""),
    ],
)
def test_a_link_without_its_token(link, plain):
    assert without(link, MARK) == plain
