"""SMPP against a message centre that somebody else wrote (the npm package "smpp")."""

import asyncio
import re
import ssl
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from prilavok.channels import smpp
from prilavok.channels.base import NeedsOwner, Outbound, Receipt, Sent, TryLater, Undeliverable
from prilavok.channels.smpp import LogIn, Smpp, SmppConfig, pdu
from prilavok.channels.smpp.line import Endpoint, open_line
from prilavok.channels.transport import perform
from tests.asking import until
from tests.channels.reading import INBOX
from tests.channels.test_transport import certificate  # noqa: F401

OUTBOUND = Outbound(
    message_id="01900000-0000-7000-8000-00000000aaaa",
    conversation_id="c",
    address="+380671234567",
    text="Вже їде",
)


class Loop:
    """The way to this machine only."""

    async def http(self, request: Any) -> Any:
        raise AssertionError(request)

    async def resolve(self, host: str, port: int) -> str:
        return "127.0.0.1"


NETWORK = Loop()


def channel(smsc, **settings: Any) -> Smpp:
    given = {
        "host": "smsc.test",
        "port": smsc.port,
        "system_id": "shop",
        "password": "secret",
        "sender": "+15005550006",
    }
    return Smpp(SmppConfig(**{**given, **settings}), INBOX)


async def send(bound: Smpp, **changes: Any) -> Sent:
    return await perform(bound.deliver(replace(OUTBOUND, **changes)), NETWORK)


class Ear:
    """Somebody who listens: every delivery, parsed, and the cursor as it would be stored."""

    def __init__(self, bound: Smpp, cursor: dict[str, Any] | None = None) -> None:
        self.bound, self.cursor = bound, cursor or {}
        self.heard: list[Any] = []
        self.error: Exception | None = None
        self.task = asyncio.ensure_future(self._listen())

    async def _listen(self) -> None:
        try:
            async with aclosing(self.bound.listen(NETWORK, self.cursor)) as source:
                async for polled in source:
                    self.heard += self.bound.parse(polled.hook)
                    self.cursor = dict(polled.cursor)
        except (TryLater, NeedsOwner) as error:
            self.error = error

    async def hears(self, count: int) -> list[Any]:
        return await until(lambda: self.heard if len(self.heard) >= count else None)

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def test_the_login_is_tried_before_the_inbox_is_saved(smsc):
    account = await perform(channel(smsc).check(), NETWORK)
    assert (account.name, account.handle, account.note) == ("smsc.test", "+15005550006", "")
    with pytest.raises(NeedsOwner, match="refuses the login"):
        await perform(channel(smsc, password="wrong").check(), NETWORK)
    named = await perform(channel(smsc, sender="Kardamon").check(), NETWORK)
    assert "cannot write back" in named.note
    await smsc.carried_out("exclusive", on=True)
    ear = Ear(channel(smsc))
    await smsc.tells("bound", 3)
    assert "allows one connection" in (await perform(channel(smsc).check(), NETWORK)).note
    await ear.close()


async def test_nobody_at_home_is_said_in_plain_words(smsc):
    with pytest.raises(NeedsOwner, match="cannot be reached"):
        await perform(channel(smsc, port=1).check(), NETWORK)
    with pytest.raises(TryLater, match="cannot be reached") as raised:
        await send(channel(smsc, port=1))
    assert not raised.value.perhaps_sent


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [("On its way: {7}", 0, 1), ("Вже їде", 8, 1), ("a" * 161, 0, 2), ("ї" * 135, 8, 3), ("😀" * 40, 8, 2)],
    ids=["gsm", "ucs2", "long gsm", "long ucs2", "emoji"],
)
async def test_a_text_arrives_as_it_was_written(smsc, text, coding, parts):
    sent = await send(channel(smsc), text=text)
    submitted = await smsc.tells("submit", parts)
    assert "".join(one["text"] for one in submitted) == text
    assert {one["coding"] for one in submitted} == {coding}
    assert {(one["from"], one["from_ton"], one["to"]) for one in submitted} == {("15005550006", 1, "380671234567")}
    assert [one["receipt"] for one in submitted] == [0] * (parts - 1) + [1]
    assert sent.price.units == parts
    if parts > 1:
        assert {one["esm_class"] for one in submitted} == {0x40}


