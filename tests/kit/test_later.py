import sys

import pytest

from prilavok.kit.later import later


def test_a_library_is_loaded_when_something_of_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    colours = later("colorsys")
    assert "colorsys" not in sys.modules
    assert colours.rgb_to_hls(0, 0, 0) == (0, 0, 0)
    assert "colorsys" in sys.modules


def test_what_a_library_does_not_have_it_does_not_have() -> None:
    with pytest.raises(AttributeError):
        _ = later("colorsys").smell
