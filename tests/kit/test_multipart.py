"""Forms as browsers and vendors post them, and bodies that only pretend to be one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.kit.multipart import MOST_PARTS, NotAForm, Upload, posted

KIND = "multipart/form-data; boundary=XX"


def part(head: str, data: bytes) -> bytes:
    return f"--XX\r\nContent-Disposition: form-data; {head}\r\n".encode() + b"\r\n" + data + b"\r\n"


def test_fields_and_files_come_in_their_order() -> None:
    body = (
        part('name="text"', "Добрий\r\nдень".encode())
        + part('name="f"; filename="a \\"b\\".txt"', b"\0\r\n--X")
        + b"--XX--"
    )
    found = posted(KIND, body)
    assert found.text("text") == "Добрий\r\nдень"
    assert found.files == (Upload("f", 'a "b".txt', "", b"\0\r\n--X"),)


def test_the_type_and_the_encoded_name_of_a_file_are_read() -> None:
    head = b"--XX\r\nContent-Disposition: form-data; name=f; filename*=UTF-8''%D0%B0.png\r\n"
    head += b"Content-Type: image/png\r\n\r\n"
    [file] = posted('multipart/form-data; boundary="XX"', head + b"x\r\n--XX--\r\n").files
    assert (file.input, file.name, file.type, file.data) == ("f", "а.png", "image/png", b"x")


def test_a_field_for_files_in_which_none_was_chosen_is_nothing() -> None:
    assert posted(KIND, part('name="f"; filename=""', b"") + b"--XX--").files == ()


def test_an_urlencoded_form_is_one_too() -> None:
    found = posted("application/x-www-form-urlencoded; charset=utf-8", b"text=%D0%B0+b&text=c&empty=")
    assert (found.text("text"), found.text("empty"), found.text("none")) == ("c", "", "")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--XX--"),
        ("application/json", b"{}"),
        ("", b""),
        (KIND, part('name="a"', b"cut off")),
        (KIND, b"--XX\r\nno end of the head"),
        (KIND, part('name="a"', b"") * (MOST_PARTS + 1) + b"--XX--"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 1000)),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(NotAForm):
        posted(kind, body)


PIECES = (b"--XX", b"\r\n", b"--", b'name="a"', b"Content-Disposition: form-data;", b"x", b"\0")


@settings(max_examples=60, deadline=None)
@given(body=st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_any_bytes_are_a_form_or_none(body: bytes) -> None:
    try:
        found = posted(KIND, body)
    except NotAForm:
        return
    assert all(isinstance(value, bytes) for value in found.values.values())
