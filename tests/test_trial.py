"""`prilavok simulate`."""

import json
from pathlib import Path

import pytest

from prilavok import trial
from prilavok.__main__ import app
from prilavok.domain.errors import BadInput


def test_policies_stand_beside_each_other_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "mine.json"
    own.write_text(json.dumps({"prefer": "cost"}), encoding="utf-8")
    app(["simulate", "--policy", str(own), "--orders", "30", "--json"], result_action="return_value")
    found = json.loads(capsys.readouterr().out)
    assert [run["name"] for run in found["runs"]] == ["built-in", "mine", "call-everybody", "mail-only"]
    assert found["runs"][0]["figures"]["forbidden"] == 0
    assert found["runs"][2]["figures"]["forbidden"] > 0


def test_they_stand_in_a_table_with_bars(capsys: pytest.CaptureFixture[str]) -> None:
    app(["simulate", "--orders", "20"], result_action="return_value")
    shown = capsys.readouterr().out
    assert "forbidden contacts" in shown
    assert "█" in shown


def test_whoever_stops_it_sees_the_figures_so_far(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted():
        for number, story in enumerate(trial.people(1, 1000)()):
            if number == 250:
                raise KeyboardInterrupt
            yield story

    tallies = trial.run(interrupted, 1000, trial.deciders(()), as_json=True)
    assert json.loads(capsys.readouterr().out)["stopped"] is True
    assert {one.orders for one in tallies.values()} == {200}


def test_a_file_that_is_no_policy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        trial.deciders((tmp_path / "missing.json",))
    (tmp_path / "old.json").write_bytes("{«правила»}".encode("cp1251"))
    with pytest.raises(BadInput, match=r"old\.json is no policy: it is no text in UTF-8"):
        trial.deciders((tmp_path / "old.json",))
    (tmp_path / "bad.json").write_text('{"rules": {"placed": {"media": ["call"]}}}', encoding="utf-8")
    with pytest.raises(BadInput, match=r"bad\.json .*media"):
        trial.deciders((tmp_path / "bad.json",))


def test_a_policy_may_be_given_whole_as_the_api_shows_it(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"version": 3, "data": {"prefer": "cost"}}', encoding="utf-8")
    assert "mine" in trial.deciders((tmp_path / "mine.json",))


def test_no_orders_at_all_are_refused() -> None:
    with pytest.raises(BadInput, match="how many orders"):
        trial.people(1, 0)
