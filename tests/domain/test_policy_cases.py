"""policy_cases.md, line by line. A line that nobody understands is a failure."""

import re
from pathlib import Path

import pytest

from prilavok.domain.country import HABITS
from prilavok.domain.plan import Stage
from prilavok.domain.rules import BUILT_IN
from tests.domain.retelling import Case, outcome

PAGE = Path(__file__).with_name("policy_cases.md").read_text(encoding="utf-8")
COLUMNS = ["customer", "wishes and what is known", "ways", "their time", "occasion", "what happens", "why"]
LINES = [line for line in PAGE.splitlines() if line.startswith("|")]
TABLES = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES]
CASES = [cells for cells in TABLES if cells != COLUMNS and not re.fullmatch(r"[-|]+", "".join(cells))]


@pytest.mark.parametrize("cells", CASES, ids=lambda cells: " · ".join(cells[:5]))
def test_the_case_happens_as_it_is_written(cells: list[str]) -> None:
    assert len(cells) == len(COLUMNS)
    customer, wishes, ways, at, occasion, what, why = cells
    assert outcome(Case(customer, wishes, ways, at, occasion)) == (what, why)


def test_there_are_cases_for_every_stage_and_for_every_country_with_habits() -> None:
    assert len(CASES) >= 80
    kinds = {cells[4].split(",")[0].replace(" ", "_") for cells in CASES}
    assert {BUILT_IN.rules[kind].stage for kind in kinds if kind in BUILT_IN.rules} == set(Stage)
    countries = {Case(*cells[:5]).country for cells in CASES}
    assert set(HABITS) <= countries
