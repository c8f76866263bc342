import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.phone import normalise, pretty, region_of


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("8(912)3456789", "ru", "+79123456789"),
        ("+7 912 345 67 89", "RU", "+79123456789"),
        ("7 912 345 67 89", "RU", "+79123456789"),
        ("9123456789", "RU", "+79123456789"),
        ("+8 912 345-67-89", "RU", "+79123456789"),
        ("+7 912 345 67 89", "UA", "+79123456789"),
        ("79123456789", "UA", "+79123456789"),
        ("8 495 123 45 67", "RU", "+74951234567"),
        ("067 123 45 67", "UA", "+380671234567"),
        ("0671234567", "UA", "+380671234567"),
        ("380671234567", "UA", "+380671234567"),
        ("380671234567", "RU", "+380671234567"),
        ("+38 (067) 123-45-67", "UA", "+380671234567"),
        ("+380 (0) 67 123 45 67", "UA", "+380671234567"),
        ("8 067 123-45-67", "UA", "+380671234567"),
        ("67 123 45 67", "UA", "+380671234567"),
        ("８ ９１２ ３４５ ６７ ８９", "RU", "+79123456789"),
        ("8\u00a0912\u00a0345\u201167\u201189", "RU", "+79123456789"),
        ("\u202a+380671234567\u202c", "UA", "+380671234567"),
        ("tel:+380671234567", "UA", "+380671234567"),
        ("8 701 123 45 67", "KZ", "+77011234567"),
        ("029 123-45-67", "BY", "+375291234567"),
        ("+44 20 7946 0958", "UA", "+442079460958"),
        ("00380671234567", "UA", "+380671234567"),
    ],
)
def test_a_number_is_understood_as_it_is_written_at_home(text, region, number):
    assert normalise(text, region) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "+",
        "123",
        "0",
        "8 912",
        "+7 000 000 00 00",
        "завтра",
        "заказ 89123456789",
        "1" * 200,
        "89123456789 89123456780",
    ],
)
def test_what_nobody_answers_is_no_number(text):
    assert normalise(text, "RU") is None


def test_a_switchboards_extension_cannot_be_written_to():
    assert normalise("8 495 123 45 67 x12", "RU") is None


def test_an_unknown_region_reads_only_whole_numbers():
    assert normalise("+380671234567", "") == "+380671234567"
    assert normalise("0671234567", "") is None
    assert normalise("0671234567", "XX") is None


def test_a_number_is_shown_in_groups():
    assert pretty("+79123456789") == "+7 912 345-67-89"
    assert pretty("+380671234567") == "+380 67 123 4567"
    assert pretty("+380671234567", "UA") == "067 123 4567"
    assert pretty("+380671234567", "RU") == "+380 67 123 4567"
    assert pretty("@olena") == "@olena"


def test_a_number_tells_its_country():
    assert [region_of(number) for number in ("+79123456789", "+77011234567", "+380671234567", "+1")] == [
        *("RU", "KZ", "UA", None)
    ]


@given(st.text(alphabet="+0123456789 ()-x.", max_size=25), st.sampled_from(["RU", "UA", "KZ", "GB", ""]))
def test_a_result_is_a_valid_number_and_stays_what_it_is(text, region):
    number = normalise(text, region)
    if number is not None:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))
        assert normalise(number, "UA") == normalise(number, "RU") == number
        assert normalise(pretty(number), region) == number


@given(st.text(), st.text(max_size=3))
def test_any_text_is_read_without_a_crash(text, region):
    number = normalise(text, region)
    assert number is None or number[0] == "+"
    assert isinstance(pretty(text), str)


@given(st.integers(0, 9_999_999), st.sampled_from(["{}", "8{}", "7{}", "+7{}", "8 ({}", "8-{}"]))
def test_every_russian_mobile_is_the_same_number_however_it_begins(last, form):
    assert normalise(form.format(f"912{last:07}"), "RU") == f"+7912{last:07}"


@given(st.integers(0, 9_999_999), st.sampled_from(["0{}", "380{}", "+380{}", "80{}", "+38 (0{}", "{}"]))
def test_every_ukrainian_mobile_is_the_same_number_however_it_begins(last, form):
    assert normalise(form.format(f"67{last:07}"), "UA") == f"+38067{last:07}"