async def test_over_one_connection_we_listen_and_send(smsc):
    bound = channel(smsc)
    ear = Ear(bound)
    await smsc.tells("bound")
    await asyncio.gather(*(send(bound, text=f"{n}") for n in range(12)))
    assert {one["as"] for one in await smsc.tells("submit", 12)} == {"bind_transceiver"}
    assert len(smsc.told("bound")) == 1
    pdus = {"source_addr": "380671234567", "source_addr_ton": 1, "destination_addr": "15005550006"}
    smsc.do("deliver", pdu={**pdus, "message": "Де замовлення?"})
    [received] = await ear.hears(1)
    assert (received.sender.address, received.text) == ("+380671234567", "Де замовлення?")
    await smsc.tells("taken")
    smsc.do("data", pdu={**pdus, "data_coding": 8, "message_payload": {"message": "Алло"}})
    assert (await ear.hears(2))[1].text == "Алло"
    smsc.do("enquire")
    assert (await smsc.tells("alive"))[0]["status"] == 0
    await ear.close()
    await smsc.tells("gone")
    assert not bound.listening


@pytest.mark.parametrize("how", ["udh", "sar"])
async def test_a_long_text_of_a_customer_is_put_together_again(smsc, how):
    ear = Ear(channel(smsc))
    await smsc.tells("bound")
    for number, text in ((2, "їде?"), (1, "Де ")):
        more = (
            {"udh": [5, 0, 3, 77, 2, number], "esm_class": 0x40}
            if how == "udh"
            else {"sar_msg_ref_num": 77, "sar_total_segments": 2, "sar_segment_seqnum": number}
        )
        smsc.do("deliver", pdu={"source_addr": "380671234567", "data_coding": 8, "message": text, **more})
    [received] = await ear.hears(1)
    assert received.text == "Де їде?"
    assert len(await smsc.tells("taken", 2)) == 2
    assert ear.cursor["waiting"] == {}
    await ear.close()


@pytest.mark.parametrize(("answered", "reported"), [("1a2B3c", "1715004"), ("1715004", "1A2B3C"), ("0042", "42")])
async def test_a_receipt_finds_its_message_in_whatever_form_its_number_comes(smsc, answered, reported):
    bound = channel(smsc)
    ear = Ear(bound)
    await smsc.tells("bound")
    await smsc.carried_out("ids", next=[answered])
    sent = await send(bound)
    text = f"id:{reported} sub:001 dlvrd:001 submit date:2611201015 done date:2611201016 stat:DELIVRD err:000 text:"
    smsc.do("deliver", pdu={"source_addr": "380671234567", "esm_class": 4, "message": text})
    [came] = await ear.hears(1)
    assert came.receipt is Receipt.DELIVERED
    assert came.provider_id in {sent.provider_id, *sent.more_ids}
    await ear.close()


async def test_a_centre_that_is_busy_gets_its_peace_and_nothing_goes_twice(smsc):
    await smsc.carried_out("status", next=[0x58])
    with pytest.raises(TryLater) as raised:
        await send(channel(smsc))
    assert raised.value.after
    assert not raised.value.perhaps_sent
    await smsc.carried_out("status", next=[0, 0x58, 0])
    bound = channel(smsc)
    dialogue = bound.deliver(replace(OUTBOUND, text="ї" * 100))
    first = await next(dialogue).perform(NETWORK)
    pause = dialogue.send(first)
    assert pause.seconds == 1.0  # half of it is out: worth a second
    with pytest.raises(StopIteration) as end:
        dialogue.send(await dialogue.send(None).perform(NETWORK))
    assert end.value.value.price.units == 2
    submitted = await smsc.tells("submit", 4)
    assert [one["text"] for one in submitted if one["status"] == 0] == ["ї" * 67, "ї" * 33]


@pytest.mark.parametrize(
    ("status", "error", "dead"),
    [
        (0x0B, Undeliverable, True),
        (0x45, Undeliverable, False),
        (0x0A, NeedsOwner, None),
        (0x08, TryLater, None),
        (0x14, TryLater, None),
    ],
)
async def test_what_the_centre_says_leads_to_what_is_to_be_done(smsc, status, error, dead):
    await smsc.carried_out("status", next=[status])
    with pytest.raises(error, match=f"0x{status:02x}") as raised:
        await send(channel(smsc))
    assert dead is None or raised.value.address_is_dead is dead


