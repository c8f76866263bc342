"""The owner's page says what the rules do."""

from pathlib import Path

from prilavok.domain.truth import habits, occasions

PAGE = (Path(__file__).parents[2] / "docs/user/how-prilavok-decides.md").read_text(encoding="utf-8")


def test_the_truth_table_of_the_guide_is_the_one_of_the_rules() -> None:
    assert f"\n{occasions()}\n<!-- end -->" in PAGE, "print prilavok.domain.truth.occasions() into the page"


def test_the_habits_of_the_guide_are_those_of_the_data() -> None:
    assert f"\n{habits()}\n<!-- end -->" in PAGE, "print prilavok.domain.truth.habits() into the page"
