"""The emulated message centre: before our own channel, and before a program that somebody else wrote (npm "smpp")."""

import asyncio
import json
import shutil
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from prilavok.channels.base import NeedsOwner, ReceiptCame, TryLater
from prilavok.channels.smpp import Smpp, SmppConfig
from prilavok.domain.receipt import Receipt
from prilavok.domain.sms import GSM, to_gsm
from prilavok.simulator import smpp
from prilavok.simulator.listening import HOST
from prilavok.simulator.smpp import MessageCentre, alphabet, wire
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.channels.reading import INBOX
from tests.channels.test_smpp_line import NETWORK, Ear, perform, send
from tests.message_centre import FOLDER

MARTA = "+380671234567"
LONG = "Довга розповідь про чайник. " * 6


@asynccontextmanager
async def at_work(**more: Any) -> AsyncIterator[tuple[MessageCentre, Smpp]]:
    centre = MessageCentre(pace=0.01, **more)
    opened = await centre.open()
    given = {"system_id": smpp.SYSTEM_ID, "password": smpp.PASSWORD, "sender": smpp.NUMBER}
    try:
        yield centre, Smpp(SmppConfig(**opened, **given), INBOX)
    finally:
        await centre.close()


def texts(centre: MessageCentre) -> list[str]:
    return [one.text for one in centre.thread(MARTA).messages if not one.mine]


@pytest.mark.parametrize("text", ["On its way: {7} €", "Вже їде", LONG, "a€" * 120, "😀" * 40])
async def test_what_the_shop_sends_lies_on_the_telephone_and_its_receipt_names_it(text):
    async with at_work() as (centre, bound):
        ear = Ear(bound)
        sent = await send(bound, text=text)
        [came] = await ear.hears(1)
        assert texts(centre) == [text]
        assert (came.receipt, came.address) == (Receipt.DELIVERED, MARTA)
        assert came.provider_id in {sent.provider_id, *sent.more_ids}
        await ear.close()


@pytest.mark.parametrize("sar", [False, True], ids=["header", "parameters"])
async def test_what_the_customer_writes_reaches_the_shop_whole(sar):
    async with at_work(sar=sar) as (centre, bound):
        said = [centre.user_texts(MARTA, text) for text in ("Алло", LONG)]  # nobody listens yet
        ear = Ear(bound)
        heard = await ear.hears(2)
        assert [(one.sender.address, one.text) for one in heard] == [(MARTA, "Алло"), (MARTA, LONG)]
        await until(lambda: all(one.taken for one in said))
        await ear.close()
        assert not centre.waiting


async def test_a_telephone_that_is_off_gets_its_text_later_or_never():
    async with at_work() as (centre, bound):
        ear = Ear(bound)
        centre.switch(MARTA, on=False)
        await send(bound, text="Перше")
        await centre.knocker.settled()
        assert ear.heard == []
        centre.switch(MARTA, on=True)
        centre.switch(MARTA, on=False)
        await send(bound, text="Друге")
        await centre.knocker.settled()
        centre.expire(MARTA)
        heard = await ear.hears(2)
        assert [one.receipt for one in heard if isinstance(one, ReceiptCame)] == [Receipt.DELIVERED, Receipt.FAILED]
        await ear.close()


@pytest.mark.parametrize(
    ("fault", "doubt", "arrives"),
    [
        (Fault.TOO_MANY, False, False),
        (Fault.BROKEN, False, False),
        (Fault.CUT, True, False),
        (Fault.DONE_BUT_CUT, True, True),
        (Fault.NONSENSE, True, False),
    ],
)
async def test_what_goes_wrong_at_the_centre_is_told_as_it_is(fault, doubt, arrives):
    async with at_work() as (centre, bound):
        centre.fail(fault)
        with pytest.raises(TryLater) as raised:
            await send(bound)
        assert raised.value.perhaps_sent is doubt
        assert bool(texts(centre)) is arrives


async def test_a_line_that_is_cut_or_asked_to_leave_is_made_anew_and_nothing_is_lost():
    async with at_work() as (centre, bound):
        for end in (centre.cut, centre.take_leave):
            ear = Ear(bound)
            await until(lambda: [one.listens for one in centre.sessions] == [True])
            end()
            await until(lambda ear=ear: ear.error)
            await until(lambda: not centre.sessions)
        centre.user_texts(MARTA, "Ви тут?")
        ear = Ear(bound)
        assert [one.text for one in await ear.hears(1)] == ["Ви тут?"]
        await ear.close()


async def test_a_wrong_login_and_a_sender_that_is_not_ours_are_the_owners_affair():
    async with at_work() as (centre, bound):
        wrong = Smpp(replace_in(bound, password="wrong"), INBOX)
        with pytest.raises(NeedsOwner, match="refuses the login"):
            await perform(wrong.check(), NETWORK)
        assert (await perform(bound.check(), NETWORK)).note == ""
        stranger = Smpp(replace_in(bound, sender="+15005550006"), INBOX)
        with pytest.raises(NeedsOwner, match="0x0a"):
            await send(stranger)
        assert texts(centre) == []


