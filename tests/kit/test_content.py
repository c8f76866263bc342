"""Files in pieces say the same as files in memory, and their length beforehand."""

import base64
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.channels.email.smtp import dotted
from prilavok.channels.wire import json_of
from prilavok.kit.content import IN_LINES, PIECE, Base64, Joined, OnDisk, beginning, whole

SIZES = st.sampled_from([0, 1, 2, 3, 56, 57, 58, IN_LINES - 1, IN_LINES, IN_LINES + 1, PIECE, PIECE + 58])


def on_disk(folder: Path, data: bytes) -> OnDisk:
    (folder / "file").write_bytes(data)
    return OnDisk.at(folder / "file")


@settings(max_examples=12, deadline=None)
@given(size=SIZES)
def test_base64_of_a_file_is_what_it_is_of_its_bytes(tmp_path_factory, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    file = on_disk(tmp_path_factory.getbasetemp(), data[:size])
    plain, lines = Base64(file), Base64(file, lines=True)
    assert whole(plain) == base64.b64encode(data[:size])
    assert whole(lines) == base64.encodebytes(data[:size]).replace(b"\n", b"\r\n")
    assert (len(plain), len(lines)) == (len(whole(plain)), len(whole(lines)))
    assert beginning(Joined([b"ab", file]), 4) == (b"ab" + data[:size])[:4]


def test_json_takes_a_file_in_its_place(tmp_path: Path) -> None:
    file = on_disk(tmp_path, b"\xff" * 70_000)
    made = json_of({"before": "ї", "files": [{"data": Base64(file)}, {"data": Base64(b"x")}], "after": 1})
    encoded = base64.b64encode(b"\xff" * 70_000).decode()
    assert whole(made).decode() == f'{{"before":"ї","files":[{{"data":"{encoded}"}},{{"data":"eA=="}}],"after":1}}'
    assert len(made) == len(whole(made))


@settings(max_examples=60)
@given(
    pieces=st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"a", b"..", b"\r\n.\r\n", b".b"]), min_size=1, max_size=8)
)
def test_a_mail_in_pieces_has_its_dots_doubled_and_one_end(pieces: list[bytes]) -> None:
    mail = b"".join(pieces)
    end = b"" if mail.endswith(b"\r\n") else b"\r\n"
    assert b"".join(dotted(pieces)) == re.sub(rb"(?m)^\.", b"..", mail) + end + b".\r\n"
