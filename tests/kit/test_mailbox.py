"""What an e-mail address tells before anybody writes to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.mailbox import kind_of


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("", "none"),
        ("  ", "none"),
        ("olena@ukr.net", "ordinary"),
        ("i.petrov+shop@yandex.ru", "ordinary"),
        ("sam@mailinator.com", "throwaway"),
        ("sam@eu.mailinator.com", "throwaway"),
        ("not an address", "impossible"),
        ("a@b", "impossible"),
        ("a..b@c.com", "impossible"),
        ("a@shop.test", "impossible"),
        ("нет", "impossible"),
    ],
)
def test_an_address_is_sorted_by_what_it_looks_like(address, kind):
    assert kind_of(address) == kind


@given(st.text(max_size=200))
def test_whatever_was_typed_has_a_kind(text):
    assert kind_of(text) in {"none", "impossible", "throwaway", "ordinary"}
