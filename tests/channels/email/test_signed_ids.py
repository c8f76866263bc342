import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.email.threading import (
    LOCAL_LIMIT,
    Ours,
    bare,
    many,
    read_address,
    read_id,
    reply_address,
    sign_id,
)

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
own_ids = st.uuids().map(str) | st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)


@settings(deadline=None)
@given(own_ids, own_ids)
def test_our_message_id_comes_back_as_what_we_signed_even_in_other_letters(message: str, conversation: str) -> None:
    signed = sign_id(KEY, message, conversation, "shop.test")
    assert read_id(KEY, signed) == read_id(KEY, f"<{signed.upper()}>") == Ours(message, conversation)
    assert read_id(OTHER_KEY, signed) is None


@settings(deadline=None)
@given(own_ids, own_ids, st.data())
def test_a_message_id_with_one_letter_changed_is_not_ours(message: str, conversation: str, data: st.DataObject) -> None:
    signed = sign_id(KEY, message, conversation, "shop.test")
    at = data.draw(st.integers(0, signed.index("@") - 1))
    forged = signed[:at] + ("b" if signed[at] != "b" else "c") + signed[at + 1 :]
    assert read_id(KEY, forged) is None


@settings(deadline=None)
@given(st.text())
def test_whatever_stands_in_a_header_is_no_proof(text: str) -> None:
    assert read_id(KEY, text) is None
    assert read_address(KEY, [text]) == ""


@settings(deadline=None)
@given(own_ids)
def test_the_reply_address_leads_to_the_conversation(conversation: str) -> None:
    address = reply_address(KEY, "info@shop.test", conversation)
    assert read_address(KEY, ["x@y", address.upper()]) == conversation
    assert read_address(OTHER_KEY, [address]) == ""
    assert len(address.partition("@")[0]) <= LOCAL_LIMIT


def test_a_long_shop_address_stays_as_it_is_rather_than_grow_past_what_servers_take() -> None:
    long = "a-very-long-name-of-a-shop-department@shop.test"
    assert reply_address(KEY, long, str(uuid.uuid4())) == long


def test_a_signature_for_one_use_proves_nothing_in_the_other() -> None:
    mac = sign_id(KEY, "c1", "c1", "shop.test").split(".")[3].partition("@")[0]
    assert read_address(KEY, [f"info+p.xc1.{mac[:16]}@shop.test"]) == ""


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        ("<a@b> (Anna's mail)\r\n <c@d>", ("a@b", "c@d")),
        ("<a@b><a@b>", ("a@b",)),
        ("no id at all", ()),
        (("<a@b>", "c@d"), ("a@b", "c@d")),
    ],
)
def test_ids_are_found_among_comments_and_line_breaks(header: str | tuple[str, ...], ids: tuple[str, ...]) -> None:
    assert many(header) == ids


def test_an_id_without_brackets_is_taken_as_it_is() -> None:
    assert bare(" a@b> ") == "a@b"


def test_an_id_that_no_address_can_carry_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no mail address"):
        sign_id(KEY, "ид", "c1", "shop.test")