async def test_whoever_hangs_up_before_the_answer_leaves_a_doubt(smsc):
    await smsc.carried_out("status", next=["drop"])
    with pytest.raises(TryLater) as raised:
        await send(channel(smsc))
    assert raised.value.perhaps_sent


async def test_no_answer_in_time_is_a_doubt_and_a_silent_centre_is_left(smsc):
    await smsc.carried_out("status", next=["silence"])
    endpoint = replace(channel(smsc).endpoint, answer_timeout=0.2, enquire_every=0.05)
    async with open_line(NETWORK, endpoint, pdu.TRANSCEIVER) as line:
        body = pdu.Short(pdu.Address("1"), pdu.Address("2"), b"x").packed()
        with pytest.raises(TryLater, match="in time") as raised:
            await line.ask(pdu.SUBMIT, body)
        assert raised.value.perhaps_sent
        await smsc.tells("enquired", 2)  # the line itself lives


@pytest.mark.parametrize("how", ["drop", "unbind", "rubbish"])
async def test_a_connection_that_ends_is_told_and_made_anew(smsc, how):
    bound = channel(smsc)
    ear = Ear(bound)
    await smsc.tells("bound")
    smsc.do(how)
    await until(lambda: ear.error)
    assert isinstance(ear.error, TryLater)
    assert bound.listening  # messages wait for a moment for the connection to come back
    again = Ear(bound, ear.cursor)
    waiting = await send(bound, text="Повернулись")
    assert waiting.provider_id
    assert (await smsc.tells("submit"))[0]["as"] == "bind_transceiver"
    await again.close()


async def test_what_was_stored_but_not_acknowledged_is_not_shown_twice(smsc):
    ear = Ear(channel(smsc))
    await smsc.tells("bound")
    same = {"source_addr": "380671234567", "message": "Hello"}
    smsc.do("deliver", pdu=same)
    await ear.hears(1)
    await smsc.tells("taken")
    await ear.close()
    after_a_crash = Ear(channel(smsc), ear.cursor)
    await smsc.tells("bound", 2)
    smsc.do("deliver", pdu=same)
    smsc.do("deliver", pdu=same)  # and this one is meant
    await after_a_crash.hears(1)
    await smsc.tells("taken", 3)
    assert len(after_a_crash.heard) == 1
    assert ear.heard[0].provider_id != after_a_crash.heard[0].provider_id
    await after_a_crash.close()


async def test_parts_that_came_before_a_crash_are_not_lost(smsc):
    ear = Ear(channel(smsc))
    await smsc.tells("bound")
    part = {"source_addr": "380671234567", "data_coding": 8, "esm_class": 0x40}
    smsc.do("deliver", pdu={**part, "udh": [5, 0, 3, 5, 2, 1], "message": "Перша "})
    await smsc.tells("taken")
    await ear.close()
    again = Ear(channel(smsc), ear.cursor)
    await smsc.tells("bound", 2)
    smsc.do("deliver", pdu={**part, "udh": [5, 0, 3, 5, 2, 2], "message": "друга"})
    [received] = await again.hears(1)
    assert received.text == "Перша друга"
    await again.close()


async def test_another_process_has_taken_over_and_we_send_over_a_line_of_our_own(smsc, monkeypatch):
    monkeypatch.setattr(smpp, "FOR_THE_LINE", 0.05)
    ours, theirs = channel(smsc), channel(smsc)
    ours.listening = True  # it was so, until the lease went to the other
    ear = Ear(theirs)
    await smsc.tells("bound")
    await send(ours)
    assert [one["as"] for one in await smsc.tells("submit")] == ["bind_transmitter"]
    await ear.close()


async def test_a_certificate_that_nobody_vouches_for_is_named(certificate):  # noqa: F811
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port, trusted = server.sockets[0].getsockname()[1], certificate.read_text().partition("-----BEGIN EC")[0]
    for host, vouched, said in (
        ("shop.example", "", "self-signed certificate. If an authority of its own"),
        ("smsc.test", trusted, "Hostname mismatch"),
        ("shop.example", trusted, "the connection broke off"),  # let in; this centre then says nothing
    ):
        endpoint = Endpoint(host, port, True, "shop", "secret", vouched=vouched)
        with pytest.raises(NeedsOwner, match=re.escape(said)):
            await perform(iter_of(LogIn(endpoint)), NETWORK)
    server.close()


def iter_of(exchange: Any) -> Any:
    return (yield exchange)
