"""Which channels there are, and when they are loaded."""

import sys
from importlib.metadata import EntryPoint

import pytest

from prilavok.channels.registry import Channels

KNOWN = {"colours": "colorsys:rgb_to_hls", "letters": "stringprep:in_table_a1"}  # any class would do


@pytest.fixture
def channels() -> Channels:
    places = {**KNOWN, "broken": "a_package_that_is_not_here:Broken"}
    return Channels({kind: EntryPoint(kind, place, "prilavok.channels") for kind, place in places.items()})


def test_a_channel_is_loaded_when_its_kind_is_first_asked_for(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in KNOWN.values():
        monkeypatch.delitem(sys.modules, place.partition(":")[0], raising=False)
    assert channels["colours"] is channels["colours"]
    assert "colorsys" in sys.modules
    assert "stringprep" not in sys.modules


def test_one_that_cannot_be_loaded_is_as_if_it_were_not_there(channels: Channels) -> None:
    assert list(channels) == ["colours", "letters"]
    assert len(channels) == 2
    assert channels.get("broken") is None
    assert "broken" not in channels


def test_a_kind_that_nobody_installed_is_not_there(channels: Channels) -> None:
    assert channels.get("pigeon") is None
