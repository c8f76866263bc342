"""A photograph that everybody sees does not tell where it was taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.photo import bare_jpeg
from tests.photographs import jpeg, segment


def test_what_the_camera_wrote_is_gone_and_the_picture_is_the_same():
    told = [segment(0xE1, b"Exif\0\0 GPS 50.45 30.52"), segment(0xED, b"Photoshop 3.0 Kyiv"), segment(0xFE, b"Pixel 9")]
    assert bare_jpeg(jpeg(*told)) == jpeg()


def test_what_hides_behind_the_end_is_gone_too():
    assert bare_jpeg(jpeg() + b"\xff\xd8 another picture, with GPS") == jpeg()


def test_colours_stay_as_they_were():
    profile, adobe = segment(0xE2, b"ICC_PROFILE\0"), segment(0xEE, b"Adobe\0d")
    assert bare_jpeg(jpeg(profile, adobe)) == jpeg(profile, adobe)


@pytest.mark.parametrize("cut", [3, 9, 24, -1, -3])
def test_half_a_picture_is_refused(cut):
    with pytest.raises(ValueError, match=r"\w"):
        bare_jpeg(jpeg()[:cut])


@given(st.binary(max_size=200), st.booleans())
def test_whatever_the_bytes_are_the_answer_is_a_jpeg_or_a_refusal(noise, begun):
    try:
        found = bare_jpeg(b"\xff\xd8\xff" + noise if begun else noise)
    except ValueError:
        return
    assert found.startswith(b"\xff\xd8")
    assert found.endswith(b"\xff\xd9")
    assert b"Exif" not in found
