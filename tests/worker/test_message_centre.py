"""The whole house on one line to a message centre: a text comes, is answered, its receipt climbs, the line breaks."""

import pytest

from tests.asking import until
from tests.channels.test_smpp_line import Loop

MARTA = {"source_addr": "380671234567", "source_addr_ton": 1, "destination_addr": "15005550006"}


@pytest.fixture
def centre(shop, smsc, runner):
    shop.house.listeners.network = shop.house.deliverer.network = Loop()
    settings = {"host": "smsc.test", "port": smsc.port, "system_id": "shop", "password": "secret"}
    runner.run(shop.connect("smpp", sender="+15005550006", **settings))
    return smsc


async def receipt(shop, conversation_id, message, wanted):
    async def there():
        return (await shop.message(conversation_id, message["id"]))["receipt"] == wanted

    await until(there)


async def test_a_text_is_received_answered_and_known_to_be_delivered(shop, centre):
    await centre.tells("bound")
    centre.do("deliver", pdu={**MARTA, "message": "Де моє замовлення?"})
    [conversation] = await until(shop.conversations)
    assert conversation["last_message"]["text"] == "Де моє замовлення?"
    await centre.tells("taken")
    await centre.carried_out("ids", next=["1A2B3C"])
    message = await shop.agent_replies(conversation["id"], "Вже їде. " * 10)
    await receipt(shop, conversation["id"], message, "sent")
    assert "".join(one["text"] for one in await centre.tells("submit", 2)) == ("Вже їде. " * 10).strip()
    assert {one["as"] for one in centre.told("submit")} == {"bind_transceiver"}
    told = "id:1001 sub:001 dlvrd:001 stat:DELIVRD err:000 text:"
    by_last = (await shop.message(conversation["id"], message["id"]))["content"]["price"]
    assert by_last == {"units": 2}
    centre.do("deliver", pdu={**MARTA, "esm_class": 4, "message": told.replace("1001", str(0x1A2B3C))})
    await receipt(shop, conversation["id"], message, "delivered")


async def test_stop_through_a_message_centre_shuts_the_number_as_anywhere(shop, centre):
    await centre.tells("bound")
    centre.do("deliver", pdu={**MARTA, "message": "Стоп"})
    [conversation] = await until(shop.conversations)

    async def shut():
        [way] = (await shop.conversation(conversation["id"]))["channels"]
        return way.get("reason")

    assert await until(shut) == "unreachable: blocked"
    assert conversation["waiting_since"] is None


async def test_a_line_that_breaks_is_made_anew_and_what_waited_goes_over_it(shop, centre):
    await centre.tells("bound")
    centre.do("deliver", pdu={**MARTA, "message": "Ви тут?"})
    [conversation] = await until(shop.conversations)
    await centre.tells("taken")
    centre.do("drop")
    await centre.tells("gone")
    message = await shop.agent_replies(conversation["id"], "Тут!")
    await receipt(shop, conversation["id"], message, "sent")
    assert [one["as"] for one in centre.told("submit")] == ["bind_transceiver"]
    assert len(centre.told("bound")) == 2
