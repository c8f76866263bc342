"""What is special about each telephone line: its signature, its route for a call, its recordings, its refusals."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

import msgspec
import pytest
import uvicorn

from prilavok.channels.asterisk import Asterisk, AsteriskConfig
from prilavok.channels.base import BadSignature, Edited, Hook, NeedsOwner, Outbound, Received, TryLater, Undeliverable
from prilavok.channels.base import Response as Answer
from prilavok.channels.binotel import Binotel
from prilavok.channels.lines import Shift
from prilavok.channels.mango import Mango, seal
from prilavok.channels.sip import Sip
from prilavok.channels.twilio_voice import TwilioVoice, signature
from prilavok.simulator.exchanges import AsteriskEmulator
from prilavok.simulator.exchanges.asterisk import PASSWORD, USER
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.channels.reading import INBOX, channel, form
from tests.channels.vendors_schema import Slice

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday, noon in Kyiv
MARTA = "+380671234567"
CALL = {"CallSid": f"CA{'0' * 31}1", "From": MARTA, "To": "+15005550006", "Direction": "inbound"}


def on_duty(kind: str, *shifts: dict[str, Any], timezone: str = "Europe/Kyiv", country: str = "UA") -> Any:
    """The line of the fixtures, with these on duty."""
    line = channel(kind)
    config = msgspec.structs.replace(line.config, duty=msgspec.convert(list(shifts), list[Shift]), country=country)
    return type(line)(config, replace(INBOX, timezone=timezone))


DAY = {"ring": "101", "from": "09:00", "until": "18:00", "days": ["mon", "tue", "wed", "thu", "fri"], "seconds": 15}
NIGHT = {"ring": "102", "from": "18:00", "until": "09:00"}


# Duty


def test_hours_of_duty_are_the_shops_and_holidays_its_countrys() -> None:
    line = on_duty("sip", DAY, NIGHT)
    assert [one.ring for one in line.on_duty(NOW)] == ["101"]
    assert [one.ring for one in line.on_duty(NOW + timedelta(hours=8))] == ["102"]
    christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)
    assert on_duty("sip", DAY, timezone="Europe/Warsaw", country="PL").on_duty(christmas) == ()
    assert [one.ring for one in line.on_duty(christmas)] == ["101"]  # no day off in Ukraine while there is war
    assert [one.ring for one in on_duty("sip", DAY, timezone="nowhere").on_duty(NOW)] == ["101"]  # by UTC


@pytest.mark.parametrize(
    ("shift", "says"),
    [
        ({"ring": "reception"}, "101"),
        ({"ring": "101", "from": "9 am"}, "09:00"),
        ({"ring": "101", "until": "25:00"}, "09:00"),
    ],
)
def test_the_owner_hears_of_a_shift_that_nobody_can_read(shift: dict[str, Any], says: str) -> None:
    with pytest.raises(NeedsOwner, match=says):
        list(on_duty("sip", shift).check())


def test_the_owner_hears_of_a_number_that_is_none() -> None:
    line = channel("sip")
    config = msgspec.convert(
        {**msgspec.to_builtins(line.config), "numbers": [{"number": "call us"}]}, type(line.config)
    )
    with pytest.raises(NeedsOwner, match="call us"):
        list(Sip(config, INBOX).check())


def test_whoever_clicks_is_rung_at_their_own_telephone() -> None:
    line = on_duty("zadarma", {"ring": "102", "agent_id": "irina"})
    assert "from=102" in next(line.send(outbound(call={"task": "t", "agent": "irina"}))).url
    assert "from=101" in next(line.send(outbound(call={"task": "t", "agent": "oleg"}))).url
    assert "from=103" in next(line.send(outbound(call={"extension": "103", "agent": "irina"}))).url


# Any exchange


def test_an_exchange_hears_whom_to_ring_only_when_it_tells_of_a_ring() -> None:
    line = on_duty("sip", DAY, {"ring": "103"})
    ring = {"event": "ring", "id": "1", "from": MARTA}
    told = line.answer(Hook(json.dumps({"events": [ring]}).encode(), {}, NOW)).body
    assert json.loads(told) == {"ring": [{"to": "101", "seconds": 15}, {"to": "103", "seconds": 20}]}
    hangup = {"event": "hangup", "id": "1"}
    assert line.answer(Hook(json.dumps({"events": [hangup]}).encode(), {}, NOW)).body == b"{}"


@pytest.mark.parametrize("name", ["../secret", "a/../../b", "//evil.example/x", "a?b", "a%2e%2e", "http://evil/x", ""])
def test_a_recordings_name_leads_nowhere_else(name: str) -> None:
    with pytest.raises(Undeliverable):
        next(channel("sip").fetch(name))
    asked = next(channel("sip").fetch("2026/11/c-1.wav"))
    assert asked.url == "https://pbx.example/rec/2026/11/c-1.wav"
    assert asked.headers["webhook-signature"].startswith("v1,")


# Mango Office


@pytest.mark.parametrize("part", ["sign", "vpbx_api_key", "json"])
def test_a_forged_event_of_mango_is_refused(part: str) -> None:
    text = json.dumps({"entry_id": "E", "call_state": "Appeared", "from": {"number": "74991102914"}})
    fields = {"vpbx_api_key": "123", "sign": seal("123", text, "789"), "json": text}
    assert len(list(channel("mango").parse(Hook(form(fields), {}, NOW)))) == 1
    for wrong in ("", fields[part][:-1], fields[part] + " ", "ї"):
        with pytest.raises(BadSignature):
            list(channel("mango").parse(Hook(form({**fields, part: wrong}), {}, NOW)))
    bare = Mango(msgspec.structs.replace(channel("mango").config, salt=""), INBOX)
    with pytest.raises(BadSignature):
        list(bare.parse(Hook(form({**fields, "sign": seal("123", text, "")}), {}, NOW)))


def test_mangos_recording_is_fetched_by_an_address_that_is_signed_and_expires() -> None:
    line = Mango(channel("mango").config, INBOX)
    line.clock = lambda: 1_800_000_000
    dialogue = line.fetch("a/b=")
    asked = next(dialogue)
    assert "/recording/link/a%2Fb%3D/play/123/1800000600/" in asked.url
    assert "789" not in asked.url.rpartition("/")[0]
    with pytest.raises(TryLater):
        dialogue.send(Answer(404, {}, b""))


# Binotel


def test_binotel_hears_who_is_responsible_for_the_caller() -> None:
    line: Binotel = on_duty("binotel", {"ring": "901"})
    asked = Hook(form({"requestType": "apiCallSettings", "externalNumber": "0501234567"}), {}, NOW)
    assert json.loads(line.answer(asked).body) == {"customerData": {"assignedToEmployeeNumber": "901"}}
    assert json.loads(channel("binotel").answer(asked).body) == {}
    over = Hook(form({"requestType": "apiCallCompleted"}), {}, NOW)
    assert json.loads(line.answer(over).body) == {"status": "success"}


def test_names_nested_without_end_break_nothing() -> None:
    deep = urlencode({"requestType": "apiCallCompleted", "callDetails" + "[a]" * 5000: "1", "callDetails[": "x"})
    assert list(channel("binotel").parse(Hook(deep.encode(), {}, NOW)))


# Twilio


def signed(line: TwilioVoice, fields: dict[str, str], **query: str) -> Hook:
    where = f"{INBOX.hook_url}?{urlencode(query)}" if query else INBOX.hook_url
    seal_of = signature(line.config.auth_token, where, fields.items())
    return Hook(form(fields), {"x-twilio-signature": seal_of}, NOW, query=query)


def dial(line: TwilioVoice, hook: Hook) -> Any:
    assert line.answer(hook).content_type == "text/xml"
    return ElementTree.fromstring(line.answer(hook).body).find("Dial")


def test_twilio_dials_the_first_on_duty_then_the_next_then_hangs_up() -> None:
    line = on_duty("twilio_voice", {"ring": "+380500000011", "seconds": 15}, {"ring": "sip:a&b@pbx.example"})
    first = dial(line, signed(line, {**CALL, "CallStatus": "ringing"}))
    assert (first.attrib["timeout"], first[0].tag, first[0].text) == ("15", "Number", "+380500000011")
    query = dict(parse_qsl(first.attrib["action"].partition("?")[2]))
    second = dial(line, signed(line, {**CALL, "DialCallStatus": "no-answer"}, **query))
    assert (second[0].tag, second[0].text) == ("Sip", "sip:a&b@pbx.example")
    query = dict(parse_qsl(second.attrib["action"].partition("?")[2]))
    last = signed(line, {**CALL, "DialCallStatus": "busy"}, **query)
    assert b"<Hangup/>" in line.answer(last).body
    missed = list(line.parse(last))
    assert [type(one) for one in missed] == [Received, Edited]
    assert missed[1].waits


def test_twilio_signs_the_whole_address() -> None:
    line = channel("twilio_voice")
    hook = signed(line, {**CALL, "DialCallStatus": "completed"}, turn="1")
    assert list(line.parse(hook))
    for query in ({}, {"turn": "2"}, {"turn": "1", "m": "x"}):
        with pytest.raises(BadSignature):
            list(line.parse(Hook(hook.body, hook.headers, NOW, query=query)))


def test_a_click_asks_twilio_for_what_its_schema_knows() -> None:
    asked = next(channel("twilio_voice").send(outbound(call={"ring": True})))
    assert Slice("twilio_voice/create-call.slice.json").refuses("CreateCall", asked.form) == []
    assert asked.form["To"] == "+380671112233"
    query = dict(parse_qsl(asked.form["Url"].partition("?")[2]))
    line = channel("twilio_voice")
    told = dial(line, signed(line, {**CALL, "Direction": "outbound-api", "CallStatus": "in-progress"}, **query))
    assert (told.attrib["callerId"], told[0].text) == ("+15005550006", MARTA)


def test_twilios_recording_is_asked_for_by_its_id_alone() -> None:
    for ref in ("../Messages", "https://evil.example/x", "RE1", ""):
        with pytest.raises(Undeliverable):
            next(channel("twilio_voice").fetch(ref))
    asked = next(channel("twilio_voice").fetch(f"RE{'0' * 32}"))
    assert asked.url.startswith("https://api.twilio.com/2010-04-01/Accounts/AC")


def outbound(**more: Any) -> Outbound:
    return Outbound(message_id="m", conversation_id="c", address=MARTA, text="About order 7", **more)


@pytest.mark.parametrize("kind", ["asterisk", "binotel", "mango", "sip", "twilio_voice", "zadarma"])
def test_a_text_never_rings(kind: str) -> None:
    with pytest.raises(Undeliverable, match="not written to"):
        next(channel(kind).send(outbound()))


# Asterisk, over a real socket


class Wire(Loopback):
    """ARI at a port of this machine."""

    async def resolve(self, host: str, port: int) -> str:
        return "127.0.0.1"


async def served(emulator: AsteriskEmulator) -> tuple[uvicorn.Server, "asyncio.Task[None]", int]:
    config = uvicorn.Config(emulator, port=0, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    return server, task, server.servers[0].sockets[0].getsockname()[1]


def ari(port: int, password: str = PASSWORD) -> Asterisk:
    shift = msgspec.convert([{"ring": "101"}, {"ring": "102"}], list[Shift])
    settings = {"api_base": f"http://127.0.0.1:{port}", "user": USER, "password": password, "extension": "101"}
    return Asterisk(AsteriskConfig(**settings, duty=shift), INBOX)


async def heard(line: Asterisk, polled: Any) -> list[Any]:
    return list(line.parse((await anext(polled)).hook))


async def test_asterisk_tells_of_a_call_and_is_told_whom_to_ring() -> None:
    emulator = AsteriskEmulator(pace=0.01, rings=100_000)
    server, task, port = await served(emulator)
    line = ari(port)
    try:
        assert (await converse(line.check(), Wire(emulator))).name == "Asterisk"
        async with aclosing(line.listen(Wire(emulator), {})) as events:
            first = asyncio.ensure_future(anext(events))
            await until(lambda: emulator.sockets)
            call = emulator.user_calls(MARTA)
            polled = await first
            [ringing] = line.parse(polled.hook)
            assert (ringing.provider_id, ringing.sender.address) == (call.id, MARTA)
            assert polled.cursor == {"open": [call.id]}
            assert emulator.rung == ["101&102"]
            emulator.shop_picks_up(MARTA)
            [taken] = await heard(line, events)
            assert taken.content["call"] == {"state": "answered", "extension": "101"}
            await emulator.drop()
            with pytest.raises(TryLater):
                await heard(line, events)
        emulator.user_hangs_up(MARTA)  # and nobody hears of it
        async with aclosing(line.listen(Wire(emulator), polled.cursor)) as events:
            gone = await anext(events)
            [over] = line.parse(gone.hook)
            assert (over.provider_id, over.content["call"]["state"], gone.cursor) == (call.id, "ended", {"open": []})
        with pytest.raises((NeedsOwner, TryLater)):
            await anext(ari(port, "wrong").listen(Wire(emulator), {}))
    finally:
        server.should_exit = True
        await task
        await emulator.close()


async def test_asterisk_calls_the_agent_then_the_customer_and_never_twice() -> None:
    emulator = AsteriskEmulator(pace=0.01, rings=100_000)
    server, task, port = await served(emulator)
    line, message = ari(port), "01900000-0000-7000-8000-00000000aaaa"
    wanted = Outbound(message_id=message, conversation_id="c", address=MARTA, text="☎", call={"ring": True})
    try:
        async with aclosing(line.listen(Wire(emulator), {})) as events:
            first = asyncio.ensure_future(anext(events))
            await until(lambda: emulator.sockets)
            await converse(line.send(wanted), Wire(emulator))
            await converse(line.send(wanted), Wire(emulator))  # the same channel: Asterisk has it already
            assert [one.receipt for one in line.parse((await first).hook)] == ["sent"]
            await heard(line, events)  # the customer's telephone rings
            emulator.user_accepts(MARTA)
            [answered] = await heard(line, events)
            assert (answered.message_id, answered.receipt) == (message, "read")
            assert len(emulator.line(MARTA).calls) == 1
    finally:
        server.should_exit = True
        await task
        await emulator.close()