async def test_who_only_listens_may_not_send_and_nonsense_is_answered():
    async with at_work() as (centre, _):
        centre.user_texts(MARTA, "Алло")
        reader, writer = await asyncio.open_connection(HOST, centre.door.port)
        login = b"kardamon\0demo-pwd\0\0\x34\0\0\0"
        for number, (command, body) in enumerate(
            [(wire.SUBMIT, b""), (wire.RECEIVER, login), (wire.SUBMIT, b""), (0x77, b"")]
        ):
            writer.write(wire.Pdu(command, 0, number, body).bytes())
        heads = {}
        while len(heads) < 5:
            length, command, status, number = struct.unpack(">4I", await reader.readexactly(16))
            await reader.readexactly(length - 16)
            heads[command, number] = status
        assert heads == {
            (wire.SUBMIT | wire.ANSWER, 0): wire.NOT_BOUND,
            (wire.RECEIVER | wire.ANSWER, 1): wire.OK,
            (wire.DELIVER, 1): 0,
            (wire.SUBMIT | wire.ANSWER, 2): wire.NOT_BOUND,
            (wire.NACK, 3): wire.NO_COMMAND,
        }
        writer.close()


def replace_in(bound: Smpp, **changes: Any) -> SmppConfig:
    given = {name: getattr(bound.config, name) for name in SmppConfig.__struct_fields__}
    return SmppConfig(**{**given, **changes})


def test_two_tables_of_the_same_alphabet_agree():
    """Written down twice, so that neither can hide a slip of the other."""
    letters = "".join(letter for letter in GSM if letter != "\x1b") + "\f^{}\\[~]|€"
    assert alphabet.read(alphabet.DEFAULT, to_gsm(letters)) == letters
    coding, pieces = alphabet.pieces(letters[:100])
    assert (coding, b"".join(pieces)) == (alphabet.DEFAULT, to_gsm(letters[:100]))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\0\1\1380", wire.BAD_LENGTH),
        (b"\0\1\1" + b"3" * 30 + b"\0", wire.BAD_LENGTH),
        (b"\0\1\1380631234700\0\1\1380671234567\0\0\0\0\0\0\0\0\0\0\5ab", wire.BAD_LENGTH),
        (b"\0\1\1380631234700\0\1\1380671234567\0\x40\0\0\0\0\0\0\0\0\2\5\0", wire.BAD_TEXT),
        (b"\0\1\1380631234700\0\1\1380671234567\0\0\0\0\0\0\0\0\0\0\1a\2\x0c\0\5\0", wire.BAD_PARAMETERS),
    ],
)
def test_a_pdu_that_the_specification_forbids_is_refused(body, status):
    with pytest.raises(wire.RefusedPduError) as raised:
        wire.submitted(body)
    assert raised.value.status == status


async def test_a_program_of_somebody_elses_gets_along_with_it():
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "smpp").is_dir():
        pytest.skip("no program: make services")
    async with at_work() as (centre, _):
        words = [str(FOLDER / "client.js"), str(centre.door.port), smpp.SYSTEM_ID, smpp.PASSWORD]
        words += [smpp.NUMBER.removeprefix("+"), MARTA.removeprefix("+")]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(node, *words, stdin=pipe, stdout=pipe)
        assert process.stdin is not None
        centre.user_texts(MARTA, LONG)
        told = Told(process)
        came = await told.tells("came", 5)
        assert [one["status"] for kind in ("bound", "alive", "sent") for one in told.of(kind)] == [0] * 6
        assert sorted(texts(centre)) == ["part 1 part 2 ", "часть 1 часть 2 "]
        assert "".join(one["text"] for one in came if one["udh"]) == LONG
        receipts = {one["id"] for one in came if one["esm_class"] == wire.REPORT}
        assert receipts <= {one["id"] for one in told.of("sent")}
        assert len(receipts) == 2
        process.stdin.write(b"leave\n")
        await told.tells("left", 1)
        process.stdin.close()
        assert await process.wait() == 0
        await told.ended


class Told:
    """What the program tells, a line of JSON each."""

    def __init__(self, process: Any) -> None:
        self.events: list[dict[str, Any]] = []
        self.ended = asyncio.ensure_future(self._read(process.stdout))

    async def _read(self, lines: Any) -> None:
        async for line in lines:
            self.events.append(json.loads(line))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == kind]

    async def tells(self, kind: str, count: int) -> list[dict[str, Any]]:
        return await until(lambda: found if len(found := self.of(kind)) >= count else None)
