"""What an SMS holds. The vectors are shared with the browser's counter (web/src/composer/sms.test.ts)."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.domain.phrases.length import in_parts
from prilavok.domain.sms import CODES, GSM, from_gsm, is_gsm, parts, to_gsm, units

VECTORS = json.loads((Path(__file__).parents[1] / "fixtures" / "sms_parts.json").read_text())


@pytest.mark.parametrize("one", VECTORS, ids=[f"{one['repeat']} of {one['text']}" for one in VECTORS])
def test_a_text_is_paid_by_its_parts(one):
    text = one["text"] * one["repeat"]
    assert (units(text), len(parts(text))) == (one["units"], one["parts"])
    assert (in_parts(text).characters, in_parts(text).parts) == (one["units"], one["parts"])


def test_the_alphabet_has_its_128_places():
    assert len(GSM) == 128
    assert {GSM[0], GSM[0x0D], GSM[0x1A], GSM[0x24], GSM[0x7E]} == {"@", "\r", "Ξ", "¤", "ü"}
    assert CODES["€"] == b"\x1b\x65"
    assert CODES["{"] == b"\x1b\x28"


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="abc€{}яї😀", max_size=400))
def test_the_parts_together_are_the_text_and_each_fits(text):
    cut = parts(text)
    assert "".join(cut) == text
    if len(cut) > 1:
        most = 153 if is_gsm(text) else 67
        sizes = [len(to_gsm(one)) if is_gsm(text) else len(one.encode("utf-16-be")) // 2 for one in cut]
        assert max(sizes) <= most


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=sorted(CODES), max_size=60))
def test_what_is_written_in_gsm_reads_the_same(text):
    assert from_gsm(to_gsm(text)) == text


def test_codes_that_nobody_defined_are_read_as_telephones_show_them():
    assert from_gsm(b"\x1ba\x80z\x1b") == "a z"


def test_a_letter_outside_of_the_alphabet_is_refused():
    with pytest.raises(ValueError, match="no letter of the GSM alphabet"):
        to_gsm("привіт")
