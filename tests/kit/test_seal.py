from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.seal import CannotOpen, Seal, raw_of, text

SECRET = "the-secret-of-this-installation-0001"
FORMER = "the-secret-of-this-installation-0000"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
seal = Seal(SECRET)


@given(st.binary(), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_opens_again(content, context):
    assert seal.open(seal.seal(content, context), context) == content


def test_a_sealed_secret_shows_nothing_and_is_never_the_same_twice():
    one, other = seal.seal("123:bot-token", "inbox/1"), seal.seal("123:bot-token", "inbox/1")
    assert one != other
    assert b"bot-token" not in one
    assert len(one) == len("123:bot-token") + 29


@pytest.mark.parametrize("context", ["inbox/2", "inbox/1/", "inbox/", "", "inbox/1\x00"])
def test_the_secret_of_one_inbox_does_not_open_in_another(context):
    with pytest.raises(CannotOpen):
        seal.open(seal.seal("token", "inbox/1"), context)


def test_text_comes_back_as_its_bytes():
    assert seal.open(seal.seal("прилавок", "x"), "x") == "прилавок".encode()


@given(st.data())
def test_one_flipped_bit_is_noticed(data):
    sealed = bytearray(seal.seal(b"the shop's token", "x"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(CannotOpen):
        seal.open(bytes(sealed), "x")


def test_every_cut_is_noticed():
    sealed = seal.seal(b"the shop's token", "x")
    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            seal.open(sealed[:length], "x")
    with pytest.raises(CannotOpen):
        seal.open(sealed + b"\x00", "x")


@given(st.binary(max_size=100))
def test_noise_does_not_open(noise):
    with pytest.raises(CannotOpen):
        seal.open(noise, "x")


def test_another_installation_cannot_open_it():
    with pytest.raises(CannotOpen):
        Seal(FORMER).open(seal.seal("token", "x"), "x")


def test_after_a_change_of_the_secret_the_old_things_still_open_and_new_ones_use_the_new():
    old = Seal(FORMER)
    rotated = Seal(SECRET, previous=[FORMER])
    assert rotated.open(old.seal("token", "x"), "x") == b"token"
    assert seal.open(rotated.seal("token", "x"), "x") == b"token"
    assert rotated.read("track", old.sign("track", {"order": 7}), NOW) == {"order": 7}
    assert rotated.derive("mail", 3) == seal.derive("mail", 3)


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="empty"):
        Seal("")
    with pytest.raises(ValueError, match="empty"):
        Seal(SECRET, previous=[""])


def test_a_seal_does_not_show_its_secret():
    assert SECRET not in repr(seal)


def test_a_link_is_short_and_fits_a_url():
    token = seal.sign("track", {"o": "1042"}, NOW + HOUR)
    assert len(token) < 50
    assert token.replace("-", "").replace("_", "").isalnum()
    assert seal.read("track", token, NOW) == {"o": "1042"}


def test_a_link_ends_at_its_hour():
    token = seal.sign("track", {}, NOW + HOUR)
    assert seal.read("track", token, NOW + HOUR - timedelta(seconds=1)) == {}
    assert seal.read("track", token, NOW + HOUR) is None
    elsewhere = (NOW + HOUR).astimezone(timezone(timedelta(hours=9)))
    assert seal.read("track", token, elsewhere) is None
    assert seal.read("track", seal.sign("track", {}), NOW.replace(year=2999)) == {}


def test_a_link_for_tracking_does_not_sign_anybody_in():
    assert seal.read("sign-in", seal.sign("track", {"agent": 1}), NOW) is None
    assert Seal(FORMER).read("track", seal.sign("track", {}), NOW) is None


@given(st.data())
def test_a_changed_letter_spoils_a_link(data):
    token = seal.sign("track", {"order": "1042"}, NOW + HOUR)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != token[place]))
    assert seal.read("track", token[:place] + letter + token[place + 1 :], NOW) is None


def test_a_cut_or_lengthened_link_is_no_link():
    token = seal.sign("track", {"order": "1042"})
    assert all(seal.read("track", token[:length], NOW) is None for length in range(len(token)))
    assert all(seal.read("track", token + more, NOW) is None for more in ("=", "==", "A", "\n", " ", "."))
    assert seal.read("track", "A" * 100_000, NOW) is None


@given(st.text())
def test_any_text_is_read_without_a_crash(noise):
    assert seal.read("track", noise, NOW) is None


@given(st.binary(max_size=64))
def test_a_token_has_one_spelling(raw):
    assert raw_of(text(raw)) == raw


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        seal.sign("track", {}, datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="calendar"):
        seal.sign("track", {}, datetime(1960, 1, 1, tzinfo=UTC))


def test_keys_differ_by_every_part():
    keys = [seal.derive("mail"), seal.derive("mail", "ab", "c"), seal.derive("mail", "a", "bc"), seal.derive("maila")]
    keys += [seal.derive("mail", 1), seal.derive("mail", 11), seal.derive("mail", "", ""), seal.derive("seal", "x")]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}
    assert seal.derive("mail", 1) == Seal(SECRET).derive("mail", 1)
