"""SMPP without a connection: parts that wait, numbers in two spellings, bytes that are none of it. See also the raw
bytes in fixtures/smpp, and test_smpp_line.py against a real message centre.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.base import Button, Hook, NeedsOwner, Outbound, Undeliverable
from prilavok.channels.smpp import pdu, text
from prilavok.channels.smpp.gathering import Gathering
from prilavok.channels.smpp.pdu import Address, BadPduError, Pdu, Short
from prilavok.channels.smpp.verdicts import refused
from tests.channels.reading import channel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE, SHOP = Address("79001234567", 1, 1), Address("79990000000", 1, 1)


def part(number: int, total: int, words: str, ref: int = 9) -> Pdu:
    raw = bytes([5, 0, 3, ref, total, number]) + words.encode("utf-16-be")
    return Pdu(pdu.DELIVER, 0, number, Short(SOURCE, SHOP, raw, pdu.UDH, 8).packed())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(0, 255), st.booleans())
def test_whatever_is_written_is_read_again(words, ref, latin):
    sent = [Short(SHOP, SOURCE, raw, esm, coding) for esm, coding, raw in text.encoded(words, ref, latin=latin)]
    again = [pdu.short_of(pdu.unpacked(Pdu(pdu.SUBMIT, 0, 1, one.packed()).packed())) for one in sent]
    assert text.joined(again, latin=latin) == words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120))
def test_bytes_that_mean_nothing_are_refused_or_read_and_break_nothing(raw):
    framed = Pdu(pdu.DELIVER, 0, 1, raw).packed()
    found = list(channel("smpp").parse(Hook(framed, {"x-smpp": "whole"}, NOW)))
    assert len(found) == 1
    with pytest.raises(BadPduError):
        pdu.unpacked(framed + b"\0")


def test_what_waits_for_its_parts_goes_as_it_is_after_a_while():
    gathering = Gathering()
    gathering.came(part(2, 3, "друга"), NOW)
    assert gathering.overdue(NOW + timedelta(minutes=9)) is None
    late = gathering.overdue(NOW + timedelta(minutes=10))
    assert late is not None
    assert late.cursor["waiting"] == {}
    (received,) = channel("smpp").parse(late.hook)
    assert received.text == "[…]друга[…]"


def test_parts_of_two_texts_are_not_mixed_and_a_repeated_part_counts_once():
    gathering = Gathering()
    gathering.came(part(1, 2, "а", ref=1), NOW)
    gathering.came(part(1, 2, "б", ref=2), NOW)
    gathering.came(part(1, 2, "а", ref=1), NOW)
    whole = gathering.came(part(2, 2, "в", ref=2), NOW)
    (received,) = channel("smpp").parse(whole.hook)
    assert received.text == "бв"
    assert len(Gathering.begin(whole.cursor).waiting) == 1


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("0042", {"42", "2a", "66"}),
        ("1A2B", {"1a2b", "6699"}),
        ("f83f8868-5e46", {"f83f8868-5e46"}),
        ("0", {"0"}),
    ],
)
def test_an_id_is_known_in_every_form_in_which_it_may_come_back(given, known):
    assert set(text.forms(given)) == known
    assert text.forms(given)[0] == given.lower().lstrip("0") or given == "0"


def test_an_id_in_another_form_is_never_taken_for_another_customers_message():
    bound = channel("smpp")
    outbound = Outbound(message_id="1", conversation_id="1", address="+79001234567", text="x")
    dialogue = bound.deliver(outbound)
    next(dialogue)
    with pytest.raises(StopIteration) as end:
        dialogue.send([Pdu(pdu.SUBMIT | pdu.RESPONSE, 0, 1, b"100\0")])
    sent = end.value.value
    assert {sent.provider_id, *sent.more_ids} == {"100@001234567", "64@001234567", "256@001234567"}


def test_a_centre_that_names_no_message_is_believed_nevertheless():
    dialogue = channel("smpp").deliver(Outbound(message_id="1", conversation_id="1", address="+79001234567", text="x"))
    next(dialogue)
    with pytest.raises(StopIteration) as end:
        dialogue.send([Pdu(pdu.SUBMIT | pdu.RESPONSE, 0, 1, b"")])
    assert (end.value.value.provider_id, end.value.value.more_ids) == ("", ())


def test_buttons_are_numbers_and_may_make_a_text_too_long():
    outbound = Outbound(message_id="1", conversation_id="1", address="1", text="x" * 1525, buttons=(Button("Confirm"),))
    with pytest.raises(Undeliverable, match="too long"):
        next(channel("smpp").deliver(outbound))


def test_once_begun_nothing_is_repeated_blindly():
    assert refused(0x58, begun=True).perhaps_sent
    assert not refused(0x58, begun=False).perhaps_sent
    assert isinstance(refused(0x67, begun=False), NeedsOwner)
    assert isinstance(refused(0x77, begun=False), Undeliverable)


def test_nobody_fills_the_memory_with_beginnings():
    gathering = Gathering()
    for ref in range(120):
        gathering.came(part(1, 200, "а", ref=ref), NOW)
        gathering.overdue(NOW)
    assert len(gathering.waiting) == 50
    for number in range(2, 256):
        gathering.came(part(number, 255, "а", ref=200), NOW)
        gathering.came(part(number, 255, "а", ref=201), NOW)
        gathering.overdue(NOW)
        gathering.overdue(NOW)
    assert sum(len(one["parts"]) for one in gathering.waiting.values()) <= 300
